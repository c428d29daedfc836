"""The place lies in none of these, or is not known."""

from typing import Any

from ._type import Operator

KINDS = ("region",)


def holds(value: Any, operand: Any) -> bool:
    return bool(not any(value.startswith(area) for area in operand))


OPERATOR = Operator(
    "not_within", {"zh-Hans": "不位于", "en": "is not in"}, KINDS, holds, operand="many", if_missing=True, rank=49
)
