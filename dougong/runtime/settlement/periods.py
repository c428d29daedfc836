"""The name of a period of settlement: "2026-10-05", "2026-10", "2026-Q4", "2026-H2", "2026". Those of one kind sort by time.

A contract is named by its first day: what it comes to is told by the version that was in force then.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from .definition import Settlement
from .windows import Span, span_of

PATTERN: Final = r"[0-9]{4}(-(Q[1-4]|H[12]|(0[1-9]|1[0-2])(-[0-3][0-9])?))?"
_NAME: Final = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|H([12])|([0-9]{2})(?:-([0-9]{2}))?))?")


def name_of(period: str, day: date) -> str:
    """Of the period in which a day lies."""
    match period:
        case "year":
            return f"{day.year:04}"
        case "half":
            return f"{day.year:04}-H{1 + (day.month - 1) // 6}"
        case "quarter":
            return f"{day.year:04}-Q{1 + (day.month - 1) // 3}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
    return day.isoformat()


def span_named(name: str) -> Span:
    """[start, end). Raises ValueError for what is the name of no period."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(name)
    year, quarter, half, month, day = found.groups()
    if day:
        return span_of("day", date.fromisoformat(name))
    kind = "month" if month else "half" if half else "quarter" if quarter else "year"
    first = int(month) if month else 6 * int(half) - 5 if half else 3 * int(quarter) - 2 if quarter else 1
    return span_of(kind, date(int(year), first, 1))


def following(name: str) -> str:
    """The period after that one, of the same kind. A contract has none."""
    start, end = span_named(name)
    kind = next(one for one in ("month", "quarter", "half", "year", "day") if name_of(one, start) == name)
    return name_of(kind, end)


def period_of(settlement: Settlement, values: Mapping[str, Any]) -> str:
    """Where a line belongs; nowhere without a business day. Raises SettlementFault."""
    day = settlement.begin_of(values)
    return name_of(settlement.period, day) if day else ""
