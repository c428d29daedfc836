"""Exact arithmetic in SQL: numbers are integers of 10^-scale, products are rounded once by name, and nothing wraps.

DuckDB divides DECIMAL as floating point; its integers, of 64 and of 128 bits, are exact and raise where they overflow.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from ...money import places

NARROW: Final = 2**63 - 1
WIDE: Final = 10**37  # a margin below 2^127 for what is added while rounding

# By the mode: whether the quotient `q`, cut off towards zero, moves away from zero by one. `r`: the rest, `d`: the divisor.
_MOVES: Final = {
    "half_up": "2 * abs({r}) >= {d}",
    "half_down": "2 * abs({r}) > {d}",
    "half_even": "2 * abs({r}) + abs({q} % 2) > {d}",
    "up": "{r} <> 0",
    "down": "false",
    "ceiling": "{r} > 0",
    "floor": "{r} < 0",
}


class Scaled(NamedTuple):
    """An integer column. `most`: no absolute value in it is greater."""

    sql: str
    scale: int
    most: int

    def times(self, factor: int, places: int) -> "Scaled":
        """In a finer scale."""
        most = self.most * factor
        return Scaled(f"({self.sql}::{width(most)} * {factor})" if factor != 1 else self.sql, places, most)


def rounded(product: str, divisor: str, mode: str) -> str:
    """`product` / `divisor`, both integers, the divisor positive, as an integer."""
    quotient, rest = f"({product} // {divisor})", f"({product} % {divisor})"
    if mode == "half_up":  # the usual one, with one division
        return f"(({product} + CASE WHEN {product} < 0 THEN -{divisor} // 2 ELSE {divisor} // 2 END) // {divisor})"
    moves = _MOVES[mode].format(q=quotient, r=rest, d=divisor)
    return f"({quotient} + CASE WHEN {moves} THEN sign({product}) ELSE 0 END)"


def integer(value: Decimal, scale: int) -> int:
    """The number as an integer of this scale. Raises ValueError where it has more places."""
    found = value.scaleb(scale)
    if found != found.to_integral_value():
        raise ValueError(value)
    return int(found)


def fraction(factor: Decimal, scale: int, wanted: int) -> tuple[int, int]:
    """(n, d): an integer of this scale times n / d is its product with `factor` as an integer of the wanted scale."""
    needed = places(factor)
    n, less = integer(factor, needed), scale + needed - wanted
    return (n, 10**less) if less >= 0 else (n * 10**-less, 1)


def width(*values: int) -> str:
    """The narrower type in which all these, doubled twice, have room."""
    return "BIGINT" if all(4 * abs(one) <= NARROW for one in values) else "HUGEINT"


def written(number: str, scale: str) -> str:
    """An integer of this scale as a decimal text: -1205 of scale 2 is -12.05."""
    size, unit = f"abs({number}::HUGEINT)", f"(10::HUGEINT ** {scale})::HUGEINT"
    rest = f"CASE WHEN {scale} > 0 THEN '.' || lpad(({size} % {unit})::VARCHAR, {scale}, '0') ELSE '' END"
    return f"(CASE WHEN {number} < 0 THEN '-' ELSE '' END || ({size} // {unit})::VARCHAR || {rest})"
