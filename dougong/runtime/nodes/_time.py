"""How long, and until when: amounts of clock time or of a calendar's working time, and moments that a field names."""

from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime, time, timedelta
from typing import Any, Final

from ..calendar import MAX_DAYS, UNITS, YEARS, CalendarFault
from ..config import KEY, Schema, setting
from ..definition import Definition
from ..reason import Reason
from ..values import KIND_TITLES, day, missing, moment
from ._type import At

MOST: Final = {"minutes": 60 * 24 * 366, "hours": 24 * 366, "days": 3650}
REACH: Final = MAX_DAYS // 365 + 1  # years
WORDS: Final = {"minutes": ("分钟", "minutes"), "hours": ("小时", "hours"), "days": ("天", "days")}


def _span(least: int) -> Schema:
    return {
        "type": "object", "required": ["amount", "unit"], "additionalProperties": False,
        "properties": {
            "amount": {"type": "integer", "minimum": least, "maximum": MOST["minutes"]},
            "unit": {"enum": list(UNITS)},
            "time": {"enum": ["clock", "working"]},
            "calendar": KEY,
        },
    }  # fmt: skip


# `time`: by the clock, or working time of the calendar (of the company's, where none is named). Days of working time are
# working days; days by the clock come to the same hour.
SPAN: Final = _span(1)
OFFSET: Final = _span(-MOST["minutes"])  # before, where negative
UNTIL: Final[Schema] = {
    "oneOf": [
        {"type": "object", "required": ["after"], "additionalProperties": False, "properties": {"after": SPAN}},
        {
            "type": "object", "required": ["field"], "additionalProperties": False,
            "properties": {"field": KEY, "offset": OFFSET},
        },
    ]
}  # fmt: skip


CLOCK: Final = ("时限、计时与互斥", "Deadlines, clock and turns")  # the section of the inspector
PAUSES: Final = setting(
    "期间暂停工单计时",
    "The ticket’s clock stands still meanwhile",
    type="boolean",
    group=CLOCK,
    help=("例如等待客户；由客户办理的步骤总是暂停", "As while waiting for the customer; at his own steps it always does"),
)


def until(at: At, config: Mapping[str, Any], start: datetime) -> datetime | None:
    """The moment that an UNTIL means; None where its field is empty. Raises CalendarFault."""
    if "after" in config:
        return later(at, start, config["after"])
    value = at.case.data.get(config["field"])
    if missing(value):
        return None
    named = _named(value, at.world.now)
    return later(at, named, config["offset"]) if config.get("offset", {}).get("amount") else named


def later(at: At, start: datetime, span: Mapping[str, Any]) -> datetime:
    """By an amount of time, as its config says it. The company's own calendar is the world's to know. Raises CalendarFault."""
    amount, unit = span["amount"], span["unit"]
    if abs(amount) * UNITS[unit] > timedelta(MAX_DAYS):
        raise CalendarFault("calendar.too_far", days=MAX_DAYS)
    if not MINYEAR + REACH <= start.year <= MAXYEAR - REACH:  # 9999-12-31 is written for "never"
        raise CalendarFault("calendar.no_such_year", found=start.year, first=YEARS[0], last=YEARS[1])
    if span.get("time") != "working":
        return by_the_clock(start.astimezone(at.world.now.tzinfo), amount, unit)
    if "calendar" in span:
        return at.definition.calendars[span["calendar"]].later(start, amount, unit)
    answer = at.world.ask("later", start=text(start), amount=amount, unit=unit)
    if "moment" not in answer:
        raise CalendarFault(answer["code"], **answer["params"])
    return datetime.fromisoformat(answer["moment"])


def by_the_clock(start: datetime, amount: int, unit: str) -> datetime:
    """Minutes and hours pass; after days it is the same hour, also where the clock was changed meanwhile."""
    if unit == "days":
        return start + timedelta(days=amount)
    return (start.astimezone(UTC) + amount * UNITS[unit]).astimezone(start.tzinfo)


def text(value: datetime) -> str:
    """A moment as it is kept: UTC, to the millisecond."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _named(value: Any, now: datetime) -> datetime:
    """What a field says: a point in time, or the beginning of a day where the company is."""
    if "T" in str(value):
        return moment(value)
    return datetime.combine(day(value), time(), now.tzinfo)


def check_until(definition: Definition, config: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Reason]]:
    field = config.get("field")
    if field is not None and definition.kinds.get(field) not in ("date", "datetime"):
        yield f"{pointer}/field", Reason("check.field_of_kind", {"field": field, "kind": KIND_TITLES["date"]})
    for name in ("after", "offset"):
        if name in config:
            yield from check_span(config[name], f"{pointer}/{name}")


def check_span(span: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Reason]]:
    most = MOST[span["unit"]]
    if abs(span["amount"]) > most:
        yield f"{pointer}/amount", Reason("schema.too_great", {"what": "", "limit": most, "found": span["amount"]})
    if "calendar" in span and span.get("time") != "working":
        yield f"{pointer}/calendar", Reason("check.calendar_not_asked")
