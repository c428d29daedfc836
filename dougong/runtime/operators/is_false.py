"""No was chosen, or nothing."""

from typing import Any

from ._type import Operator

KINDS = ("boolean",)


def holds(value: Any, operand: Any) -> bool:
    return value is False


OPERATOR = Operator("is_false", {"zh-Hans": "为否", "en": "is no"}, KINDS, holds, operand="none", if_missing=True, rank=61)
