"""So many characters or fewer."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(len(value) <= operand)


OPERATOR = Operator(
    "length_at_most", {"zh-Hans": "字数不多于", "en": "has a length of at most"}, KINDS, holds, of="number", rank=51
)
