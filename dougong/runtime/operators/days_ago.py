"""More than so many days ago."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return bool(days_since(value, now) > operand)


OPERATOR = Operator(
    "days_ago", {"zh-Hans": "早于…天前", "en": "is more than … days ago"}, KINDS, holds, clock=True, of="number", rank=77
)
