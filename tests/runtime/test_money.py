"""Money: rounded once and by name, and shared so that the parts add up."""

import json
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dougong.runtime.money import CURRENCIES, rounded, shared, unit

CENTS = st.integers(-(10**14), 10**14).map(lambda cents: Decimal(cents).scaleb(-2))
PERCENTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


def percentages(weights):
    """Percentages with up to six places that add up to exactly 100."""
    total = sum(weights)
    found = [Decimal(weight * 10**8 // total).scaleb(-6) for weight in weights]
    return [found[0] + 100 - sum(found), *found[1:]]


@pytest.mark.parametrize(
    ("amount", "currency", "found"),
    [
        ("1.005", "CNY", "1.01"), ("-1.005", "CNY", "-1.01"), ("1.004", "CNY", "1.00"),
        ("2.675", "HKD", "2.68"),
        ("0.5", "JPY", "1"), ("-0.5", "JPY", "-1"), ("1.0005", "KWD", "1.001"), ("12", "CNY", "12.00"),
        ("-0.001", "CNY", "0.00"),
        ("0", "XXX", "0.00"),
    ],
)  # fmt: skip
def test_rounding_is_half_away_from_zero_at_the_smallest_unit(amount, currency, found):
    assert str(rounded(Decimal(amount), currency)) == found


@pytest.mark.parametrize(
    ("smallest", "currencies"),
    [
        ("1", "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        ("0.01", "CNY EUR HKD IDR MOP MYR PHP SGD THB TWD USD"),
        ("0.001", "BHD IQD JOD KWD LYD OMR TND"),
        ("0.0001", "CLF UYW"),
    ],
)
def test_the_smallest_unit_of_a_currency_is_as_iso_4217_says(smallest, currencies):
    assert {str(unit(one)) for one in currencies.split()} == {smallest}


@pytest.mark.parametrize(
    ("amount", "percents", "parts"),
    [
        ("100.00", ["60", "30", "10"], ["60.00", "30.00", "10.00"]),
        ("0.01", ["60", "30", "10"], ["0.01", "0", "0"]),
        ("0.05", ["60", "30", "10"], ["0.03", "0.02", "0"]),  # 0.015 and 0.005 lose the same: the earlier share wins
        ("100.01", ["33.333333", "33.333333", "33.333334"], ["33.34", "33.33", "33.34"]),
        ("-0.05", ["60", "30", "10"], ["-0.03", "-0.02", "0"]),
        ("10.00", ["100"], ["10.00"]),
        ("0.00", ["60", "40"], ["0", "0"]),
        ("10.00", ["0", "100"], ["0", "10.00"]),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainder(amount, percents, parts):
    assert shared(Decimal(amount), [Decimal(one) for one in percents], "CNY") == [Decimal(one) for one in parts]


@given(CENTS, PERCENTS)
def test_parts_always_add_up_and_stay_within_a_unit_of_their_exact_share(amount, weights):
    assume(sum(weights))
    percents = percentages(weights)
    parts = shared(amount, percents, "CNY")
    assert sum(parts) == amount
    for part, percent in zip(parts, percents, strict=True):
        assert part == rounded(part, "CNY")
        assert abs(part - amount * percent / 100) < Decimal("0.01")


@given(CENTS, PERCENTS)
def test_a_negative_amount_mirrors_the_positive_one(amount, weights):
    assume(sum(weights))
    percents = percentages(weights)
    assert shared(-amount, percents, "CNY") == [-part for part in shared(amount, percents, "CNY")]


@given(st.integers(-(10**9), 10**9), PERCENTS)
def test_it_is_the_same_for_a_currency_without_cents(amount, weights):
    assume(sum(weights))
    assert sum(shared(Decimal(amount), percentages(weights), "JPY")) == amount


@pytest.mark.parametrize(
    ("amount", "percents", "takes", "parts"),
    [
        ("10.005", ["50", "50"], "largest", ["5.005", "5.00"]),
        ("-10.005", ["50", "50"], "largest", ["-5.005", "-5.00"]),
        ("10.005", ["30", "70"], "first", ["3.005", "7.00"]),
        ("10.005", ["30", "70"], "last", ["3.00", "7.005"]),
        ("0.004", ["50", "50"], "largest", ["0.004", "0.00"]),
        ("10.0049", ["33", "33", "34"], "largest", ["3.30", "3.30", "3.4049"]),  # its remainder is 0.001666, theirs 0.001617
        ("10.0149", ["33", "33", "34"], "largest", ["3.30", "3.30", "3.4149"]),
    ],
)
def test_what_is_smaller_than_a_unit_goes_where_the_first_unit_left_over_goes(amount, percents, takes, parts):
    """Of an amount that was not rounded."""
    found = shared(Decimal(amount), [Decimal(one) for one in percents], "CNY", takes)
    assert [str(one) for one in found] == parts


def test_the_editor_offers_the_currencies_that_there_are():
    assert set(json.loads(files("dougong.schemas").joinpath("currencies.json").read_text("utf-8"))) == CURRENCIES
