"""On that day, at that moment, or earlier."""

from typing import Any

from ._type import Operator

KINDS = ("date", "datetime")


def holds(value: Any, operand: Any) -> bool:
    return bool(value <= operand)


OPERATOR = Operator("on_or_before", {"zh-Hans": "不晚于", "en": "is not after"}, KINDS, holds, rank=28)
