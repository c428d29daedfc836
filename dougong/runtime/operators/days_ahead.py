"""More than so many days ahead."""

from datetime import datetime
from typing import Any

from ._days import KINDS, days_since
from ._type import Operator


def holds(value: Any, operand: Any, now: datetime) -> bool:
    return bool(-days_since(value, now) > operand)


OPERATOR = Operator(
    "days_ahead", {"zh-Hans": "晚于…天后", "en": "is more than … days ahead"}, KINDS, holds, clock=True, of="number", rank=78
)
