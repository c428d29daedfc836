"""Checks of a calendar: its zone, shifts that overlap, dates that are no dates or stand twice, days that nobody works."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from dougong.runtime.calendar import DAY, MAX_ROW, days_of, shifts_of, zone_named
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason

WEEK: Final = 7 * DAY
WEEKDAYS: Final = tuple(
    {"zh-Hans": f"星期{zh}", "en": f"{en}day"}
    for zh, en in zip("一二三四五六日", ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"), strict=True)
)

Doc = Mapping[str, Any]


def problems(doc: Doc, refs: Mapping[tuple[str, str], Doc]) -> Iterator[Problem]:
    if zone_named(doc["zone"]) is None:
        yield Problem(Reason("check.no_such_zone", {"zone": doc["zone"]}), path="/zone")
    years = doc.get("years")
    if years and years["from"] > years["to"]:
        yield Problem(Reason("check.years_turned", {"from": years["from"], "to": years["to"]}), path="/years")
    yield from _week(doc)
    yield from _dates(doc)
    if not any(row["days"] for row in doc["shifts"]) and not any("shifts" in row for row in doc.get("dates", ())):
        yield Problem(Reason("check.never_open"), path="/shifts")


def _week(doc: Doc) -> Iterator[Problem]:
    """Overlaps round the week: also of a night shift with the next morning's."""
    spans = []
    for index, row in enumerate(doc["shifts"]):
        if not row["days"]:
            yield Problem(Reason("check.shift_without_day"), "warning", fields=(row["uid"],), path=f"/shifts/{index}/days")
        [shift] = shifts_of([row])
        spans += [((day - 1) * DAY + shift.start, (day - 1) * DAY + shift.end, day, index) for day in row["days"]]
    spans.sort()
    reached, said = [(spans[-1][1] - WEEK, spans[-1][3])] if spans else [], set()
    for start, end, day, index in spans:
        other = max(reached)
        if start < other[0] and index not in said:
            said.add(index)
            params = {"day": WEEKDAYS[day - 1], "other": _said(doc["shifts"][other[1]])}
            yield _row(doc, "shifts", index, "check.shifts_overlap", params)
        reached.append((end, index))


def _dates(doc: Doc) -> Iterator[Problem]:
    taken: dict[date, int] = {}
    for index, row in enumerate(doc.get("dates", ())):
        try:
            first, last = date.fromisoformat(row["from"]), date.fromisoformat(row.get("to", row["from"]))
        except ValueError:
            yield _row(doc, "dates", index, "check.no_such_date", {"found": f"{row['from']} – {row.get('to', '')}"})
            continue
        if last < first:
            yield _row(doc, "dates", index, "check.dates_turned", {"from": row["from"], "to": row["to"]})
            continue
        if (last - first).days >= MAX_ROW:
            yield _row(doc, "dates", index, "check.row_too_long", {"limit": MAX_ROW})
            continue
        if twice := next((day for day in days_of(row) if day in taken), None):
            yield _row(doc, "dates", index, "check.date_twice", {"date": str(twice), "row": taken[twice] + 1})
        taken.update(dict.fromkeys(days_of(row), index))
        yield from _one(doc, index, row, first, last)


def _one(doc: Doc, index: int, row: Doc, first: date, last: date) -> Iterator[Problem]:
    if "like" in row and not any(row["like"] in shift["days"] for shift in doc["shifts"]):
        yield _row(doc, "dates", index, "check.like_a_day_off", {"day": WEEKDAYS[row["like"] - 1]})
    shifts = shifts_of(row.get("shifts", ()))
    if any(one.end > other.start for one, other in pairwise(shifts)):
        yield _row(doc, "dates", index, "check.shifts_overlap_that_day")
    years = doc.get("years")
    if years and not years["from"] <= first.year <= last.year <= years["to"]:
        params = {"date": row["from"], "from": years["from"], "to": years["to"]}
        yield _row(doc, "dates", index, "check.date_outside_years", params, severity="warning")


def _row(doc: Doc, group: str, index: int, code: str, params: Any = None, severity: Any = "error") -> Problem:
    return Problem(Reason(code, params or {}), severity, fields=(doc[group][index]["uid"],), path=f"/{group}/{index}")


def _said(row: Doc) -> str:
    return f"{row['from']}–{row['to']}"
