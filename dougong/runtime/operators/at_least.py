"""That much or more (含)."""

from typing import Any

from ._type import Operator

KINDS = ("number",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value >= operand)


OPERATOR = Operator("at_least", {"zh-Hans": "大于等于", "en": "is at least"}, KINDS, holds, rank=21)
