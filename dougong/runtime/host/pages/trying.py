"""Before it counts: a draft tried on the lines of a period, and a statement held against the other side's file."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from dougong.platform.access import needs
from dougong.platform.messages import pick, t
from dougong.platform.sheets import SheetError, write_csv
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form

from .. import definitions, reading
from ..acting import actor
from ..settlement import simulating, statements
from ..settlement.reconciling import Reconciled, columns, reconcile

pages = Blueprint("trying", __name__, url_prefix="/t/<tenant>/settlement")

SHOWN = 200


@pages.get("/<key>/simulate")
@needs("settle.run")
def simulate(key: str) -> str:
    """The draft against the version in force, of the latest period where none is chosen."""
    now, doc, version = definitions.settlement(g.who.tenant_id, key) or abort(404)
    document = simulating.drawn(key)
    periods = statements.period_names(g.who, key)
    period = request.args.get("period", "")[:10] or next(iter(periods), "")
    found = refusal = None
    try:
        found = simulating.simulate(now, simulating.draft(document), period, actor().sees()) if period else None
    except Refused as refused:
        refusal = refused.reason
    return render_template(
        "settlement/simulate.html",
        refusal=refusal,
        doc=doc,
        version=version,
        drawn=document.updated_at,
        period=period,
        periods=periods,
        found=found,
        shown=SHOWN,
        greatest=simulating.greatest,
    )


@pages.route("/statements/<statement_id>/reconcile", methods=["GET", "POST"])
@needs("settle.see")
def against(statement_id: str) -> Any:
    row = reading.statement(g.who, statement_id) or abort(404)
    _, doc, _ = definitions.settlement(g.who.tenant_id, row.settlement_key, row.version) or abort(404)
    given = request.files.get("file")
    error: Any = None
    found: Reconciled | None = None
    if request.method == "POST" and (given is None or not given.filename):
        error = {"code": "file.none"}
    elif given is not None and given.filename:
        try:
            found = reconcile(row.id, doc, inputs_form(doc), given.read(), given.filename)
        except SheetError as wrong:
            error = {"code": wrong.code, "params": wrong.params}
    known, taken = columns(doc, inputs_form(doc)), _as_file(found) if found else ""
    page = render_template(
        "settlement/reconcile.html", row=row, doc=doc, found=found, error=error, shown=SHOWN, columns=known, taken=taken
    )
    return page, 422 if error else 200


def _as_file(found: Reconciled) -> str:
    """The differences as a CSV file within a link: nothing of them is kept."""
    header = [
        t("export.number"),
        *(f"{t(f'reconcile.{one}')} · {pick(found.figure)}" for one in ("ours", "theirs", "difference")),
    ]
    return "data:text/csv;base64," + b64encode(write_csv(header, found.differences())).decode()
