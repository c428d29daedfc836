"""What was measured, in words: over a window, 目标（去年同期 2025-10，12 笔，金额合计）：120,000, or of the lines at hand."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..formula import titled
from ..texts import LANGUAGES, Text, pick
from ..tiers._type import Part
from ..values import missing
from .definition import Settlement, Values
from .measures import Measure
from .periods import name_of
from .windows import MONTHS, Window, span_of

Bounds = tuple[date, date | None]  # the first day, and the first one after
FIGURES: Final[Mapping[str, Mapping[str, str]]] = {
    "measure": {"zh-Hans": "计量", "en": "Measured"},
    "qualifier": {"zh-Hans": "定档", "en": "Tier chosen by"},
    "target": {"zh-Hans": "目标", "en": "Target"},
}
WINDOWS: Final[Mapping[str, Mapping[str, str]]] = {
    "previous": {"zh-Hans": "上一期", "en": "the period before,"},
    "last_year": {"zh-Hans": "去年同期", "en": "the same of last year,"},
    "so_far": {"zh-Hans": "截至本笔", "en": "up to this line,"},
    "contract": {"zh-Hans": "合同期", "en": "the contract,"},
    "rolling": {"zh-Hans": "滚动天数", "en": "rolling days,"},
    "period": {"zh-Hans": "统计期间", "en": "the period"},
}


class Measured(NamedTuple):
    """What was measured, of how many lines, over which days."""

    found: Decimal
    lines: Decimal
    bounds: Bounds


def told(settlement: Settlement, figure: str, measure: Measure, one: Measured, values: Values) -> Part:
    """`figure`: measure, qualifier or target; `values`: those of a line whose group it is."""
    window = measure.over
    assert window is not None
    kind = window.earlier or ("so_far" if window.so_far else window.period)
    words = {
        "figure": FIGURES[figure], "window": WINDOWS.get(kind, WINDOWS["period"]), "period": _days(window, *one.bounds),
        "lines": one.lines, "found": one.found,
    }  # fmt: skip
    of = {"of": _of(settlement, measure, settlement.currency)} if measure.input else {}
    alone = window.group == (settlement.partner,)
    whose = {} if alone else {"group": [_named(settlement, input, values.get(input)) for input in window.group]}
    return Part(f"settle.part.window_{measure.how}", {**words, **of, **whose}, Decimal(0))


def of_lines(
    settlement: Settlement, size: int, currency: str, figures: Mapping[str, tuple[Measure | None, Decimal | None]]
) -> Iterator[Part]:
    """The same of `size` lines of a statement in that currency: what one would add up by hand. How many they are, and what they
    are worth, stands there already."""
    for figure, (measure, found) in figures.items():
        if measure is not None and measure.input and measure.over is None:
            of = _of(settlement, measure, currency)
            words = {"figure": FIGURES[figure], "lines": Decimal(size), "of": of, "found": found}
            yield Part(f"settle.part.own_{measure.how}", words, Decimal(0))


def _of(settlement: Settlement, measure: Measure, currency: str) -> Text:
    """Found once: thousands of statements say the same."""
    known, which = settlement.measured, (measure.how, measure.input, currency)
    if which not in known:
        known[which] = _worded(settlement, measure, currency)
    return known[which]


def _worded(settlement: Settlement, measure: Measure, currency: str) -> Text:
    """The title of the input, or the formula with the titles of its inputs; of foreign amounts in which currency."""
    if measure.how == "formula":
        return _of_formula(settlement, measure.input)
    title = settlement.inputs.get(measure.input, {}).get("title") or {}
    named = {tag: pick(title, tag) or measure.input for tag in dict.fromkeys((*LANGUAGES, *title))}
    if settlement.exchange is None or measure.input not in settlement.exchange.amounts:
        return named
    return {tag: f"{title}（{currency}）" if tag.startswith("zh") else f"{title} ({currency})" for tag, title in named.items()}


def _of_formula(settlement: Settlement, formula: str) -> Text:
    titles = {key: one.get("title") or {} for key, one in settlement.inputs.items()}
    tags = dict.fromkeys((*LANGUAGES, *(tag for title in titles.values() for tag in title)))
    return {tag: titled(formula, {key: pick(title, tag) for key, title in titles.items()}) for tag in tags}


def _named(settlement: Settlement, input: str, value: Any) -> dict[str, Any]:
    """The title of an input, and what stands in it: a text, the code of a place."""
    doc = settlement.inputs.get(input, {})
    title: Any = {"title": doc.get("title") or input}
    if isinstance(value, Mapping) and "region" in value:
        return {**title, "region": value["region"]}
    option = next((one for one in doc.get("config", {}).get("options", ()) if one["key"] == value), value)
    named = option.get("title") or option.get("id") if isinstance(option, Mapping) else option
    return {**title, "value": named if isinstance(named, Mapping) else "—" if missing(named) else str(named)}


def _days(window: Window, start: date, end: date | None) -> str:
    if window.period in (*MONTHS, "day"):
        whole = name_of(window.period, start)
        if window.period == "day" or end == span_of(window.period, start).end:
            return whole
        return f"{whole} · {start.isoformat()} – {'' if end is None else (end - timedelta(days=1)).isoformat()}".strip()
    first = "" if start == date.min else start.isoformat()
    last = "" if end is None else (end - timedelta(days=1)).isoformat()
    return f"{first} – {last}".strip()
