"""So many options or files."""

from typing import Any

from ._type import Operator

KINDS = ("choices", "files", "rows")


def holds(value: Any, operand: Any) -> bool:
    return bool(len(value) == operand)


OPERATOR = Operator("count_is", {"zh-Hans": "个数等于", "en": "has a count of"}, KINDS, holds, of="number", rank=52)
