"""None of these options is among those chosen, or none was chosen."""

from typing import Any

from ._type import Operator

KINDS = ("choices",)


def holds(value: Any, operand: Any) -> bool:
    return bool(not any(item in value for item in operand))


OPERATOR = Operator(
    "includes_none",
    {"zh-Hans": "不包含任一选项", "en": "includes none of"},
    KINDS,
    holds,
    operand="many",
    if_missing=True,
    rank=47,
)
