"""Lines from a file: read, shown with what they are worth and what is wrong, then counted or dropped."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, url_for
from htmx_flask import request

from dougong.platform.access import needs
from dougong.platform.files import FileRefused
from dougong.platform.messages import language, pick, say, t
from dougong.platform.paging import asked_page, paged
from dougong.platform.sheets import BY_THE_MILLION, SheetError
from dougong.platform.web import allow_upload, csrf
from dougong.runtime.field import Field
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form, lines_form

from .. import definitions
from ..acting import actor
from ..importing import headings
from ..settlement import batches, cutting, intake
from ..settlement.intake import Intake, IntakeLine
from ..telling import words_of
from ..verbs import Actor
from .exports import sheet

pages = Blueprint("intake", __name__, url_prefix="/t/<tenant>/settlement")


@pages.route("/<key>/import", methods=["GET", "POST"])
@needs("settle.run")
def bring(key: str) -> Any:
    """A file is kept, and its first rows are read: every row is told apart. Nothing is counted yet."""
    _, doc, _ = definitions.settlement(g.who.tenant_id, key) or abort(404)
    me, error = actor(), None
    if request.method == "POST":
        allow_upload(BY_THE_MILLION.size)
        if current_app.config.get("WTF_CSRF_ENABLED", True):
            csrf.protect()
        try:
            return _brought(me, key, request.files.get("file"))
        except (SheetError, FileRefused) as wrong:
            error = {"code": wrong.code, "params": wrong.params}
    page = render_template(
        "settlement/import.html", doc=doc, columns=headings(lines_form(doc), language()), error=error,
        waiting=intake.waiting(me, key), limits=BY_THE_MILLION,
    )  # fmt: skip
    return page, 422 if error else 200


def _brought(me: Actor, key: str, given: Any) -> Any:
    if given is None or not given.filename:
        raise SheetError("file.none")
    return _read_on(me, _found(cutting.bring(me, key, given.stream, given.filename)))


@pages.get("/<key>/import.<any(xlsx, csv):kind>")
@needs("settle.run")
def template(key: str, kind: str) -> Response:
    """A file to fill in: the header row."""
    _, doc, _ = definitions.settlement(g.who.tenant_id, key) or abort(404)
    return sheet(kind, pick(doc["title"]), headings(lines_form(doc), language()), [])


csrf.exempt(bring)  # asked for within: that reads the whole body, which may be large for who may bring it, and for nobody else


@pages.post("/imports/<intake_id>/read")
@needs("settle.run")
def read_on(intake_id: str) -> Any:
    """Go on with what was left half read. The page of a file that is being cut asks for this again and again."""
    row = _found(intake_id)
    if not request.htmx:
        return _read_on(actor(), row)
    if row.state == "cutting":
        return render_template("settlement/_cutting.html", row=row)
    return Response(headers={"HX-Redirect": _read_on(actor(), row).location})


def _read_on(me: Actor, row: Intake) -> Any:
    """To the page that shows how far it is, or to the review where all is read."""
    if row.state == "reading":
        batch = batches.read_on(me, row)
        if batch.state == "running":
            return redirect(url_for("batches.show", batch_id=batch.id))
    return redirect(url_for("intake.review", intake_id=row.id))


@pages.get("/imports/<intake_id>")
@needs("settle.run")
def review(intake_id: str) -> str:
    row = _found(intake_id)
    _, doc, _ = definitions.settlement(g.who.tenant_id, row.settlement_key) or abort(404)
    page = paged(intake.lines(row.id).order_by(IntakeLine.turn), asked_page())
    return render_template(
        "settlement/review.html", row=row, doc=doc, form=inputs_form(doc), page=page, priced="line" in doc,
        words=words_of,
    )  # fmt: skip


@pages.get("/imports/<intake_id>/wrong.<any(xlsx, csv):kind>")
@needs("settle.run")
def wrong(intake_id: str, kind: str) -> Response:
    """What is wrong with which rows, to be put right in the file that they came from."""
    row = _found(intake_id)
    _, doc, _ = definitions.settlement(g.who.tenant_id, row.settlement_key) or abort(404)
    fields = inputs_form(doc).fields
    rows = ([one["row"], _column(fields, one["column"]), one["value"], say(one["reason"])] for one in row.faults)
    header = [t(f"import.{name}") for name in ("row", "column", "value", "reason")]
    return sheet(kind, f"{t('import.wrong_rows')} {row.source}", header, rows)


def _column(fields: Mapping[str, Field], key: str) -> str:
    return pick(fields[key].title) if key in fields else key


@pages.post("/imports/<intake_id>/count")
@needs("settle.run")
def count(intake_id: str) -> Any:
    row = _found(intake_id)
    try:
        batch = batches.running_of(row) or batches.begin(actor(), "count", row.settlement_key, row.id)
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".review", intake_id=intake_id))
    if batch.state == "running":
        return redirect(url_for("batches.show", batch_id=batch.id))
    flash(t("settlement.counted_but" if batch.kept else "settlement.counted", written=batch.made, repeated=batch.kept))
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
