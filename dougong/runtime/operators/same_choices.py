"""Exactly these options were chosen, in whatever order."""

from typing import Any

from ._type import Operator

KINDS = ("choices",)


def holds(value: Any, operand: Any) -> bool:
    return bool(set(value) == set(operand))


OPERATOR = Operator("same_choices", {"zh-Hans": "恰好是", "en": "is exactly"}, KINDS, holds, operand="many", rank=47)
