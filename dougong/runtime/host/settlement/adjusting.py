"""What makes up for a closed period that would come out otherwise: what it comes to now, less what was counted already.

Every line stands on one statement. Of each partner, currency and period, what the period comes to with all lines that stand on
any statement is what its own statement says and what all others say of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Row, and_, exists, select
from sqlalchemy.orm import Session, undefer

from dougong.platform.store import moment
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import Line, Settlement, Statement, book_of, settle, span_named, statement_json
from dougong.runtime.settlement import text as written
from dougong.runtime.settlement.lines import EMPTY
from dougong.runtime.settlement.windows import Book, Window

from .. import definitions
from ..tables import LedgerLine, StatementRow
from . import books, ledger, within
from .brought import READ, Brought, brought

OPEN: Final = ("draft", "rejected")
Whose = tuple[str, str]  # (partner, currency)
ZERO: Final = Decimal(0)


class Told(NamedTuple):
    """A line of the ledger as far as others ask of it."""

    id: str
    source: str
    inputs: Any


Kept = TypeVar("Kept", Row[Any], Brought, Told, books.Known)
SAID: Final = LedgerLine.id, LedgerLine.source, LedgerLine.amount, LedgerLine.inputs
"""What is read of it to measure it (`line_in`)."""


@dataclass
class Drawing:
    """A period of a settlement while statements of these partners are drawn up: the versions in force, and the lines that rules
    look at. `at`: nothing was read before."""

    session: Session
    tenant_id: str
    key: str
    period: str
    partners: Sequence[str] = ()
    at: str = field(default_factory=moment)
    known: dict[str, Settlement] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)

    def settlement(self, period: str) -> Settlement:
        """The version that was in force on the last day of a period. Raises Refused where none was."""
        if period not in self.known:
            last = span_named(period).end - timedelta(days=1)
            found = next((one for one in self._versions if one.in_force(last)), None)
            if found is None:
                raise Refused("settle.no_version", "/period", day=last.isoformat())
            self.known[period] = found
        return self.known[period]

    @cached_property
    def _versions(self) -> list[Settlement]:
        return [one for one, *_ in definitions.settlement_versions(self.tenant_id, self.key)]

    def settled(self, period: str, rows: Sequence[Brought]) -> list[Statement]:
        """What these lines of a period come to. Raises SettlementFault."""
        rows = uneven(rows)
        return settle(self.settlement(period), [line_in(row) for row in rows], self._book(period)) if rows else []

    def _book(self, period: str) -> Book:
        """Where a rule measures beyond its statement the lines that may be in its windows, whoever may see them."""
        settlement = self.settlement(period)
        if not settlement.looks_beyond:
            return EMPTY
        if period not in self.books:
            where = list(self._within(period))
            if any(one.group == (settlement.partner,) for one in self.windows(period)):
                rows = self.session.execute(select(*SAID).where(*where))
                self.books[period] = book_of(settlement, [line_in(row) for row in rows])
            else:  # the next slice asks for the same
                which = self.tenant_id, self.key, period, settlement.version
                self.books[period] = books.read(self.session, which, settlement, where, SAID, line_in).book
        return self.books[period]

    def windows(self, period: str) -> Collection[Window]:
        """Over which its statements measure."""
        table = self.settlement(period).statement
        return table.windows if table else ()

    def alone(self, period: str) -> bool:
        """Do they measure the partner's own lines only?"""
        return all(one.group == (self.settlement(period).partner,) for one in self.windows(period))

    def reach(self, period: str) -> within.Spans:
        by_contract = self.settlement(period).contract is not None
        return within.seen_from(self.windows(period), span_named(period), open_end=by_contract)

    def _within(self, period: str) -> Iterator[ColumnElement[bool]]:
        settlement = self.settlement(period)
        yield LedgerLine.settlement_key == self.key
        if settlement.contract is None:  # else periods overlap
            yield LedgerLine.period <= period
        yield within.windows(self.reach(period), settlement, self.partners)

    def followed(self) -> set[Whose]:
        """Those with statements of later periods, which may have made up for this one."""
        wanted = select(StatementRow.partner_id, StatementRow.currency).where(
            StatementRow.settlement_key == self.key, StatementRow.partner_id.in_(self.partners),
            StatementRow.period > self.period,
        )  # fmt: skip
        return {(partner, currency) for partner, currency in self.session.execute(wanted.distinct())}


def late() -> ColumnElement[bool]:
    """The condition on LedgerLine: on no statement, though that of its own period is closed."""
    closed = exists().where(
        StatementRow.tenant_id == LedgerLine.tenant_id, StatementRow.settlement_key == LedgerLine.settlement_key,
        StatementRow.partner_id == LedgerLine.partner_id, StatementRow.currency == LedgerLine.currency,
        StatementRow.period == LedgerLine.period, StatementRow.state.not_in(OPEN),
    )  # fmt: skip
    return and_(LedgerLine.statement_id.is_(None), LedgerLine.period != "", closed)


def line_in(row: Any) -> Line:
    return Line(row.inputs, Decimal(row.amount), row.id, -1 if row.source.startswith(ledger.REVERSAL) else 1)


def left(rows: Sequence[Kept]) -> list[Kept]:
    """Without the pairs of which one takes the other back."""
    return _without(rows, _pairs(rows))


def uneven(rows: Sequence[Brought]) -> list[Brought]:
    """Without those that come to nothing: of a line that is paid what it adds to others another amount may go than came."""
    pairs = _pairs(rows).items()
    return _without(rows, {id for id, (line, back) in pairs if not Decimal(line.amount) + Decimal(back.amount)})


def _pairs(rows: Sequence[Kept]) -> dict[str, tuple[Kept, Kept]]:
    """Each line that is taken back, by its id, and what takes it back."""
    back = {row.source.removeprefix(ledger.REVERSAL): row for row in rows if row.source.startswith(ledger.REVERSAL)}
    return {row.id: (row, back[row.id]) for row in rows if row.id in back} if back else {}


def _without(rows: Sequence[Kept], gone: Collection[str]) -> list[Kept]:
    if not gone:
        return list(rows)
    return [row for row in rows if row.id not in gone and row.source.removeprefix(ledger.REVERSAL) not in gone]


def adjustments(
    drawing: Drawing, whose: Whose, lines: Sequence[Brought], own: Statement | None, periods: Collection[str]
) -> Iterator[dict[str, Any]]:
    """For each period of which lines came late, and each of these `periods` if it comes to something else than statements say.

    `lines`: those of the partner and currency that a statement takes; `own`: what it says of its own period, which may be one
    of them. Raises SettlementFault.
    """
    by_period: dict[str, list[Brought]] = defaultdict(list)
    for line in lines:
        by_period[line.period].append(line)
    for period in sorted({*by_period, *periods}):
        if period == drawing.period and period not in periods:
            continue
        mine, counted = by_period[period], list(_counted(drawing, whose, period))
        if period == drawing.period and own is not None:
            counted.append({"number": "", **_said(statement_json(own))})
        those = sorted([*mine, *_elsewhere(drawing, whose, period)], key=lambda line: (line.date, line.id))
        found = drawing.settled(period, those)
        now = next((statement_json(one) for one in found if one.currency == whose[1]), {})
        one = _difference(period, len(mine), drawing.settlement(period).version, now, counted)
        if (mine and period != drawing.period) or _is_something(one):
            yield one


def _is_something(one: Mapping[str, Any]) -> bool:
    return any(map(Decimal, (one["net"], one["tax"], *(share["amount"] for share in one["shares"]))))


def _elsewhere(drawing: Drawing, whose: Whose, period: str) -> Sequence[Brought]:
    """The lines of a period, of this partner and currency, on statements of other periods than that drawn up."""
    wanted = select(*READ).join(
        StatementRow, and_(StatementRow.tenant_id == LedgerLine.tenant_id, StatementRow.id == LedgerLine.statement_id)
    )
    alike = (
        LedgerLine.settlement_key == drawing.key, LedgerLine.partner_id == whose[0], LedgerLine.currency == whose[1],
        LedgerLine.period == period, StatementRow.period != drawing.period,
    )  # fmt: skip
    return list(brought(drawing.session.execute(wanted.where(*alike))))


def _counted(drawing: Drawing, whose: Whose, period: str) -> Iterator[Mapping[str, Any]]:
    """What statements say of a period: its own, and those that made up for it; all but the one that is drawn up."""
    wanted = select(StatementRow).where(
        StatementRow.settlement_key == drawing.key, StatementRow.partner_id == whose[0], StatementRow.currency == whose[1],
        StatementRow.period >= period, StatementRow.period != drawing.period,
    )  # fmt: skip
    for row in drawing.session.scalars(wanted.options(undefer(StatementRow.body)).order_by(StatementRow.period)):
        if row.period == period:
            yield {"number": row.number, **_said(row.body)}
        for one in row.body.get("adjustments", ()):
            if one["period"] == period:
                yield {"number": row.number, **{name: one[name] for name in ("net", "tax", "shares")}}


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a statement says of its own period."""
    groups = body["groups"]
    sums = {name: written(sum((Decimal(one[name]) for one in groups), ZERO)) for name in ("net", "tax")}
    return {**sums, "shares": body["shares"]}


def _difference(
    period: str, late: int, version: int, now: Mapping[str, Any], counted: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    def less(name: str) -> str:
        return written(Decimal(now.get(name, "0")) - sum((Decimal(one[name]) for one in counted), ZERO))

    return {
        "period": period, "count": late, "version": version, "net": less("net"), "tax": less("tax"),
        "now": {"net": now.get("net", "0"), "tax": now.get("tax", "0"), "groups": now.get("groups", [])},
        "counted": [{name: one[name] for name in ("number", "net", "tax")} for one in counted],
        "shares": _shares(now.get("shares", ()), counted),
    }  # fmt: skip


def _shares(now: Iterable[Mapping[str, Any]], counted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who gets more, who less."""
    found: dict[str, dict[str, Any]] = {}
    for sign, shares in ((1, now), *((-1, one["shares"]) for one in counted)):
        for share in shares:
            one = found.setdefault(f"{share['uid']} {share.get('who')}", {**share, "amount": "0"})
            one["amount"] = written(Decimal(one["amount"]) + sign * Decimal(share["amount"]))
    return list(found.values())
