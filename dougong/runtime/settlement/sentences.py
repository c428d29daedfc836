"""Addends of an amount in words that a person can follow with a pocket calculator; with bounds as finance people say them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from ..tiers._type import OPEN
from ..values import number, plain

Say = Callable[..., str]  # say(code, **gaps): the text of the catalogue in the reader's language
BOUNDS: Final = ("from", "above", "below", "upto")
PERIOD: Final = "period"  # a year is no number
LIMITED: Final = ("settle.part.minimum", "settle.part.maximum")  # all their figures are sums of money
UNITS: Final = ((8, "亿"), (4, "万"))


def sentence(code: str, params: Mapping[str, Any], say: Say, tag: str, currency: str = "") -> str:
    """One addend: 10万(含)以上至50万(不含)的部分：400,000 × 2 %. `currency`: what its sums of money are in."""
    words = {name: value if name == PERIOD else grouped(value) for name, value in params.items()}
    if currency and code in LIMITED:
        words = {name: f"{value} {currency}" for name, value in words.items()}
    if any(name in params for name in BOUNDS):
        words["span"] = span(params, say, tag)
    return say(code, **words)


def span(params: Mapping[str, Any], say: Say, tag: str) -> str:
    """From where to where, and which end is inside. Nothing and no end are not named."""
    there = {name: params[name] for name in BOUNDS if name in params and str(params[name]) not in ("0", OPEN)}
    code = "settlement.span." + ("_".join(there) or "all")
    return say(code, **{name: amount_words(value, tag) for name, value in there.items()})


def amount_words(value: Any, tag: str) -> str:
    """100000 is 10万 in Chinese, where that is exact to two places; else with thousands set apart."""
    try:
        found = number(value)
    except ValueError:
        return str(value)
    for zeros, unit in UNITS:
        short = plain(found.scaleb(-zeros))
        if tag.startswith("zh") and abs(found) >= Decimal(10) ** zeros and len(short.partition(".")[2]) <= 2:
            return f"{number(short):,}{unit}"
    return f"{number(plain(found)):,}"


def grouped(value: Any) -> Any:
    """A number with thousands set apart; anything else as it is."""
    try:
        return f"{number(value):,}"
    except ValueError:
        return value
