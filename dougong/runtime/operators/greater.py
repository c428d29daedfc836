"""More than; nothing is neither more nor less."""

from typing import Any

from ._type import Operator

KINDS = ("number",)


def holds(value: Any, operand: Any) -> bool:
    return bool(value > operand)


OPERATOR = Operator("greater", {"zh-Hans": "大于", "en": "is more than"}, KINDS, holds, rank=20)
