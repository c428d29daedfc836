"""Records: the types that a tenant has, the list of each, one record, its form, import and export."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Select, Text, cast, func, select
from werkzeug.wrappers import Response

from dougong.platform import documents, regions
from dougong.platform.access import needs
from dougong.platform.audit import Audit
from dougong.platform.messages import language, pick, t
from dougong.platform.paging import asked_page, paged
from dougong.platform.sheets import BY_HAND
from dougong.platform.store import db, new_id
from dougong.runtime.form import EVERYTHING, Field
from dougong.runtime.form_view import shown
from dougong.runtime.values import day, number

from .. import reading, records
from ..acting import actor
from ..record_types import RecordType, in_force
from ..records import InUse, StaleRecord, Told
from ..saving import NAMES
from ..tables import Record, Ticket
from ..verbs import Refused
from . import rows
from ._common import drawn, gathered, kept, ports
from .exports import sheet

pages = Blueprint("records", __name__, url_prefix="/t/<tenant>/records")

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_FILTERS = 3
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (Record.title, Record.id),
    "name_down": (Record.title.desc(), Record.id),
    "changed": (Record.updated_at.desc(), Record.id.desc()),
    "oldest": (Record.updated_at, Record.id),
}


@pages.get("/")
@needs("records.see")
def index() -> str:
    """The record types in force, with how many records each has."""
    types = [one for one in documents.listed(db.session(), "entity", drafts=True) if one.active]
    counted = select(Record.entity_key, func.count(), func.max(Record.updated_at))
    counted = counted.where(reading.visible_records(reading.sight_of_records(g.who))).group_by(Record.entity_key)
    counts = {key: (n, latest) for key, n, latest in db.session.execute(counted)}
    return render_template("records/index.html", types=types, counts=counts)


@pages.get("/<key>")
@needs("records.see")
def listed(key: str) -> str:
    kind = _kind(key)
    asked = _asked(kind)
    page = paged(_wanted(kind, asked).order_by(*ORDERS[asked["sort"]]), asked_page())
    return render_template("records/list.html", kind=kind, page=page, asked=asked, filters=_filters(kind), words=_words)


@pages.get("/<key>.<any(xlsx, csv):kind>")
@needs("records.see")
def export(key: str, kind: str) -> Response:
    """All fields of what the list shows, with the same filters. Headings are those that an import knows."""
    one = _kind(key)
    asked = _asked(one)
    rows = db.session.scalars(_wanted(one, asked).order_by(*ORDERS[asked["sort"]]).limit(BY_HAND.rows + 1))
    header = [pick(field.title) for field in one.fields]
    return sheet(kind, pick(one.doc["title"]), header, _exported(one, rows), BY_HAND.rows)


@pages.route("/<key>/new", methods=["GET", "POST"])
@needs("records.edit")
def new(key: str) -> Any:
    kind = _kind(key)
    if rows.asked():
        return rows.brought(kind.form, EVERYTHING)
    if request.method != "POST":
        sections = drawn(kind.form, kind.form.defaults(actor().now()), EVERYTHING)
        return _form(kind, sections, once=new_id())
    once, raw = request.form.get("once", ""), gathered(kind.form)
    done = records.create(actor(), kind, raw, once if ID.fullmatch(once) else new_id())
    if isinstance(done, Refused):
        return _form(kind, drawn(kind.form, {}, EVERYTHING, kept(kind.form, raw), done.errors), once=once), 422
    flash(t("records.saved", title=done.title))
    return redirect(url_for(".show", key=key, record_id=done.record_id))


@pages.get("/<key>/<record_id>")
@needs("records.see")
def show(key: str, record_id: str) -> str:
    kind = _kind(key)
    return _shown(kind, _record(kind, record_id))


@pages.route("/<key>/<record_id>/edit", methods=["GET", "POST"])
@needs("records.edit")
def edit(key: str, record_id: str) -> Any:
    kind = _kind(key)
    row = _record(kind, record_id)
    if rows.asked():
        return rows.brought(kind.form, EVERYTHING)
    if request.method != "POST":
        return _form(kind, drawn(kind.form, row.data, EVERYTHING), row, row.revision)
    raw = gathered(kind.form)
    try:
        done = records.change(actor(), kind, row.id, _revision(), raw)
    except LookupError:
        abort(404)
    except StaleRecord as stale:
        fresh = _record(kind, record_id)
        sections = drawn(kind.form, fresh.data, EVERYTHING, kept(kind.form, raw, f"record:{row.id}"))
        return _form(kind, sections, fresh, stale.revision, since=stale.since), 409
    if isinstance(done, Refused):
        sections = drawn(kind.form, row.data, EVERYTHING, kept(kind.form, raw, f"record:{row.id}"), done.errors)
        return _form(kind, sections, row, _revision()), 422
    flash(t("records.saved", title=done.title))
    db.session.rollback()
    if reading.record(g.who, record_id) is None:  # it belongs to another unit now
        return redirect(url_for(".listed", key=key))
    return redirect(url_for(".show", key=key, record_id=record_id))


@pages.post("/<key>/<record_id>/delete")
@needs("records.edit")
def delete(key: str, record_id: str) -> Any:
    kind = _kind(key)
    try:
        title = records.remove(actor(), kind, record_id)
    except LookupError:
        abort(404)
    except InUse as in_use:
        return _shown(kind, _record(kind, record_id), in_use.uses), 422
    flash(t("records.deleted", title=title))
    return redirect(url_for(".listed", key=key))


def _shown(kind: RecordType, row: Record, uses: Any = None) -> str:
    told = select(Audit).where(Audit.subject == "record", Audit.subject_id == row.id).order_by(Audit.id.desc()).limit(50)
    history = db.session.scalars(told).all()
    by = [one.detail["ticket"] for one in history if "ticket" in one.detail]
    return render_template(
        "records/show.html",
        kind=kind,
        record=row,
        sections=drawn(kind.form, row.data, {"*": "read"}),
        tickets=paged(_tickets(row.id), 1),
        history=history,
        seen=set(db.session.scalars(select(Ticket.id).where(reading.visible(g.who), Ticket.id.in_(by)))) if by else (),
        uses=uses,
    )


def _tickets(record_id: str) -> Select[Any]:
    """The tickets that refer to a record, as far as this person may see them."""
    refers = cast(Ticket.data, Text).contains(record_id)
    return select(Ticket).where(reading.visible(g.who), refers).order_by(Ticket.id.desc())


def _form(
    kind: RecordType,
    sections: Any,
    row: Record | None = None,
    revision: int = 0,
    once: str = "",
    since: list[Told] | None = None,
) -> str:
    return render_template(
        "records/form.html", kind=kind, record=row, sections=sections, ports=ports(), revision=revision, once=once, since=since
    )


def _kind(key: str) -> RecordType:
    return in_force(db.session(), g.who.tenant_id, key) or abort(404)


def _record(kind: RecordType, record_id: str) -> Record:
    found = reading.record(g.who, record_id)
    return found if found is not None and found.entity_key == kind.key else abort(404)


def _revision() -> int:
    value = request.form.get("revision", "0")
    return int(value) if value.isdecimal() and len(value) < 9 else 0


def _filters(kind: RecordType) -> list[Field]:
    """The choices by which a list can be narrowed."""
    return [field for field in kind.fields if field.type.name == "choice"][:MOST_FILTERS]


def _asked(kind: RecordType) -> dict[str, Any]:
    sort = request.args.get("sort", "name")
    chosen = {field.key: request.args.get(f"by.{field.key}", "")[:40] for field in _filters(kind)}
    return {
        "text": request.args.get("q", "").strip()[:100],
        "sort": sort if sort in ORDERS else "name",
        "chosen": {key: value for key, value in chosen.items() if value},
    }


def _wanted(kind: RecordType, asked: dict[str, Any]) -> Select[Any]:
    return records.listed(g.who, kind, asked["text"], asked["chosen"])


def _words(field: Field, value: Any) -> str:
    return shown(field, value, language(), NAMES)


def _exported(kind: RecordType, rows: Any) -> Iterator[list[Any]]:
    for row in rows:
        yield [_cell(field, row.data.get(field.key)) for field in kind.fields]


def _cell(field: Field, value: Any) -> Any:
    """As an import reads it back: numbers and days as such, a place from the province down, all else in words."""
    try:
        if value is not None and field.kind == "number":
            return number(value)
        if value is not None and field.kind == "date":
            return day(value).isoformat()
        if value is not None and field.type.name == "region":
            return f"{regions.path(value['region'], language())} {value.get('detail', '')}".strip()
    except (ValueError, TypeError, KeyError):  # of a kind that the field had before
        pass
    return _words(field, value)
