"""A period that is settled in batches over the API: how far it is, the next of it, an end to it."""

from typing import Any

from flask import abort
from marshmallow import fields

from dougong.platform.rest.errors import ApiError, Detail, answer
from dougong.platform.rest.shapes import Output
from dougong.platform.rest.shell import Room
from dougong.runtime.reason import Refused

from ..acting import actor
from ..settlement import batches
from ..settlement.batches import Batch
from .shapes import string

room = Room("batches", __name__, "What is settled in batches: many statements.")


class Fault(Output):
    whose = string()
    code = string()
    message = string()


class BatchOut(Output):
    """How far it is. `made`: drawn up; `kept`: being approved, or approved, which never change; `faults`: of the `faulty`."""

    id = string()
    work = string("draw_up")
    settlement = fields.String(required=True, attribute="settlement_key")
    of = string("2026-10")
    state = string("running")
    total = fields.Integer(required=True)
    seen = fields.Integer(required=True)
    made = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    faulty = fields.Integer(required=True)
    faults = fields.List(fields.Nested(Fault), required=True)


@room.operation("GET", "/settlement-batches/<batch_id>", "settle.run", answer=BatchOut)
def get_batch(batch_id: str) -> Any:
    """How far it is."""
    return told(batches.find(actor(), batch_id) or abort(404))


@room.operation("POST", "/settlement-batches/<batch_id>/next", "settle.run", answer=BatchOut)
def next_batch(batch_id: str) -> Any:
    """Do the next of it. Ask again until the state is done."""
    try:
        return told(batches.go_on(actor(), batch_id))
    except LookupError:
        abort(404)


@room.operation("POST", "/settlement-batches/<batch_id>/again", "settle.run", answer=BatchOut)
def again_batch(batch_id: str) -> Any:
    """Try again what it could not do, or has left: a new batch. What has been done does not change. Only of statements that are
    drawn up or sent; a file is read and counted again by bringing it again."""
    try:
        return told(batches.again(actor(), batch_id))
    except LookupError:
        abort(404)


@room.operation("POST", "/settlement-batches/<batch_id>/cancel", "settle.run", answer=BatchOut)
def cancel_batch(batch_id: str) -> Any:
    """What has been done stays; the rest is left, until it is begun anew."""
    try:
        return told(batches.cancel(actor(), batch_id))
    except LookupError:
        abort(404)


def told(row: Batch) -> dict[str, Any]:
    faults = [{"whose": whose, **Detail(reason["code"], "", reason["params"]).to_json()} for whose, reason in row.faults]
    names = ("id", "work", "settlement_key", "of", "state", "total", "seen", "made", "kept", "faulty")
    return {**{name: getattr(row, name) for name in names}, "faults": faults}


@room.when(Refused)
def refused(error: Refused) -> Any:
    """One is running already (409), or it cannot be begun."""
    code, params = error.reason.code, error.reason.params
    if code == "settle.running":
        return answer(ApiError(409, code, error.path, **params))
    return answer(ApiError(422, "api.422", details=[Detail(code, error.path, params)]))
