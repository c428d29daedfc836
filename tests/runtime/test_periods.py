"""The names of periods: read back as they are written, one after the other, and nothing else is one."""

from datetime import date, timedelta

import pytest

from dougong.runtime.settlement.periods import following, name_of, span_named

NAMED = {
    "day": ("2028-02-29", date(2028, 2, 29), date(2028, 3, 1), "2028-03-01"),
    "month": ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "2027-01"),
    "quarter": ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), "2027-Q1"),
    "half": ("2026-H1", date(2026, 1, 1), date(2026, 7, 1), "2026-H2"),
    "year": ("2026", date(2026, 1, 1), date(2027, 1, 1), "2027"),
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_is_read_as_it_was_written(kind):
    name, start, end, after = NAMED[kind]
    span = span_named(name)
    assert (span.start, span.end, name_of(kind, start), following(name)) == (start, end, name, after)


@pytest.mark.parametrize("kind", NAMED)
def test_the_last_day_is_of_the_same_period(kind):
    name, _, end, _ = NAMED[kind]
    assert name_of(kind, end - timedelta(days=1)) == name


@pytest.mark.parametrize(
    "name", ["", "2026-Q5", "2026-H3", "2026-13", "2026-02-30", "26-10", "2026-Q", "contract", "2026-10 ", "9999-12-31"]
)
def test_what_is_the_name_of_no_period_is_refused(name):
    with pytest.raises(ValueError):
        span_named(name)
