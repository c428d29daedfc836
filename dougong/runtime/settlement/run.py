"""A whole batch, purely: lines rated, pools drawn, statements by partner and period. The meaning of any faster plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ..reason import Reason
from .definition import Settlement
from .faults import SettlementFault
from .lines import Rated, book_of, rate
from .measures import Line
from .pools import Drawn, Paid, draw
from .statements import Statement, settle
from .windows import key_of


class Settled(NamedTuple):
    """A statement with whom it is and the first day of its period."""

    partner: Any
    start: date
    statement: Statement


class Run(NamedTuple):
    """`rated`: each line that could be priced, in the order given; `faults`: (id of the line or partner, reason)."""

    rated: tuple[tuple[str, Rated], ...]
    settled: tuple[Settled, ...]
    faults: tuple[tuple[str, Reason], ...]
    drawn: Drawn


def run(
    settlement: Settlement, lines: Sequence[tuple[str, Mapping[str, Any]]], *, earlier: Sequence[Line] = (),
    drawn: Mapping[str, Decimal] | None = None,
) -> Run:  # fmt: skip
    """`lines`: (id, values). `earlier`: lines of earlier periods, which rules may look at. In whatever order they come."""
    given = [Line(values, Decimal(0), id) for id, values in lines]
    book = book_of(settlement, [*earlier, *given])
    paid: list[Paid] = []
    faults: list[tuple[str, Reason]] = []
    for line in given:
        try:
            settlement.begin_of(line.values)  # the statement it belongs to
            rated = rate(settlement, line.values, book, line.id)
        except SettlementFault as fault:
            faults.append((line.id, settlement.called(fault)))
            continue
        paid.append(Paid(line._replace(amount=rated.amount), rated))
    paid, gone = draw(settlement, paid, drawn or {})
    known = book_of(settlement, [*earlier, *(one.line for one in paid)])
    settled: list[Settled] = []
    for (_, start), mine in _by_statement(settlement, paid).items():
        partner = mine[0].values.get(settlement.partner)
        try:
            settled += [Settled(partner, start, one) for one in settle(settlement, mine, known)]
        except SettlementFault as fault:
            faults.append((str(partner), settlement.called(fault)))
    return Run(tuple((one.line.id, one.rated) for one in paid), tuple(settled), tuple(faults), gone)


def _by_statement(settlement: Settlement, paid: Sequence[Paid]) -> dict[tuple[tuple[str, ...], date], list[Line]]:
    found: dict[tuple[tuple[str, ...], date], list[Line]] = {}
    for one in paid:
        start = settlement.begin_of(one.line.values) or date.min
        found.setdefault((key_of((settlement.partner,), one.line.values), start), []).append(one.line)
    return found
