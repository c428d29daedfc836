"""The day is one of these days of the week, Monday being 1."""

from datetime import datetime
from typing import Any

from ._days import KINDS, day_of
from ._type import Operator

DAYS = {
    "1": {"zh-Hans": "周一", "en": "Monday"},
    "2": {"zh-Hans": "周二", "en": "Tuesday"},
    "3": {"zh-Hans": "周三", "en": "Wednesday"},
    "4": {"zh-Hans": "周四", "en": "Thursday"},
    "5": {"zh-Hans": "周五", "en": "Friday"},
    "6": {"zh-Hans": "周六", "en": "Saturday"},
    "7": {"zh-Hans": "周日", "en": "Sunday"},
}


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return day_of(value, now).isoweekday() in operand


OPERATOR = Operator(
    "weekday_is",
    {"zh-Hans": "是星期", "en": "falls on"},
    KINDS,
    holds,
    clock=True,
    operand="many",
    of="number",
    options=DAYS,
    rank=79,
)
