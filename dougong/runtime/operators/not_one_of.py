"""None of a list, or nothing."""

from typing import Any

from ._type import Operator

KINDS = ("text", "choice", "person", "unit", "record")


def holds(value: Any, operand: Any) -> bool:
    return bool(value not in operand)


OPERATOR = Operator(
    "not_one_of", {"zh-Hans": "不属于", "en": "is none of"}, KINDS, holds, operand="many", if_missing=True, rank=31
)
