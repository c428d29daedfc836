"""Every charge model: on its boundaries, at zero, beyond the last tier, negative, and its explanation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.settlement import charge_amount
from dougong.runtime.tiers import MODELS
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


def parts(model, charge, measure, qualifier=None):
    return MODELS[model].parts(charge, Decimal(measure), Decimal(qualifier if qualifier is not None else measure))


def cost(model, charge, measure, qualifier=None):
    return plain(sum((part.amount for part in parts(model, charge, measure, qualifier)), Decimal(0)))


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
    ],
)  # fmt: skip
def test_what_a_measure_costs(model, charge, measure, amount):
    assert cost(model, charge, measure) == amount


def test_every_model_is_tried_above():
    tried = {row[0] for row in test_what_a_measure_costs.pytestmark[0].args[1]}
    assert tried == set(MODELS)


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
    assert [(part.tier, part.params, plain(part.amount)) for part in found] == [
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


MEASURES = st.decimals(-(10**9), 10**9, places=2)
TIERS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 500)), min_size=1, max_size=6)


@st.composite
def charges(draw):
    bound, rows = 0, []
    for index, (step, rate) in enumerate(draw(TIERS)):
        bound += step
        rows.append(
            {"uid": f"t{index}", "below": str(bound), "rate": plain(Decimal(rate).scaleb(-2)), "percent": str(rate % 100)}
        )
    rows[-1]["below"] = None
    return {"tiers": rows, "amount": "120.50", "rate": "1.25", "percent": "2.5"}


@given(st.sampled_from(sorted(MODELS)), charges(), MEASURES, MEASURES)
def test_the_amount_is_the_sum_of_its_explanation_whatever_the_model(model, charge, measure, qualifier):
    amount, found = charge_amount({**charge, "model": model}, measure, qualifier, "CNY")
    assert sum((part.amount for part in found), Decimal(0)) == amount
    assert amount == amount.quantize(Decimal("0.01"))
    assert all(abs(part.amount) <= Decimal("0.005") for part in found if part.code == "settle.part.rounding")


@given(
    st.sampled_from(["per_unit", "percentage", "graduated", "graduated_percentage", "volume", "volume_percentage"]),
    charges(),
    MEASURES,
)
def test_a_negative_measure_mirrors_the_positive_one(model, charge, measure):
    amount, _ = charge_amount({**charge, "model": model}, measure, measure, "CNY")
    mirrored, _ = charge_amount({**charge, "model": model}, -measure, -measure, "CNY")
    assert mirrored == -amount


@given(charges(), MEASURES, MEASURES)
def test_marginal_tiers_never_jump_down(charge, one, other):
    """超额累进: more of it never gives less, and nothing is charged twice."""
    low, high = sorted([abs(one), abs(other)])
    assert sum(part.amount for part in MODELS["graduated"].parts(charge, low, low)) <= sum(
        part.amount for part in MODELS["graduated"].parts(charge, high, high)
    )
    assert sum(Decimal(part.params["measure"]) for part in MODELS["graduated"].parts(charge, high, high)) == high


@given(charges(), MEASURES)
def test_whole_amount_and_marginal_agree_within_the_first_tier(charge, measure):
    inside = min(abs(measure), Decimal(charge["tiers"][0]["below"] or 10**12) - 1)
    for whole, marginal in (("volume", "graduated"), ("volume_percentage", "graduated_percentage")):
        assert cost(whole, charge, str(inside)) == cost(marginal, charge, str(inside))
