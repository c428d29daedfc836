"""The same value; equality is strict."""

from typing import Any

from ._type import Operator

KINDS = ("text", "number", "date", "datetime", "choice", "person", "unit", "record")


def holds(value: Any, operand: Any) -> bool:
    return bool(value == operand)


OPERATOR = Operator("equals", {"zh-Hans": "等于", "en": "is"}, KINDS, holds, rank=10)
