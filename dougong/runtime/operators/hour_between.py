"""A time of day from one full hour to before another, over midnight too: 22 to 6."""

from datetime import datetime
from typing import Any

from ._type import Operator

KINDS = ("datetime",)


def holds(value: Any, operand: Any, now: datetime) -> bool:
    hour = value.astimezone(now.tzinfo).hour
    first, end = operand
    return bool(first <= hour < end if first <= end else hour >= first or hour < end)


OPERATOR = Operator(
    "hour_between",
    {"zh-Hans": "在…点之间", "en": "is at an hour from …"},
    KINDS,
    holds,
    operand="two",
    rank=82,
    of="number",
    clock=True,
)
