"""The text begins with it."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value.casefold().startswith(operand.casefold()))


OPERATOR = Operator("starts_with", {"zh-Hans": "开头是", "en": "starts with"}, KINDS, holds, rank=43)
