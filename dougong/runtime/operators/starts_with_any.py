"""The text begins with one of them."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(any(value.casefold().startswith(word.casefold()) for word in operand))


OPERATOR = Operator(
    "starts_with_any", {"zh-Hans": "开头是任一", "en": "starts with any of"}, KINDS, holds, operand="many", rank=43
)
