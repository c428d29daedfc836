"""Days as calendars count them: which day a value falls on, and the weeks, months and quarters around a day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

KINDS: Final = ("date", "datetime")


def day_of(value: date, now: datetime) -> date:
    """The calendar day of a date, or of a moment where `now` is told."""
    return value.astimezone(now.tzinfo).date() if isinstance(value, datetime) else value


def days_since(value: date, now: datetime) -> Decimal:
    """How many calendar days ago; below zero: ahead."""
    return Decimal((now.date() - day_of(value, now)).days)


def month_of(day: date) -> int:
    """Months count on over the years, so that the one before January is December."""
    return day.year * 12 + day.month - 1


def months_since(value: date, now: datetime) -> int:
    return month_of(now.date()) - month_of(day_of(value, now))


def weeks_since(value: date, now: datetime) -> int:
    """Weeks begin on Monday (ISO 8601, GB/T 7408)."""
    monday, other = (one - timedelta(days=one.weekday()) for one in (now.date(), day_of(value, now)))
    return (monday - other).days // 7
