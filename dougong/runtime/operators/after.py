"""Later than that day or moment."""

from typing import Any

from ._type import Operator

KINDS = ("date", "datetime")


def holds(value: Any, operand: Any) -> bool:
    return bool(value > operand)


OPERATOR = Operator("after", {"zh-Hans": "晚于", "en": "is after"}, KINDS, holds, rank=25)
