"""An option of a tree, or whatever lies below it: 水电 is 龙头 too."""

from typing import Any

from ._type import Operator

KINDS = ("choice",)


def holds(value: Any, operand: Any) -> bool:
    return value in operand


OPERATOR = Operator(
    "under", {"zh-Hans": "属于…（含下级）", "en": "is … or below it"}, KINDS, holds, operand="many", tree=True, rank=42
)
