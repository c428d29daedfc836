"""Where a charge turns: signs, limits, empty cells, groups, shares, roundings."""

from decimal import Decimal, InvalidOperation

import pytest

from dougong.runtime.settlement import Line, rate, rules, settle
from dougong.runtime.settlement.charging import parts_of, total_of
from dougong.runtime.settlement.rounding import Rounding
from dougong.runtime.tiers._type import quotient
from dougong.runtime.values import plain
from tests.drawing import text
from tests.runtime.settling import (
    AMOUNT,
    EURO,
    MONTH,
    STEPS,
    amounts,
    exchange,
    flat,
    gross,
    percent,
    ran,
    rule,
    settlement,
    table,
    term,
    terms,
)


def cost(charge, measure, qualifier=None, target="0"):
    drawn = rules.Pricing.from_json({"measure": AMOUNT, **charge}, {"amount": "number"}, "dealer")
    given = None if qualifier is None else Decimal(qualifier)
    return plain(total_of(parts_of(drawn, Decimal(measure), given, Decimal(target))))


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


FLATS = {"tiers": [{"uid": "a", "below": "100", "percent": "1", "amount": "7"}, {"uid": "b", "below": None, "percent": "2"}]}


@pytest.mark.parametrize(
    ("charge", "measure", "qualifier", "target", "amount"),
    [
        ({"model": "achievement", **FLATS}, "0", "0", "10", "0"),
        ({"model": "achievement", "zero_enters": True, **FLATS}, "0", "0", "10", "7"),
        ({"model": "achievement", **FLATS}, "0", "5", "10", "7"),  # something was achieved, though nothing is paid
        ({"model": "volume_percentage", **FLATS}, "0", "0", "0", "0"),
        ({"model": "volume_percentage", "zero_enters": True, **FLATS}, "0", "0", "0", "7"),
        ({"model": "achievement_slices", **FLATS}, "10", "10", "-5", "0"),
        ({"model": "stair", **FLATS}, "10", "-5", "0", "-7"),
        ({"model": "threshold", "threshold": "5", "amount": "7"}, "10", "-5", "0", "-7"),
    ],
    ids=str,
)
def test_what_is_due_goes_by_what_chooses_the_tier(charge, measure, qualifier, target, amount):
    assert cost(charge, measure, qualifier, target) == amount


def test_slices_of_one_target_are_not_those_of_the_next():
    drawn = rules.Pricing.from_json({"model": "achievement_slices", "measure": AMOUNT, **FLATS}, {}, "dealer")
    found = [plain(total_of(parts_of(drawn, Decimal(300), None, Decimal(target)))) for target in ("100", "200", "100")]
    assert found == ["12", "11", "12"]  # 1 % of the target, 7 besides, and 2 % beyond it


def test_at_its_limit_nothing_is_missing_and_nothing_too_much():
    drawn = rules.Pricing.from_json({"model": "per_unit", "measure": AMOUNT, "rate": "1", "min": "5", "max": "9"}, {}, "dealer")
    assert [len(parts_of(drawn, Decimal(size))) for size in (4, 5, 9, 10)] == [2, 1, 1, 2]


def test_what_does_not_come_out_even_is_told_to_ten_places_half_up():
    assert [plain(quotient(Decimal(one), Decimal(10) ** 11)) for one in ("5", "4")] == ["0.0000000001", "0"]


@pytest.mark.parametrize("model", ["per_unit", "package", "volume", "graduated"])
def test_the_price_of_a_unit_is_money_in_each_model_that_has_one(model):
    charge = {"model": model, "measure": {"count": True}, "currency": "CNY", "rate": "5", "size": "1", "tiers": STEPS[:1]}
    assert amounts(ran({"line": table(rule("one", charge)), **EURO, **exchange("CNY", "EUR", "0.1")}, {"type": "small"})) == [
        "0.50"
    ]


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
