"""This option is among those chosen."""

from typing import Any

from ._type import Operator

KINDS = ("choices",)


def holds(value: Any, operand: Any) -> bool:
    return bool(operand[0] in value)


OPERATOR = Operator("includes", {"zh-Hans": "包含选项", "en": "includes"}, KINDS, holds, rank=45)
