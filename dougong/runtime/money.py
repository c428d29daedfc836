"""Money: exact, rounded once and by name, shared so that the parts add up."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

# ISO 4217 exponents that are not 2.
EXPONENTS: Final = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3,
    "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


@cache
def unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 CNY, 1 JPY."""
    return Decimal(1).scaleb(-EXPONENTS.get(currency, 2))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """四舍五入: half away from zero, at the currency's smallest unit; never a minus before a zero."""
    found = amount.quantize(unit(currency), ROUND_HALF_UP)
    return found if found else abs(found)


def shared(amount: Decimal, weights: Sequence[Decimal], currency: str, remainder: str | int = "largest") -> list[Decimal]:
    """`amount` in parts by these weights (percentages, ratios) that add up to it exactly.

    Each part is rounded down on the absolute value; then the sign is restored, so that a negative amount mirrors the positive
    one. The units left over go, one each, to the largest remainders (the earlier among equals), or from the `first` or the
    `last` on to those that have a part at all, or together to the part with that index. Where all weights are zero, all count
    alike.
    """
    if not weights:
        return []
    smallest, size = unit(currency), abs(amount)
    counted = weights if any(weights) else [Decimal(1)] * len(weights)
    whole = sum(counted, Decimal(0)) * smallest
    exact = [divmod(size * weight, whole) for weight in counted]
    parts = [units * smallest for units, _ in exact]
    left = size - sum(parts, Decimal(0))
    if not left:
        return [part.copy_sign(amount) if part else part for part in parts]
    receivers = _receivers(remainder, counted, [rest for _, rest in exact])
    for index in receivers[: int(left / smallest)]:
        parts[index] += smallest
        left -= smallest
    parts[receivers[0]] += left  # all of it where one gets all; and what is smaller than a unit
    return [part.copy_sign(amount) if part else part for part in parts]


def _receivers(remainder: str | int, weights: Sequence[Decimal], rests: Sequence[Decimal]) -> list[int]:
    if isinstance(remainder, int):
        return [remainder]
    there = [index for index, weight in enumerate(weights) if weight]
    if remainder == "largest":
        return sorted(there, key=lambda index: (-rests[index], index))
    return there if remainder == "first" else there[::-1]
