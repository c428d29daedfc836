"""Periods, lines and statements found, statements sent through their workflow. How they are drawn up: `drawing_up.py`."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from dougong.platform import audit
from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.platform.store import db
from dougong.runtime.settlement import following

from .. import definitions, filing, reading
from ..tables import LedgerLine, StatementRow
from ..verbs import Actor, Done, Refused
from . import ledger
from .adjusting import OPEN, late
from .line_pricing import numbered

AT_ONCE: Final = 100  # statements that are sent while somebody waits
STATES: Final = ("draft", "approving", "approved", "rejected")


def send(actor: Actor, statement_id: str) -> Done | Refused:
    """Send a statement through its workflow: a ticket about it, all or nothing.

    Raises LookupError where it is not open (any more), or has no workflow.
    """
    seen = reading.visible_partners(StatementRow, actor.sees())
    row = db.session.scalar(select(StatementRow).where(StatementRow.id == statement_id, seen))
    found = definitions.settlement(actor.tenant_id, row.settlement_key, row.version) if row else None
    document = definitions.workflow(found[1].get("approval", "")) if found else None
    if row is None or row.state not in OPEN or document is None:
        raise LookupError(statement_id)
    number, gross, count = row.number, row.gross, row.count
    facts = {
        "statement_number": number, "partner_name": row.partner_title, "month": row.period, "currency": row.currency,
        "line_count": str(count), "net": row.net, "tax": row.tax, "gross": gross,
    }  # fmt: skip

    def sent(connection: Driver, ticket_id: str, at: str) -> None:
        if not ledger.sent(connection, actor.tenant_id, statement_id, ticket_id, gross, count):
            raise LookupError(statement_id)
        audit.note(connection, actor.tenant_id, actor, "sent", "statement", statement_id, number)

    return filing.file(actor, document, {}, subject=f"statement:{statement_id}", forced=facts, also=sent)


def send_all(actor: Actor, wanted: Select[Any]) -> tuple[int, int]:
    """Send the first of these, each in a transaction of its own. How many were sent, and how many are left."""
    ids = list(db.session.scalars(wanted.with_only_columns(StatementRow.id).order_by(StatementRow.number)))
    db.session.rollback()
    sent = 0
    for statement_id in ids[:AT_ONCE]:
        try:
            sent += isinstance(send(actor, statement_id), Done)
        except LookupError:  # sent by somebody else meanwhile, or without a workflow
            continue
    return sent, len(ids) - sent


@dataclass(frozen=True)
class Period:
    """How many lines and partners there are, and how many lines are on statements. `late`: came after theirs was closed; the
    statements of the period `then` make up for them (not known of contracts)."""

    period: str
    lines: int
    partners: int
    taken: int
    late: int = 0
    then: str = ""

    @property
    def open(self) -> int:
        return self.lines - self.taken - self.late


def periods(who: Who, key: str) -> list[Period]:
    """Those with lines that he sees, the latest first."""
    came_late = _late(who, key)
    columns = (func.count(), func.count(LedgerLine.partner_id.distinct()), func.count(LedgerLine.statement_id))
    counted = _seen(select(LedgerLine.period, *columns), who, key).group_by(LedgerLine.period)
    rows = db.session.execute(counted.order_by(LedgerLine.period.desc()))
    return [Period(period, *figures, *came_late.get(period, ())) for period, *figures in rows]


def period_names(who: Who, key: str) -> list[str]:
    """Those with lines that he sees, the latest first, without looking at each line."""
    wanted = _seen(select(LedgerLine.period).distinct(), who, key).where(LedgerLine.period != "")
    return list(db.session.scalars(wanted.order_by(LedgerLine.period.desc())))


def _late(who: Who, key: str) -> dict[str, tuple[int, str]]:
    """By period: how many lines came late, and the first period after it that is closed to none of their partners."""
    closed = select(StatementRow.period).where(StatementRow.settlement_key == key, StatementRow.state.not_in(OPEN)).distinct()
    wanted = _seen(select(LedgerLine.period, func.count()), who, key).where(LedgerLine.period.in_(closed), late())
    rows = db.session.execute(wanted.group_by(LedgerLine.period)).all()
    return {period: (count, _then(who, key, period)) for period, count in rows}


def _then(who: Who, key: str, period: str) -> str:
    settlement = definitions.settlement(who.tenant_id, key)
    if settlement is None or settlement[0].contract:
        return ""
    partners = _seen(select(LedgerLine.partner_id), who, key).where(LedgerLine.period == period, late())
    wanted = select(StatementRow.period).where(
        StatementRow.settlement_key == key, StatementRow.period > period, StatementRow.state.not_in(OPEN),
        StatementRow.partner_id.in_(partners),
    )  # fmt: skip
    closed = set(db.session.scalars(wanted.distinct()))
    then = following(period)
    while then in closed:
        then = following(then)
    return then


def _seen(wanted: Any, who: Who, key: str) -> Any:
    sight = reading.sight_of_records(who)
    return wanted.where(LedgerLine.settlement_key == key, reading.visible_partners(LedgerLine, sight))


def lines(who: Who, key: str, period: str = "", text: str = "") -> Select[Any]:
    """The lines of a settlement: of a period, with this number or of partners whose name contains this."""
    wanted = reading.lines(who).where(LedgerLine.settlement_key == key)
    wanted = wanted.where(LedgerLine.period == period) if period else wanted
    named = or_(LedgerLine.partner_title.icontains(text, autoescape=True), LedgerLine.source == numbered(text))
    return wanted.where(named) if text else wanted


def listed(who: Who, key: str, period: str = "", text: str = "", state: str = "") -> Select[Any]:
    """The statements of a settlement: of a period, in a state, with this number or of partners whose name contains this."""
    wanted = reading.statements(who).where(StatementRow.settlement_key == key)
    wanted = wanted.where(StatementRow.period == period) if period else wanted
    wanted = wanted.where(StatementRow.state == state) if state else wanted
    named = or_(StatementRow.partner_title.icontains(text, autoescape=True), StatementRow.number == text)
    return wanted.where(named) if text else wanted
