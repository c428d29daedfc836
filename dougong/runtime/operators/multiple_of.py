"""A whole multiple of it, exactly; of zero only zero is one."""

from fractions import Fraction
from typing import Any

from ._type import Operator

KINDS = ("number",)


def holds(value: Any, operand: Any) -> bool:
    return (Fraction(value) / Fraction(operand)).denominator == 1 if operand else not value


OPERATOR = Operator("multiple_of", {"zh-Hans": "是…的倍数", "en": "is a multiple of …"}, KINDS, holds, rank=29)
