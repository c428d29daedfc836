"""The text ends with it."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value.casefold().endswith(operand.casefold()))


OPERATOR = Operator("ends_with", {"zh-Hans": "结尾是", "en": "ends with"}, KINDS, holds, rank=45)
