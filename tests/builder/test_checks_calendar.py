"""What is said about a calendar before it is published, at the row that it is about."""

import pytest

from dougong import schemas
from dougong.builder.checks import check, is_publishable
from tests.drawing import text

WEEKDAYS = [1, 2, 3, 4, 5]


def shift(uid, start, end, days=WEEKDAYS):
    return {"uid": uid, "days": days, "from": start, "to": end}


def calendar(*shifts, **more):
    return {
        "format": 1, "uid": "c", "kind": "calendar", "key": "c", "title": text("c"), "zone": "Asia/Shanghai",
        "shifts": list(shifts or (shift("am", "09:00", "12:00"), shift("pm", "13:00", "18:00"))), **more,
    }  # fmt: skip


def said(doc):
    return [(problem.reason.code, problem.path) for problem in check(doc, {})]


@pytest.mark.parametrize("doc", [calendar(), *schemas.schema("calendar")["examples"]])
def test_an_ordinary_calendar_has_no_problems(doc):
    assert said(doc) == []


@pytest.mark.parametrize(
    ("doc", "problem"),
    [
        (calendar(zone="Asia/Shanghay"), ("check.no_such_zone", "/zone")),
        (calendar(zone="../../etc/passwd"), ("check.no_such_zone", "/zone")),
        (calendar(zone="Asia"), ("check.no_such_zone", "/zone")),
        (calendar(zone=""), ("check.no_such_zone", "/zone")),
        (calendar(shift("a", "09:00", "12:00"), shift("b", "11:00", "18:00")), ("check.shifts_overlap", "/shifts/1")),
        (calendar(shift("a", "22:00", "06:00"), shift("b", "05:00", "09:00", [2])), ("check.shifts_overlap", "/shifts/1")),
        (calendar(shift("a", "22:00", "06:00", [7]), shift("b", "05:00", "09:00", [1])), ("check.shifts_overlap", "/shifts/1")),
        (calendar(shift("a", "08:00", "08:00", [1]), shift("b", "07:00", "07:30", [2])), ("check.shifts_overlap", "/shifts/1")),
        (calendar(shift("a", "09:00", "12:00", [])), ("check.never_open", "/shifts")),
        (calendar(dates=[{"uid": "d", "from": "2026-02-30"}]), ("check.no_such_date", "/dates/0")),
        (calendar(dates=[{"uid": "d", "from": "2026-02-03", "to": "2026-02-01"}]), ("check.dates_turned", "/dates/0")),
        (calendar(dates=[{"uid": "d", "from": "2026-02-03", "to": "2028-02-01"}]), ("check.row_too_long", "/dates/0")),
        (
            calendar(dates=[{"uid": "d", "from": "2026-02-01", "to": "2026-02-03"}, {"uid": "e", "from": "2026-02-03"}]),
            ("check.date_twice", "/dates/1"),
        ),
        (calendar(dates=[{"uid": "d", "from": "2026-02-01", "like": 6}]), ("check.like_a_day_off", "/dates/0")),
        (
            calendar(
                dates=[
                    {
                        "uid": "d", "from": "2026-02-01",
                        "shifts": [{"uid": "x", "from": "09:00", "to": "12:00"}, {"uid": "y", "from": "11:00", "to": "13:00"}],
                    }
                ]
            ),
            ("check.shifts_overlap_that_day", "/dates/0"),
        ),
        (
            calendar(dates=[{"uid": "d", "from": "2027-02-01"}], years={"from": 2026, "to": 2026}),
            ("check.date_outside_years", "/dates/0"),
        ),
        (calendar(years={"from": 2027, "to": 2026}), ("check.years_turned", "/years")),
        (calendar(shift("a", "9:00", "12:00")), ("schema.pattern", "/shifts/0/from")),
        (calendar(shift("a", "24:00", "12:00")), ("schema.pattern", "/shifts/0/from")),
        (calendar(shift("a", "09:00", "12:00", [8])), ("schema.too_great", "/shifts/0/days/0")),
        (calendar(shift("a", "09:00", "12:00"), shift("a", "13:00", "14:00")), ("check.doubled_uid", "/shifts")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_row(doc, problem):
    assert problem in said(doc)


def test_what_only_looks_odd_may_be_published():
    odd = calendar(shift("a", "09:00", "12:00"), shift("b", "13:00", "14:00", []), dates=[{"uid": "d", "from": "2027-02-01"}],
                   years={"from": 2026, "to": 2026})  # fmt: skip
    found = check(odd, {})
    assert [problem.severity for problem in found] == ["warning", "warning"]
    assert is_publishable(found)


def test_both_hours_of_its_own_and_those_of_a_weekday_are_refused():
    row = {"uid": "d", "from": "2026-02-01", "like": 1, "shifts": [{"uid": "x", "from": "09:00", "to": "12:00"}]}
    assert said(calendar(dates=[row]))[0][0] == "schema.not_valid"
