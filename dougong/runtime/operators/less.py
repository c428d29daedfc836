"""Less than; a missing number is not less than anything."""

from typing import Any

from ._type import Operator

KINDS = ("number",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value < operand)


OPERATOR = Operator("less", {"zh-Hans": "小于", "en": "is less than"}, KINDS, holds, rank=22)
