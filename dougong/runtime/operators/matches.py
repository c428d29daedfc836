"""The whole text looks like a pattern: SN-####-* (`_pattern.py`)."""

from typing import Any

from ._pattern import fits
from ._type import Operator

KINDS = ("text",)


def holds(value: Any, operand: Any) -> bool:
    return fits(value, operand)


OPERATOR = Operator("matches", {"zh-Hans": "符合格式", "en": "looks like"}, KINDS, holds, rank=47)
