"""Records over the API: the types, the records of each, their import."""

from typing import Any

from flask import abort, g, url_for
from marshmallow import fields
from sqlalchemy import select

from dougong.platform.documents import Document
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError, answer, missing
from dougong.platform.rest.shapes import Input, ListQuery, Output, free, page_of, text, whole
from dougong.platform.rest.shell import Room
from dougong.platform.scopes import EVERYTHING_SEEN
from dougong.platform.store import db, new_id
from dougong.runtime.form import EVERYTHING

from .. import reading, records
from ..acting import actor
from ..record_imports import import_table, judged
from ..record_types import RecordType, in_force
from ..records import InUse, StaleRecord
from ..tables import Record
from ..verbs import Refused
from ._common import refused, strictly, table_of, told, wrong_rows
from .shapes import MOMENT, TEXTS, Value, Wrong, string

room = Room("records", __name__, "Records of the tenant's own types: customers, products, dealers.")


class TypeOut(Output):
    key = string("customer")
    title = fields.Dict(required=True, metadata=TEXTS)


class RecordQuery(ListQuery):
    q = text(100, load_default="", says="Contains all these words.")


class RecordHead(Output):
    id = string()
    type = fields.String(required=True, attribute="entity_key", metadata={"example": "customer"})
    title = string("王芳")
    revision = fields.Integer(required=True)
    updated_at = fields.String(required=True, metadata=MOMENT)
    updated_by = string("周敏 Emma")


class RecordOut(RecordHead):
    values = fields.List(fields.Nested(Value), required=True)


class NewRecord(Input):
    values = free({"name": "王芳", "phone": "13800138000"}, required=True, says="By field key.")


class RecordChange(NewRecord):
    revision = whole(1, 10**8, 1, required=True, says="Of the record, as it was read.")


class ImportQuery(Input):
    preview = fields.Boolean(load_default=False, metadata={"description": "Only say what would become of the rows."})


class ImportOut(Output):
    written = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    same = fields.Integer(required=True)
    wrong = fields.List(fields.Nested(Wrong), required=True)


@room.operation("GET", "/records", "records.see", query=ListQuery, answer=page_of(TypeOut))
def list_record_types(asked: dict[str, Any]) -> Any:
    """The record types in force."""
    wanted = select(Document).where(Document.kind == "entity", Document.active.is_not(None), ~Document.archived)
    return page(wanted, Document.id, asked, lambda one: one)


@room.operation("GET", "/records/<key>", "records.see", query=RecordQuery, answer=page_of(RecordHead))
def list_records(asked: dict[str, Any], key: str) -> Any:
    """The records of a type, the newest first."""
    return page(records.listed(g.who, _kind(key), asked["q"]), Record.id, asked, lambda one: one)


@room.operation("POST", "/records/<key>", "records.edit", body=NewRecord, answer=RecordOut, status=201)
def create_record(asked: dict[str, Any], key: str) -> Any:
    """A new record. Fields that are calculated, or that the type does not have, are refused."""
    kind = _kind(key)
    done = records.create(actor(), kind, strictly(asked["values"])(kind.form, EVERYTHING), new_id())
    if isinstance(done, Refused):
        raise refused(done)
    where = url_for("api_records.get_record", key=key, record_id=done.record_id)
    return _told(kind, done.record_id), 201, {"Location": where}


@room.operation("GET", "/records/<key>/<record_id>", "records.see", answer=RecordOut)
def get_record(key: str, record_id: str) -> Any:
    """A record with its values."""
    kind = _kind(key)
    return _values(kind, _seen(kind, record_id))


@room.operation("PATCH", "/records/<key>/<record_id>", "records.edit", body=RecordChange, answer=RecordOut, refuses=[409])
def change_record(asked: dict[str, Any], key: str, record_id: str) -> Any:
    """Change the values that are named, judged as on creation; 409 where it has moved on since that revision."""
    kind = _kind(key)
    _seen(kind, record_id)
    done = records.change(actor(), kind, record_id, asked["revision"], strictly(asked["values"])(kind.form, EVERYTHING))
    if isinstance(done, Refused):
        raise refused(done)
    return _told(kind, record_id)


@room.operation("DELETE", "/records/<key>/<record_id>", "records.edit", status=204, refuses=[409])
def delete_record(key: str, record_id: str) -> None:
    """Only one that nothing refers to: no record, no running ticket, no line of a settlement."""
    records.remove(actor(), _kind(key), record_id)


@room.operation("POST", "/records/<key>/import", "records.import", query=ImportQuery, upload=True, answer=ImportOut)
def import_records(asked: dict[str, Any], key: str) -> Any:
    """Take in a CSV or Excel file: good rows are written, the others are told apart. With `preview`, none is written."""
    kind = _kind(key)
    table, source = table_of(kind.form)
    done = judged(db.session(), actor(), kind, table) if asked["preview"] else import_table(actor(), kind, table, source)
    return {**done.counts, "wrong": wrong_rows((row.number, errors) for row, errors in done.wrong)}


@room.when(LookupError)
def gone(error: LookupError) -> Any:
    return missing()


@room.when(StaleRecord)
def stale(error: StaleRecord) -> Any:
    who = error.since[0].who if error.since else "—"
    return answer(ApiError(409, "api.record_stale", "/revision", who=who, revision=error.revision))


@room.when(InUse)
def in_use(error: InUse) -> Any:
    uses = error.uses
    return answer(ApiError(409, "api.record_in_use", records=uses.records, tickets=uses.tickets, lines=uses.lines))


def _kind(key: str) -> RecordType:
    return in_force(db.session(), g.who.tenant_id, key) or abort(404)


def _seen(kind: RecordType, record_id: str) -> Record:
    found = reading.record(g.who, record_id)
    return found if found is not None and found.entity_key == kind.key else abort(404)


def _told(kind: RecordType, record_id: str) -> dict[str, Any]:
    """What was just written, even where it belongs to a unit now that the caller does not see."""
    db.session.rollback()
    return _values(kind, reading.record_within(EVERYTHING_SEEN, record_id) or abort(404))


def _values(kind: RecordType, row: Record) -> dict[str, Any]:
    names = ("id", "entity_key", "title", "revision", "updated_at", "updated_by")
    return {
        **{name: getattr(row, name) for name in names},
        "values": [told(field, row.data.get(field.key)) for field in kind.fields],
    }
