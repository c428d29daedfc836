"""On that day, at that moment, or later."""

from typing import Any

from ._type import Operator

KINDS = ("date", "datetime")


def holds(value: Any, operand: Any) -> bool:
    return bool(value >= operand)


OPERATOR = Operator("on_or_after", {"zh-Hans": "不早于", "en": "is not before"}, KINDS, holds, rank=27)
