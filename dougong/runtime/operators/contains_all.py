"""Every one of the words stands in the text."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(all(word.casefold() in value.casefold() for word in operand))


OPERATOR = Operator("contains_all", {"zh-Hans": "包含全部", "en": "contains all of"}, KINDS, holds, operand="many", rank=42)
