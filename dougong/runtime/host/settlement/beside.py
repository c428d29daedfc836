"""Beside which lines a line is priced that is paid what it adds to others, or by which of them it is: those counted before it.

The order is that of the counting, not of the days: a line that comes late adds to what has been counted already, so that all of
them come to what the whole comes to, whoever came first.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from dougong.runtime.settlement import Settlement, SettlementFault
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.windows import Counted, bounds_of

from ..tables import LedgerLine
from .adjusting import READ, line_in

Values = Mapping[str, Any]


def counted(session: Session, settlement: Settlement, given: Iterable[Values]) -> Counted | None:
    """The lines of the ledger that may share a window with these; none where lines are priced by themselves."""
    if settlement.line is None or not settlement.line.looks_beyond:
        return None
    starts = [start for values in given for start in _starts(settlement, values)]
    if not starts:
        return Counted()
    mine = (LedgerLine.settlement_key == settlement.key, LedgerLine.date >= min(starts).isoformat())
    rows = session.scalars(select(LedgerLine).where(*mine).options(load_only(*READ)).order_by(LedgerLine.id))
    return Counted(entry for row in rows if (entry := entry_of(settlement, line_in(row))) is not None)


def _starts(settlement: Settlement, values: Values) -> Iterator[date]:
    """The first day of each window in which a line is. What cannot be read is told where it is priced."""
    assert settlement.line is not None
    windows = {one.over for rule in settlement.line.rules if rule.pricing for one in rule.pricing.measures if one.over}
    try:
        day = settlement.day_of(values)
        yield from [bounds_of(window, values, day)[0] for window in windows if day is not None]
    except SettlementFault:
        return
