"""So many characters or more."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(len(value) >= operand)


OPERATOR = Operator(
    "length_at_least", {"zh-Hans": "字数不少于", "en": "has a length of at least"}, KINDS, holds, of="number", rank=50
)
