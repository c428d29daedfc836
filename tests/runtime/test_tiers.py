"""Every charge model: on its boundaries, at zero, beyond the last tier, negative, and its explanation."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dougong.runtime.settlement import parts_json
from dougong.runtime.settlement.charging import parts_of, rounded_parts, total_of
from dougong.runtime.settlement.rounding import Rounding
from dougong.runtime.settlement.rules import Pricing
from dougong.runtime.tiers import MODELS
from dougong.runtime.tiers._type import FIGURES
from dougong.runtime.values import plain

# 0–10万 1 %, 10–50万 2 %, from 50万 3 %: the example that finance people use.
PERCENTS = {"tiers": [
    {"uid": "low", "below": "100000", "percent": "1"}, {"uid": "middle", "below": "500000", "percent": "2"},
    {"uid": "high", "below": None, "percent": "3"},
]}  # fmt: skip
RATES = {"tiers": [
    {"uid": "first", "below": "10", "rate": "5"}, {"uid": "second", "below": "20", "rate": "4"}, {"uid": "rest", "rate": "2.5"},
]}  # fmt: skip
CLOSED = {"tiers": [{"uid": "only", "below": "10", "rate": "5", "percent": "5"}]}


DELAY = {"percent": "2", "qualifier": {"max": "days"}, "tiers": [
    {"uid": "15", "below": "15", "percent": "100"}, {"uid": "30", "below": "30", "percent": "80"},
    {"uid": "45", "below": "45", "percent": "50"}, {"uid": "late", "below": None, "percent": "0"},
]}  # fmt: skip
RATE = {"tiers": [
    {"uid": "no", "below": "80", "percent": "0"}, {"uid": "near", "below": "100", "percent": "1"},
    {"uid": "done", "below": None, "percent": "2"},
]}  # fmt: skip
EVENLY = {"threshold": "80", "tiers": [
    {"uid": "none", "below": "80", "percent": "0"}, {"uid": "half", "below": "100", "percent": "50"},
    {"uid": "all", "below": "120", "percent": "100"}, {"uid": "most", "below": None, "percent": "140"},
]}  # fmt: skip
STAIRS = {"tiers": [
    {"uid": "a", "below": "100", "amount": "0"}, {"uid": "b", "below": "200", "amount": "500"}, {"uid": "c", "amount": "1200"},
]}  # fmt: skip
SIZED = {"tiers": [
    {"uid": "a", "below": "1000", "rate": "10", "size": "100"}, {"uid": "b", "below": "2000", "rate": "8", "size": "70"},
    {"uid": "c", "rate": "0.003"},
]}  # fmt: skip
FLATS = {"tiers": [{"uid": "a", "below": "10", "rate": "10", "amount": "2"}, {"uid": "b", "rate": "5", "amount": "3"}]}
EXACT = Rounding("charge")


def pricing(model, charge):
    return Pricing.from_json({**charge, "model": model}, {"amount": "number", "days": "number"}, "dealer")


def parts(model, charge, measure, qualifier=None, target="0"):
    given = None if qualifier is None else Decimal(qualifier)
    return parts_of(pricing(model, charge), Decimal(measure), given, Decimal(target))


def cost(model, charge, measure, qualifier=None, target="0"):
    return plain(total_of(parts(model, charge, measure, qualifier, target)))


def rounded(model, charge, measure, qualifier=None, target="100"):
    return rounded_parts(parts(model, charge, measure, qualifier, target), EXACT, "CNY")


@pytest.mark.parametrize(
    ("model", "charge", "measure", "amount"),
    [
        ("flat", {"amount": "88.50"}, "0", "88.5"),
        ("flat", {"amount": "88.50"}, "1000", "88.5"),
        ("base_rate", {"amount": "120", "rate": "1.2"}, "7", "144"),
        ("base_rate", {"amount": "120", "rate": "0"}, "7", "0"),
        ("per_unit", {"rate": "12.5"}, "31", "387.5"),
        ("per_unit", {"rate": "12.5"}, "0", "0"),
        ("per_unit", {"rate": "12.5"}, "-2", "-25"),
        ("percentage", {"percent": "1.5"}, "1000", "15"),
        ("percentage", {"percent": "1.5"}, "-1000", "-15"),
        ("graduated_percentage", PERCENTS, "600000", "12000"),
        ("graduated_percentage", PERCENTS, "100000", "1000"),
        ("graduated_percentage", PERCENTS, "100000.01", "1000.0002"),
        ("graduated_percentage", PERCENTS, "99999.99", "999.9999"),
        ("graduated_percentage", PERCENTS, "500000", "9000"),
        ("graduated_percentage", PERCENTS, "500000.01", "9000.0003"),
        ("graduated_percentage", PERCENTS, "0", "0"),
        ("graduated_percentage", PERCENTS, "-600000", "-12000"),
        ("volume_percentage", PERCENTS, "600000", "18000"),
        ("volume_percentage", PERCENTS, "499999", "9999.98"),
        ("volume_percentage", PERCENTS, "500000", "15000"),  # the cliff: 全额累进 jumps
        ("volume_percentage", PERCENTS, "99999.99", "999.9999"),
        ("volume_percentage", PERCENTS, "100000", "2000"),
        ("volume_percentage", PERCENTS, "0", "0"),
        ("volume_percentage", PERCENTS, "-600000", "-18000"),
        ("graduated", RATES, "9", "45"),
        ("graduated", RATES, "10", "50"),
        ("graduated", RATES, "11", "54"),
        ("graduated", RATES, "20", "90"),
        ("graduated", RATES, "25", "102.5"),
        ("graduated", RATES, "10.5", "52"),
        ("graduated", RATES, "-11", "-54"),
        ("volume", RATES, "9", "45"),
        ("volume", RATES, "10", "40"),
        ("volume", RATES, "20", "50"),
        ("volume", RATES, "25", "62.5"),
        ("volume", RATES, "0", "0"),
        ("volume", RATES, "-25", "-62.5"),
        ("graduated", CLOSED, "25", "50"),  # beyond a closed last tier nothing is added
        ("graduated_percentage", CLOSED, "25", "0.5"),
        ("volume", CLOSED, "25", "0"),
        ("volume_percentage", CLOSED, "10", "0"),
        ("package", {"rate": "100", "size": "10"}, "121", "1300"),
        ("package", {"rate": "100", "size": "10"}, "120", "1200"),
        ("package", {"rate": "100", "size": "10", "free": "200"}, "121", "0"),
        ("package", {"rate": "100", "size": "10", "free": "1"}, "-121", "-1200"),
        ("package", {"rate": "100", "size": "0.1"}, "0.25", "300"),
        ("package", {"rate": "100", "size": "10", "blocks": "full"}, "129", "1200"),
        ("package", {"rate": "100", "size": "10", "blocks": "full"}, "9", "0"),
        ("package", {"rate": "100", "size": "10", "blocks": "full", "free": "15"}, "-129", "-1100"),
        ("per_unit", {"rate": "5", "size": "1000", "blocks": "full"}, "1999", "5"),
        ("graduated", SIZED, "1000", "100"),
        ("graduated", SIZED, "1001", "108"),  # one begun in the second tier
        ("graduated", {**SIZED, "blocks": "full"}, "1069", "100"),
        ("graduated", SIZED, "2500", "221.5"),
        ("graduated", SIZED, "-2500", "-221.5"),
        ("volume", SIZED, "950", "100"),
        ("volume", {**SIZED, "blocks": "full"}, "950", "90"),
        ("volume", SIZED, "2500", "7.5"),  # a tier without a size is paid by the unit
        ("stair", STAIRS, "99", "0"),
        ("stair", STAIRS, "100", "500"),
        ("stair", STAIRS, "5000", "1200"),
        ("stair", STAIRS, "-150", "-500"),
        ("threshold", {"threshold": "100000", "amount": "1000"}, "99999.99", "0"),
        ("threshold", {"threshold": "100000", "amount": "1000"}, "100000", "1000"),
        ("threshold", {"threshold": "100000", "amount": "1000", "bounds": "upto"}, "100000", "0"),
        ("threshold", {"threshold": "100000", "amount": "1000"}, "-100000", "-1000"),
        ("graduated", FLATS, "9", "92"),
        ("graduated", FLATS, "10", "105"),  # [from: ten is in the second tier, whose flat amount is due
        ("graduated", {**FLATS, "bounds": "upto"}, "10", "102"),
        ("graduated", FLATS, "12", "115"),
        ("graduated", FLATS, "-12", "-115"),
        ("volume", FLATS, "9", "92"),
        ("volume", FLATS, "10", "53"),
        ("volume", {**FLATS, "bounds": "upto"}, "10", "102"),
    ],
)  # fmt: skip
def test_what_a_measure_costs(model, charge, measure, amount):
    assert cost(model, charge, measure) == amount


@pytest.mark.parametrize(
    ("model", "charge", "measure", "qualifier", "target", "amount"),
    [
        ("achievement", RATE, "1000", "79.99", "100", "0"),
        ("achievement", RATE, "1000", "80", "100", "10"),
        ("achievement", RATE, "300", "300", "300", "6"),
        ("achievement", RATE, "299.99", "299.99", "300", "2.9999"),
        ("achievement", RATE, "1", "0.333333333", "0.333333334", "0.01"),  # not by a rounded rate: it is not quite reached
        ("achievement", {**RATE, "bounds": "upto"}, "300", "300", "300", "3"),
        ("achievement", RATE, "300", "300", "0", "0"),
        ("achievement_slices", RATE, "79.99", None, "100", "0"),
        ("achievement_slices", RATE, "100", None, "100", "0.2"),
        ("achievement_slices", RATE, "350", None, "300", "1.6"),
        ("achievement_slices", RATE, "-350", None, "300", "-1.6"),
        ("achievement_slices", RATE, "300", None, "0", "0"),
        ("interpolated", EVENLY, "1000", "79.99", "100", "0"),
        ("interpolated", EVENLY, "1000", "80", "100", "500"),
        ("interpolated", EVENLY, "1000", "90", "100", "750"),
        ("interpolated", EVENLY, "1000", "100", "100", "1000"),
        ("interpolated", EVENLY, "1000", "112", "100", "1240"),
        ("interpolated", EVENLY, "1000", "130", "100", "1400"),
        ("interpolated", EVENLY, "-1000", "90", "100", "-750"),
        ("interpolated", EVENLY, "1000", "283", "300", "858.333333333333"),
        ("interpolated", EVENLY, "1000", "90", "0", "0"),
        ("payment_delay", DELAY, "10000", "14", "0", "200"),
        ("payment_delay", DELAY, "10000", "15", "0", "160"),
        ("payment_delay", DELAY, "10000", "44", "0", "100"),
        ("payment_delay", DELAY, "10000", "45", "0", "0"),
        ("payment_delay", {**DELAY, "bounds": "upto"}, "10000", "15", "0", "200"),
        ("payment_delay", DELAY, "-10000", "15", "0", "-160"),
    ],
)
def test_what_is_charged_by_something_else_than_is_measured(model, charge, measure, qualifier, target, amount):
    assert cost(model, charge, measure, qualifier, target) == amount


@pytest.mark.parametrize(("model", "charge"), [("achievement", RATE), ("interpolated", EVENLY)])
@pytest.mark.parametrize(("qualifier", "target"), [("99.996", "100"), ("283", "301"), ("99999999", "100000000")])
def test_what_was_achieved_is_told_so_that_a_pocket_calculator_comes_to_the_same_cent(model, charge, qualifier, target):
    """Never a percentage that would be in another tier than the one that is named."""
    measure = Decimal("123456789.01")
    pricing = Pricing.from_json({"model": model, **charge}, {}, "dealer")
    [part] = parts_of(pricing, measure, Decimal(qualifier), Decimal(target))
    assert part.params["from"] <= part.params["achieved"] < part.params["below"]
    assert abs(part.params["achieved"] * Decimal(target) / 100 - Decimal(qualifier)) < Decimal("0.001")
    cents = [one.quantize(Decimal("0.01")) for one in (measure * part.params["percent"] / 100, part.amount)]
    assert cents[0] == cents[1]


def test_every_model_is_tried_above():
    tried = {
        row[0]
        for test in (test_what_a_measure_costs, test_what_is_charged_by_something_else_than_is_measured)
        for row in test.pytestmark[0].args[1]
    }
    assert tried == set(MODELS)


@pytest.mark.parametrize(("zero_enters", "amount"), [(False, "0"), (True, "2")])
@pytest.mark.parametrize("model", ["graduated", "volume"])
def test_whether_nothing_owes_the_first_flat_amount_is_an_option(model, zero_enters, amount):
    assert cost(model, {**FLATS, "zero_enters": zero_enters}, "0") == amount


def test_whether_nothing_owes_the_first_stair_is_an_option():
    stairs = {"tiers": [{"uid": "a", "below": None, "amount": "50"}]}
    assert [cost("stair", {**stairs, "zero_enters": zero}, "0") for zero in (False, True)] == ["0", "50"]


@pytest.mark.parametrize(
    ("charge", "measure", "amount"),
    [
        ({"fixed": "30"}, "400", "830"),
        ({"fixed": "30"}, "-400", "-830"),
        ({"fixed": "30"}, "0", "30"),
        ({"free": "100"}, "400", "600"),
        ({"free": "400"}, "100", "0"),
        ({"size": "10"}, "31", "8"),  # four blocks at two each
        ({"min": "100"}, "0", "100"),
        ({"min": "100"}, "49", "100"),
        ({"min": "100"}, "-49", "-100"),
        ({"min": "100"}, "51", "102"),
        ({"max": "100"}, "51", "100"),
        ({"max": "100"}, "-51", "-100"),
        ({"min": "100", "max": "100"}, "3", "100"),
        ({"fixed": "5", "max": "100"}, "49", "100"),
    ],
)
def test_what_every_charge_may_say_besides(charge, measure, amount):
    assert cost("per_unit", {"rate": "2", **charge}, measure) == amount


THIRDS = [{"uid": "first", "below": "10", "rate": "4", "size": "3"}, {"uid": "rest", "rate": "1"}]


@pytest.mark.parametrize(
    ("charge", "measure", "amount"),
    [
        ({"model": "per_unit", "rate": "4", "size": "3"}, "3", "4"),
        ({"model": "per_unit", "rate": "4", "size": "3"}, "10", "13.333333333333"),
        ({"model": "per_unit", "rate": "4", "size": "3"}, "-10", "-13.333333333333"),
        ({"model": "per_unit", "rate": "0.015", "size": "3"}, "1", "0.005"),  # half a cent, and not a little less
        ({"model": "per_unit", "rate": "4", "size": "3", "free": "1"}, "10", "12"),
        ({"model": "package", "rate": "4", "size": "3"}, "7.5", "10"),
        ({"model": "graduated", "tiers": THIRDS}, "13", "16.333333333333"),
        ({"model": "graduated", "tiers": THIRDS, "size": "2"}, "13", "14.833333333333"),
        ({"model": "volume", "tiers": THIRDS}, "9", "12"),
        ({"model": "graduated", "tiers": [{**THIRDS[0], "max": "12"}, THIRDS[1]]}, "13", "15"),
    ],
)
def test_a_price_may_be_for_so_many_units_and_a_part_of_them_is_charged_as_that_part(charge, measure, amount):
    pricing = Pricing.from_json({**charge, "blocks": "part"}, {}, "dealer")
    parts = parts_of(pricing, Decimal(measure))
    assert plain(total_of(parts)) == amount
    for part in parts:
        if part.code.endswith("_part"):
            of = part.params
            assert abs(of["measure"] * of["rate"] / of["size"] - part.amount) < Decimal("1e-12")


def test_a_tier_has_limits_of_its_own():
    rows = [{"uid": "a", "below": "100", "rate": "1", "max": "40"}, {"uid": "b", "below": None, "rate": "1", "min": "25"}]
    assert [cost("graduated", {"tiers": rows}, size) for size in ("30", "90", "110", "200")] == ["30", "40", "65", "140"]


@pytest.mark.parametrize(
    ("qualifier", "amount"), [("19", "0"), ("20", "30"), ("49", "30"), ("50", "50"), ("99", "50"), ("100", "80")]
)  # fmt: skip
def test_one_thing_may_select_the_tier_and_another_be_charged(qualifier, amount):
    """The month's bonus: a percentage of the sum of the lines, by the number of visits."""
    bonus = {"tiers": [
        {"uid": "a", "below": "20", "percent": "0"}, {"uid": "b", "below": "50", "percent": "3"},
        {"uid": "c", "below": "100", "percent": "5"}, {"uid": "d", "below": None, "percent": "8"},
    ]}  # fmt: skip
    assert cost("volume_percentage", bonus, "1000", qualifier) == amount


def test_a_tier_row_names_what_it_gave_and_from_where_to_where():
    found = parts("graduated_percentage", PERCENTS, "600000")
    assert [(tier, params, amount) for _, params, amount, tier in parts_json(found)] == [
        ("low", {"from": "0", "below": "100000", "measure": "100000", "percent": "1"}, "1000"),
        ("middle", {"from": "100000", "below": "500000", "measure": "400000", "percent": "2"}, "8000"),
        ("high", {"from": "500000", "below": "∞", "measure": "100000", "percent": "3"}, "3000"),
    ]


def test_a_tier_that_was_not_reached_is_not_named():
    assert [part.tier for part in parts("graduated", RATES, "10")] == ["first"]
    assert parts("graduated", RATES, "0") == []


def test_a_model_that_measures_nothing_says_so():
    assert {name for name, model in MODELS.items() if not model.measured} == {"flat", "base_rate"}


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_a_model_declares_itself_wholly(model):
    assert set(model.title) == set(model.help) == {"zh-Hans", "en"}
    assert ("tiers" in model.asks) is bool(model.tier_asks)
    assert {*model.asks, *model.may, *model.tier_asks, *model.tier_may} <= {*FIGURES, "tiers", "qualifier", "target"}


MEASURES = st.decimals(-(10**9), 10**9, places=2)
TIERS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 500)), min_size=1, max_size=6)


@st.composite
def charges(draw):
    bound, rows = 0, []
    for index, (step, rate) in enumerate(draw(TIERS)):
        bound += step
        rows.append(
            {
                "uid": f"t{index}",
                "below": str(bound),
                "rate": plain(Decimal(rate).scaleb(-2)),
                "percent": str(rate % 100),
                "amount": str(rate // 7),
                **({"max": str(rate * 3)} if rate % 5 == 0 else {}),
            }
        )
    rows[-1]["below"] = None
    more = draw(st.sampled_from([{}, {"free": "7"}, {"fixed": "3.3"}, {"min": "10"}, {"max": "50"}, {"bounds": "upto"}]))
    return {"tiers": rows, "amount": "120.50", "rate": "1.25", "percent": "2.5", "size": "3", "threshold": "50", **more}


@given(st.sampled_from(sorted(MODELS)), charges(), MEASURES, MEASURES)
def test_the_amount_is_the_sum_of_its_explanation_whatever_the_model(model, charge, measure, qualifier):
    amount, found = rounded(model, charge, measure, qualifier)
    assert sum((part.amount for part in found), Decimal(0)) == amount
    assert amount == amount.quantize(Decimal("0.01"))
    assert all(abs(part.amount) <= Decimal("0.005") for part in found if part.code == "settle.part.rounding")


@given(st.sampled_from(sorted(name for name, model in MODELS.items() if model.measured)), charges(), MEASURES)
def test_a_negative_measure_mirrors_the_positive_one(model, charge, measure):
    assume(measure)  # nothing has no sign: a base fee for it is no credit
    amount, _ = rounded(model, charge, measure)
    mirrored, _ = rounded(model, charge, -measure)
    assert mirrored == -amount


@given(charges(), MEASURES, MEASURES)
def test_marginal_tiers_never_jump_down(charge, one, other):
    """超额累进: more of it never gives less, and nothing is charged twice."""
    low, high = sorted([abs(one), abs(other)])
    plain_tiers = {"tiers": [{name: row[name] for name in ("uid", "below", "rate")} for row in charge["tiers"]]}
    less, more = (parts("graduated", plain_tiers, size) for size in (low, high))
    assert total_of(less) <= total_of(more)
    assert sum(part.params["measure"] for part in more) == high


@given(charges(), MEASURES)
def test_whole_amount_and_marginal_agree_within_the_first_tier(charge, measure):
    inside = min(abs(measure), (Decimal(charge["tiers"][0]["below"] or 10**12) - 1) * 3 + Decimal(charge.get("free", 0)))
    for whole, marginal in (("volume", "graduated"), ("volume_percentage", "graduated_percentage")):
        assert cost(whole, charge, str(inside)) == cost(marginal, charge, str(inside))


@pytest.mark.parametrize(("measure", "amount"), [("1", "20"), ("15", "25"), ("50", "40"), ("-15", "-25")])
def test_a_tier_may_have_an_amount_of_its_own_and_both_limits(measure, amount):
    rows = [{"uid": "a", "rate": "1", "amount": "10", "min": "20", "max": "40"}]
    assert cost("graduated", {"tiers": rows}, measure) == amount
