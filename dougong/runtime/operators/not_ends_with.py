"""The text does not end with it, or there is no text."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(not value.casefold().endswith(operand.casefold()))


OPERATOR = Operator("not_ends_with", {"zh-Hans": "结尾不是", "en": "does not end with"}, KINDS, holds, if_missing=True, rank=46)
