"""The day lies in this year."""

from datetime import datetime
from typing import Any

from ._days import KINDS, day_of
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return day_of(value, now).year == now.year


OPERATOR = Operator(
    "this_year", {"zh-Hans": "在今年", "en": "is in this year"}, KINDS, holds, clock=True, operand="none", rank=71
)
