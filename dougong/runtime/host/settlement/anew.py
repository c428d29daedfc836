"""Closed statements that would come out otherwise by what has been counted since: their rules measure over windows, and
something has come whose day is in one.

Of a closed period P it is known as of when what statements say of it was true: when the last closed statement of P or later was
drawn up, for each makes up for all before it. What came since, and on which days, an index says; the definition says how far P
looks back. So only such periods are reckoned anew, whatever else is in the ledger.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, func, select

from dougong.runtime.settlement.windows import Window, key_of

from ..tables import LedgerLine, StatementRow
from . import books, within
from .adjusting import OPEN, Drawing, Whose

EVERYBODY: Final = ""
News = Mapping[str, Mapping[date, str]]  # whose lines (or everybody's): the moment at which the last one of a day came


def periods(drawing: Drawing) -> dict[Whose, set[str]]:
    """Those before the one that is drawn up, of its partners, by (partner, currency)."""
    known = _known(drawing)
    found: dict[Whose, set[str]] = defaultdict(set)
    if not known:
        return found
    alone = all(drawing.alone(period) for _, period in known)
    news = _news(drawing, min(known.values()), alone=alone)
    last: dict[tuple[str, str], str] = {}
    for (whose, period), since in known.items():
        who = whose[0] if alone else EVERYBODY
        if (who, period) not in last:
            last[who, period] = _last(drawing, period, news.get(who, {}))
        if last[who, period] >= since:
            found[whose].add(period)
    return found if alone else _of_their_groups(drawing, found, known)


def _known(drawing: Drawing) -> dict[tuple[Whose, str], str]:
    """Closed periods with such rules, and as of when what is said of them was true."""
    wanted = select(StatementRow.partner_id, StatementRow.currency, StatementRow.period, StatementRow.at).where(
        StatementRow.settlement_key == drawing.key, StatementRow.partner_id.in_(drawing.partners),
        StatementRow.state.not_in(OPEN), StatementRow.period != drawing.period,
    )  # fmt: skip
    rows = drawing.session.execute(wanted.order_by(StatementRow.partner_id, StatementRow.currency, StatementRow.period.desc()))
    found: dict[tuple[Whose, str], str] = {}
    for whose, own in groupby(rows, lambda row: (row.partner_id, row.currency)):
        latest = ""
        for _, _, period, at in own:
            latest = max(latest, at)
            if period < drawing.period and drawing.settlement(period).looks_beyond:
                found[whose, period] = books.unseen_from(latest)
    return found


def _news(drawing: Drawing, since: str, *, alone: bool) -> News:
    whose = [LedgerLine.partner_id] if alone else []
    wanted = select(*whose, LedgerLine.date, func.max(LedgerLine.at)).where(
        LedgerLine.settlement_key == drawing.key, LedgerLine.at >= since, LedgerLine.date != ""
    )
    wanted = wanted.where(LedgerLine.partner_id.in_(drawing.partners)) if alone else wanted
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for *who, day, at in drawing.session.execute(wanted.group_by(*whose, LedgerLine.date)):
        found[who[0] if who else EVERYBODY][date.fromisoformat(day)] = at
    return found


def _last(drawing: Drawing, period: str, days: Mapping[date, str]) -> str:
    """When the last line came that a period sees."""
    bounds = list(drawing.reach(period).values())
    there = (at for day, at in days.items() if any(start <= day and (end is None or day < end) for start, end in bounds))
    return max(there, default="")


def _of_their_groups(
    drawing: Drawing, found: Mapping[Whose, set[str]], known: Mapping[tuple[Whose, str], str]
) -> dict[Whose, set[str]]:
    """Those of whose groups the news are."""
    kept: dict[Whose, set[str]] = defaultdict(set)
    for period in {one for own in found.values() for one in own}:
        those = [whose for whose, own in found.items() if period in own]
        since = min(known[whose, period] for whose in those)
        in_reach = within.windows(drawing.reach(period), drawing.settlement(period))
        news = _grouped(drawing, period, LedgerLine.at >= since, in_reach)
        own = _grouped(drawing, period, LedgerLine.period == period, LedgerLine.partner_id.in_([one for one, _ in those]))
        touched = {partner for key, of in own.items() if key in news for partner in of}
        for whose in those:
            if whose[0] in touched:
                kept[whose].add(period)
    return kept


def _grouped(drawing: Drawing, period: str, *which: ColumnElement[bool]) -> dict[tuple[Window, tuple[str, ...]], set[str]]:
    """The partners of these lines, by the groups of the windows over which the rules of a period measure."""
    found: dict[tuple[Window, tuple[str, ...]], set[str]] = defaultdict(set)
    wanted = select(LedgerLine.partner_id, LedgerLine.inputs).where(LedgerLine.settlement_key == drawing.key, *which)
    for partner, values in drawing.session.execute(wanted):
        for window in drawing.windows(period):
            found[window, key_of(window.group, values)].add(partner)
    return found
