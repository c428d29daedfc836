"""Money: exact, rounded once and by name, shared so that the parts add up."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

# ISO 4217, with the codes for metals, units of account, tests (XTS) and no currency (XXX).
CURRENCIES: Final = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
    "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY",
    "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK",
    "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
    "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
    "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
    "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAD", "XAF", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XCD", "XCG", "XDR", "XOF", "XPD",
    "XPF", "XPT", "XSU", "XTS", "XUA", "XXX", "YER", "ZAR", "ZMW", "ZWG",
}  # fmt: skip
# Exponents that are not 2.
EXPONENTS: Final = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0,
    "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0, "UYW": 4, "VND": 0, "VUV": 0, "XAF": 0,
    "XOF": 0, "XPF": 0,
}  # fmt: skip


@cache
def unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 CNY, 1 JPY."""
    return Decimal(1).scaleb(-EXPONENTS.get(currency, 2))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """四舍五入: half away from zero, at the currency's smallest unit; never a minus before a zero."""
    found = amount.quantize(unit(currency), ROUND_HALF_UP)
    return found if found else abs(found)


def places(amount: Decimal) -> int:
    """How many digits it needs behind the point."""
    return _written(amount.normalize())


def _written(amount: Decimal) -> int:
    """How many digits stand there."""
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shared(amount: Decimal, weights: Sequence[Decimal], currency: str, remainder: str | int = "largest") -> list[Decimal]:
    """`amount` in parts by these weights (percentages, ratios) that add up to it exactly.

    Each part is rounded down on the absolute value; then the sign is restored, so that a negative amount mirrors the positive
    one. The units left over go, one each, to the largest remainders (the earlier among equals), or from the `first` or the
    `last` on to those that have a part at all, or together to the part with that index. Where all weights are zero, all count
    alike.
    """
    return shared_by(amount, integers(weights), currency, remainder)


def integers(weights: Sequence[Decimal]) -> tuple[int, ...]:
    """Whole numbers in the same proportions."""
    alike = weights and all(map(weights[0].same_quantum, weights))  # quicker than to look at each
    most = max(map(_written, weights[:1] if alike else weights), default=0)
    return tuple([int(one.scaleb(most)) for one in weights])


def shared_by(amount: Decimal, weights: Sequence[int], currency: str, remainder: str | int = "largest") -> list[Decimal]:
    """As `shared`, by whole numbers. What is smaller than a unit goes to the first of those who get more."""
    if not weights:
        return []
    smallest = unit(currency)
    units, scrap = divmod(abs(amount), smallest)
    step = 10 ** (places(scrap) - places(smallest)) if scrap else 1
    size = int((units + scrap / smallest) * step) if scrap else int(units)
    counted = weights if any(weights) else [1] * len(weights)
    whole = sum(counted) * step
    parts = [size * weight // whole for weight in counted]
    if (left := size // step - sum(parts)) or scrap:
        receivers = _receivers(remainder, counted, [size * weight % whole for weight in counted])
        for index in receivers[:left]:
            parts[index] += 1
        parts[receivers[0]] += max(0, left - len(receivers))  # all of it where one gets all
    found = [smallest * part for part in parts]
    if scrap:
        found[receivers[0]] += scrap
    return found if amount >= 0 else [-part if part else part for part in found]


def _receivers(remainder: str | int, weights: Sequence[int], rests: Sequence[int]) -> list[int]:
    if isinstance(remainder, int):
        return [remainder]
    there = [index for index, weight in enumerate(weights) if weight]
    if remainder == "largest":
        return sorted(there, key=rests.__getitem__, reverse=True)
    return there if remainder == "first" else there[::-1]
