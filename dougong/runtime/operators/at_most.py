"""That much or less (含)."""

from typing import Any

from ._type import Operator

KINDS = ("number",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value <= operand)


OPERATOR = Operator("at_most", {"zh-Hans": "小于等于", "en": "is at most"}, KINDS, holds, rank=23)
