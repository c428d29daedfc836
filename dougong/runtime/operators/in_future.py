"""A day after today, a moment after now."""

from datetime import datetime
from typing import Any

from ._days import KINDS
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return bool(value > now if isinstance(value, datetime) else value > now.date())


OPERATOR = Operator(
    "in_future", {"zh-Hans": "在将来", "en": "is in the future"}, KINDS, holds, clock=True, operand="none", rank=74
)
