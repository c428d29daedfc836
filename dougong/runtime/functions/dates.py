"""Days and moments. A moment counts as its day in the company's zone wherever a date is wanted. DAYS takes the end first."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, ParamSpec, TypeVar

from ._type import FormulaFault, Function

SATURDAY: Final = 5

P = ParamSpec("P")
R = TypeVar("R")


def _within(work: Callable[P, R]) -> Callable[P, R]:
    """The calendar ends with the year 9999."""

    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except (ValueError, OverflowError):
            raise FormulaFault("formula.no_such_day") from None

    return checked


@_within
def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    """As in a spreadsheet month 13 is January of the next year, day 0 the last one of the month before."""
    return _first_of(int(year) * 12 + int(month) - 1) + timedelta(days=int(day) - 1)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _last_day(first: date) -> int:
    return 31 if first.month == 12 else (_first_of(_month(first) + 1) - timedelta(days=1)).day


@_within
def _months_later(day: date, months: Decimal) -> date:
    """31 January and a month is the last day of February."""
    first = _first_of(_month(day) + int(months))
    return first.replace(day=min(day.day, _last_day(first)))


@_within
def _month_end(day: date, months: Decimal = Decimal(0)) -> date:
    first = _first_of(_month(day) + int(months))
    return first.replace(day=_last_day(first))


@_within
def _days_later(day: date, days: Decimal) -> date:
    return day + timedelta(days=int(days))


def _days(end: date, start: date) -> Decimal:
    return Decimal((end - start).days)


def _difference(start: date, end: date, unit: str = "D") -> Decimal:
    """Whole days, months or years; below zero where the end comes first."""
    if end < start:
        return -_difference(end, start, unit)
    months = _month(end) - _month(start) - (end.day < start.day)
    match unit.upper():
        case "D":
            return _days(end, start)
        case "M":
            return Decimal(months)
        case "Y":
            return Decimal(months // 12)
    raise FormulaFault("formula.unit", found=unit[:10])


def _weekday(day: date, kind: Decimal = Decimal(1)) -> Decimal:
    """1: Sunday is 1. 2: Monday is 1. 3: Monday is 0."""
    match int(kind):
        case 1:
            return Decimal(day.isoweekday() % 7 + 1)
        case 2:
            return Decimal(day.isoweekday())
        case 3:
            return Decimal(day.weekday())
    raise FormulaFault("formula.week", found=int(kind))


def _week(day: date, kind: Decimal = Decimal(1)) -> Decimal:
    """The week of 1 January is the first. 1: weeks begin on Sunday, 2: on Monday."""
    if int(kind) not in (1, 2):
        raise FormulaFault("formula.week", found=int(kind))
    first = date(day.year, 1, 1)
    before = first.isoweekday() % 7 if int(kind) == 1 else first.weekday()
    return Decimal(((day - first).days + before) // 7 + 1)


def _working(day: date) -> int:
    """How many days from Monday to Friday there are up to this one, this one too."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # the first day of the calendar is a Monday
    return weeks * 5 + min(rest + 1, 5)


def _working_days(start: date, end: date) -> Decimal:
    """Both days count; holidays are the calendar's affair."""
    if end < start:
        return -_working_days(end, start)
    return Decimal(_working(end) - _working(start) + (start.weekday() < SATURDAY))


@_within
def _workday(start: date, days: Decimal) -> date:
    """So many days from Monday to Friday later, or earlier."""
    wanted = _working(start) + int(days)
    if int(days) < 0 and start.weekday() >= SATURDAY:
        wanted += 1  # of a weekend the next working day before is Friday itself
    weeks, rest = divmod(wanted - 1, 5)
    return date.fromordinal(weeks * 7 + rest + 1) if int(days) else start


def _hours(end: datetime, start: datetime) -> Decimal:
    return Decimal((end - start) // timedelta(microseconds=1)) / Decimal(3_600_000_000)


def _clock(part: str) -> Callable[[datetime, datetime], Decimal]:
    def read(now: datetime, value: datetime) -> Decimal:
        return Decimal(getattr(value.astimezone(now.tzinfo), part))

    return read


def _of_day(read: Callable[[date], Any]) -> Function:
    return Function(("date",), "number", lambda day: Decimal(read(day)))


FUNCTIONS: dict[str, Function] = {
    "DATE": Function(("number", "number", "number"), "date", _date),
    "DATEDELTA": Function(("date", "number"), "date", _days_later),
    "DATEDIF": Function(("date", "date", "text"), "number", _difference, optional=1),
    "DAY": _of_day(lambda day: day.day),
    "DAYS": Function(("date", "date"), "number", _days),
    "EDATE": Function(("date", "number"), "date", _months_later),
    "EOMONTH": Function(("date", "number"), "date", _month_end, optional=1),
    "HOUR": Function(("datetime",), "number", _within(_clock("hour")), clock=True),
    "HOURS": Function(("datetime", "datetime"), "number", _hours),
    "ISOWEEKNUM": _of_day(lambda day: day.isocalendar().week),
    "MINUTE": Function(("datetime",), "number", _within(_clock("minute")), clock=True),
    "MONTH": _of_day(lambda day: day.month),
    "NETWORKDAYS": Function(("date", "date"), "number", _working_days),
    "NOW": Function((), "datetime", lambda now: now, clock=True),
    "QUARTER": _of_day(lambda day: (day.month + 2) // 3),
    "SECOND": Function(("datetime",), "number", _within(_clock("second")), clock=True),
    "TODAY": Function((), "date", lambda now: now.date(), clock=True),
    "WEEKDAY": Function(("date", "number"), "number", _weekday, optional=1),
    "WEEKNUM": Function(("date", "number"), "number", _week, optional=1),
    "WORKDAY": Function(("date", "number"), "date", _workday),
    "YEAR": _of_day(lambda day: day.year),
}
