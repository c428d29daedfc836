"""The day lies in this week; weeks begin on Monday."""

from datetime import datetime
from typing import Any

from ._days import KINDS, weeks_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return weeks_since(value, now) == 0


OPERATOR = Operator(
    "this_week", {"zh-Hans": "在本周", "en": "is in this week"}, KINDS, holds, clock=True, operand="none", rank=64
)
