"""Working time, against a count minute by minute; and the cases that peers get wrong."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from dougong.runtime.calendar import MAX_ROW, Calendar, CalendarFault, Shift, standard
from tests import many

MINUTE = timedelta(minutes=1)
# a window around a change of the clock in each: an hour back and forth, half an hour, at midnight, a whole day left out
WINDOWS = {
    "Asia/Shanghai": date(2026, 2, 20),
    "America/New_York": date(2026, 3, 8),
    "Europe/Berlin": date(2026, 10, 25),
    "Australia/Lord_Howe": date(2026, 4, 5),
    "America/Sao_Paulo": date(2018, 11, 4),
    "Africa/Cairo": date(2025, 10, 31),
    "Asia/Beirut": date(2026, 3, 29),
    "Pacific/Apia": date(2011, 12, 30),
}
shifts = st.lists(
    st.builds(lambda start, length: Shift(start, start + length), st.integers(0, 1439), st.integers(1, 1440)), max_size=3
).map(lambda found: tuple(sorted(found)))


@st.composite
def calendars(draw):
    zone, middle = draw(st.sampled_from(sorted(WINDOWS.items())))
    days = st.integers(-4, 4).map(lambda offset: middle + timedelta(offset))
    found = Calendar(ZoneInfo(zone), tuple(draw(shifts) for _ in range(7)), draw(st.dictionaries(days, shifts, max_size=3)))
    return found, datetime(middle.year, middle.month, middle.day, tzinfo=UTC) - timedelta(days=4)


class Counted:
    """The same calendar, one minute after the other: eight days, by the clock on the wall alone."""

    def __init__(self, calendar, start):
        self.walls = [self.wall(calendar.zone, start, index) for index in range(-3 * 1440, 8 * 1440)]
        self.latest = list(accumulate(self.walls, max))
        self.open = [False] * (8 * 1440)
        first = self.walls[0].date()
        for offset in range(-1, 14):
            day = first + timedelta(offset)
            for shift in calendar.shifts(day):
                midnight = datetime(day.year, day.month, day.day)
                begins, ends = (self.first_seen(midnight + timedelta(minutes=end)) for end in shift)
                for index in range(max(begins, 0), min(ends, len(self.open))):
                    self.open[index] = True

    @staticmethod
    @lru_cache(maxsize=200_000)
    def wall(zone, start, index):
        return (start + index * MINUTE).astimezone(zone).replace(tzinfo=None)

    def first_seen(self, wall):
        """The first minute in which the clock shows that or more."""
        return bisect_left(self.latest, wall) - 3 * 1440


@given(calendars(), st.integers(0, 8 * 1440 - 1), st.integers(0, 8 * 1440 - 1))
@settings(max_examples=many(60), deadline=None)
def test_working_time_is_what_a_count_of_the_minutes_says(drawn, one, other):
    calendar, start = drawn
    counted = Counted(calendar, start)
    first, last = sorted((one, other))
    a, b = start + first * MINUTE, start + last * MINUTE
    passed = sum(counted.open[first:last])
    assert calendar.is_open(a) is counted.open[first]
    assert calendar.between(a, b) == passed * MINUTE
    assert calendar.between(b, a) == -passed * MINUTE
    assume(passed)
    opened = [index for index in range(first, last) if counted.open[index]]
    assert calendar.add(a, passed * MINUTE) == start + (opened[-1] + 1) * MINUTE
    assert calendar.add(b, -passed * MINUTE) == start + opened[0] * MINUTE
    assert calendar.next_open(a) == start + opened[0] * MINUTE


@given(calendars(), st.integers(0, 8 * 86400), st.integers(-5 * 86400, 5 * 86400))
@settings(deadline=None)
def test_what_is_added_is_between_to_the_second_and_comes_back(drawn, offset, amount):
    calendar, start = drawn
    moment, span = start + timedelta(seconds=offset), timedelta(seconds=amount)
    assume(any(calendar.week))
    found = calendar.add(moment, span)
    assert calendar.between(moment, found) == span
    assert (found - moment >= timedelta(0)) is (amount >= 0)
    assert calendar.between(found, calendar.add(found, -span)) == -span


@given(st.integers(0, 20 * 1440), st.integers(0, 20 * 1440), st.integers(-6, 6), st.lists(shifts, min_size=7, max_size=7))
@example(0, 960, 2, [(), (Shift(0, 1),), (), (), (), (Shift(1, 1441),), (Shift(0, 1),)])  # into the shift of the day after
@settings(deadline=None)
def test_who_comes_later_is_never_due_earlier(one, other, count, week):
    assume(any(week))
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), tuple(week))
    a, b = sorted(datetime(2026, 3, 2, tzinfo=UTC) + minutes * MINUTE for minutes in (one, other))
    assert calendar.add_days(a, count) <= calendar.add_days(b, count)
    assert (calendar.add_days(a, count) >= a) is (count >= 0) or not count or calendar.add_days(a, count) == a


def china(**more):
    """Two shifts with a lunch break; Spring Festival 2026 with two make-up days, one of them a morning only."""
    week = [{"uid": "m", "days": [1, 2, 3, 4, 5], "from": "09:00", "to": "12:00"},
            {"uid": "a", "days": [1, 2, 3, 4, 5], "from": "13:30", "to": "18:00"}]  # fmt: skip
    dates = [{"uid": "h", "from": "2026-02-15", "to": "2026-02-23"},
             {"uid": "w1", "from": "2026-02-14", "like": 1},
             {"uid": "w2", "from": "2026-02-28", "shifts": [{"uid": "x", "from": "09:00", "to": "12:00"}]}]  # fmt: skip
    return Calendar.from_json({"zone": "Asia/Shanghai", "shifts": week, "dates": dates, **more})


def local(text, zone="Asia/Shanghai"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-02-13 17:00", 2, "hours", "2026-02-14 10:00"),  # the Saturday is worked
        ("2026-02-14 17:00", 2, "hours", "2026-02-24 10:00"),  # nine days off
        ("2026-03-02 11:30", 60, "minutes", "2026-03-02 14:00"),  # lunch
        ("2026-02-13 15:00", 2, "days", "2026-02-24 15:00"),
        ("2026-02-27 15:00", 1, "days", "2026-02-28 12:00"),  # that day ends at noon
        ("2026-02-27 20:00", 1, "days", "2026-02-28 12:00"),
        ("2026-03-07 10:00", 1, "days", "2026-03-09 18:00"),  # a Saturday off
        ("2026-03-02 07:00", 1, "days", "2026-03-03 09:00"),
        ("2026-03-10 00:00", -2, "days", "2026-03-06 09:00"),
        ("2026-02-24 10:00", -2, "hours", "2026-02-14 17:00"),
    ],
)
def test_make_up_days_holidays_and_lunch(start, amount, unit, due):
    assert china().later(local(start), amount, unit) == local(due)


def test_a_day_of_working_time_is_no_24_hours():
    assert china().between(local("2026-03-02 00:00"), local("2026-03-03 00:00")) == timedelta(hours=7.5)


def test_seven_by_24_and_a_hotline_are_ordinary_calendars():
    always = Calendar.from_json(
        {"zone": "Asia/Shanghai", "shifts": [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "24:00"}]}
    )
    hotline = Calendar.from_json(
        {"zone": "Asia/Shanghai", "shifts": [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "08:00", "to": "20:00"}]}
    )
    start = local("2026-05-01 19:30")
    assert always.add(start, timedelta(days=30)) == start + timedelta(days=30)
    assert hotline.add(start, timedelta(hours=1)) == local("2026-05-02 08:30")


def test_a_draft_in_a_zone_that_nobody_knows_is_read_as_utc():
    draft = Calendar.from_json({"zone": "Mars/Olympus", "shifts": [{"days": [1], "from": "09:00", "to": "10:00"}]})
    assert (str(draft.zone), draft.is_open(datetime(2026, 3, 2, 9, tzinfo=UTC))) == ("UTC", True)


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins():
    nights = Calendar.from_json({"zone": "Asia/Shanghai", "shifts": [{"days": [5], "from": "22:00", "to": "06:00"}]})
    assert nights.is_open(local("2026-03-07 05:59"))  # a Saturday
    assert not nights.is_open(local("2026-03-07 06:00"))
    assert nights.later(local("2026-03-07 05:00"), 1, "days") == local("2026-03-14 05:00")


def test_the_hour_that_comes_twice_is_worked_twice():
    always = Calendar.from_json({"zone": "Europe/Berlin", "shifts": [{"days": [7], "from": "00:00", "to": "24:00"}]})
    autumn, spring = local("2026-10-25 00:00", "Europe/Berlin"), local("2026-03-29 00:00", "Europe/Berlin")
    assert always.between(autumn, autumn.astimezone(UTC) + timedelta(days=2)) == timedelta(hours=25)
    assert always.between(spring, spring.astimezone(UTC) + timedelta(days=2)) == timedelta(hours=23)


def test_what_is_never_open_is_a_reason_and_no_search():
    never = Calendar(ZoneInfo("Asia/Shanghai"), ((),) * 7)
    for ask in (
        lambda: never.next_open(local("2026-01-01 00:00")),
        lambda: never.later(local("2026-01-01 00:00"), 1, "days"),
        lambda: never.later(local("2026-01-01 00:00"), -5, "minutes"),
        lambda: china().add(local("2026-01-01 00:00"), timedelta(days=4000)),
        lambda: china().between(local("2026-01-01 00:00"), local("2037-01-01 00:00")),
    ):
        with pytest.raises(CalendarFault) as fault:
            ask()
        assert fault.value.reason.code == "calendar.too_far"
    with pytest.raises(CalendarFault):
        china().add(datetime(9999, 12, 31, tzinfo=UTC), timedelta(hours=1))


def test_of_a_row_of_dates_that_is_too_long_a_draft_has_no_more_than_it_may_have():
    doc = {"zone": "Asia/Shanghai", "shifts": [], "dates": [{"from": "1980-01-01", "to": "2199-12-31", "shifts": []}]}
    assert len(Calendar.from_json(doc).dates) == MAX_ROW


def test_the_standard_week():
    assert standard("Asia/Shanghai").later(local("2026-03-06 17:30"), 1, "hours") == local("2026-03-09 09:30")
