"""At most so many days ago, today among them."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return bool(0 <= days_since(value, now) <= operand)


OPERATOR = Operator(
    "last_days", {"zh-Hans": "在过去…天内", "en": "is in the last … days"}, KINDS, holds, clock=True, of="number", rank=75
)
