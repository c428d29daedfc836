"""Sums in another currency, and days: by which rate, of which zone, how many count."""

from decimal import Decimal

import pytest

from tests.runtime.settling import amounts, flat, gross, percent, ran, rule, settlement, table, term, terms

EURO = terms(term("EUR", uid="e", when={"type": {"in": ["small"]}}), term("CNY"))
STEPS = [
    {"uid": "low", "below": "10", "rate": "5", "percent": "1"},
    {"uid": "high", "below": None, "rate": "2", "percent": "2"},
]


def exchange(given, wanted, rate, per="1"):
    row = {"uid": "r", "from": given, "to": wanted, "day": "2026-10-01", "rate": rate, "per": per}
    return {"exchange": {"currency": "currency", "amounts": ["amount"], "source": "PBOC", "rates": [row]}}


# --- sums in another currency


def test_a_sum_is_rounded_to_what_the_wanted_currency_has_and_told_so():
    parts = {"line": table(rule("one", flat("1.50") | {"currency": "CNY"})), **terms(term("JPY"))}
    [(_, rated)] = ran({**parts, **exchange("CNY", "JPY", "20.5")}, {}).rated
    assert (str(rated.amount), rated.parts[0].params["rounding"][1]["places"]) == ("31", "0")


def test_where_conversion_is_exact_nothing_is_said_of_rounding():
    parts = {"line": table(rule("one", flat("1.55") | {"currency": "CNY"})), "rounding": {"convert": {"mode": "exact"}}}
    [(_, rated)] = ran({**parts, **EURO, **exchange("CNY", "EUR", "0.125")}, {"type": "small"}).rated
    assert [part.code for part in rated.parts][:1] == ["settle.part.sums_converted"]
    assert rated.parts[1].amount == Decimal("0.19375")


def test_a_converted_unit_price_is_kept_to_twelve_places():
    parts = {"line": table(rule("one", {"model": "per_unit", "measure": {"count": True}, "rate": "1", "currency": "CNY"})),
             "rounding": {"line": {"mode": "exact"}}}  # fmt: skip
    done = ran({**parts, **EURO, **exchange("CNY", "EUR", "1", "3")}, {"type": "small"})
    assert amounts(done) == ["0.333333333333"]


def test_without_a_day_a_sum_of_another_currency_cannot_be_converted():
    parts = {"line": table(rule("one", flat("1") | {"currency": "USD"})), **exchange("USD", "CNY", "7")}
    [(_, reason)] = ran(parts, {"day": None}).faults
    assert reason.code == "settle.sum_of_other_currency"


def test_a_base_fee_is_converted_and_its_rate_is_not():
    charge = {"model": "base_rate", "amount": "100", "rate": "1.5", "currency": "CNY"}
    rows = [{"type": "small"}, {}]
    assert amounts(ran({"line": table(rule("one", charge)), **EURO, **exchange("CNY", "EUR", "0.12")}, *rows)) == [
        "18.00",
        "150.00",
    ]


def test_full_tiers_are_of_the_currency_in_which_they_are_charged():
    """10 at 5 and 10 at 2 are 70 CNY, 8.40 EUR at 0.12."""
    charge = {"model": "graduated", "measure": {"sum": "count"}, "tiers": STEPS, "currency": "CNY"}
    rows = [{"count": "20"}, {"count": "20", "type": "small"}, {"count": "20"}]
    parts = {"line": table(rule("one", charge)), **EURO, **exchange("CNY", "EUR", "0.12")}
    assert amounts(ran(parts, *rows)) == ["70.00", "8.40", "70.00"]


@pytest.mark.parametrize(
    ("how", "day", "amount"),
    [
        ("month_end", "2026-10-15", "7"),  # not that of the day after
        ("month_end", "2026-11-15", "8"),  # none of the day itself: the one before it
        ("month_start", "2026-12-15", "8"),
    ],
)
def test_the_rate_of_a_month_is_the_latest_of_its_first_or_last_day(how, day, amount):
    rates = [
        {"uid": since, "from": "USD", "to": "CNY", "day": since, "rate": rate}
        for since, rate in (("2026-10-31", "7"), ("2026-11-01", "8"), ("2026-12-02", "9"))
    ]
    parts = {"line": table(rule("one", percent("100")))}
    parts["exchange"] = {"currency": "currency", "amounts": ["amount"], "rule": how, "rates": rates}
    assert amounts(ran(parts, {"amount": "1", "currency": "USD", "day": day})) == [f"{amount}.00"]
    [(_, reason)] = ran(parts, {"amount": "1", "currency": "USD", "day": "2026-09-15"}).faults
    assert reason.params["day"] == ("2026-09-30" if how == "month_end" else "2026-09-01")


def test_sums_of_a_statement_are_converted_by_the_rate_of_its_last_day():
    rates = [
        {"uid": day, "from": "CNY", "to": "EUR", "day": day, "rate": rate}
        for day, rate in (("2026-10-31", "0.1"), ("2026-12-31", "0.2"), ("2027-01-01", "0.3"))
    ]
    parts = {"statement": table(rule("one", flat("10") | {"currency": "CNY"})), "period": "quarter", **EURO}
    parts["exchange"] = {"currency": "currency", "amounts": ["amount"], "rates": rates}
    assert gross(ran(parts, {"type": "small"})) == [("d", "2026-10-01", "2.00")]
    measured = {"statement": table(rule("one", percent("10"))), **exchange("USD", "CNY", "7")}
    assert gross(ran(measured, {"amount": "100", "currency": "USD"})) == [("d", "2026-10-01", "70.00")]


def test_a_number_that_is_converted_is_money_and_what_it_is_multiplied_by_is_none():
    charge = {"model": "per_unit", "measure": {"sum": "count"}, "rate": "0.5", "fixed": "1", "currency": "CNY"}
    parts = {"line": table(rule("one", charge)), **EURO, **exchange("CNY", "EUR", "0.1")}
    parts["exchange"]["amounts"] = ["count"]
    assert amounts(ran(parts, {"count": "100", "type": "small", "currency": "EUR"})) == ["50.10"]


# --- days


@pytest.mark.parametrize(
    ("row", "amount", "days"),
    [
        ({"start": "2026-09-20", "end": "2026-10-10"}, "100.00", "10"),
        ({"start": "2026-10-22", "end": "2026-12-31"}, "100.00", "10"),
        ({"start": "2026-11-15"}, "0.00", "0"),
        ({}, "310.00", "31"),
    ],
)
def test_only_the_days_of_the_period_count(row, amount, days):
    charge = {**flat("310"), "prorate": {"period": "month", "from": "start", "to": "end"}}
    [(_, rated)] = ran({"line": table(rule("rent", charge))}, row).rated
    assert (str(rated.amount), str(rated.parts[-1].params["days"])) == (amount, days)


def test_of_a_month_of_thirty_days_no_more_than_thirty_are_told():
    charge = {**flat("300"), "prorate": {"period": "month", "from": "start", "to": "end", "of": 30}}
    [(_, rated)] = ran({"line": table(rule("rent", charge))}, {}).rated
    assert [str(rated.parts[-1].params[name]) for name in ("days", "of")] == ["30", "30"]


AT_NIGHT = {"date": "at", "zone": "America/New_York"}


def test_a_moment_is_a_day_of_the_zone_for_terms_and_columns_and_stays_that_day():
    """Half past three in the morning of the first of November, in London; in New York it is October."""
    moment = {"at": "2026-11-01T03:30:00+00:00"}
    taxed = term(kind="exclusive", rate="6", valid={"from": "2026-11-01"})
    parts = {"line": table(rule("one", flat("1"), {"at": {"below": "2026-11-01"}}), rule("two", flat("2"))), **AT_NIGHT}
    assert gross(ran({**parts, **terms(taxed)}, moment)) == [("d", "2026-10-01", "1.00")]
    drawn = settlement(**parts)
    assert drawn.local(drawn.local(moment)) == drawn.local(moment) == {"at": "2026-10-31"}
