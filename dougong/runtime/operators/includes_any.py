"""At least one of these options was chosen."""

from typing import Any

from ._type import Operator

KINDS = ("choices",)


def holds(value: Any, operand: Any) -> bool:
    return bool(any(item in value for item in operand))


OPERATOR = Operator("includes_any", {"zh-Hans": "包含任一选项", "en": "includes any of"}, KINDS, holds, operand="many", rank=46)
