"""The day lies in this month."""

from datetime import datetime
from typing import Any

from ._days import KINDS, months_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return months_since(value, now) == 0


OPERATOR = Operator(
    "this_month", {"zh-Hans": "在本月", "en": "is in this month"}, KINDS, holds, clock=True, operand="none", rank=67
)
