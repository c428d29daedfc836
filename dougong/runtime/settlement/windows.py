"""Over which lines something is measured: those of a period (day, month, quarter, year, contract, rolling days) and a group."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final, NamedTuple

from ..values import comparable, identity, missing
from .faults import SettlementFault

Values = Mapping[str, Any]
Order = tuple[date, str, str]
MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Span(NamedTuple):
    """[start, end): days; the end is outside."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


class Contract(NamedTuple):
    """The inputs with the first and the last day of the contract that a line belongs to; without a last one it has no end."""

    since: str
    until: str = ""

    @classmethod
    def from_json(cls, doc: Mapping[str, Any]) -> "Contract":
        return cls(doc.get("since", ""), doc.get("until", ""))

    def bounds(self, values: Values) -> tuple[date | None, date | None]:
        """The first day, and the first one after; none where it is not known. Raises SettlementFault."""
        start, last = (values.get(one) for one in self)
        try:
            return (None if missing(start) else comparable(start, "date")), after(comparable(last, "date"))
        except ValueError:
            raise SettlementFault("settle.not_a_date", found=str([start, last])[:40]) from None

    def begin(self, values: Values, day: date) -> date:
        """The first day of the contract in which a line of that day is. Raises SettlementFault where it is in none."""
        start, end = self.bounds(values)
        if start is None:
            raise SettlementFault("settle.no_contract", input=self.since)
        if day < start or (end is not None and day >= end):
            params = {"day": day.isoformat(), "since": start.isoformat(), "until": str(values.get(self.until) or "…")}
            raise SettlementFault("settle.outside_contract", **params)
        return start


class Window(NamedTuple):
    """`group`: the inputs whose values lines of one group share. `contract`: where the period is that. `so_far`: asked for a
    line, only of the lines up to and with it. `earlier`: not this period but the one before (previous) or the same of the year
    before (last_year)."""

    period: str
    group: tuple[str, ...]
    days: int = 0
    contract: Contract = Contract("")
    so_far: bool = False
    earlier: str = ""

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], partner: str) -> "Window":
        group, days, so_far = tuple(doc.get("group", (partner,))), int(doc.get("days", 0)), bool(doc.get("so_far"))
        return cls(doc["period"], group, days, Contract.from_json(doc), so_far, doc.get("earlier", ""))


def span_of(period: str, day: date) -> Span:
    """The day, month, quarter, half-year or year in which a day lies. ValueError where the calendar ends before it does."""
    width = MONTHS.get(period)
    if width is None:
        return Span(day, date.fromordinal(day.toordinal() + 1))
    first = (day.month - 1) // width * width
    return Span(date(day.year, first + 1, 1), date(day.year + (first + width) // 12, (first + width) % 12 + 1, 1))


def after(last: date | None) -> date | None:
    """The first day after; none after the last there is (9999-12-31), which is written where something has no end."""
    return None if last is None or last == date.max else last + timedelta(days=1)


def business_day(value: Any) -> date | None:
    """The day on which something is settled. Raises SettlementFault for what is no date, or of the last year there is: it has
    no end."""
    try:
        found: date | None = comparable(value, "date")
    except ValueError:
        raise SettlementFault("settle.not_a_date", found=str(value)[:40]) from None
    if found is not None and found.year == MAXYEAR:
        raise SettlementFault("settle.too_late", found=str(value)[:40])
    return found


def read_day(text: str | None) -> date | None:
    """A day of a definition; one that does not exist is none (the checks tell of it)."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


class Entry(NamedTuple):
    """A line in a book: when it happened, what identifies it, what it says, and what it is worth (0 before it is rated)."""

    day: date
    at: str
    id: str
    line: Any  # a Line

    @property
    def order(self) -> Order:
        """First come by time and id."""
        return self.day, self.at, self.id


class Book:
    """All lines that are known, in the order of time and id; found by window. Built once, never changed."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.order)
        self._groups: dict[tuple[str, ...], dict[Hashable, list[Entry]]] = {}
        self._measured: dict[Hashable, Any] = {}
        self._running: dict[Hashable, tuple[list[Order], list[Decimal]]] = {}

    def within(self, window: Window, values: Values, day: date, until: date | None = None) -> Sequence[Entry]:
        """The lines of the same group and period as these values on that day, those before `until`."""
        found = self._grouped(window.group).get(key_of(window.group, values), [])
        start, end = bounds_of(window, values, day, until)
        low = bisect_left(found, start, key=lambda entry: entry.day)
        high = len(found) if end is None else bisect_right(found, end - timedelta(days=1), key=lambda entry: entry.day)
        return found[low:high]

    def measured(
        self, name: Hashable, window: Window, values: Values, day: date, until: date | None,
        measure: Callable[[Sequence[Entry]], Any],
    ) -> Any:  # fmt: skip
        """What is measured over a window: once, however many lines ask."""
        asked = (name, key_of(window.group, values), bounds_of(window, values, day, until))
        if asked not in self._measured:
            self._measured[asked] = measure(self.within(window, values, day, until))
        return self._measured[asked]

    def before(
        self, name: Hashable, window: Window, values: Values, order: Order, join: Callable[[Decimal, Entry], Decimal]
    ) -> tuple[int, Decimal]:
        """How many lines of a window come before `order`, and what they are joined to, one after another."""
        orders, sums = self._run(name, window, values, order[0], join)
        index = bisect_left(orders, order)
        return index, sums[index]

    def so_far(
        self, name: Hashable, window: Window, values: Values, order: Order, join: Callable[[Decimal, Entry], Decimal]
    ) -> Decimal:
        """What the lines of a window are joined to, up to and with the one of that `order`."""
        orders, sums = self._run(name, window, values, order[0], join)
        return sums[bisect_right(orders, order)]

    def _run(
        self, name: Hashable, window: Window, values: Values, day: date, join: Callable[[Decimal, Entry], Decimal]
    ) -> tuple[list[Order], list[Decimal]]:
        """The lines of a window, and what they come to one after another: once, however many lines ask."""
        asked = (name, key_of(window.group, values), bounds_of(window, values, day))
        if asked not in self._running:
            found = self.within(window, values, day)
            self._running[asked] = [entry.order for entry in found], list(accumulate(found, join, initial=Decimal(0)))
        return self._running[asked]

    def _grouped(self, group: tuple[str, ...]) -> dict[Hashable, list[Entry]]:
        if group not in self._groups:
            found: dict[Hashable, list[Entry]] = {}
            for entry in self.entries:
                found.setdefault(key_of(group, entry.line.values), []).append(entry)
            self._groups[group] = found
        return self._groups[group]


class Counted(Book):
    """Lines in the order in which they are counted, whatever their days. The last one that was added is the one that is priced:
    all others come before it."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        super().__init__()
        self.entries = list(entries)
        self._joined: dict[Hashable, tuple[int, int, Decimal]] = {}

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        for group, found in self._groups.items():
            found.setdefault(key_of(group, entry.line.values), []).append(entry)

    def take_back(self) -> None:
        """The last one is not counted after all."""
        entry = self.entries.pop()
        for group, found in self._groups.items():
            found[key_of(group, entry.line.values)].pop()

    def before(
        self, name: Hashable, window: Window, values: Values, order: Order, join: Callable[[Decimal, Entry], Decimal]
    ) -> tuple[int, Decimal]:
        """What was joined is kept: only those that were added since are looked at."""
        start, end = bounds_of(window, values, order[0])
        key = key_of(window.group, values)
        asked, found = (name, key, start, end), self._grouped(window.group)[key][:-1]
        seen, size, total = self._joined.get(asked, (0, 0, Decimal(0)))
        for entry in found[seen:]:
            if start <= entry.day and (end is None or entry.day < end):
                size, total = size + 1, join(total, entry)
        self._joined[asked] = len(found), size, total
        return size, total

    def so_far(
        self, name: Hashable, window: Window, values: Values, order: Order, join: Callable[[Decimal, Entry], Decimal]
    ) -> Decimal:
        return join(self.before(name, window, values, order, join)[1], self.entries[-1])


def key_of(group: Sequence[str], values: Values) -> tuple[str, ...]:
    return tuple(_name(values.get(one)) for one in group)


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return identity(value) if "id" in value else str(value.get("region", ""))
    return "" if value is None else str(value)


def bounds_of(window: Window, values: Values, day: date, until: date | None = None) -> tuple[date, date | None]:
    """The first day, and the first one after, no later than `until` (where a statement ends). Raises SettlementFault."""
    start, end = _bounds_of(window, values, day)
    return start, end if until is None else until if end is None else min(end, until)


def _bounds_of(window: Window, values: Values, day: date) -> tuple[date, date | None]:
    if window.period == "contract":
        start, end = window.contract.bounds(values)
        return start or date.min, end
    last = _seen_from(window, day)
    if window.period == "rolling":
        return _days_before(last, window.days - 1), last + timedelta(days=1)
    return span_of(window.period, last)


def _seen_from(window: Window, day: date) -> date:
    match window.earlier:
        case "last_year":
            return day.replace(year=max(1, day.year - 1), day=min(day.day, 28) if day.month == 2 else day.day)
        case "previous":
            rolling = window.period == "rolling"
            return _days_before(day, window.days) if rolling else _days_before(span_of(window.period, day).start, 1)
    return day


def _days_before(day: date, days: int) -> date:
    """There is none before the first."""
    return date.fromordinal(max(1, day.toordinal() - days))
