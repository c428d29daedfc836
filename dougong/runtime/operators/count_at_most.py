"""So many options or files, or fewer."""

from typing import Any

from ._type import Operator

KINDS = ("choices", "files", "rows")


def holds(value: Any, operand: Any) -> bool:
    return bool(len(value) <= operand)


OPERATOR = Operator(
    "count_at_most", {"zh-Hans": "个数不多于", "en": "has a count of at most"}, KINDS, holds, of="number", rank=54
)
