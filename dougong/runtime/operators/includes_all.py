"""All of these options were chosen."""

from typing import Any

from ._type import Operator

KINDS = ("choices",)


def holds(value: Any, operand: Any) -> bool:
    return bool(all(item in value for item in operand))


OPERATOR = Operator("includes_all", {"zh-Hans": "包含全部选项", "en": "includes all of"}, KINDS, holds, operand="many", rank=47)
