"""Outside two bounds."""

from typing import Any

from ._type import Operator

KINDS = ("number", "date")


def holds(value: Any, operand: Any) -> bool:
    return bool(not operand[0] <= value <= operand[1])


OPERATOR = Operator("not_between", {"zh-Hans": "不介于", "en": "is not between"}, KINDS, holds, operand="two", rank=24)
