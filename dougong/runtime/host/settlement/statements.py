"""Periods, lines and statements found. How they are drawn up: `drawing_up.py`, and sent: `sending.py`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, or_, select

from dougong.platform.access import Who
from dougong.platform.store import db
from dougong.runtime.settlement import following

from .. import approving, definitions, reading
from ..tables import LedgerLine, StatementRow, Ticket
from .adjusting import OPEN, late
from .line_pricing import numbered
from .repeated import history

STATES: Final = ("draft", "approving", "approved", "rejected")
RECENT: Final = 12  # periods whose lines are counted; those before them where somebody asks
FIGURES: Final = ("net", "tax", "gross")


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


@dataclass
class Total:
    """Of one currency: how many statements with how many lines, what they come to, and by state how many and their gross."""

    currency: str
    statements: int
    lines: int
    amounts: dict[str, Decimal]
    states: dict[str, tuple[int, Decimal]]

    def share(self, state: str) -> Decimal:
        """In percent of the statements."""
        return Decimal(100 * self.states.get(state, (0,))[0]) / self.statements


def periods(who: Who, key: str, names: Collection[str]) -> list[Period]:
    """Of these periods those with lines that he sees, the latest first, and the lines that are of no period."""
    mine = LedgerLine.period.in_([*names, ""])
    came_late = _late(who, key, mine)
    columns = (func.count(), func.count(LedgerLine.partner_id.distinct()), func.count(LedgerLine.statement_id))
    counted = _seen(select(LedgerLine.period, *columns), who, key).where(mine).group_by(LedgerLine.period)
    rows = db.session.execute(counted.order_by(LedgerLine.period.desc()))
    return [Period(period, *figures, *came_late.get(period, ())) for period, *figures in rows]


def period_names(who: Who, key: str) -> list[str]:
    """Those with lines that he sees, the latest first, without looking at each line."""
    wanted = _seen(select(LedgerLine.period).distinct(), who, key).where(LedgerLine.period != "")
    return list(db.session.scalars(wanted.order_by(LedgerLine.period.desc())))


def stated(who: Who, key: str) -> list[str]:
    """Those with lines or with statements, which may only make up for earlier ones, the latest first."""
    wanted = reading.statements(who).where(StatementRow.settlement_key == key).with_only_columns(StatementRow.period).distinct()
    return sorted({*period_names(who, key), *db.session.scalars(wanted)}, reverse=True)


def _late(who: Who, key: str, mine: ColumnElement[bool]) -> dict[str, tuple[int, str]]:
    """By period: how many lines came late, and the first period after it that is closed to none of their partners."""
    closed = select(StatementRow.period).where(StatementRow.settlement_key == key, StatementRow.state.not_in(OPEN)).distinct()
    wanted = _seen(select(LedgerLine.period, func.count()), who, key).where(mine, LedgerLine.period.in_(closed), late())
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
    """The lines of a settlement: of a period, with this number (and what takes them back), of the ticket with it, or of
    partners whose name contains this."""
    wanted = reading.lines(who).where(LedgerLine.settlement_key == key)
    wanted = wanted.where(LedgerLine.period == period) if period else wanted
    if not text:
        return wanted
    found = LedgerLine.source.in_(history(db.session(), key, numbered(text)))
    ticket = LedgerLine.ticket_id.in_(select(Ticket.id).where(Ticket.number == text))
    return wanted.where(or_(LedgerLine.partner_title.icontains(text, autoescape=True), found, ticket))


def listed(who: Who, key: str, period: str = "", text: str = "", state: str = "") -> Select[Any]:
    """The statements of a settlement: of a period, in a state, with this number or of partners whose name contains this."""
    wanted = reading.statements(who).where(StatementRow.settlement_key == key)
    wanted = wanted.where(StatementRow.period == period) if period else wanted
    wanted = wanted.where(StatementRow.state == state) if state else wanted
    named = or_(StatementRow.partner_title.icontains(text, autoescape=True), StatementRow.number == text)
    return wanted.where(named) if text else wanted


def waiting(who: Who, key: str, period: str, text: str = "") -> Select[Any]:
    """Those that wait for this person and may be approved together."""
    return listed(who, key, period, text, "approving").where(StatementRow.ticket_id.in_(approving.mine(who)))


def totals(listed: Select[Any]) -> list[Total]:
    """What the statements of a list come to, by currency: added up in the database, to the last digit."""
    places = [_places(getattr(StatementRow, name)) for name in FIGURES]
    sums = [func.sum(cast(func.replace(getattr(StatementRow, name), ".", ""), BigInteger)) for name in FIGURES]
    by = (StatementRow.currency, StatementRow.state, *places)
    wanted = listed.with_only_columns(*by, func.count(), func.sum(StatementRow.count), *sums).group_by(*by)
    found: dict[str, Total] = {}
    rows: Sequence[Any] = db.session.execute(wanted.order_by(None)).all()
    for currency, state, *rest in rows:
        scales, many, lines, digits = rest[:3], rest[3], rest[4], rest[5:]
        total = found.setdefault(currency, Total(currency, 0, 0, dict.fromkeys(FIGURES, Decimal(0)), {}))
        amounts = {name: Decimal(one).scaleb(-scale) for name, one, scale in zip(FIGURES, digits, scales, strict=True)}
        total.statements, total.lines = total.statements + many, total.lines + lines
        total.amounts = {name: total.amounts[name] + amounts[name] for name in FIGURES}
        before = total.states.get(state, (0, Decimal(0)))
        total.states[state] = (before[0] + many, before[1] + amounts["gross"])
    return sorted(found.values(), key=lambda one: (-one.statements, one.currency))


def _places(column: Any) -> ColumnElement[int]:
    """How many decimals an amount has: SQLite has no decimals to add, so amounts are added as whole numbers of one scale."""
    find = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    point = find(column, ".")
    return case((point == 0, 0), else_=func.length(column) - point)
