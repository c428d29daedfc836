"""Where something of a settlement turns: signs, bounds, empty cells, foreign sums, lines that others are told apart from."""

from datetime import date
from decimal import Decimal, InvalidOperation

import pytest

from dougong.platform.messages import t
from dougong.runtime.settlement import Counting, Line, counted_before, parts_json, rate, rules, run, settle
from dougong.runtime.settlement.charging import parts_of, total_of
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.rounding import Rounding
from dougong.runtime.settlement.sentences import sentence
from dougong.runtime.settlement.windows import Counted, Window, bounds_of
from dougong.runtime.values import plain
from tests.drawing import text
from tests.runtime.settling import AMOUNT, amounts, flat, gross, percent, ran, rule, settlement, table, term, terms

EURO = terms(term("EUR", uid="e", when={"type": {"in": ["small"]}}), term("CNY"))
STEPS = [
    {"uid": "low", "below": "10", "rate": "5", "percent": "1"},
    {"uid": "high", "below": None, "rate": "2", "percent": "2"},
]
MONTH = {"period": "month"}


def exchange(given, wanted, rate, per="1"):
    row = {"uid": "r", "from": given, "to": wanted, "day": "2026-10-01", "rate": rate, "per": per}
    return {"exchange": {"currency": "currency", "amounts": ["amount"], "source": "PBOC", "rates": [row]}}


def cost(charge, measure, qualifier=None):
    drawn = rules.Pricing.from_json({"measure": AMOUNT, **charge}, {"amount": "number"}, "dealer")
    return plain(total_of(parts_of(drawn, Decimal(measure), None if qualifier is None else Decimal(qualifier))))


# --- signs and nothing


@pytest.mark.parametrize(
    ("charge", "measure", "amount"),
    [
        ({"model": "per_unit", "rate": "1", "fixed": "5"}, "-20", "-25"),
        ({"model": "per_unit", "rate": "1", "free": "10", "fixed": "5"}, "-5", "-5"),  # all of it is free
        ({"model": "flat", "amount": "0", "min": "5"}, "-1", "5"),  # nothing is measured
        ({"model": "per_unit", "rate": "-2", "max": "5"}, "10", "-5"),  # as what it comes to
        ({"model": "graduated", "tiers": [STEPS[0], STEPS[1] | {"min": "100"}]}, "10", "50"),  # none of it is in the second
    ],
)
def test_a_fee_has_the_sign_of_what_is_measured(charge, measure, amount):
    assert cost(charge, measure) == amount


def test_what_is_free_of_a_credit_is_told_as_of_a_charge():
    drawn = rules.Pricing.from_json({"model": "per_unit", "measure": AMOUNT, "rate": "1", "free": "5"}, {}, "dealer")
    [free, _] = parts_of(drawn, Decimal(-20))
    assert free.params == {"measure": 20, "free": 5, "left": 15}


def test_a_line_that_takes_from_what_others_come_to_owes_its_fee_mirrored():
    charge = {"model": "percentage", "measure": {**AMOUNT, "over": MONTH}, "marginal": True, "percent": "10", "fixed": "2"}
    rows = [{"amount": "100"}, {"amount": "-50"}]
    assert amounts(ran({"line": table(rule("one", charge | {"own_limits": True}))}, *rows)) == ["12.00", "-7.00"]


def test_of_a_qualifier_of_nothing_the_first_tier_is_taken():
    assert cost({"model": "volume", "tiers": STEPS}, "20", "0") == "100"


@pytest.mark.parametrize("where", ["line", "statement"])
def test_without_a_qualifier_of_its_own_what_is_left_of_the_measure_chooses_the_tier(where):
    charge = {"model": "volume", "measure": AMOUNT, "free": "5", "tiers": STEPS}
    assert gross(ran({where: table(rule("one", charge))}, {"amount": "12"})) == [("d", "2026-10-01", "35.00")]


def test_a_line_without_a_price_is_nothing_to_the_cent():
    assert [str(rate(settlement(), {}).amount), str(ran({}, {}).rated[0][1].amount)] == ["0.00", "0.00"]


# --- what a rule asks of a value


@pytest.mark.parametrize(
    ("kind", "how", "operand", "value", "passes"),
    [
        ("number", "from", Decimal(1), "", False),
        ("number", "below", Decimal(1), "", False),
        ("number", "not_in", frozenset({"1"}), "", True),
        ("number", "not_in", frozenset({"1"}), "many", False),  # what cannot be read is nothing that one knows
        ("number", "from", None, "1", False),
        ("date", "below", None, "2026-10-05", False),
        ("date", "in", frozenset({"2026-10-05"}), "2026-10-05", True),
    ],
)
def test_a_test_passes_what_it_can_read(kind, how, operand, value, passes):
    assert rules.Test("x", kind, how, operand).passes(value) is passes


def test_a_cell_that_is_no_number_fits_nothing_and_that_of_no_column_is_not_asked():
    drawn = rule("none", flat("1"), {"count": {"in": ["some"]}}), rule("all", flat("2"), {"gone": {"in": ["x"]}})
    assert amounts(ran({"line": table(*drawn)}, {"count": "1"})) == ["2.00"]


def test_a_rule_after_the_first_that_fits_is_not_asked():
    later = rule("wrong", percent("1") | {"measure": {"sum": "group"}})
    assert amounts(ran({"line": table(rule("one", flat("1")), later)}, {"group": "no number"})) == ["1.00"]


def test_what_no_rule_fits_is_told_as_it_is_written():
    [(_, reason)] = ran(
        {"line": table(rule("one", flat("1"), {"amount": {"from": "9000"}})), **exchange("USD", "CNY", "10")},
        {"amount": "100", "currency": "USD"},
    ).faults
    assert reason.params["values"] == "amount = 1000"


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


# --- lines beside others


def test_lines_of_earlier_periods_are_looked_at_and_not_settled_again():
    before = {**AMOUNT, "over": {**MONTH, "earlier": "previous"}}
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": before, "tiers": STEPS}
    earlier = [Line({"dealer": "d", "day": "2026-09-30", "amount": "100"}, Decimal(1), "before")]
    done = ran({"line": table(rule("one", charge))}, {"amount": "100"}, earlier=earlier)
    assert (amounts(done), len(done.settled)) == (["2.00"], 1)


def test_a_statement_measures_all_of_its_period_where_a_line_measures_up_to_itself():
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
              "tiers": [STEPS[0] | {"below": "2"}, STEPS[1]]}  # fmt: skip
    assert gross(ran({"statement": table(rule("one", charge))}, {"amount": "50"}, {"amount": "50"})) == [
        ("d", "2026-10-01", "2.00")
    ]


def test_a_partner_who_is_called_otherwise_is_the_same():
    rows = [{"dealer": {"id": "r1", "title": title}, "amount": "100"} for title in ("诚信", "诚信汽车")]
    [(_, _, total)] = gross(ran({"line": table(rule("one", percent("1")))}, *rows))
    assert total == "2.00"
    assert len(ran({}, {"dealer": None}, {"dealer": ""}).settled) == 1  # nobody


def test_that_a_window_ends_with_the_line_is_told():
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
              "tiers": STEPS}  # fmt: skip
    found = rate(settlement(line=table(rule("one", charge))), {"dealer": "d", "day": "2026-10-05", "amount": "100"})
    [code, params, *_] = parts_json(found.parts)[0]
    assert sentence(code, params, lambda name, **gaps: t(name, "en", **gaps), "en").startswith(
        "Tier chosen by (up to this line,"
    )


def told(found, name):
    """Of the windows that a line was measured over, what is said by this name."""
    return [str(part.params[name]) for part in found.parts if part.code.startswith("settle.part.window_")]


def test_of_what_a_line_adds_each_figure_tells_of_how_many_lines_its_own_window_is():
    """The last is the second of its day, and the third of the month."""
    day, month = ({"over": {"period": period}} for period in ("day", "month"))
    charge = {
        "model": "volume",
        "measure": AMOUNT | day,
        "qualifier": {"count": True} | month,
        "marginal": True,
        "tiers": STEPS,
    }
    parts = {"line": table(rule("one", charge))}
    rows = [{"amount": "10", "day": f"2026-10-0{day}"} for day in (1, 2, 2)]
    assert [told(rated, "lines") for _, rated in ran(parts, *rows).rated] == [["1", "3"], ["1", "3"], ["2", "3"]]
    so_far = charge | {"measure": AMOUNT, "marginal": False, "qualifier": {"count": True, "over": MONTH | {"so_far": True}}}
    assert [told(rated, "lines") for _, rated in ran({"line": table(rule("one", so_far))}, *rows).rated] == [
        ["1"],
        ["2"],
        ["3"],
    ]


@pytest.mark.parametrize("how", [{"lines": True}, {"formula": "amount * 2"}, {"max": "amount"}, AMOUNT], ids=str)
def test_what_was_taken_back_is_not_measured(how):
    drawn = settlement(statement=table(rule("one", percent("1") | {"measure": how})))
    one, other = (Line({"dealer": "d", "day": "2026-10-05", "amount": amount}, Decimal(amount)) for amount in ("700", "100"))
    [with_it], [without] = settle(drawn, [one, other, one.reversal]), settle(drawn, [other])
    assert with_it.groups[0].charge == without.groups[0].charge > 0


def test_a_line_that_was_taken_back_is_none_of_those_that_were_measured():
    drawn = settlement(statement=table(rule("one", percent("1") | {"measure": {**AMOUNT, "over": MONTH}})))
    one, other = (Line({"dealer": "d", "day": "2026-10-05", "amount": amount}, Decimal(0), amount) for amount in ("1", "2"))
    [statement] = settle(drawn, [one, other, one.reversal._replace(id="back")])
    [group] = statement.groups
    assert told(group, "lines") == ["1"]


def test_what_came_before_is_measured_in_the_currency_of_the_line():
    """100 EUR and 1,000 CNY are 200 EUR, or 2,000 CNY."""
    tiers = [{"uid": "low", "below": "250", "percent": "10"}, {"uid": "high", "below": None, "percent": "20"}]
    added = percent("1") | {
        "model": "graduated_percentage",
        "measure": {**AMOUNT, "over": MONTH},
        "marginal": True,
        "tiers": tiers,
    }
    rows = [{"amount": "100", "currency": "EUR", "type": "small"}, {"amount": "1000", "currency": "CNY"}]
    rows += [{"amount": "100", "currency": "EUR", "type": "small"}]
    both = exchange("EUR", "CNY", "10")
    both["exchange"]["rates"] += exchange("CNY", "EUR", "0.1")["exchange"]["rates"]
    assert amounts(ran({"line": table(rule("one", added)), **EURO, **both}, *rows)) == ["10.00", "200.00", "15.00"]
    so_far = added | {"measure": AMOUNT, "marginal": False, "model": "volume_percentage"}
    so_far |= {"qualifier": {**AMOUNT, "over": MONTH | {"so_far": True}}}  # in the own currency of the settlement
    assert amounts(ran({"line": table(rule("one", so_far)), **EURO, **both}, *rows)) == ["20.00", "200.00", "20.00"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"start": "2026-01-01"}, "2026-01-01 –"),
        ({"end": "2026-12-31"}, "– 2026-12-31"),
        ({"start": "2026-01-01", "end": "2026-12-31"}, "2026-01-01 – 2026-12-31"),
    ],
)
def test_a_contract_is_told_as_far_as_its_days_are_known(row, said):
    over = {"over": {"period": "contract", "since": "start", "until": "end"}}
    found = rate(settlement(line=table(rule("one", percent("1") | {"measure": AMOUNT | over}))),
                 {"dealer": "d", "day": "2026-10-05", "amount": "1", **row})  # fmt: skip
    assert told(found, "period") == [said]


def test_only_of_money_it_is_told_in_which_currency_it_was_measured():
    """Where amounts are converted; of what has no name besides, nothing is told."""
    charges = [percent("1") | {"measure": how} for how in (AMOUNT, {"sum": "count"}, {"count": True})]
    rules = [rule(str(at), charge, title=None) for at, charge in enumerate(charges)]
    [statement] = ran({"statement": table(*rules, policy="collect"), **exchange("EUR", "CNY", "8")}, {"amount": "1"}).settled
    parts = [part for group in statement.statement.groups for part in group.parts if part.code.startswith("settle.part.own_")]
    assert [part.params["of"]["en"] for part in parts] == ["amount (CNY)", "count"]
    over = rule("one", percent("1") | {"measure": {**AMOUNT, "over": MONTH}})
    [statement] = ran({"statement": table(over)}, {"amount": "1"}).settled
    assert [part.code for part in statement.statement.groups[0].parts if "own" in part.code] == []


def test_only_several_rules_that_have_titles_are_named():
    rows = [{"type": "small"}, {}]
    named, other = rule("one", flat("1"), {"type": {"in": ["small"]}}, title=text("One")), rule("two", flat("1"))
    done = ran({"line": table(named, other, policy="collect")}, *rows)
    assert [[part.code.rpartition(".")[2] for part in rated.parts] for _, rated in done.rated] == [
        ["rule", "flat", "flat"],
        ["flat"],
    ]
    alone = ran({"line": table(named, policy="collect")}, rows[0])
    assert [part.code for part in alone.rated[0][1].parts] == ["settle.part.flat"]


def test_rolling_days_of_a_statement_are_those_before_its_last_line():
    """In whatever order they come: of the third and the thirtieth of October, ten days before the thirtieth."""
    over = {"period": "rolling", "days": 10}
    charge = percent("1") | {"measure": {**AMOUNT, "over": over}}
    rows = [{"amount": "100", "day": day} for day in ("2026-10-21", "2026-10-30", "2026-10-03")]
    assert gross(ran({"statement": table(rule("one", charge))}, *rows)) == [("d", "2026-10-01", "2.00")]


def test_the_days_of_a_contract_may_be_moments():
    over = {"over": {"period": "contract", "since": "at"}}
    drawn = settlement(line=table(rule("one", percent("1") | {"measure": AMOUNT | over})), zone="Asia/Shanghai")
    found = rate(drawn, {"dealer": "d", "day": "2026-10-05", "amount": "100", "at": "2026-09-30T16:30:00+00:00"})
    assert told(found, "period") == ["2026-10-01 –"]


def test_what_is_charged_by_its_window_and_adds_nothing_is_charged_all_of_it():
    charge = percent("10") | {"measure": {**AMOUNT, "over": MONTH}}
    assert amounts(ran({"line": table(rule("one", charge))}, {"amount": "10"}, {"amount": "20"})) == ["3.00", "3.00"]


def test_what_a_line_adds_depends_on_what_chooses_its_tier_and_on_the_target_so_far():
    day, month = ({"over": {"period": period}} for period in ("day", "month"))
    charge = {"model": "volume", "measure": AMOUNT | day, "qualifier": {"count": True} | month, "marginal": True}
    charge["tiers"] = [STEPS[1] | {"below": "3"}, STEPS[0] | {"below": None}]
    rows = [{"amount": "10", "day": f"2026-10-0{day}"} for day in (1, 2, 2)]
    assert amounts(ran({"line": table(rule("one", charge))}, *rows)) == ["50.00"] * 3
    tiers = [STEPS[0] | {"below": "100", "percent": "0"}, STEPS[1]]
    rate = {"model": "achievement", "measure": AMOUNT | month, "target": {"sum": "target"}, "marginal": True, "tiers": tiers}
    rows = [{"amount": "100", "target": "100"}, {"amount": "0", "target": "100"}]
    assert amounts(ran({"line": table(rule("one", rate))}, *rows)) == ["2.00", "-2.00"]


def test_how_the_sums_of_what_a_line_adds_were_converted_is_told():
    charge = percent("1") | {"measure": {**AMOUNT, "over": MONTH}, "marginal": True, "fixed": "8", "currency": "CNY"}
    parts = {"line": table(rule("one", charge)), **EURO, **exchange("CNY", "EUR", "0.125")}
    [(_, rated)] = ran(parts, {"amount": "100", "type": "small", "currency": "EUR"}).rated
    assert (str(rated.amount), rated.parts[0].code) == ("2.00", "settle.part.sums_rounded")


def test_who_comes_first_in_the_day_draws_first():
    pool = {"uid": "p", "when": {}, "measure": AMOUNT, "percent": "10", "budget": "5"}
    parts = {"line": table(rule("one", flat("0"))), "pools": [pool], "term_dimensions": [], "date": "at"}
    rows = [{"amount": "50", "at": f"2026-10-05T{hour}:00:00+00:00"} for hour in ("12", "08")]
    assert amounts(ran(parts, *rows)) == ["0.00", "5.00"]


DAILY = {"model": "graduated", "measure": {**AMOUNT, "over": {"period": "day"}}, "marginal": True}
DAILY |= {"tiers": [STEPS[0] | {"below": "15"}, STEPS[1]]}
MONTHLY = DAILY | {"measure": {**AMOUNT, "over": MONTH}}


def counted(doc, rows):
    book, found = Counted(), []
    for values in rows:
        book.add(entry_of(doc, Line(values)))
        found.append(str(rate(doc, values, book).amount))
    return found


def test_lines_counted_one_after_the_other_are_told_apart_by_partner_measure_and_days():
    """In the order of their days: as they are worth all together."""
    charges = {"a": DAILY, "b": MONTHLY, "c": MONTHLY | {"measure": {"sum": "count", "over": MONTH}}}
    doc = settlement(line=table(*(rule(one, charge, {"group": {"in": [one]}}) for one, charge in charges.items())))
    rows = [
        {"amount": "10", "count": "9", "dealer": dealer, "group": group, "day": f"2026-{day}"}
        for day in ("10-01", "10-02", "10-31", "11-01")
        for dealer in ("d", "e")
        for group in "abca"
    ]
    assert counted(doc, rows) == amounts(run(doc, [(f"{at:02d}", values) for at, values in enumerate(rows)]))


def test_a_line_that_comes_late_is_beside_those_of_its_own_month():
    rows = [{"amount": "10", "dealer": "d", "day": day} for day in ("2026-11-01", "2026-10-31", "2026-10-01", "2026-11-30")]
    assert counted(settlement(line=table(rule("one", MONTHLY))), rows) == ["50.00", "50.00", "35.00", "35.00"]


def test_the_greatest_so_far_stays_the_greatest():
    greatest = {"max": "amount", "over": MONTH | {"so_far": True}}
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": greatest, "tiers": STEPS}
    rows = [{"amount": one, "dealer": "d", "day": "2026-10-05"} for one in ("5", "100", "5")]
    assert counted(settlement(line=table(rule("one", charge))), rows) == ["0.05", "2.00", "0.10"]


@pytest.mark.parametrize(("day", "before"), [((2026, 10, 31), (2025, 10, 31)), ((2028, 2, 29), (2027, 2, 28))])
def test_the_same_day_of_last_year(day, before):
    assert bounds_of(Window("day", (), earlier="last_year"), {}, date(*day))[0] == date(*before)


# --- beside lines that are asked for


def asking(doc, lines, asked=None):
    """A world whose ledger has these lines, and from whose pools nothing is gone."""

    def ask(kind, **args):
        if kind == "drawn_before":
            return {"gone": {one.rule.uid: "0" for one in doc.pools}}
        if asked is not None:
            asked.append(args)
        return counted_before(doc, args, lines)

    return ask


def of_day(day, amount="10", **more):
    return {"dealer": "d", "day": day, "amount": amount, **more}


def test_lines_of_other_windows_are_asked_for_by_themselves():
    doc = settlement(line=table(rule("one", MONTHLY)))
    days = ("2026-10-01", "2026-10-31", "2026-11-01", "2026-09-30")
    counting = Counting(asking(doc, [Line(of_day(days[0])), Line(of_day(days[2]))]))
    assert [counting.line(doc, of_day(day))["amount"] for day in (days[1], days[2], days[3])] == ["35.00", "35.00", "50.00"]


def test_what_was_counted_before_is_told_once_and_in_the_currency_of_the_line():
    both = exchange("EUR", "CNY", "10")
    both["exchange"]["rates"] += exchange("CNY", "EUR", "0.1")["exchange"]["rates"]
    doc, asked = settlement(line=table(rule("one", MONTHLY)), **EURO, **both), []
    counting = Counting(asking(doc, [Line(of_day("2026-10-01", "100", currency="CNY"))], asked))
    found = counting.line(doc, of_day("2026-10-02", currency="EUR", type="small"))
    assert ([one["currency"] for one in asked], found["amount"]) == (["EUR"], "35.00")
    assert [code for code, *_ in found["parts"]].count("settle.part.before") == 1


def test_so_far_is_with_the_line_itself():
    so_far = {**AMOUNT, "over": MONTH | {"so_far": True}}
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": so_far, "tiers": STEPS}
    doc = settlement(line=table(rule("one", charge)))
    assert Counting(asking(doc, [])).line(doc, of_day("2026-10-01", "100"))["amount"] == "2.00"


def test_what_is_too_large_to_be_converted_is_an_answer():
    doc, asked = settlement(line=table(rule("one", MONTHLY)), **exchange("EUR", "CNY", "10")), []
    Counting(asking(doc, [], asked)).line(doc, of_day("2026-10-01"))
    [args] = asked
    assert counted_before(doc, args, [Line(of_day("2026-10-01", "1" + "0" * 21, currency="EUR"))])["code"] == "settle.too_large"


POOLED = {"line": table(rule("one", flat("0"))), "term_dimensions": []}
POOL = {"uid": "p", "when": {}, "measure": AMOUNT, "percent": "10", "budget": "5"}


def test_what_a_step_has_drawn_already_is_gone_for_its_next():
    doc = settlement(**POOLED, pools=[POOL])
    first = Counting(asking(doc, [])).line(doc, of_day("2026-10-01", "30"))
    assert [Counting(asking(doc, []), own).line(doc, of_day("2026-10-01", "30"))["amount"] for own in ([], [first])] == [
        "3.00",
        "2.00",
    ]


def test_a_pool_is_called_by_its_id_where_it_has_no_title_and_a_line_of_no_day_draws_nothing():
    found = ran({**POOLED, "pools": [POOL]}, {"amount": "30"}, {"amount": "30", "day": None})
    assert amounts(found) == ["3.00", "0.00"]
    assert found.rated[0][1].parts[-1].params["pool"] == "p"


def test_a_pool_is_drawn_from_in_the_currency_of_the_line():
    parts = {"line": table(rule("one", flat("0"))), "pools": [POOL], **EURO, **exchange("EUR", "CNY", "10")}
    assert amounts(ran(parts, {"amount": "10", "currency": "EUR", "type": "small"})) == ["1.00"]


# --- groups of a statement


BEST = {
    "line": table(rule("fee", flat("10"))),
    "statement": table(rule("one", percent("1")), rule("two", percent("5")), policy="collect", collect="max"),
    **terms(term(kind="exclusive", rate="6", uid="e", when={"type": {"in": ["small"]}}), term()),
}


def test_the_best_is_taken_under_each_of_the_terms_beside_what_the_lines_are_worth():
    [found] = ran(BEST, {"amount": "100", "type": "small"}, {"amount": "1000"}).settled
    groups = [(one.terms.uid, one.rule, str(one.net)) for one in found.statement.groups]
    assert groups == [("e", None, "10.00"), ("e", "two", "5.00"), ("t", None, "10.00"), ("t", "two", "50.00")]


def test_what_is_missing_to_the_least_amount_stands_last_and_is_no_line():
    parts = {"line": table(rule("fee", flat("10"))), "limits": {"min": "15"}}
    [found] = ran(parts, {}).settled
    assert [(one.size, str(one.lines_amount), str(one.charge)) for one in found.statement.groups] == [
        (1, "10.00", "0.00"),
        (0, "0.00", "5.00"),
    ]


# --- shares


def shared_out(parts, *rows):
    [found] = ran({"line": table(rule("all", percent("100"))), **parts}, *rows).settled
    return found.statement.shares


def party(uid, **how):
    return {"uid": uid, "party": text(uid), **how}


def test_what_each_party_has_is_told_in_percent_of_the_whole():
    found = shared_out({"shares": [party("a", ratio="1"), party("b", percent="20"), party("c", ratio="3")]}, {"amount": "100"})
    assert [(str(one.percent), str(one.amount)) for one in found] == [("20.00", "20.00"), ("20", "20.00"), ("60.00", "60.00")]


def test_more_than_all_is_all():
    shares = [party("a", percent="80"), party("b", percent="40"), party("c", ratio="1")]
    assert [str(one.amount) for one in shared_out({"shares": shares}, {"amount": "120"})] == ["80.00", "40.00", "0.00"]


def test_a_person_who_is_called_otherwise_is_the_same_and_each_is_told_how_the_sum_was_converted():
    shares = [party("a", amount="16", currency="CNY", by="adviser"), party("b", ratio="1")]
    rows = [{"amount": "10", "type": "small", "currency": "EUR", "adviser": {"id": id, "title": title}}
            for id, title in (("p", "Anna"), ("p", "Anna Li"), ("q", "Bo"), ("q", "Bo"))]  # fmt: skip
    found = shared_out({"shares": shares, **EURO, **exchange("CNY", "EUR", "0.125")}, *rows)
    assert [(str(one.amount), len(one.told)) for one in found] == [("1.00", 1), ("1.00", 1), ("38.00", 0)]


def test_what_was_taken_back_takes_back_what_a_formula_gave_for_its_amount():
    drawn = settlement(shares=[party("a", formula="line_amount * 0.1"), party("b", ratio="1")])
    line = Line({"dealer": "d", "day": "2026-10-05"}, Decimal(100), "l")
    [found] = settle(drawn, [line.reversal])
    assert [str(one.amount) for one in found.shares] == ["-10.00", "-90.00"]


# --- how large, how fine


@pytest.mark.parametrize(
    ("mode", "amounts"),
    [
        ("half_up", ["3", "2", "-3", "2", "3"]),
        ("half_even", ["2", "2", "-2", "2", "3"]),
        ("half_down", ["2", "1", "-2", "2", "3"]),
        ("up", ["3", "2", "-3", "3", "3"]),
        ("down", ["2", "1", "-2", "2", "2"]),
        ("ceiling", ["3", "2", "-2", "3", "3"]),
        ("floor", ["2", "1", "-3", "2", "2"]),
    ],
)
def test_each_way_of_rounding(mode, amounts):
    found = Rounding("line", mode, 0)
    assert [str(found.of(Decimal(one), "CNY")) for one in ("2.5", "1.5", "-2.5", "2.1", "2.9")] == amounts
    assert found.told("CNY")[1]["places"] == "0"
    assert str(found.of(Decimal("-0.1"), "CNY")) == ("-1" if mode in ("up", "floor") else "0")


def test_what_is_exact_is_no_multiple_of_anything():
    assert Rounding.from_json("line", {"mode": "exact", "multiple": "5"}) == Rounding("line", "exact")


@pytest.mark.parametrize("size", ["1e21", "-1e21"])
def test_an_amount_has_at_most_twenty_one_digits(size):
    with pytest.raises(InvalidOperation):
        Rounding("line").of(Decimal(size), "CNY")
    assert Rounding("line").of(Decimal(size) / 10, "CNY") == Decimal(size) / 10


def test_zeros_at_the_end_are_no_places():
    exact = Rounding("line", "exact")
    assert exact.of(Decimal("1.500000000000000000"), "CNY") == Decimal("1.5")
    assert exact.of(Decimal("1e-15"), "CNY")
    with pytest.raises(InvalidOperation):
        exact.of(Decimal("1e-16"), "CNY")


def test_a_moment_that_is_beyond_all_days_in_the_zone_is_none():
    parts = {"line": table(rule("one", flat("1"))), "date": "at", "zone": "Asia/Shanghai"}
    [(_, reason)] = ran(parts, {"at": "9999-12-31T23:00:00+00:00"}).faults
    assert reason.code == "settle.not_a_date"
