"""Earlier than that day or moment."""

from typing import Any

from ._type import Operator

KINDS = ("date", "datetime")


def holds(value: Any, operand: Any) -> bool:
    return bool(value < operand)


OPERATOR = Operator("before", {"zh-Hans": "早于", "en": "is before"}, KINDS, holds, rank=26)
