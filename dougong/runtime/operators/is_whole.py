"""A whole number."""

from typing import Any

from ._type import Operator

KINDS = ("number",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value == value.to_integral_value())


OPERATOR = Operator("is_whole", {"zh-Hans": "是整数", "en": "is a whole number"}, KINDS, holds, operand="none", rank=30)
