"""The day is yesterday."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return days_since(value, now) == 1


OPERATOR = Operator(
    "is_yesterday", {"zh-Hans": "是昨天", "en": "is yesterday"}, KINDS, holds, clock=True, operand="none", rank=62
)
