"""The day lies in next week; weeks begin on Monday."""

from datetime import datetime
from typing import Any

from ._days import KINDS, weeks_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return weeks_since(value, now) == -1


OPERATOR = Operator(
    "next_week", {"zh-Hans": "在下周", "en": "is in next week"}, KINDS, holds, clock=True, operand="none", rank=66
)
