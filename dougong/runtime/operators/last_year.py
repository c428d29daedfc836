"""The day lies in last year."""

from datetime import datetime
from typing import Any

from ._days import KINDS, day_of
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return day_of(value, now).year == now.year - 1


OPERATOR = Operator(
    "last_year", {"zh-Hans": "在去年", "en": "is in last year"}, KINDS, holds, clock=True, operand="none", rank=72
)
