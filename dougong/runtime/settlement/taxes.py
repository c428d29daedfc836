"""Tax: inclusive or exclusive, rounded by name. Exempt and out of scope are not zero percent: they are kinds of their own."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ..tiers._type import HUNDRED, hundredth
from .rounding import Rounding

ZERO = Decimal(0)


class Tax(NamedTuple):
    """`rate`: percent. `per`: statement, or line: each line taxed and rounded by itself."""

    kind: str  # inclusive | exclusive | exempt | out_of_scope
    rate: Decimal
    per: str = "statement"


NO_TAX = Tax("out_of_scope", ZERO)


def taxed(amount: Decimal, tax: Tax, rounding: Rounding, currency: str) -> tuple[Decimal, Decimal]:
    """(net, tax). Inclusive: 税额 = 含税 − 不含税, so that the three always tie."""
    match tax.kind:
        case "inclusive":
            net = rounding.of(amount * HUNDRED / (HUNDRED + tax.rate), currency)
            return net, amount - net
        case "exclusive":
            return amount, rounding.of(hundredth(amount * tax.rate), currency)
    return amount, rounding.of(ZERO, currency)


def taxed_each(amounts: Iterable[Decimal], tax: Tax, rounding: Rounding, currency: str) -> tuple[Decimal, Decimal]:
    found = [taxed(amount, tax, rounding, currency) for amount in amounts]
    return sum((net for net, _ in found), ZERO), sum((part for _, part in found), ZERO)
