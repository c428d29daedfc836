"""Money: exact, rounded once and by name, shared so that the parts add up."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

# ISO 4217 exponents that are not 2.
EXPONENTS: Final = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3,
    "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 CNY, 1 JPY."""
    return Decimal(1).scaleb(-EXPONENTS.get(currency, 2))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """四舍五入: half away from zero, at the currency's smallest unit; never a minus before a zero."""
    found = amount.quantize(unit(currency), ROUND_HALF_UP)
    return found if found else abs(found)


def shared(amount: Decimal, percents: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`amount` in parts of these percentages (together 100) that add up to it exactly.

    Largest remainder: each part rounded down on the absolute value, the units left over go to the largest remainders, the
    earlier share first among equals; then the sign is restored. So a negative amount mirrors the positive one.
    """
    smallest = unit(currency)
    exact = [abs(amount) * percent / 100 for percent in percents]
    parts = [part.quantize(smallest, ROUND_DOWN) for part in exact]
    left = int((abs(amount) - sum(parts, Decimal(0))) / smallest)
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[:left]:
        parts[index] += smallest
    return [part.copy_sign(amount) if part else part for part in parts]
