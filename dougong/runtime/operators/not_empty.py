"""Something was filled in."""

from typing import Any

from ._type import Operator

KINDS = ("text", "number", "date", "datetime", "choice", "choices", "region", "person", "unit", "record", "files", "rows")


def holds(value: Any, operand: Any) -> bool:
    return True


OPERATOR = Operator("not_empty", {"zh-Hans": "不为空", "en": "is not empty"}, KINDS, holds, operand="none", rank=91)
