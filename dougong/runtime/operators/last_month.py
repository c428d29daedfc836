"""The day lies in last month."""

from datetime import datetime
from typing import Any

from ._days import KINDS, months_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return months_since(value, now) == 1


OPERATOR = Operator(
    "last_month", {"zh-Hans": "在上月", "en": "is in last month"}, KINDS, holds, clock=True, operand="none", rank=68
)
