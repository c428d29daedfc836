"""One of a list."""

from typing import Any

from ._type import Operator

KINDS = ("text", "choice", "person", "unit", "record")


def holds(value: Any, operand: Any) -> bool:
    return bool(value in operand)


OPERATOR = Operator("one_of", {"zh-Hans": "属于", "en": "is one of"}, KINDS, holds, operand="many", rank=30)
