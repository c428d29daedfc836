"""What a value is compared as, and when there is none."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.values import KINDS, comparable, missing, number, plain


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_missing_whatever_the_kind(nothing):
    assert missing(nothing)
    assert [comparable(nothing, kind) for kind in KINDS if kind != "none"] == [None] * (len(KINDS) - 1)


@pytest.mark.parametrize("answer", [0, "0", False, " ", [""], {}])
def test_zero_no_and_a_blank_are_answers(answer):
    assert not missing(answer)


@pytest.mark.parametrize(("value", "exact"), [("10.50", "10.5"), (7, "7"), ("-0.001", "-0.001"), (Decimal("1.20"), "1.2")])
def test_a_number_is_exact(value, exact):
    assert number(value) == Decimal(exact)


@pytest.mark.parametrize(
    "wrong", [1.5, True, "1e5", "1,000", " 1", "1 ", "NaN", "1_000", "０", "", "+1", "1.", ".5", None, [1], Decimal("NaN")]
)
def test_what_is_no_decimal_number_is_refused(wrong):
    with pytest.raises(ValueError):
        number(wrong)


@pytest.mark.parametrize(
    ("value", "kind", "found"),
    [
        ("2026-10-01", "date", date(2026, 10, 1)),
        ("2026-10-01T23:59:00+08:00", "date", date(2026, 10, 1)),
        ("2026-10-01T08:00:00Z", "datetime", datetime(2026, 10, 1, 8, tzinfo=UTC)),
        ({"region": "4403", "detail": "x"}, "region", "4403"),
        ("4403", "region", "4403"),
        ({"id": "p1", "title": "王工"}, "person", "p1"),
        ("r1", "record", "r1"),
        (["a", "b"], "choices", ("a", "b")),
        ("a", "choices", ("a",)),
        (False, "boolean", False),
        (5, "text", "5"),
    ],
)
def test_a_value_is_compared_as_its_kind(value, kind, found):
    assert comparable(value, kind) == found


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2026-02-30", "date"), ("20261001", "date"), ("2026-W01-1", "date"), ("2026/10/01", "date"), (20261001, "date"),
        ("2026-10-01", "datetime"), ("2026-10-01T08:00:00", "datetime"), ("soon", "datetime"),
        ("true", "boolean"), (1, "boolean"), (["a"], "text"), ({"a": 1}, "choice"), (True, "text"),
        ({"title": "x"}, "record"), ({"detail": "x"}, "region"), (["44"], "region"), ([{"id": "x"}], "choices"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(value, kind):
    with pytest.raises((ValueError, KeyError)):
        comparable(value, kind)


@pytest.mark.parametrize(
    ("value", "text"),
    [("10.50", "10.5"), ("100", "100"), ("1E+3", "1000"), ("-0", "0"), ("0.000", "0"), ("-0.10", "-0.1"), ("0E-9", "0")],
)
def test_a_number_is_written_plainly(value, text):
    assert plain(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**17), max_value=10**17))
def test_what_is_written_reads_back_as_the_same_number(value):
    assert number(plain(value)) == value
    assert plain(number(plain(value))) == plain(value)
