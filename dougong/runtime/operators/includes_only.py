"""No other option than these is among those chosen."""

from typing import Any

from ._type import Operator

KINDS = ("choices",)


def holds(value: Any, operand: Any) -> bool:
    return bool(all(item in operand for item in value))


OPERATOR = Operator("includes_only", {"zh-Hans": "只包含", "en": "includes only"}, KINDS, holds, operand="many", rank=47)
