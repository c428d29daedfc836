"""The day is one of these of its month: the 1st, the 15th."""

from datetime import datetime
from typing import Any

from ._days import KINDS, day_of
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return day_of(value, now).day in operand


OPERATOR = Operator(
    "day_of_month",
    {"zh-Hans": "是每月的…日", "en": "falls on day … of the month"},
    KINDS,
    holds,
    clock=True,
    operand="many",
    of="number",
    rank=80,
)
