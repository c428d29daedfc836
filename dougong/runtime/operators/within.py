"""The place lies in one of these provinces, cities or districts: a code begins with the code of what it lies in."""

from typing import Any

from ._type import Operator

KINDS = ("region",)


def holds(value: Any, operand: Any) -> bool:
    return bool(any(value.startswith(area) for area in operand))


OPERATOR = Operator("within", {"zh-Hans": "位于", "en": "is in"}, KINDS, holds, operand="many", rank=48)
