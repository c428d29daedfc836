"""The day lies in this quarter."""

from datetime import datetime
from typing import Any

from ._days import KINDS, day_of, month_of
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return month_of(day_of(value, now)) // 3 == month_of(now.date()) // 3


OPERATOR = Operator(
    "this_quarter", {"zh-Hans": "在本季度", "en": "is in this quarter"}, KINDS, holds, clock=True, operand="none", rank=70
)
