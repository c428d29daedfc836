"""Incidents: where tickets hang, and why. Those that hang at the same step for the same reason are mended together."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select

from dougong.platform.store import db
from dougong.runtime.case import Token
from dougong.runtime.definition import Node
from dougong.runtime.reason import Reason
from dougong.runtime.texts import Text

from . import definitions
from .tables import Ticket, TokenRow

MOST = 20  # are told, the most frequent first


class Incident(NamedTuple):
    """`node`: the uid of the step; `code`: of the reason."""

    node: str
    code: str

    @property
    def address(self) -> str:
        return f"{self.node}:{self.code}"

    def concerns(self, token: Token) -> bool:
        return token.state == "failed" and (token.node, token.reason.code if token.reason else "") == self


class Hanging(NamedTuple):
    """How many tickets hang so; one of them tells the step and the reason."""

    incident: Incident
    workflow: str
    title: Text
    step: Node | None
    reason: Reason
    tickets: int


def of_address(address: str) -> Incident | None:
    node, _, code = address.partition(":")
    return Incident(node, code) if node and code else None


def hangs_with(incident: Incident) -> ColumnElement[bool]:
    """The condition on Ticket."""
    its = and_(TokenRow.tenant_id == Ticket.tenant_id, TokenRow.ticket_id == Ticket.id, TokenRow.state == "failed")
    same = and_(TokenRow.node == incident.node, TokenRow.reason["code"].as_string() == incident.code)
    return and_(Ticket.state == "failed", exists().where(its, same))


def hanging(seen: ColumnElement[bool]) -> list[Hanging]:
    """Of the tickets that are `seen`."""
    its = and_(TokenRow.tenant_id == Ticket.tenant_id, TokenRow.ticket_id == Ticket.id, TokenRow.state == "failed")
    code = TokenRow.reason["code"].as_string().label("code")
    failed = select(Ticket.workflow_id, Ticket.id, TokenRow.node, code).join(TokenRow, its)
    each = failed.where(Ticket.state == "failed", seen).distinct().subquery().c
    many, one = func.count().label("many"), func.max(each.id).label("one")
    alike = select(each.node, each.code, many, one).group_by(each.workflow_id, each.node, each.code)
    found = db.session.execute(alike.order_by(many.desc(), each.node).limit(MOST)).all()
    tickets = {one.id: one for one in db.session.scalars(select(Ticket).where(Ticket.id.in_([row.one for row in found])))}
    tokens = db.session.scalars(select(TokenRow).where(TokenRow.ticket_id.in_(tickets), TokenRow.state == "failed"))
    why = {(one.ticket_id, one.node, one.reason["code"]): one.reason for one in tokens if one.reason}
    return [_told(tickets[row.one], row.node, why[row.one, row.node, row.code], row.many) for row in found]


def _told(ticket: Ticket, node: str, reason: dict[str, Any], many: int) -> Hanging:
    definition = definitions.compiled(ticket.tenant_id, ticket.workflow_id, ticket.version)
    told = definition.called(Reason.from_json(reason))
    return Hanging(Incident(node, told.code), ticket.workflow_key, definition.title, definition.node.get(node), told, many)
