"""The text contains it, whatever the case."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(operand.casefold() in value.casefold())


OPERATOR = Operator("contains", {"zh-Hans": "包含", "en": "contains"}, KINDS, holds, rank=40)
