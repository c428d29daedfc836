"""What the host's operations answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields

from dougong.platform.rest.errors import Detail
from dougong.platform.rest.shapes import DetailOut, Output

MOMENT = {"example": "2026-01-05T01:00:00.000Z"}
TEXTS = {"example": {"zh-Hans": "检测", "en": "Diagnosis"}}


def string(example: str = "") -> fields.String:
    return fields.String(required=True, metadata={"example": example})


class Value(Output):
    key = string("phone")
    title = fields.Dict(required=True, metadata=TEXTS)
    type = string("phone")
    value = fields.Raw(required=True, allow_none=True, metadata={"example": "13800138000"})
    shown = string("138 0013 8000")


class Asked(Value):
    """A field of the form of a step: `right` is read, write or required. `columns`: of a subform, its value being rows."""

    right = string("required")
    options = fields.List(fields.Dict(), required=True)
    columns = fields.List(fields.Dict(), required=True)


class TicketHead(Output):
    id = string()
    number = string("BX20260105-0001")
    title = fields.Dict(required=True, metadata=TEXTS)
    workflow = fields.String(required=True, attribute="workflow_key", metadata={"example": "repair"})
    version = fields.Integer(required=True)
    state = string("running")
    result = fields.String(required=True, allow_none=True)
    urgent = fields.Boolean(required=True)
    initiator = fields.String(required=True, attribute="initiator_name")
    started_at = fields.String(required=True, metadata=MOMENT)
    updated_at = fields.String(required=True, metadata=MOMENT)
    ended_at = fields.String(required=True, allow_none=True)


class TaskHead(Output):
    id = string()
    ticket_id = string()
    node = string("diagnose")
    title = fields.Dict(required=True, metadata=TEXTS)
    state = string("open")
    revision = fields.Integer(required=True)
    assignee_id = fields.String(required=True, allow_none=True)
    opened_at = fields.String(required=True, metadata=MOMENT)
    due_at = fields.String(required=True, allow_none=True)
    done_at = fields.String(required=True, allow_none=True)


class TaskInList(TaskHead):
    ticket = fields.Nested(TicketHead, required=True)


class AmongOut(Output):
    transfer = fields.List(fields.String(), required=True, allow_none=True, metadata={"example": None})
    delegate = fields.List(fields.String(), required=True, allow_none=True, metadata={"example": None})
    add = fields.List(fields.String(), required=True, allow_none=True, metadata={"example": None})


class TaskOut(TaskHead):
    """`form` is what is to be filled in; empty where the task is not this caller's. `among`: by act the ids of the members to
    whom it may be handed over or lent, and who may be added as signers; null: anybody."""

    among = fields.Nested(AmongOut, required=True)
    mine = fields.Boolean(required=True)
    form = fields.List(fields.Nested(Asked), required=True)


class Stop(Output):
    """Where a ticket stands, stood or will stand: done, ended (cut short), current, failed, ahead or possible."""

    node = string("diagnose")
    title = fields.Dict(required=True, metadata=TEXTS)
    type = string("user_task")
    state = string("current")


class WayOut(Output):
    """A line of the drawing: taken, ahead or possible."""

    edge = string("e1")
    source = fields.String(required=True, data_key="from", attribute="from", metadata={"example": "diagnose"})
    target = fields.String(required=True, data_key="to", attribute="to", metadata={"example": "repair"})
    state = string("taken")


class Coming(Output):
    node = string("repair")
    certain = fields.Boolean(required=True)


class ProspectOut(Output):
    """Steps for people that are still to come, one after another: at least, at most, on average; and when it will be done.

    Null: not known yet. `tickets`: of how many that were done it is told.
    """

    fewest = fields.Integer(required=True)
    most = fields.Integer(required=True)
    likely = fields.Float(required=True, allow_none=True)
    finish = fields.String(required=True, allow_none=True, metadata=MOMENT)
    tickets = fields.Integer(required=True)


class RouteOut(Output):
    """`ahead`: nearest first. `prospect` is null once the ticket is done."""

    nodes = fields.List(fields.Nested(Stop), required=True)
    edges = fields.List(fields.Nested(WayOut), required=True)
    ahead = fields.List(fields.Nested(Coming), required=True)
    prospect = fields.Nested(ProspectOut, required=True, allow_none=True)


class FileOut(Output):
    id = string()
    name = string("photo.jpg")
    size = fields.Integer(required=True)
    type = string("image/jpeg")


class Decided(Output):
    """Which rows of a decision table hit; none: its default was taken."""

    node = string("dispatch")
    table = string("repair_dispatch")
    version = fields.Integer(required=True)
    rows = fields.List(fields.Integer(), required=True, metadata={"example": [3]})


class ByItself(Output):
    """What happened at an approval without anybody deciding, and why: passed_repeated, passed_initiator, passed_nobody, and so
    on; of a part of those who sign repeated, initiator, head, others."""

    node = string("approve")
    code = string("passed_repeated")
    people = fields.List(fields.String(), required=True, metadata={"example": ["何经理 Helen"]})


class Moved(Output):
    """One line of the timeline."""

    at = fields.String(required=True, metadata=MOMENT)
    who = string("李雷 Bob")
    verb = string("submitted")
    node = fields.String(required=True, allow_none=True)
    changes = fields.List(fields.Nested(Value), required=True)
    text = string()
    files = fields.List(fields.Nested(FileOut), required=True)
    decided = fields.List(fields.Nested(Decided), required=True)
    itself = fields.List(fields.Nested(ByItself), required=True)


class Incident(Output):
    """A step that has failed: retry it by its token."""

    token = fields.Integer(required=True)
    node = string("set_fee")
    code = string("case.no_way_out")
    message = string()


class ClockOut(Output):
    """While it runs `due_at` says when it is over; else `time_left` (milliseconds, less than nothing where it was over)."""

    state = string("running")
    due_at = fields.String(required=True, allow_none=True)
    time_left = fields.Integer(required=True, allow_none=True)


class TicketOut(TicketHead):
    clock = fields.Nested(ClockOut, required=True, allow_none=True)
    parent = fields.Nested(TicketHead, required=True, allow_none=True)
    children = fields.List(fields.Nested(TicketHead), required=True)
    values = fields.List(fields.Nested(Value), required=True)
    tasks = fields.List(fields.Nested(TaskOut), required=True)
    route = fields.List(fields.Nested(Stop), required=True)
    timeline = fields.List(fields.Nested(Moved), required=True)
    failed = fields.List(fields.Nested(Incident), required=True)


class Filed(Output):
    ticket_id = string()
    number = string("BX20260105-0001")


class Wrong(Output):
    """A row of a file that was left out. The header is row 1."""

    row = fields.Integer(required=True)
    errors = fields.List(fields.Nested(DetailOut), required=True)


def wrong_rows(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of what an import keeps of its wrong cells: {row, column, reason}."""
    rows: dict[int, list[dict[str, str]]] = {}
    for one in found:
        detail = Detail(one["reason"]["code"], f"/{one['column']}" if one["column"] else "", one["reason"]["params"])
        rows.setdefault(one["row"], []).append(detail.to_json())
    return [{"row": number, "errors": errors} for number, errors in rows.items()]
