"""Working time: the zone, the shifts of a week, and the dates on which it is otherwise (holidays, make-up working days).

A shift belongs to the day on which it begins, also where it ends after midnight. Its ends are the first moments at which the
clock on the wall shows them, or has passed them where it jumps: so a day of summer time has as many minutes as it really has.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from .reason import Reason

MAX_DAYS: Final = 3660  # ten years: what lies further ahead is an answer with a reason, never a long search
MAX_ROW: Final = 400  # days in one row of dates
YEARS: Final = (1980, 2200)
DAY: Final = 24 * 60
UNITS: Final = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}

Span = tuple[datetime, datetime]


class CalendarFault(Exception):
    """There is no such working time within ten years."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


class Shift(NamedTuple):
    """Minutes from the midnight at which its day begins; `end` may lie in the next day."""

    start: int
    end: int


@dataclass(frozen=True)
class Calendar:
    """`week`: the shifts of each weekday, Monday first; `dates`: those of the dates on which it is otherwise."""

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    dates: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    version: int = 0
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], version: int = 0) -> "Calendar":
        """A draft may name a zone that nobody knows (its checks say so): it is read as UTC."""
        week = tuple(shifts_of(one for one in doc["shifts"] if day in one["days"]) for day in range(1, 8))
        dates = {day: shifts_on(row, week) for row in doc.get("dates", ()) for day in days_of(row)}
        return cls(zone_named(doc["zone"]) or ZoneInfo("UTC"), week, dates, version)

    def is_open(self, moment: datetime) -> bool:
        return any(start <= moment < end for day in self._around(moment) for start, end in self._hours(day))

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself, where it is open then."""
        return next(self._ahead(moment))[0]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one to the other; less than nothing where the other is earlier."""
        if start > end:
            return -self.between(end, start)
        if end - start > timedelta(MAX_DAYS):
            raise CalendarFault("calendar.too_far", days=MAX_DAYS)
        found, last = timedelta(0), _local(end, self.zone).date() + timedelta(1)
        for day in _days(_local(start, self.zone).date() - timedelta(2), last):
            for opens, closes in self._hours(day):
                found += max(min(closes, end) - max(opens, start), timedelta(0))
        return found

    def add(self, moment: datetime, amount: timedelta) -> datetime:
        """The earliest moment at which so much working time has passed; before it, where the amount is negative: the latest."""
        left, back = abs(amount), amount < timedelta(0)
        if not left:
            return moment
        for start, end in self._behind(moment) if back else self._ahead(moment):
            if end - start >= left:
                return end - left if back else start + left
            left -= end - start
        raise CalendarFault("calendar.too_far", days=MAX_DAYS)

    def add_days(self, moment: datetime, count: int) -> datetime:
        """The `count`-th working day after that of the moment (before it, where negative), at the same time of day.

        What is earlier than that day's hours becomes their beginning, what is later their end. A moment on a day off counts
        to the end of the day found (before: to its beginning). So who comes later is never due earlier.
        """
        if not count:
            return moment
        day, wall = self._working_day(moment)
        found = self._open_day(day, count)
        first, last = self._hours_of(found)
        if self.shifts(day):
            wall = min(max(wall, timedelta(minutes=first)), timedelta(minutes=last))
        else:
            wall = timedelta(minutes=last if count > 0 else first)
        return reached(datetime.combine(found, datetime.min.time()) + wall, self.zone)

    def later(self, moment: datetime, amount: int, unit: str) -> datetime:
        """By an amount as definitions say it: minutes and hours of working time, or working days."""
        return self.add_days(moment, amount) if unit == "days" else self.add(moment, amount * UNITS[unit])

    def shifts(self, day: date) -> tuple[Shift, ...]:
        return self.dates.get(day, self.week[day.weekday()])

    def _hours_of(self, day: date) -> tuple[int, int]:
        """When a working day begins and ends, in minutes from its midnight: not before the night shift before it ends."""
        shifts = self.shifts(day)
        first = max([shifts[0].start, *(shift.end - DAY for shift in self.shifts(day - timedelta(1)))])
        return first, max([first, *(shift.end for shift in shifts)])

    def _working_day(self, moment: datetime) -> tuple[date, timedelta]:
        """The day whose shift it is (a night shift's is the day before), else that of the wall; and the time since it began."""
        wall = _local(moment, self.zone)
        for day in (wall.date() - timedelta(1), wall.date()):
            since = wall - datetime.combine(day, datetime.min.time())
            if any(timedelta(minutes=shift.start) <= since < timedelta(minutes=shift.end) for shift in self.shifts(day)):
                return day, since
        return wall.date(), since

    def _open_day(self, day: date, count: int) -> date:
        step = timedelta(1 if count > 0 else -1)
        for _ in range(MAX_DAYS):
            day += step
            count -= step.days if self.shifts(day) else 0
            if not count:
                return day
        raise CalendarFault("calendar.too_far", days=MAX_DAYS)

    def _ahead(self, moment: datetime) -> Iterator[Span]:
        """The open spans from a moment on, in order."""
        first = _local(moment, self.zone).date() - timedelta(2)
        for day in _days(first, first + timedelta(MAX_DAYS)):
            for start, end in self._hours(day):
                if end > moment:
                    yield max(start, moment), end
        raise CalendarFault("calendar.too_far", days=MAX_DAYS)

    def _behind(self, moment: datetime) -> Iterator[Span]:
        """The open spans before a moment, the latest first."""
        last = _local(moment, self.zone).date() + timedelta(1)
        for day in reversed(list(_days(last - timedelta(MAX_DAYS), last))):
            for start, end in reversed(self._hours(day)):
                if start < moment:
                    yield start, min(end, moment)
        raise CalendarFault("calendar.too_far", days=MAX_DAYS)

    def _around(self, moment: datetime) -> Iterable[date]:
        day = _local(moment, self.zone).date()
        return _days(day - timedelta(2), day + timedelta(1))

    def _hours(self, day: date) -> tuple[Span, ...]:
        """When it is open by the shifts of this day, without what those of the days before reach into it."""
        if day not in self._known:
            before = [self._walls(day - timedelta(back)) for back in (1, 2)]
            taken = max((end for spans in before for _, end in spans), default=None)
            found = []
            for start, end in self._walls(day):
                start = max(start, taken) if taken else start
                if start < end:
                    found.append((start, end))
                    taken = end
            self._known[day] = tuple(found)
        return self._known[day]

    def _walls(self, day: date) -> list[Span]:
        midnight = datetime.combine(day, datetime.min.time())
        return [
            (reached(midnight + timedelta(minutes=start), self.zone), reached(midnight + timedelta(minutes=end), self.zone))
            for start, end in self.shifts(day)
        ]


def zone_named(name: str) -> ZoneInfo | None:
    """None where there is none, or the name is that of a folder of the database or leads out of it."""
    try:
        return ZoneInfo(name) if name else None
    except (LookupError, ValueError, OSError):
        return None


def standard(zone: str) -> Calendar:
    """What holds where a tenant has not named its calendar yet: Monday to Friday, nine to six, with an hour for lunch."""
    return Calendar(ZoneInfo(zone), ((Shift(540, 720), Shift(780, 1080)),) * 5 + ((),) * 2)


def answered(calendar: Calendar, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to the question `later` (`world.py`)."""
    try:
        found = calendar.later(datetime.fromisoformat(asked["start"]), asked["amount"], asked["unit"])
    except CalendarFault as fault:
        return fault.reason.to_json()
    return {"moment": found.astimezone(UTC).isoformat()}


def reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which the clock shows this, or has passed it: of an hour that comes twice the first, of an hour
    that is left out the moment of the jump."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    while first - second > timedelta(seconds=1):  # left out: the jump lies between the two
        middle = second + ((first - second) / 2 // timedelta(seconds=1)) * timedelta(seconds=1)
        first, second = (middle, second) if _local(middle, zone) >= wall else (first, middle)
    return first


def minutes(clock: str) -> int:
    """ "09:30" as minutes since midnight; "24:00" is the end of the day."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def shifts_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Shift, ...]:
    """In their order. One that ends no later than it begins ends on the next day."""
    found = [Shift(minutes(row["from"]), minutes(row["to"])) for row in rows]
    return tuple(sorted(one if one.end > one.start else Shift(one.start, one.end + DAY) for one in found))


def shifts_on(row: Mapping[str, Any], week: tuple[tuple[Shift, ...], ...]) -> tuple[Shift, ...]:
    """Of a row of `dates`: the shifts of its own, those of the weekday that it is worked like, or none."""
    return week[row["like"] - 1] if "like" in row else shifts_of(row.get("shifts", ()))


def days_of(row: Mapping[str, Any]) -> Iterator[date]:
    """The dates of a row, both ends included. Of one that is too long (its checks say so) no more than it may have."""
    first = date.fromisoformat(row["from"])
    return islice(_days(first, date.fromisoformat(row.get("to", row["from"]))), MAX_ROW)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(count) for count in range((last - first).days + 1))


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows."""
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise CalendarFault("calendar.no_such_year", found=moment.year, first=YEARS[0], last=YEARS[1])
    return moment.astimezone(zone).replace(tzinfo=None)
