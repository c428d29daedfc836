"""Calculating with numbers, each of at most 28 digits, rounded half to even where there would be more (as decimal does)."""

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from typing import Final

from ._type import FormulaFault, Function

MAX_POWER: Final = 100
MAX_MAGNITUDE: Final = 60  # digits before the point, or zeros behind it, that a power may have


def rounding(mode: str) -> Callable[..., Decimal]:
    def rounded(value: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
        places = int(digits)
        if abs(places) > 12:
            raise FormulaFault("formula.digits", found=places)
        try:
            return value.quantize(Decimal(1).scaleb(-places), mode) if value else Decimal(0)
        except InvalidOperation:  # more digits than a number holds
            raise FormulaFault("formula.too_large") from None

    return rounded


def divided(value: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise FormulaFault("formula.division_by_zero")
    return value / divisor


def _mod(value: Decimal, divisor: Decimal) -> Decimal:
    return value - divisor * divided(value, divisor).to_integral_value(ROUND_FLOOR)


def _step(mode: str) -> Callable[..., Decimal]:
    def to_step(value: Decimal, significance: Decimal = Decimal(1)) -> Decimal:
        return (value / significance).to_integral_value(mode) * significance if significance else Decimal(0)

    return to_step


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    """By multiplying so often: every digit is the same wherever it is calculated."""
    if exponent != exponent.to_integral_value() or abs(exponent) > MAX_POWER:
        raise FormulaFault("formula.power", limit=MAX_POWER)
    found = Decimal(1)
    for _ in range(abs(int(exponent))):
        found *= base
        if found and abs(found.adjusted()) > MAX_MAGNITUDE:
            raise FormulaFault("formula.too_large")
    return divided(Decimal(1), found) if exponent < 0 else found


def _root(value: Decimal) -> Decimal:
    if value < 0:
        raise FormulaFault("formula.negative_root")
    return value.sqrt()


def _product(*values: Decimal) -> Decimal:
    found = Decimal(1)
    for value in values:
        found *= value
    return found


def total(*values: Decimal) -> Decimal:
    return sum(values, Decimal(0))


def _median(*values: Decimal) -> Decimal:
    ordered, middle = sorted(values) or [Decimal(0)], len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _nth(*, largest: bool) -> Callable[..., Decimal]:
    def nth(*given: Decimal) -> Decimal:
        *values, place = given
        if not 1 <= int(place) <= len(values):
            raise FormulaFault("formula.no_such_place", found=int(place))
        return sorted(values, reverse=largest)[int(place) - 1]

    return nth


NUMBERS: Final = ("[number]",)

FUNCTIONS: dict[str, Function] = {
    "ABS": Function(("number",), "number", abs),
    "AVERAGE": Function(NUMBERS, "number", lambda *values: divided(total(*values), Decimal(len(values)))),
    "CEILING": Function(("number", "number"), "number", _step(ROUND_CEILING), optional=1),
    "FLOOR": Function(("number", "number"), "number", _step(ROUND_FLOOR), optional=1),
    "INT": Function(("number",), "number", lambda value: value.to_integral_value(ROUND_FLOOR)),
    "LARGE": Function(("number", *NUMBERS), "number", _nth(largest=True)),
    "MAX": Function(NUMBERS, "number", lambda *values: max(values, default=Decimal(0))),
    "MEDIAN": Function(NUMBERS, "number", _median),
    "MIN": Function(NUMBERS, "number", lambda *values: min(values, default=Decimal(0))),
    "MOD": Function(("number", "number"), "number", _mod),
    "POWER": Function(("number", "number"), "number", _power),
    "PRODUCT": Function(NUMBERS, "number", _product),
    "QUOTIENT": Function(("number", "number"), "number", lambda one, two: divided(one, two).to_integral_value(ROUND_DOWN)),
    "RANK": Function(
        ("number", *NUMBERS), "number", lambda value, *others: Decimal(1 + sum(other > value for other in others))
    ),
    "ROUND": Function(("number", "number"), "number", rounding(ROUND_HALF_UP), optional=1),
    "ROUNDDOWN": Function(("number", "number"), "number", rounding(ROUND_DOWN), optional=1),
    "ROUNDUP": Function(("number", "number"), "number", rounding(ROUND_UP), optional=1),
    "SIGN": Function(("number",), "number", lambda value: Decimal((value > 0) - (value < 0))),
    "SMALL": Function(("number", *NUMBERS), "number", _nth(largest=False)),
    "SQRT": Function(("number",), "number", _root),
    "SUM": Function(NUMBERS, "number", total),
}
