"""The day is tomorrow."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return days_since(value, now) == -1


OPERATOR = Operator(
    "is_tomorrow", {"zh-Hans": "是明天", "en": "is tomorrow"}, KINDS, holds, clock=True, operand="none", rank=63
)
