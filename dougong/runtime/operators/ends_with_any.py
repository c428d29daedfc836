"""The text ends with one of them."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(any(value.casefold().endswith(word.casefold()) for word in operand))


OPERATOR = Operator("ends_with_any", {"zh-Hans": "结尾是任一", "en": "ends with any of"}, KINDS, holds, operand="many", rank=45)
