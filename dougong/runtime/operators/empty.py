"""Nothing was filled in."""

from typing import Any

from ._type import Operator

KINDS = ("text", "number", "date", "datetime", "choice", "choices", "region", "person", "unit", "record", "files", "rows")


def holds(value: Any, operand: Any) -> bool:
    return False


OPERATOR = Operator("empty", {"zh-Hans": "为空", "en": "is empty"}, KINDS, holds, operand="none", if_missing=True, rank=90)
