"""Lines from a file: read, shown with what they are worth and what is wrong, then counted or dropped."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for

from dougong.platform.access import needs
from dougong.platform.messages import language, say, t
from dougong.platform.paging import asked_page, paged
from dougong.platform.sheets import SheetError
from dougong.platform.store import db
from dougong.runtime.form_view import shown
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form

from .. import batches, definitions, intake
from ..acting import actor
from ..importing import headings, read_table
from ..intake import Intake, IntakeLine
from ..saving import NAMES

pages = Blueprint("intake", __name__, url_prefix="/t/<tenant>/settlement")


@pages.route("/<key>/import", methods=["GET", "POST"])
@needs("settle.run")
def bring(key: str) -> Any:
    """Every row is told apart: good, counted before, or what is wrong with it. Nothing is counted yet."""
    _, doc, _ = definitions.settlement(g.who.tenant_id, key) or abort(404)
    me, form = actor(), inputs_form(doc)
    given = request.files.get("file")
    error: Any = None
    if request.method == "POST" and (given is None or not given.filename):
        error = {"code": "file.none"}
    elif given is not None and given.filename:
        now = me.now()
        try:
            table = read_table(db.session(), given.read(), given.filename, form, now.tzinfo, now, me.sees())  # type: ignore[arg-type]
            made = intake.stage(me, key, table.rows, given.filename)
            if table.unknown:
                flash(t("import.unknown_columns", columns="、".join(table.unknown)))
            return redirect(url_for(".review", intake_id=made))
        except SheetError as wrong:
            error = {"code": wrong.code, "params": wrong.params}
    page = render_template(
        "settlement/import.html", doc=doc, columns=headings(form, language()), error=error, waiting=intake.waiting(me, key)
    )
    return page, 422 if error else 200


@pages.get("/imports/<intake_id>")
@needs("settle.run")
def review(intake_id: str) -> str:
    row = _found(intake_id)
    _, doc, _ = definitions.settlement(g.who.tenant_id, row.settlement_key) or abort(404)
    page = paged(intake.lines(row.id).order_by(IntakeLine.place), asked_page())
    return render_template(
        "settlement/review.html", row=row, doc=doc, form=inputs_form(doc), page=page, priced="line" in doc,
        words=lambda field, value: shown(field, value, language(), NAMES),
    )  # fmt: skip


@pages.post("/imports/<intake_id>/count")
@needs("settle.run")
def count(intake_id: str) -> Any:
    row = _found(intake_id)
    try:
        batch = batches.begin(actor(), "count", row.settlement_key, row.id)
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".review", intake_id=intake_id))
    if batch.state == "running":
        return redirect(url_for("batches.show", batch_id=batch.id))
    flash(t("settlement.counted", written=batch.made, repeated=batch.kept))
    return redirect(url_for("settlement.lines", key=row.settlement_key))


@pages.post("/imports/<intake_id>/drop")
@needs("settle.run")
def drop(intake_id: str) -> Any:
    row = _found(intake_id)
    try:
        intake.drop(actor(), intake_id)
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".review", intake_id=intake_id))
    return redirect(url_for(".bring", key=row.settlement_key))


def _found(intake_id: str) -> Intake:
    return intake.find(actor(), intake_id) or abort(404)
