"""Several tickets at once over the API: begun, then done batch by batch."""

from typing import Any

from flask import abort, g
from marshmallow import fields

from dougong.platform.rest.errors import ApiError, Detail, answer
from dougong.platform.rest.shapes import Input, Output, choice, ident, period, several, text
from dougong.platform.rest.shell import Room
from dougong.runtime.reason import Refused

from .. import approving, bulk, definitions, reading
from ..acting import actor
from ..settlement import statements
from .shapes import string

room = Room("bulk", __name__, "Several tickets at once: repaired by an administrator, or a month's statements approved.")


class NewBulk(Input):
    """Of these `tickets`; without any, of all that the filter finds (`all` must then be true)."""

    verb = choice(*bulk.VERBS, required=True, example="suspend")
    reason = text(2000, 1, "系统升级", required=True)
    tickets = several(ident(), 500, load_default=list, example=[], says="Their ids.")
    all = fields.Boolean(load_default=False, metadata={"description": "All that the filter finds, 10,000 at most."})
    q = text(100, load_default="", example="")
    workflow = text(40, load_default="", example="")
    state = choice("running", "done", "failed", load_default="")
    incident = text(100, load_default="", says="Those that hang so (step:code). `retry`, `skip` and `move`: only there.")
    node = text(40, load_default="", example="", says="Of `move`: the step to which they are moved.")
    at = text(40, load_default="", example="", says="Of `move`: the step at which they stand; without it where they hang.")
    keep = fields.Boolean(load_default=False, metadata={"description": "Of `cancel` and `move`: nothing is given back."})


class NewApproval(Input):
    period = period(required=True)
    q = text(100, load_default="", says="The number, or the partner's name contains this.")
    opinion = text(approving.MOST_SAID, load_default="", example="", says="The same for each; some steps ask for one.")


class NotDone(Output):
    """Why it could not be done to some, with the numbers of a few of them."""

    reason = fields.Dict(required=True, metadata={"example": {"code": "verb.ended", "params": {}}})
    count = fields.Integer(required=True)
    numbers = fields.List(fields.String(), required=True)


class BulkOut(Output):
    id = string()
    verb = string("suspend")
    state = string("running")
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(NotDone), required=True)


@room.operation("POST", "/bulk", "tickets.repair", body=NewBulk, answer=BulkOut, status=201)
def begin_bulk(asked: dict[str, Any]) -> Any:
    """Choose the tickets. Nothing is done to them yet."""
    narrowed = {name: asked[name] for name in ("workflow", "state", "incident")}
    found = reading.filtered(g.who, text=asked["q"], **narrowed)
    wanted = found if asked["all"] else bulk.chosen(g.who, asked["tickets"])
    how = bulk.How(asked["node"], asked["at"], asked["incident"], asked["keep"])
    return _his(bulk.begin(actor(), asked["verb"], asked["reason"].strip(), wanted, how)), 201


@room.operation("POST", "/settlements/<key>/statements/approval", "tickets.work", body=NewApproval, answer=BulkOut, status=201)
def approve_statements(asked: dict[str, Any], key: str) -> Any:
    """Choose all statements of a period that wait for you and may be approved together. Nothing is approved yet."""
    _ = definitions.settlement(g.who.tenant_id, key) or abort(404)
    wanted = bulk.about(statements.waiting(g.who, key, asked["period"], asked["q"]))
    return _his(bulk.begin(actor(), bulk.APPROVE, asked["opinion"].strip(), wanted)), 201


@room.operation("GET", "/bulk/<bulk_id>", "signed_in", answer=BulkOut)
def get_bulk(bulk_id: str) -> Any:
    """How far it is."""
    return _his(bulk_id)


@room.operation("POST", "/bulk/<bulk_id>/batch", "signed_in", answer=BulkOut)
def do_batch(bulk_id: str) -> Any:
    """The next tickets. Ask again while the state is running."""
    _ = _his(bulk_id)
    return bulk.batch(actor(), bulk_id)


@room.operation("POST", "/bulk/<bulk_id>/cancel", "signed_in", answer=BulkOut)
def cancel_bulk(bulk_id: str) -> Any:
    """What has been done stays; the rest is left."""
    _ = _his(bulk_id)
    bulk.stop(actor(), bulk_id)
    return _his(bulk_id)


def _his(bulk_id: str) -> bulk.Bulk:
    """An approval of his own; what is repaired, whoever repairs."""
    return bulk.find(g.who, bulk_id) or abort(404)


@room.when(Refused)
def refused(error: Refused) -> Any:
    return answer(ApiError(422, "api.422", details=[Detail(error.reason.code, error.path, error.reason.params)]))
