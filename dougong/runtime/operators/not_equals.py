"""Another value, or none."""

from typing import Any

from ._type import Operator

KINDS = ("text", "number", "date", "datetime", "choice", "person", "unit", "record")


def holds(value: Any, operand: Any) -> bool:
    return bool(value != operand)


OPERATOR = Operator("not_equals", {"zh-Hans": "不等于", "en": "is not"}, KINDS, holds, if_missing=True, rank=11)
