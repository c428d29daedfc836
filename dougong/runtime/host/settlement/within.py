"""Which lines of the ledger may stand in the windows over which rules measure: no others are read."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, false, or_

from dougong.runtime.settlement import Settlement
from dougong.runtime.settlement.spans import Bounds
from dougong.runtime.settlement.windows import Span, Window, bounds_of

from ..tables import LedgerLine

Spans = Mapping[Window, Bounds]


def seen_from(windows: Iterable[Window], span: Span, *, open_end: bool = False) -> Spans:
    """From where to where these windows reach, seen from the days of a span, or from later ones too."""
    last = span.end - timedelta(days=1)
    return {one: _reach(one, span.start, None if open_end else last) for one in windows}


def _reach(window: Window, first: date, last: date | None) -> Bounds:
    return bounds_of(window, {}, first)[0], None if last is None else bounds_of(window, {}, last)[1]


def widest(bounds: Iterable[tuple[Window, Bounds]]) -> Spans:
    """From where to where each reaches, wherever it is seen from."""
    found: dict[Window, Bounds] = {}
    for window, (start, end) in bounds:
        first, last = found.get(window, (start, end))
        found[window] = min(start, first), None if end is None or last is None else max(end, last)
    return found


def windows(spans: Spans, settlement: Settlement, partners: Collection[str] | None = None) -> ColumnElement[bool]:
    """The condition on LedgerLine. `partners`: whose lines they are where a window is of one's own; everybody's without."""
    return or_(false(), *(_one(window, *bounds, settlement, partners) for window, bounds in spans.items()))


def _one(
    window: Window, start: date, end: date | None, settlement: Settlement, partners: Collection[str] | None
) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [LedgerLine.date >= start.isoformat()]
    if end is not None:
        found.append(LedgerLine.date < end.isoformat())
    if partners is not None and window.group == (settlement.partner,):
        found.append(LedgerLine.partner_id.in_(partners))
    return and_(*found)
