"""The day is today."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return days_since(value, now) == 0


OPERATOR = Operator("is_today", {"zh-Hans": "是今天", "en": "is today"}, KINDS, holds, clock=True, operand="none", rank=61)
