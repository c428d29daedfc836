"""At most so many days ahead, today among them."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return bool(0 <= -days_since(value, now) <= operand)


OPERATOR = Operator(
    "next_days", {"zh-Hans": "在未来…天内", "en": "is in the next … days"}, KINDS, holds, clock=True, of="number", rank=76
)
