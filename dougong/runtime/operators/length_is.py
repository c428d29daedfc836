"""So many characters, a Chinese one like any other."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(len(value) == operand)


OPERATOR = Operator("length_is", {"zh-Hans": "字数等于", "en": "has a length of"}, KINDS, holds, of="number", rank=49)
