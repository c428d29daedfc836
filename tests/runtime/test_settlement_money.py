"""Money of a settlement: currencies by dated rates, taxes, roundings by name, days, limits, pools, and what a line adds."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.platform.messages import t as text_of
from dougong.runtime.settlement import Line, SettlementFault, parts_json, rate, run, settle, statement_json
from dougong.runtime.settlement.batch import Values, settle_lines
from dougong.runtime.settlement.sentences import sentence
from tests.drawing import text
from tests.runtime.settling import (
    AMOUNT,
    DIMENSIONS,
    EURO,
    amounts,
    flat,
    gross,
    lines,
    percent,
    ran,
    rule,
    settlement,
    table,
    term,
    terms,
)

ALL = {"line": table(rule("all", percent("100")))}


def exchange(**more):
    rates = [("USD", "CNY", "2026-10-01", "7.10"), ("USD", "CNY", "2026-10-08", "7.20"), ("USD", "CNY", "2026-10-31", "7.30")]
    rows = [{"uid": f"x{n}", "from": a, "to": b, "day": day, "rate": one} for n, (a, b, day, one) in enumerate(rates)]
    yen = {"uid": "y", "from": "JPY", "to": "CNY", "day": "2026-10-01", "rate": "4.8567", "per": "100"}
    dinar = {"uid": "d", "from": "CNY", "to": "KWD", "day": "2026-10-01", "rate": "0.0431"}
    return {"currency": "currency", "amounts": ["amount"], "source": "PBOC", "rates": [*rows, yen, dinar], **more}


@pytest.mark.parametrize(
    ("how", "day", "amount"),
    [
        ({}, "2026-10-07", "710.00"),
        ({}, "2026-10-08", "720.00"),
        ({}, "2026-12-31", "730.00"),
        ({"rule": "exact"}, "2026-10-08", "720.00"),
        ({"rule": "month_start"}, "2026-10-30", "710.00"),
        ({"rule": "month_end"}, "2026-10-05", "730.00"),
        ({"date": "start"}, "2026-10-30", "720.00"),
    ],
)
def test_which_rate_holds_is_a_rule_of_the_date(how, day, amount):
    row = {"amount": "100", "currency": "USD", "day": day, "start": "2026-10-09"}
    assert amounts(ran({**ALL, "exchange": exchange(**how)}, row)) == [amount]


@pytest.mark.parametrize(
    ("how", "row", "code"),
    [
        ({}, {"day": "2026-09-30"}, "settle.no_exchange_rate"),
        ({"rule": "exact"}, {"day": "2026-10-07"}, "settle.no_exchange_rate"),
        ({}, {"currency": "XAU"}, "settle.no_exchange_rate"),
        ({"date": "start"}, {}, "settle.no_date"),
        ({}, {"amount": "much"}, "settle.not_a_number"),
    ],
)
def test_without_a_rate_there_is_no_amount(how, row, code):
    found = ran({**ALL, "exchange": exchange(**how)}, {"amount": "100", "currency": "USD", **row})
    assert [reason.code for _, reason in found.faults] == [code]


def test_where_no_amount_stands_none_is_converted():
    for row in ({}, {"amount": None}, {"amount": ""}):
        [(_, rated)] = ran({**ALL, "exchange": exchange()}, {"currency": "USD", **row}).rated
        assert [one.code for one in rated.parts] == ["settle.part.percentage"] and str(rated.amount) == "0.00"


def test_a_conversion_is_told_with_its_rate_day_and_source():
    [(_, rated)] = ran({**ALL, "exchange": exchange()}, {"amount": "10000", "currency": "JPY"}).rated
    told = rated.parts[0]
    assert (told.code, told.amount, told.params["day"], told.params["source"]) == (
        "settle.part.converted",
        0,
        "2026-10-01",
        "PBOC",
    )
    assert [str(told.params[name]) for name in ("amount", "rate", "per", "found")] == ["10000", "4.8567", "100", "485.67"]
    assert str(rated.amount) == "485.67"


@pytest.mark.parametrize(
    ("rounding", "chinese", "english"),
    [
        ({}, "100.05 USD × 7.1 ÷ 1 = 710.355，取到 2 位小数（四舍五入）：710.36 CNY",
         "100.05 USD × 7.1 ÷ 1 = 710.355. Rounded to 2 places (half up): 710.36 CNY"),
        ({"multiple": "0.5"}, "100.05 USD × 7.1 ÷ 1 = 710.355，取到 0.5 的倍数（四舍五入）：710.5 CNY",
         "100.05 USD × 7.1 ÷ 1 = 710.355. Rounded to a multiple of 0.5 (half up): 710.5 CNY"),
        ({"mode": "exact"}, "100.05 USD × 7.1 ÷ 1 = 710.355 CNY", "100.05 USD × 7.1 ÷ 1 = 710.355 CNY"),
    ],
    ids=str,
)  # fmt: skip
def test_a_conversion_names_its_rounding_where_it_makes_a_difference(rounding, chinese, english):
    parts = {**ALL, "exchange": exchange(), "rounding": {"convert": rounding}}
    [(_, rated)] = ran(parts, {"amount": "100.05", "currency": "USD"}).rated
    [code, params, _, _] = parts_json(rated.parts)[0]
    for tag, words in (("zh-Hans", chinese), ("en", english)):
        assert sentence(code, params, lambda name, tag=tag, **gaps: text_of(name, tag, **gaps), tag).startswith(words)


def test_every_currency_has_its_own_smallest_unit():
    per_currency = terms(
        *(term(uid=one, currency=one, when={"region": {"in": [area]}}) for one, area in (("JPY", "91"), ("KWD", "92")))
    )
    rows = [{"amount": "10.5555", "region": one} for one in ("91", "92", "93")]
    assert amounts(ran({**ALL, **per_currency}, *rows)) == ["11", "10.556", "10.56"]


def test_what_a_window_measures_counts_in_the_currency_of_the_settlement():
    steps = [{"uid": "a", "below": "1000", "percent": "1"}, {"uid": "b", "below": None, "percent": "2"}]
    charge = {
        "model": "volume_percentage", "measure": AMOUNT, "qualifier": {**AMOUNT, "over": {"period": "month"}}, "tiers": steps,
    }  # fmt: skip
    rows = [{"amount": "100", "currency": "USD"}, {"amount": "300", "currency": "CNY"}]
    assert amounts(ran({"line": table(rule("one", charge)), "exchange": exchange()}, *rows)) == ["14.20", "6.00"]


# --- tax


@pytest.mark.parametrize(
    ("kind", "per", "tax", "total"),
    [
        ("exclusive", "statement", "0.02", "0.32"), ("exclusive", "line", "0.03", "0.33"),
        ("inclusive", "statement", "0.02", "0.30"), ("inclusive", "line", "0.03", "0.30"),
    ],
)  # fmt: skip
def test_tax_of_a_line_or_of_a_statement(kind, per, tax, total):
    doc = {**ALL, **terms(term(kind=kind, rate="6", tax={"per": per}))}
    [settled] = ran(doc, *({"amount": "0.10"} for _ in range(3))).settled
    assert (str(settled.statement.tax), str(settled.statement.gross)) == (tax, total)


@pytest.mark.parametrize(("mode", "tax"), [("half_up", "0.13"), ("half_even", "0.12"), ("up", "0.13"), ("down", "0.12")])
def test_a_rounding_is_what_the_definition_names(mode, tax):
    doc = {**ALL, **terms(term(kind="exclusive", rate="12.5")), "rounding": {"tax": {"mode": mode, "places": 2}}}
    [settled] = ran(doc, {"amount": "1"}).settled
    assert str(settled.statement.tax) == tax


@pytest.mark.parametrize(
    ("multiple", "mode", "tax"),
    [
        ("0.05", "half_up", "12.35"),
        ("0.05", "down", "12.30"),
        ("0.5", "half_up", "12.5"),
        ("10", "up", "20"),
        ("0.15", "half_up", "12.30"),
    ],
)
def test_an_amount_is_rounded_to_a_multiple(multiple, mode, tax):
    """Cash in Switzerland ends on 0.05; 抹零 is to 0.5, or to 10."""
    doc = {**ALL, **terms(term(kind="exclusive", rate="12.34")), "rounding": {"tax": {"mode": mode, "multiple": multiple}}}
    [settled] = ran(doc, {"amount": "100"}).settled
    assert settled.statement.tax == Decimal(tax)
    told = {one["where"]: one for one in statement_json(settled.statement)["roundings"]}
    assert told["tax"]["multiple"] == multiple


def test_the_roundings_are_kept_with_the_statement():
    [settled] = ran(
        {**ALL, "rounding": {"line": {"mode": "exact"}, "tax": {"mode": "half_even", "places": 1}}}, {"amount": "1"}
    ).settled
    kept = {one["where"]: (one["mode"], one["places"]) for one in statement_json(settled.statement)["roundings"]}
    assert kept == {
        "convert": ("half_up", None), "line": ("exact", None), "prorate": ("half_up", None), "charge": ("half_up", None),
        "statement": ("half_up", None), "tax": ("half_even", 1),
    }  # fmt: skip


def test_exempt_and_out_of_scope_are_not_zero_percent():
    kinds = {"exempt": None, "out_of_scope": None, "exclusive": "0"}
    rows = terms(*(term(kind=kind, rate=rate, uid=kind, when={"region": {"in": [kind]}}) for kind, rate in kinds.items()))
    [settled] = ran({**ALL, **rows}, *({"amount": "1", "region": kind} for kind in kinds)).settled
    groups = statement_json(settled.statement)["groups"]
    assert [(one["tax_kind"], one["tax_rate"], one["tax"]) for one in groups] == [(kind, "0", "0.00") for kind in kinds]


# --- days, limits


@pytest.mark.parametrize(
    ("row", "of", "amount"),
    [
        ({}, {}, "310.00"),
        ({"start": "2026-10-15"}, {}, "170.00"),
        ({"end": "2026-10-14"}, {}, "140.00"),
        ({"start": "2026-10-15", "end": "2026-10-15"}, {}, "10.00"),
        ({"start": "2026-09-01", "end": "2026-11-30"}, {}, "310.00"),
        ({"start": "2026-11-01"}, {}, "0.00"),
        ({"start": "2026-10-15"}, {"of": 30}, "175.67"),
        ({}, {"of": 30}, "310.00"),
    ],
)
def test_only_the_days_that_count_are_charged(row, of, amount):
    prorate = {"prorate": {"period": "month", "from": "start", "to": "end", **of}}
    assert amounts(ran({"line": table(rule("rent", {**flat("310"), **prorate}))}, row)) == [amount]


def test_days_that_do_not_come_out_even_may_be_rounded_only_in_the_sum():
    """Two times 10/31 of 1.00: 0.32 each, or 0.645161290322 together."""
    charge = {**flat("1"), "prorate": {"period": "month", "from": "start"}}
    rows = [{"start": "2026-10-22"}, {"start": "2026-10-22"}]
    for rounding, total in (({}, "0.64"), ({one: {"mode": "exact"} for one in ("prorate", "line")}, "0.65")):
        parts = {"line": table(rule("rent", charge)), "rounding": rounding}
        assert gross(done := ran(parts, *rows)) == [("d", "2026-10-01", total)], done.faults
        found = settle_lines(plan := settlement(**parts), Values(lines(*rows), plan.kinds))
        assert list(found.settled) == list(done.settled)


def test_days_that_are_none_are_a_fault():
    charge = {**flat("310"), "prorate": {"period": "month", "from": "start"}}
    [(_, reason)] = ran({"line": table(rule("rent", charge))}, {"start": "soon"}).faults
    assert reason.code == "settle.not_a_date"


@pytest.mark.parametrize(
    ("worth", "total"), [("5", "10.60"), ("50", "53.00"), ("500", "106.00"), ("-5", "-10.60"), ("0", "10.60")]
)
def test_a_statement_has_a_least_and_a_greatest_amount_before_tax(worth, total):
    doc = {**ALL, "limits": {"min": "10", "max": "100"}, **terms(term(kind="exclusive", rate="6"))}
    assert gross(ran(doc, {"amount": worth})) == [("d", "2026-10-01", total)]


# --- what a line adds

MARGINAL = {"model": "graduated", "measure": {**AMOUNT, "over": {"period": "month"}}, "marginal": True, "tiers": [
    {"uid": "a", "below": "100", "rate": "0.1", "amount": "5"}, {"uid": "b", "below": None, "rate": "0.05"},
]}  # fmt: skip


SEATS = {"measure": {"sum": "count", "over": {"period": "month"}}, "bounds": "upto"}
EACH = {**MARGINAL, **SEATS, "tiers": [{"uid": "a", "below": "5", "rate": "10"}, {"uid": "b", "below": None, "rate": "5"}]}
ONCE = {**MARGINAL, **SEATS, "tiers": [
    {"uid": "a", "below": "5", "rate": "0", "amount": "100"}, {"uid": "b", "below": None, "rate": "0", "amount": "50"},
]}  # fmt: skip
JOINED = [  # how many, from when on, and what they come to
    ("5", "2026-11-10", "135.00"), ("5", "2026-11-15", "63.33"), ("10", "2026-11-25", "10.00"), ("-6", "2026-11-20", "-11.00")
]  # fmt: skip


@pytest.mark.parametrize("limits", [{}, {"own_limits": True, "max": "5000"}])
def test_what_a_line_adds_is_charged_for_its_days_and_a_flat_fee_as_a_whole(limits):
    """Lago's prorated graduated charge: 5 and 5 and 10 come, and 6 go, each on another day of the month: 197.33."""
    each = {**EACH, "prorate": {"period": "month", "from": "start", "to": "end"}, **limits}
    parts = {"line": table(rule("each", each), rule("once", ONCE), policy="collect")}
    rows = [{"count": count, "day": "2026-11-30", "start": since} for count, since, _ in JOINED]
    assert amounts(done := ran(parts, *rows)) == [amount for *_, amount in JOINED]
    assert gross(done) == [("d", "2026-11-01", "197.33")]
    plan = settlement(**parts)
    assert list(settle_lines(plan, Values(lines(*rows), plan.kinds)).settled) == list(done.settled)


FIXED = {"model": "percentage", "measure": AMOUNT, "percent": "1", "fixed": "5", "currency": "CNY"}
UNITS = {"model": "per_unit", "measure": {"count": True}, "currency": "CNY"}  # of money a rate is a factor, and stays as it is
STEP = [{"uid": "low", "below": "10", "rate": "2.5"}, {"uid": "high", "below": None, "rate": "2"}]
SUMS = [  # what charges, what it comes to in EUR and in CNY, and the rate of its sums
    ({"line": table(rule("one", FIXED))}, ["1.60", "6.00"], "0.12"),
    ({"statement": table(rule("one", FIXED))}, ["1.63", "6.00"], "0.125"),
    ({"line": table(rule("one", flat("1"))), "limits": {"min": "60", "currency": "CNY"}}, ["7.50", "60.00"], "0.125"),
    ({"line": table(rule("one", {**UNITS, "rate": "5.5"}))}, ["0.66", "5.50"], "0.12"),
    ({"statement": table(rule("one", {**UNITS, "model": "graduated", "tiers": STEP}))}, ["0.31", "2.50"], "0.125"),
    ({"line": table(rule("one", {**UNITS, "rate": "0.01", "measure": AMOUNT, "fixed": "5"}))}, ["1.60", "6.00"], "0.12"),
    (
        {**ALL, "statement": table(rule("one", {**UNITS, "rate": "0.01", "measure": {"lines": True}, "fixed": "5"}))},
        ["101.63", "106.00"],
        "0.125",
    ),
]


@pytest.mark.parametrize(("parts", "nets", "rate"), SUMS)
def test_sums_of_money_are_converted_or_told_never_taken_for_those_of_another_currency(parts, nets, rate):
    """1 % of 100 and 5 CNY, at 0.125 on the last day of the month, of a line at 0.12 on its own; at least 60 CNY."""
    rows = [{"amount": "100", "type": "small", "dealer": "e"}, {"amount": "100"}]
    rates = [{"uid": f"r{day}", "from": "CNY", "to": "EUR", "day": day, "rate": one}
             for day, one in (("2026-10-01", "0.12"), ("2026-10-31", "0.125"))]  # fmt: skip
    for more, faults, wanted in (
        ({"exchange": exchange(rates=rates)}, [], nets),
        ({}, ["settle.sum_of_other_currency"], nets[1:]),
    ):
        done, plan = ran({**parts, **EURO, **more}, *rows), settlement(**parts, **EURO, **more)
        assert [reason.code for _, reason in done.faults] == faults
        assert [str(one.statement.net) for one in done.settled] == wanted
        found = settle_lines(plan, Values(lines(*rows), plan.kinds))
        assert (list(found.settled), list(found.faults)) == (list(done.settled), list(done.faults))
        told = [part for one in done.settled for group in one.statement.groups for part in group.parts]
        told += [part for _, rated in done.rated for part in rated.parts]
        converted = [part.params["rate"] for part in told if part.code == "settle.part.sums_rounded"]
        assert converted == ([] if faults else [Decimal(rate)])


def test_what_was_measured_is_told_in_the_currency_that_it_was_measured_in():
    """100 USD are 710 CNY, or 90 EUR: its own lines in that of the statement, those of a window in that of the settlement."""
    by_month = {**AMOUNT, "over": {"period": "month"}}
    tiers = [{"uid": "all", "below": None, "percent": "1"}]
    steps = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": by_month, "tiers": tiers}
    rates = [*exchange()["rates"], {"uid": "e", "from": "USD", "to": "EUR", "day": "2026-10-01", "rate": "0.9"}]
    parts = {"statement": table(rule("steps", steps)), **EURO, "exchange": exchange(rates=rates)}
    rows = [{"amount": "100", "currency": "USD", "day": "2026-10-02", "type": type} for type in ("small", "key")]
    told = [part for one in ran(parts, *rows).settled for part in one.statement.groups[0].parts[:2]]
    assert [(part.params["of"]["en"], part.params["found"]) for part in told] == [
        ("amount (CNY)", Decimal("1420.00")), ("amount (EUR)", Decimal("90.00")),
        ("amount (CNY)", Decimal("1420.00")), ("amount (CNY)", Decimal("710.00")),
    ]  # fmt: skip


@pytest.mark.parametrize("named", ["", "own"])
def test_without_a_currency_or_as_its_own_a_sum_is_so_much_in_each(named):
    parts = {"line": table(rule("one", {**FIXED, "currency": named}))}
    assert amounts(ran({**parts, **EURO}, {"amount": "100", "type": "small"}, {"amount": "100"})) == ["6.00", "6.00"]


def test_the_price_of_a_unit_may_be_less_than_a_cent_of_the_other_currency():
    """1,000 units at 0.004 CNY are 0.48 EUR at 0.12."""
    rates = [{"uid": "r", "from": "CNY", "to": "EUR", "day": "2026-10-01", "rate": "12", "per": "100"}]
    parts = {"line": table(rule("one", {**UNITS, "measure": {"sum": "count"}, "rate": "0.004"}))}
    parts |= {**EURO, "exchange": exchange(rates=rates)}
    rows, plan = [{"count": "1000", "type": "small"}, {"count": "1000"}], settlement(**parts)
    assert amounts(done := ran(parts, *rows)) == ["0.48", "4.00"]
    assert list(settle_lines(plan, Values(lines(*rows), plan.kinds)).settled) == list(done.settled)


def test_a_fixed_share_is_converted_and_told_or_a_fault():
    """50 CNY of a EUR statement at 0.125 are 6.25; of 100 EUR the rest is 93.75."""
    shares = [
        {"uid": "a", "party": text("A"), "amount": "50", "currency": "CNY"},
        {"uid": "b", "party": text("B"), "ratio": "1"},
    ]
    parts = {"line": table(rule("one", percent("100"))), "shares": shares, **EURO}
    rates = [{"uid": "r", "from": "CNY", "to": "EUR", "day": "2026-10-01", "rate": "0.125"}]
    rows = [{"amount": "100", "type": "small"}, {"amount": "100"}]
    done = ran({**parts, "exchange": exchange(rates=rates)}, *rows)
    assert [[str(one.amount) for one in found.statement.shares] for found in done.settled] == [
        ["6.25", "93.75"],
        ["50.00", "50.00"],
    ]
    told = [statement_json(found.statement)["shares"][0].get("parts", []) for found in done.settled]
    assert [[part[0] for part in parts] for parts in told] == [["settle.part.converted"], []]
    assert [reason.code for _, reason in ran(parts, *rows).faults] == ["settle.sum_of_other_currency"]


RISING = [{"uid": "low", "below": "10"}, {"uid": "high", "below": None}]
NEGATIVE = {  # of -20 where tiers begin at 10: as of 20, or as of nothing; the charge, and what it comes to
    "volume": ({"tiers": [{**RISING[0], "rate": "1"}, {**RISING[1], "rate": "2", "amount": "5"}]}, "-45.00", "-20.00"),
    "graduated": ({"tiers": [{**RISING[0], "rate": "1"}, {**RISING[1], "rate": "2", "amount": "5"}]}, "-35.00", "-20.00"),
    "graduated_percentage": (
        {"tiers": [{**one, "percent": p} for one, p in zip(RISING, ("10", "50"), strict=True)]},
        "-6.00",
        "-2.00",
    ),
    "stair": ({"tiers": [{**one, "amount": a} for one, a in zip(RISING, ("3", "7"), strict=True)]}, "-7.00", "0.00"),
    "threshold": ({"threshold": "15", "amount": "9"}, "-9.00", "0.00"),
    "per_unit": ({"rate": "2"}, "-40.00", "-40.00"),
}


@pytest.mark.parametrize("where", ["line", "statement"])
@pytest.mark.parametrize("model", NEGATIVE)
def test_less_than_nothing_is_in_the_tier_that_the_table_says(model, where):
    charge, mirrored, lowest = NEGATIVE[model]
    one, row = rule("one", {"model": model, "measure": AMOUNT, **charge}), {"amount": "-20"}
    for negative, wanted in ((None, mirrored), ("mirror", mirrored), ("lowest", lowest), ("refuse", lowest)):
        parts = {where: table(one, **({"negative": negative} if negative else {}))}
        done, plan = ran(parts, row), settlement(**parts)
        refused = negative == "refuse" and model != "per_unit"
        assert [reason.code for _, reason in done.faults] == (["settle.negative_qualifier"] if refused else [])
        assert [str(found.statement.net) for found in done.settled] == ([] if refused else [wanted])
        told = [part.code for found in done.settled for group in found.statement.groups for part in group.parts]
        told += [part.code for _, rated in done.rated for part in rated.parts]
        assert ("settle.part.lowest_tier" in told) == (negative == "lowest" and model != "per_unit")
        found = settle_lines(plan, Values(lines(row), plan.kinds))
        assert (list(found.settled), list(found.faults)) == (list(done.settled), list(done.faults))


@pytest.mark.parametrize("negative", ["mirror", "lowest", "refuse"])
@pytest.mark.parametrize("model", NEGATIVE)
def test_more_than_nothing_is_in_its_tier_whatever_is_done_with_less(model, negative):
    charge, mirrored, _ = NEGATIVE[model]
    parts = {"line": table(rule("one", {"model": model, "measure": AMOUNT, **charge}), negative=negative)}
    assert amounts(ran(parts, {"amount": "20"})) == [mirrored.removeprefix("-")]


def test_a_limit_is_told_with_its_currency():
    [(_, rated)] = ran({"line": table(rule("one", percent("1", min="20")))}, {"amount": "1000"}).rated
    told = parts_json(rated.parts)[-1]
    assert (
        sentence(told[0], told[1], lambda code, **gaps: text_of(code, "en", **gaps), "en", "CNY")
        == "10 CNY is less than the minimum 20 CNY: made up"
    )


def test_what_a_line_adds_depends_on_the_lines_before_it_by_time_and_id():
    rows = [{"amount": "60", "day": "2026-10-02"}, {"amount": "60", "day": "2026-10-01"}, {"amount": "60", "day": "2026-11-01"}]
    found = ran({"line": table(rule("one", MARGINAL))}, *rows)
    assert amounts(found) == ["5.00", "11.00", "11.00"]
    assert [part.code for part in found.rated[0][1].parts][-1] == "settle.part.counted"


CENTS = st.integers(0, 10**6).map(lambda cents: f"{Decimal(cents).scaleb(-2):f}")


@given(st.lists(CENTS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_what_the_lines_add_is_the_whole_in_any_order(sizes, chance):
    doc = settlement(line=table(rule("one", MARGINAL)))
    order = lines(*({"amount": size} for size in sizes))
    chance.shuffle(order)
    found = run(doc, order)
    alone = run(doc, lines({"amount": str(sum(map(Decimal, sizes)))}))
    assert sum(rated.amount for _, rated in found.rated) == alone.rated[0][1].amount


def test_every_order_of_three_lines_adds_up_to_the_same():
    for order in permutations(["0.335", "99.99", "70.005"]):
        found = ran({"line": table(rule("one", MARGINAL))}, *({"amount": one} for one in order))
        assert sum(rated.amount for _, rated in found.rated) == Decimal("18.52")


# --- pools


def pool(**more):
    one = {"uid": "p", "title": text("促销"), "when": {}, "measure": AMOUNT, "percent": "10", "budget": "25", **more}
    return {"pools": [one], "term_dimensions": DIMENSIONS}


def test_a_pool_adds_until_it_is_empty_first_come_by_time():
    rows = [{"amount": "100", "day": day} for day in ("2026-10-03", "2026-10-01", "2026-10-02", "2026-10-04")]
    found = ran({**ALL, **pool()}, *rows)
    assert amounts(found) == ["105.00", "110.00", "110.00", "100.00"]
    assert found.drawn == {"p": Decimal("25.00")}
    left = [rated.parts[-1].params["left"] for _, rated in found.rated]
    assert [str(one) for one in left] == ["0.00", "15.00", "5.00", "0.00"]
    assert gross(found) == [("d", "2026-10-01", "425.00")]


def test_of_days_and_pools_every_figure_is_told_that_their_amount_comes_from():
    days = {"prorate": {"period": "month", "from": "start", "of": "30"}}
    [(_, first)] = ran({"line": table(rule("rent", {**flat("100"), **days}))}, {"start": "2026-10-25"}).rated
    told = {part.code: part for part in first.parts}
    assert told["settle.part.of_days"].params == {"total": 100, "days": 7, "of": 30, "kept": Decimal("23.33")}
    assert told["settle.part.rounding"].params["places"] == "2" and told["settle.part.rounding"].amount == 0
    [(_, drawn)] = ran({**ALL, **pool()}, {"amount": "80"}).rated
    how = next(part.params for part in drawn.parts if part.code == "settle.part.pool_wanted")
    assert how["measure"] * how["rate"] == how["wanted"]


def test_a_pool_has_a_window_and_conditions_and_knows_what_is_gone_already():
    doc = {**ALL, **pool(valid={"from": "2026-10-02", "below": "2026-10-03"}, when={"type": {"in": ["key"]}})}
    rows = [{"amount": "100", "day": day, "type": kind} for day in ("2026-10-01", "2026-10-02") for kind in ("key", "small")]
    assert amounts(ran(doc, *rows)) == ["100.00", "100.00", "110.00", "100.00"]
    assert amounts(ran(doc, *rows, drawn={"p": Decimal("21")})) == ["100.00", "100.00", "104.00", "100.00"]


def test_a_return_gives_back_to_the_pool_no_more_than_was_drawn():
    rows = [{"amount": one, "day": f"2026-10-0{n}"} for n, one in enumerate(("-100", "250", "-100", "100", "-900"), 1)]
    found = ran({**ALL, **pool()}, *rows)
    assert amounts(found) == ["-100.00", "275.00", "-110.00", "110.00", "-925.00"]
    assert found.drawn == {"p": Decimal("0.00")}


def test_a_line_of_which_a_pool_cannot_tell_what_it_draws_is_told_and_draws_nothing():
    rows = [{"amount": "100", "count": count} for count in ("0", "2", "many")]
    found = ran({**ALL, **pool(measure={"formula": "amount / count"})}, *rows)
    assert [(id, reason.code) for id, reason in found.faults] == [
        ("l0", "formula.division_by_zero"),
        ("l2", "formula.wrong_kind"),
    ]
    assert [(id, str(one.amount)) for id, one in found.rated] == [("l1", "105.00")] and found.drawn == {"p": Decimal("5.00")}


@given(st.lists(CENTS, max_size=6), st.integers(0, 3000))
def test_a_pool_never_gives_more_than_its_budget(sizes, budget):
    found = ran({**ALL, **pool(budget=str(budget))}, *({"amount": size} for size in sizes))
    given_away = sum(
        (part.amount for _, rated in found.rated for part in rated.parts if part.code == "settle.part.pool"), Decimal(0)
    )
    assert given_away == found.drawn["p"] <= budget
    for _, rated in found.rated:
        assert sum(part.amount for part in rated.parts) == rated.amount


# --- corrections

RULES = [
    rule("steps", {"model": "graduated_percentage", "measure": AMOUNT, "tiers": [
        {"uid": "a", "below": "1000", "percent": "1.5"}, {"uid": "b", "below": None, "percent": "2.25"}]}),
    rule("each", {"model": "per_unit", "measure": {"count": True}, "rate": "3.333"}),
    rule("bonus", {"model": "threshold", "measure": AMOUNT, "amount": "50", "threshold": "500"}),
]  # fmt: skip
WHOLE = settlement(
    **ALL, statement=table(*RULES, policy="collect"), **terms(term(kind="inclusive", rate="6")),
    shares=[{"uid": "a", "party": text("a"), "percent": "60"}, {"uid": "b", "party": text("b"), "percent": "40"}],
)  # fmt: skip


@given(st.lists(CENTS, min_size=1, max_size=6), st.integers(0, 5))
def test_a_line_and_its_reversal_come_to_nothing(sizes, which):
    paid = [Line({"amount": size}, Decimal(size)) for size in sizes]
    again = [*paid, paid[which % len(paid)], paid[which % len(paid)].reversal]
    assert money(settle(WHOLE, again)) == money(settle(WHOLE, paid))
    [nothing] = settle(WHOLE, [one for line in paid for one in (line, line.reversal)])
    assert (nothing.net, nothing.tax, {share.amount for share in nothing.shares}) == (0, 0, {Decimal(0)})


@given(st.lists(CENTS.filter(lambda one: Decimal(one) > 0), min_size=1, max_size=6))
def test_what_is_taken_back_mirrors_what_was_given(sizes):
    paid = [Line({"amount": size}, Decimal(size)) for size in sizes]
    [given_out], [taken_back] = settle(WHOLE, paid), settle(WHOLE, [line.reversal for line in paid])
    assert (taken_back.net, taken_back.tax) == (-given_out.net, -given_out.tax)
    assert [share.amount for share in taken_back.shares] == [-share.amount for share in given_out.shares]


def money(statements):
    return [(one.currency, one.net, one.tax, [share.amount for share in one.shares]) for one in statements]


def test_too_large_is_a_fault_and_never_wraps():
    with pytest.raises(SettlementFault) as caught:
        rate(settlement(**ALL), {"amount": "9" * 22})
    assert caught.value.reason.code == "settle.too_large"


def test_an_exact_amount_that_is_too_long_to_be_written_is_a_fault():
    charge = {"model": "per_unit", "measure": {"sum": "count"}, "rate": "0.000000001"}
    doc = settlement(line=table(rule("one", charge)), rounding={"line": {"mode": "exact"}})
    assert str(rate(doc, {"count": "0.000001"}).amount) == "1E-15"
    with pytest.raises(SettlementFault) as caught:
        rate(doc, {"count": "0.0000001"})
    assert caught.value.reason.code == "settle.too_large"


@pytest.mark.parametrize(("taken_back", "days"), [([], "160.00"), ([1], "200.00"), ([0], "0.00"), ([0, 1], "0.00")])
def test_the_greatest_is_of_what_was_not_taken_back(taken_back, days):
    charge = {"model": "payment_delay", "measure": {"sum": "amount"}, "qualifier": {"max": "count"}, "percent": "2", "tiers": [
        {"uid": "a", "below": "15", "percent": "100"}, {"uid": "b", "below": None, "percent": "80"},
    ]}  # fmt: skip
    doc = settlement(statement=table(rule("one", charge)))
    paid = [Line({"amount": amount, "count": count}) for amount, count in (("10000", "14"), ("0", "20"))]
    [found] = settle(doc, [*paid, *(paid[index].reversal for index in taken_back)])
    assert str(found.gross) == days


def test_what_lines_are_taxed_apart_from_is_the_rounding_of_their_sum():
    """Three exact lines of 0.115: each taxed by itself (0.01 each), their sum rounded up by half a cent, which is taxed too."""
    doc = settlement(
        line=table(rule("one", percent("100"))), rounding={"line": {"mode": "exact"}},
        **terms(term(kind="exclusive", rate="10", tax={"per": "line"})),
    )  # fmt: skip
    [found] = settle(doc, [Line({}, Decimal("0.115")) for _ in range(3)])
    assert [str(one) for one in (found.groups[0].lines_amount, found.net, found.tax)] == ["0.35", "0.350", "0.03"]
