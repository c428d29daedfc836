"""None of the words stands in the text, or there is no text."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(not any(word.casefold() in value.casefold() for word in operand))


OPERATOR = Operator(
    "contains_none", {"zh-Hans": "不包含任一", "en": "contains none of"}, KINDS, holds, operand="many", if_missing=True, rank=42
)
