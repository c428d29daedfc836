"""Between two bounds, both of them inside."""

from typing import Any

from ._type import Operator

KINDS = ("number", "date")


def holds(value: Any, operand: Any) -> bool:
    return bool(operand[0] <= value <= operand[1])


OPERATOR = Operator("between", {"zh-Hans": "介于", "en": "is between"}, KINDS, holds, operand="two", rank=24)
