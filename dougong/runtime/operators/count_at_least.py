"""So many options or files, or more."""

from typing import Any

from ._type import Operator

KINDS = ("choices", "files", "rows")


def holds(value: Any, operand: Any) -> bool:
    return bool(len(value) >= operand)


OPERATOR = Operator(
    "count_at_least", {"zh-Hans": "个数不少于", "en": "has a count of at least"}, KINDS, holds, of="number", rank=53
)
