"""Neither an option of a tree nor anything below it."""

from typing import Any

from . import under
from ._type import Operator


def holds(value: Any, operand: Any) -> bool:
    return not under.holds(value, operand)


OPERATOR = Operator(
    "not_under",
    {"zh-Hans": "不属于…（含下级）", "en": "is neither … nor below it"},
    under.KINDS,
    holds,
    operand="many",
    tree=True,
    if_missing=True,
    rank=43,
)
