"""The same text, capital letters or small."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value.casefold() == operand.casefold())


OPERATOR = Operator("equals_folded", {"zh-Hans": "等于（不分大小写）", "en": "is, in any case,"}, KINDS, holds, rank=12)
