"""Statements sent through their workflow: a ticket about each, one by one or all drafts of a period."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dougong.platform import audit
from dougong.platform.documents import Document
from dougong.platform.engines import Driver
from dougong.platform.store import db, driver_of
from dougong.runtime.reason import Reason
from dougong.runtime.staffing import of_a_step

from .. import definitions, filing, reading
from ..tables import StatementRow
from ..verbs import Actor, Done, Refused
from . import ledger
from .adjusting import OPEN
from .slices import Slice

STATEMENTS: Final = 20  # of a slice


class Filed(NamedTuple):
    """What the ticket is about, what it is told, and what is written with it."""

    document: Document
    subject: str
    facts: Mapping[str, Any]
    also: Any


def send(actor: Actor, statement_id: str) -> Done | Refused:
    """One of them, all or nothing. Raises LookupError where it is not open (any more), or has no workflow."""
    seen = reading.visible_partners(StatementRow, actor.sees())
    row = db.session.scalar(select(StatementRow).where(StatementRow.id == statement_id, seen))
    if row is None:
        raise LookupError(statement_id)
    document, subject, facts, also = _filed(actor, row)
    return filing.file(actor, document, {}, subject=subject, forced=facts, also=also)


def count(session: Session, actor: Actor, key: str, period: str) -> int:
    """How many drafts the period has."""
    return session.scalar(select(func.count()).select_from(_drafts(actor, key, period).subquery())) or 0


def send_drafts(session: Session, actor: Actor, key: str, period: str, after: str) -> Slice:
    """The next ones. What has no workflow (any more), or one whose form asks for more, stays a draft, with the reason."""
    wanted = _drafts(actor, key, period).where(StatementRow.id > after).order_by(StatementRow.id).limit(STATEMENTS)
    rows = list(session.scalars(wanted.with_for_update()))
    done = Slice(rows[-1].id if rows else after, len(rows), over=len(rows) < STATEMENTS)
    for row in rows:
        if (refused := _sent(session, actor, row)) is None:
            done.made += 1
        else:
            done.faults.append((row.partner_title, refused))
    return done


def _sent(session: Session, actor: Actor, row: StatementRow) -> Reason | None:
    """What keeps it back."""
    try:
        document, subject, facts, also = _filed(actor, row)
    except LookupError:
        return Reason("settlement.cannot_send")
    made = filing.begin(driver_of(session), actor, document, {}, subject, forced=facts, also=also)
    return None if isinstance(made, Done) else why(made)


def why(refused: Refused) -> Reason:
    """A step without an approver, or a form that asks for more than is told."""
    return of_a_step(refused.errors) or Reason("settlement.form_refuses")


def _drafts(actor: Actor, key: str, period: str) -> Select[Any]:
    seen = reading.visible_partners(StatementRow, actor.sees())
    mine = (StatementRow.settlement_key == key, StatementRow.period == period, StatementRow.state == "draft")
    return select(StatementRow).where(*mine, seen)


def _filed(actor: Actor, row: StatementRow) -> Filed:
    """Raises LookupError."""
    found = definitions.settlement(actor.tenant_id, row.settlement_key, row.version)
    document = definitions.workflow(found[1].get("approval", "")) if found else None
    if row.state not in OPEN or document is None:
        raise LookupError(row.id)
    statement_id, number, gross, count = row.id, row.number, row.gross, row.count
    facts = {
        "statement_number": number, "partner_name": row.partner_title, "month": row.period, "currency": row.currency,
        "line_count": str(count), "net": row.net, "tax": row.tax, "gross": gross,
    }  # fmt: skip

    def sent(connection: Driver, ticket_id: str, at: str) -> None:
        if not ledger.sent(connection, actor.tenant_id, statement_id, ticket_id, gross, count):
            raise LookupError(statement_id)
        audit.note(connection, actor.tenant_id, actor, "sent", "statement", statement_id, number)

    return Filed(document, f"statement:{statement_id}", facts, sent)
