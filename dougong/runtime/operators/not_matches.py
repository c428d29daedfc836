"""The text does not look like that pattern, or there is no text."""

from typing import Any

from ._pattern import fits
from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return not fits(value, operand)


OPERATOR = Operator(
    "not_matches", {"zh-Hans": "不符合格式", "en": "does not look like"}, KINDS, holds, if_missing=True, rank=48
)
