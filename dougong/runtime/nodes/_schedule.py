"""When a workflow begins by itself: every day, working day, week or month, at an hour of the tenant's zone."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from ..calendar import Calendar
from ..config import Schema, setting, shaped
from ..definition import Node
from ..reason import Reason

_DAYS: Final = {
    "1": ("周一", "Monday"), "2": ("周二", "Tuesday"), "3": ("周三", "Wednesday"), "4": ("周四", "Thursday"),
    "5": ("周五", "Friday"), "6": ("周六", "Saturday"), "7": ("周日", "Sunday"),
}  # fmt: skip
SCHEDULE: Final[dict[str, Schema]] = {
    "every": setting(
        "定时发起",
        "Begins by itself",
        told=True,
        options={
            "day": ("每天", "every day"), "workday": ("每个工作日", "every working day"),
            "week": ("每周", "every week"), "month": ("每月", "every month"),
        },
    ),
    "at": setting(
        "几点", "At", type="string", maxLength=5, **shaped("^([01][0-9]|2[0-3]):[0-5][0-9]$", "如 09:30", "as 09:30"),
        when={"every": ["day", "workday", "week", "month"]}, needed=True, widget="time", told=True,
        help=("按企业时区；工作日按企业日历", "In the company’s zone; working days by its calendar"),
    ),
    "weekday": setting("周几", "Weekday", options=_DAYS, when={"every": ["week"]}, needed=True),
    "month_day": setting(
        "每月几号", "Day of the month", type="integer", minimum=1, maximum=31, when={"every": ["month"]}, needed=True,
        help=("31 即每月最后一天；没有这一天的月份取最后一天", "In shorter months the last day: 31 is always the last one"),
    ),
}  # fmt: skip


def next_time(config: Mapping[str, Any], after: datetime, calendar: Calendar) -> datetime | None:
    """The first moment after this one (in the tenant's zone) at which it begins by itself; None where it does not."""
    if "every" not in config or "at" not in config:
        return None
    at = time.fromisoformat(config["at"])
    day = after.date()
    for _ in range(63):  # the next month at the latest
        found = datetime.combine(day, at, after.tzinfo)
        if _is_day(config, day, calendar) and found > after:
            return found
        day += timedelta(days=1)
    return None


def _is_day(config: Mapping[str, Any], day: date, calendar: Calendar) -> bool:
    match config["every"]:
        case "workday":
            return bool(calendar.shifts(day))
        case "week":
            return day.isoweekday() == int(config.get("weekday", "1"))
        case "month":
            return day.day == min(int(config.get("month_day", 1)), monthrange(day.year, day.month)[1])
    return True


def check_schedule(node: Node) -> Iterator[tuple[str, Reason]]:
    needed = {"day": ("at",), "workday": ("at",), "week": ("at", "weekday"), "month": ("at", "month_day")}
    for name in needed.get(node.config.get("every", ""), ()):
        if name not in node.config:
            yield f"/{name}", Reason("check.schedule_without", {"setting": SCHEDULE[name]["x-title"]})
