"""The text does not begin with it, or there is no text."""

from typing import Any

from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return bool(not value.casefold().startswith(operand.casefold()))


OPERATOR = Operator(
    "not_starts_with", {"zh-Hans": "开头不是", "en": "does not start with"}, KINDS, holds, if_missing=True, rank=44
)
