"""Settlement over the API: lines, the statements of a period, sending one to be approved."""

from typing import Any

from flask import Response, abort, g
from marshmallow import fields
from sqlalchemy import select

from dougong.platform.documents import Document
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError
from dougong.platform.rest.shapes import Input, ListQuery, Output, choice, ident, page_of, period, text
from dougong.platform.rest.shell import BYTES, Room
from dougong.runtime import reason

from .. import definitions, queries, reading
from ..acting import actor
from ..settlement import batches, papers, reversing, sending, statements
from ..tables import LedgerLine, StatementRow
from ..verbs import Refused
from . import batches as rest_batches
from ._common import refused
from .batches import BatchOut, told
from .shapes import MOMENT, TEXTS, Filed, string

room = Room("settlement", __name__, "Settlement: the ledger's lines, and the statements of a period.")


class SettlementOut(Output):
    key = string("repair_fee")
    title = fields.Dict(required=True, metadata=TEXTS)


class LineQuery(ListQuery):
    period = period()
    q = text(100, load_default="", says="The partner's name contains this.")
    statement = ident(says="Only those of this statement.")


class StatementQuery(ListQuery):
    period = period()
    q = text(100, load_default="", says="The number, or the partner's name contains this.")
    state = choice(*statements.STATES, load_default="")


class NewStatements(Input):
    period = period(required=True)


class NewReversal(Input):
    reason = text(500, required=True)


class LineOut(Output):
    """Amounts are decimal texts; `parts` are the addends of the amount."""

    id = string()
    ticket_id = fields.String(required=True, allow_none=True)
    partner_id = string()
    partner_title = string("岭南电器连锁")
    date = string("2026-10-01")
    period = string("2026-10")
    currency = string("CNY")
    amount = string("120.00")
    inputs = fields.Dict(required=True)
    parts = fields.List(fields.Raw(), required=True)
    statement_id = fields.String(required=True, allow_none=True)


class StatementHead(Output):
    id = string()
    number = string("ST202610-0001")
    settlement = fields.String(required=True, attribute="settlement_key")
    version = fields.Integer(required=True)
    partner_id = string()
    partner_title = string("岭南电器连锁")
    period = string("2026-10")
    currency = string("CNY")
    state = string("draft")
    net = string("100.00")
    tax = string("6.00")
    gross = string("106.00")
    count = fields.Integer(required=True)
    ticket_id = fields.String(required=True, allow_none=True)
    at = fields.String(required=True, metadata=MOMENT)


class StatementOut(StatementHead):
    """`body` explains every amount: groups with their parts, tax, shares."""

    body = fields.Dict(required=True)


@room.operation("GET", "/settlements", "settle.see", query=ListQuery, answer=page_of(SettlementOut))
def list_settlements(asked: dict[str, Any]) -> Any:
    """The settlements in force."""
    wanted = select(Document).where(Document.id.in_([one.id for one in definitions.settlements()]))
    return page(wanted, Document.id, asked, lambda one: one)


@room.operation("GET", "/settlements/<key>/lines", "settle.see", query=LineQuery, answer=page_of(LineOut))
def list_lines(asked: dict[str, Any], key: str) -> Any:
    """The lines of a settlement, the newest first."""
    _doc(key)
    wanted = statements.lines(g.who, key, asked.get("period", ""), asked["q"])
    wanted = wanted.where(LedgerLine.statement_id == asked["statement"]) if "statement" in asked else wanted
    return page(wanted, LedgerLine.id, asked, lambda one: one)


@room.operation("POST", "/settlement-lines/<line_id>/reversal", "settle.run", body=NewReversal, status=204)
def reverse_line(asked: dict[str, Any], line_id: str) -> None:
    """Write a line that says the opposite of one that no ticket has written. Under the same number it may then be brought as it
    should be."""
    try:
        reversing.take_back(actor(), line_id, asked["reason"])
    except LookupError:
        abort(404)


@room.operation("GET", "/settlements/<key>/statements", "settle.see", query=StatementQuery, answer=page_of(StatementHead))
def list_statements(asked: dict[str, Any], key: str) -> Any:
    """The statements of a settlement, the newest first."""
    _doc(key)
    return page(
        statements.listed(g.who, key, asked.get("period", ""), asked["q"], asked["state"]),
        StatementRow.id,
        asked,
        lambda one: one,
    )


@room.operation("POST", "/settlements/<key>/statements", "settle.run", body=NewStatements, answer=BatchOut)
def draw_up_statements(asked: dict[str, Any], key: str) -> Any:
    """Draw up the statements of a period, one for each partner and currency. Where the answer is still running, ask for the
    next batch until it is done."""
    _doc(key)
    return told(batches.begin(actor(), "draw_up", key, asked["period"]))


@room.operation("GET", "/statements/<statement_id>", "settle.see", answer=StatementOut)
def get_statement(statement_id: str) -> Any:
    """A statement with its explanation. Its lines: /settlements/{key}/lines?statement=…"""
    return _statement(statement_id)


@room.operation("GET", "/statements/<statement_id>/paper", "settle.see", binary=True, refuses=(422,))
def print_statement(statement_id: str) -> Response:
    """A statement on paper: a PDF of at most 10,000 lines, each with its explanation, in the language that is asked for."""
    row = _statement(statement_id)
    doc = queries.document_of(row) or abort(404)
    return Response(papers.statement(row, doc), mimetype=BYTES)


@room.operation("POST", "/statements/<statement_id>/send", "settle.run", answer=Filed)
def send_statement(statement_id: str) -> Any:
    """Send a statement through its workflow, where it is approved and confirmed. Answers the ticket about it."""
    _statement(statement_id)
    try:
        done = sending.send(actor(), statement_id)
    except LookupError:
        raise ApiError(409, "settlement.cannot_send") from None
    if isinstance(done, Refused):
        raise refused(done)
    return {"ticket_id": done.ticket_id, "number": done.number}


def _doc(key: str) -> Any:
    found = definitions.settlement(g.who.tenant_id, key) or abort(404)
    return found[1]


def _statement(statement_id: str) -> StatementRow:
    return reading.statement(g.who, statement_id) or abort(404)


room.when(reason.Refused)(rest_batches.refused)
