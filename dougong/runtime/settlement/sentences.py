"""Addends of an amount in words that a person can follow with a pocket calculator; with bounds as finance people say them."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from ..texts import pick
from ..tiers._type import OPEN
from ..values import number, plain

Say = Callable[..., str]  # say(code, **gaps): the text of the catalogue in the reader's language
BOUNDS: Final = ("from", "above", "below", "upto")
NESTED: Final = ("rounding", "group")  # said by themselves
PERIOD: Final = "period"  # a year is no number
UNIT: Final = {  # of the bounds of their tiers
    "settle.part.achievement": "percent", "settle.part.achievement_slice": "percent", "settle.part.interpolated": "percent",
    "settle.part.payment_delay": "days",
}  # fmt: skip
LIMITED: Final = ("settle.part.minimum", "settle.part.maximum")  # all their figures are sums of money
UNITS: Final = ((8, "亿"), (4, "万"))


def _code(code: str, tag: str) -> str:
    return code


def sentence(
    code: str, params: Mapping[str, Any], say: Say, tag: str, currency: str = "", place: Callable[[str, str], str] = _code
) -> str:
    """One addend: 10万(含)以上至50万(不含)的部分：400,000 × 2 %. `currency`: what its sums of money are in; `place`: what
    a region is called, by its code, in a language."""
    there = ((name, value) for name, value in params.items() if name not in NESTED)
    words = {name: value if name == PERIOD else grouped(value) for name, value in there}
    if currency and code in LIMITED:
        words = {name: f"{value} {currency}" for name, value in words.items()}
    if any(name in params for name in BOUNDS):
        words["span"] = span(params, say, tag, UNIT.get(code, ""))
    if params.get("source"):
        words["source"] = say("settle.part.source", source=params["source"])
    if "rounding" in params:
        how, figures = params["rounding"]
        words["rounding"] = say(how, **figures)
    if "group" in params:
        words[PERIOD] = " · ".join(filter(None, [params[PERIOD], *_whose(params["group"], say, tag, place)]))
    return say(code, **words)


def _whose(group: Sequence[Mapping[str, Any]], say: Say, tag: str, place: Callable[[str, str], str]) -> list[str]:
    """Of which group a window is: 经销集团 华东."""
    told = ((one["title"], place(one["region"], tag) if "region" in one else one["value"]) for one in group)
    return [f"{pick(title, tag)} {pick(value, tag)}" for title, value in told] or [say("settlement.window.everybody")]


def span(params: Mapping[str, Any], say: Say, tag: str, unit: str = "") -> str:
    """From where to where, and which end is inside. Nothing and no end are not named. `unit`: percent, days."""
    there = {name: params[name] for name in BOUNDS if name in params and str(params[name]) not in ("0", OPEN)}
    code = "settlement.span." + ("_".join(there) or "all")
    words = {name: amount_words(value, tag) for name, value in there.items()}
    return say(code, **{name: say(f"settlement.span.{unit}", n=one) if unit else one for name, one in words.items()})


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
