"""The day lies in one of these months, in whatever year."""

from datetime import datetime
from typing import Any

from ._days import KINDS, day_of
from ._type import Operator

MONTHS = {
    "1": {"zh-Hans": "1月", "en": "January"},
    "2": {"zh-Hans": "2月", "en": "February"},
    "3": {"zh-Hans": "3月", "en": "March"},
    "4": {"zh-Hans": "4月", "en": "April"},
    "5": {"zh-Hans": "5月", "en": "May"},
    "6": {"zh-Hans": "6月", "en": "June"},
    "7": {"zh-Hans": "7月", "en": "July"},
    "8": {"zh-Hans": "8月", "en": "August"},
    "9": {"zh-Hans": "9月", "en": "September"},
    "10": {"zh-Hans": "10月", "en": "October"},
    "11": {"zh-Hans": "11月", "en": "November"},
    "12": {"zh-Hans": "12月", "en": "December"},
}


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return day_of(value, now).month in operand


OPERATOR = Operator(
    "month_is",
    {"zh-Hans": "在月份", "en": "falls in the month of"},
    KINDS,
    holds,
    clock=True,
    operand="many",
    of="number",
    options=MONTHS,
    rank=81,
)
