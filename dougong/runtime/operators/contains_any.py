"""At least one of the words stands in the text (漏水, 漏电, 起火)."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(any(word.casefold() in value.casefold() for word in operand))


OPERATOR = Operator("contains_any", {"zh-Hans": "包含任一", "en": "contains any of"}, KINDS, holds, operand="many", rank=42)
