"""When a workflow begins by itself."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dougong.runtime.calendar import Shift, standard
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._schedule import next_time
from tests.drawing import chain, flow, form_doc, node

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("config", "after", "then"),
    [
        ({}, "2026-01-05 08:00", None),
        ({"every": "day"}, "2026-01-05 08:00", None),
        ({"every": "day", "at": "09:00"}, "2026-01-05 08:59", "2026-01-05 09:00"),
        ({"every": "day", "at": "09:00"}, "2026-01-05 09:00", "2026-01-06 09:00"),
        ({"every": "week", "at": "09:00", "weekday": "1"}, "2026-01-05 10:00", "2026-01-12 09:00"),
        ({"every": "week", "at": "00:00", "weekday": "7"}, "2026-01-05 10:00", "2026-01-11 00:00"),
        ({"every": "month", "at": "23:59", "month_day": 31}, "2026-02-01 00:00", "2026-02-28 23:59"),
        ({"every": "month", "at": "09:00", "month_day": 1}, "2026-12-01 09:00", "2027-01-01 09:00"),
        ({"every": "workday", "at": "09:00"}, "2026-01-05 08:00", "2026-01-05 09:00"),
        (
            {"every": "workday", "at": "09:00"},
            "2026-01-09 09:00",
            "2026-01-13 09:00",
        ),  # a weekend, and a Monday that is a holiday
        ({"every": "workday", "at": "09:00"}, "2026-01-16 09:00", "2026-01-17 09:00"),  # 调休: that Saturday is worked
    ],
)
def test_the_next_hour(config, after, then):
    days = {date(2026, 1, 12): (), date(2026, 1, 17): (Shift(540, 1080),)}
    calendar = replace(standard("Asia/Shanghai"), dates=days)
    found = next_time(config, datetime.fromisoformat(after).replace(tzinfo=SHANGHAI), calendar)
    assert found == (datetime.fromisoformat(then).replace(tzinfo=SHANGHAI) if then else None)


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        ({}, []),
        ({"every": "day"}, ["/at"]),
        ({"every": "week", "at": "09:00"}, ["/weekday"]),
        ({"every": "month"}, ["/at", "/month_day"]),
    ],
)
def test_what_it_needs_is_told(config, missing):
    definition = flow([node("start", "start", **config), node("end", "end")], ["start>end"], form_doc())
    found = NODE_TYPES["start"].check(definition, definition.start)
    assert [where for where, _ in found] == missing
    assert chain("end").start.config == {}
