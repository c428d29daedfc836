"""What was measured over a window, in words: 目标（去年同期 2025-10）：120,000."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ..tiers._type import Part
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


def told(figure: str, window: Window, bounds: Bounds, found: Decimal) -> Part:
    """`figure`: measure, qualifier or target."""
    kind = window.earlier or ("so_far" if window.so_far else window.period)
    words = {"figure": FIGURES[figure], "window": WINDOWS.get(kind, WINDOWS["period"]), "period": _days(window, *bounds)}
    return Part("settle.part.window", {**words, "found": found}, Decimal(0))


def _days(window: Window, start: date, end: date | None) -> str:
    if window.period in (*MONTHS, "day"):
        whole = name_of(window.period, start)
        last = "" if end is None else (end - timedelta(days=1)).isoformat()
        return whole if window.period == "day" or end == span_of(window.period, start).end else f"{whole} – {last}"
    first = "" if start == date.min else start.isoformat()
    last = "" if end is None else (end - timedelta(days=1)).isoformat()
    return f"{first} – {last}".strip()
