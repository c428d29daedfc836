"""A day before today, a moment before now."""

from datetime import datetime
from typing import Any

from ._days import KINDS
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return bool(value < now if isinstance(value, datetime) else value < now.date())


OPERATOR = Operator("in_past", {"zh-Hans": "已过去", "en": "is in the past"}, KINDS, holds, clock=True, operand="none", rank=73)
