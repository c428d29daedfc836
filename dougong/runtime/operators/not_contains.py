"""The text does not contain it, or there is no text."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(operand.casefold() not in value.casefold())


OPERATOR = Operator("not_contains", {"zh-Hans": "不包含", "en": "does not contain"}, KINDS, holds, if_missing=True, rank=41)
