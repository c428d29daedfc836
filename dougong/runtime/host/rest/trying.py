"""Over the API: a draft tried on the lines of a period, and a statement held against the other side's file."""

from typing import Any

from flask import abort, g
from marshmallow import fields

from dougong.platform.messages import pick
from dougong.platform.rest.errors import ApiError, Detail
from dougong.platform.rest.shapes import Input, Output, period
from dougong.platform.rest.shell import Room, uploaded
from dougong.platform.sheets import SheetError
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form, text

from .. import definitions, reading
from ..acting import actor
from ..settlement import reconciling, simulating
from . import batches as rest_batches
from .shapes import string

room = Room("settlement_trying", __name__, "Settlement: a draft tried before it is published, a statement reconciled.")


class SimulationQuery(Input):
    period = period(required=True)


class ChangeOut(Output):
    partner = string("岭南电器连锁")
    currency = string("CNY")
    before = string("100.00")
    after = string("120.00")
    gain = string("20.00")


class ShareChangeOut(Output):
    party = string("加盟门店")
    who = string("王师傅")
    currency = string("CNY")
    before = string("60.00")
    after = string("72.00")
    gain = string("12.00")


class Simulation(Output):
    """What partners, and those who share with them, get before tax, by the version in force and by the draft; the greatest
    change first. `who` is empty where a share is not divided among people."""

    lines = fields.Integer(required=True)
    gaining = fields.Integer(required=True)
    losing = fields.Integer(required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    shares = fields.List(fields.Nested(ShareChangeOut), required=True)
    faults = fields.List(fields.Nested(rest_batches.Fault), required=True)


class Reconciliation(Output):
    """`differing`: [number, ours, theirs]; `ours_only`, `theirs_only`: [number, amount]; `wrong`: rows that say nothing."""

    matched = fields.Integer(required=True)
    differing = fields.List(fields.List(fields.String()), required=True)
    ours_only = fields.List(fields.List(fields.String()), required=True)
    theirs_only = fields.List(fields.List(fields.String()), required=True)
    wrong = fields.List(fields.Integer(), required=True)


@room.operation("GET", "/settlements/<key>/simulation", "settle.run", query=SimulationQuery, answer=Simulation)
def simulate(asked: dict[str, Any], key: str) -> Any:
    """The draft on the lines of a period, beside the version in force. Nothing is written."""
    now = (definitions.settlement(g.who.tenant_id, key) or abort(404))[0]
    found = simulating.simulate(now, simulating.draft(simulating.drawn(key)), asked["period"], actor().sees())
    return {
        "lines": found.lines, "gaining": found.gaining(), "losing": found.losing(),
        "changes": [{"partner": one.who, **_amounts(one)} for one in found.changes],
        "shares": [{"party": pick(one.party), "who": one.who, **_amounts(one)} for one in found.shares],
        "faults": [{"whose": whose, **Detail(reason.code, "", reason.params).to_json()} for whose, reason in found.faults],
    }  # fmt: skip


def _amounts(one: simulating.Change) -> dict[str, str]:
    return {"currency": one.currency, "before": text(one.before), "after": text(one.after), "gain": text(one.gain)}


@room.operation("POST", "/statements/<statement_id>/reconcile", "settle.see", upload=True, answer=Reconciliation)
def reconcile(statement_id: str) -> Any:
    """What of a CSV or Excel file agrees with the lines of a statement, by number. The file is not kept."""
    row = reading.statement(g.who, statement_id) or abort(404)
    doc = (definitions.settlement(g.who.tenant_id, row.settlement_key, row.version) or abort(404))[1]
    given = uploaded()
    try:
        found = reconciling.reconcile(row.id, doc, inputs_form(doc), given.read(), given.filename or "")
    except SheetError as wrong:
        raise ApiError(422, "api.422", details=[Detail(wrong.code, "/file", wrong.params)]) from None
    lists = {name: [_texts(one) for one in getattr(found, name)] for name in ("differing", "ours_only", "theirs_only")}
    return {"matched": found.matched, **lists, "wrong": [number for number, *_ in found.wrong]}


def _texts(cells: tuple[Any, ...]) -> list[str]:
    return [str(cells[0]), *(text(one) for one in cells[1:])]


room.when(Refused)(rest_batches.refused)
