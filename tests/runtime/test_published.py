"""What others published comes out to the last digit; and where publishers disagree, both answers are an option."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from dougong import schemas
from tests.drawing import text
from tests.runtime.published import EXACT, INPUTS, QUANTITY, answer, charge_of, played

VECTORS = Path(__file__).parent / "vectors"
GATHERED, MORE = (json.loads((VECTORS / f"published_{name}.json").read_text("utf-8")) for name in ("settlements", "more"))
EXAMPLES = [*GATHERED, *MORE]


def comes_out(example):
    return figures(answer(example)) == figures(example["expected"])


def figures(of):
    return [Decimal(str(one)) for one in (of if isinstance(of, list) else [of])]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["name"])
def test_a_published_example_comes_out_to_the_last_digit(example):
    assert comes_out(example), answer(example)


def test_there_are_as_many_as_were_gathered_and_five_times_as_many_again():
    assert (len(GATHERED), len(MORE)) >= (47, 254)


def otherwise(value):
    """The same with numbers of JSON, and without what is nothing."""
    match value:
        case str() if value.removeprefix("-").replace(".", "", 1).isdigit():
            return float(value) if Decimal(str(float(value))) == Decimal(value) else value
        case dict():
            return {OTHER_WORDS.get(name, name): otherwise(one) for name, one in value.items() if one is not None}
        case list():
            return [otherwise(one) for one in value]
    return value


OTHER_WORDS = {"unit": "unit_price", "rate_pct": "percent", "flat": "flat_fee", "quantity": "usage", "min": "minimum"}


def test_it_is_the_same_example_in_other_words():
    assert [one["name"] for one in EXAMPLES if not comes_out({**one, **otherwise(kept(one))})] == []


def kept(example):
    return {name: example[name] for name in ("tiers", "input")}


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one["tiers"]], ids=lambda one: one["name"])
def test_what_it_is_put_into_could_have_been_drawn(example):
    rules = [{"uid": "r", "when": {}, "charge": charge_of(example)}]
    doc = {
        "format": 1, "uid": "s", "kind": "settlement", "key": "k", "title": text("k"), "inputs": INPUTS, "partner": "partner",
        "date": "day", "currency": "CNY", "statement": {"dimensions": [], "rules": rules},
    }  # fmt: skip
    assert schemas.problems("settlement", doc) == []


def example(model, tiers=(), **given):
    return {"model": model, "tiers": list(tiers), "input": given}


FLATS = [{"upto": "100", "unit": "2", "flat": "10"}, {"upto": None, "unit": "1", "flat": "0"}]


@pytest.mark.parametrize(("charged", "amount"), [(True, "10"), (False, "0")])
@pytest.mark.parametrize("model", ["volume", "graduated"])
def test_whether_nothing_owes_the_first_flat_fee(model, charged, amount):
    assert answer(example(model, FLATS, quantity="0", zero_quantity_charges_first_flat=charged)) == amount


def test_between_100_and_101_is_the_upper_tier():
    rows = [{"upto": "100", "unit": "2", "flat": "0"}, {"upto": "200", "unit": "1", "flat": "0"}]
    assert [answer(example("volume", rows, quantity=one)) for one in ("100", "100.5", "101")] == ["200", "100.5", "101"]


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("split_first_takes_rest", [334, 333, 333]), ("split_last_takes_rest", [333, 333, 334]),
        ("split_largest_remainder", [334, 332, 334]),
    ],
)  # fmt: skip
def test_who_gets_what_is_left_over(model, parts):
    """1,000 by 333.7 : 332.5 : 333.8: two units are left over when all are rounded down."""
    assert answer(example(model, minor=1000, ratios=["333.7", "332.5", "333.8"])) == parts


@pytest.mark.parametrize(("per", "gross"), [("line", "335.00"), ("statement", "334.99")])
def test_tax_is_rounded_a_line_or_a_statement(per, gross):
    lines = ["68.33", "68.33", "57.50", "85.00"]
    assert answer(example(f"tax_per_{per}", lines=lines, tax_pct="20", scale=2)) == gross


@pytest.mark.parametrize(("rounding", "gross"), [({}, "0.03"), ({"line": EXACT}, "0.02")])
def test_lines_are_rounded_each_or_only_their_sum(rounding, gross):
    """Three lines of 0.005: a cent each, or a cent and a half together."""
    rule = {"uid": "r", "when": {}, "charge": {"model": "per_unit", "measure": QUANTITY, "rate": "0.005"}}
    [settled] = played({"line": {"dimensions": [], "rules": [rule]}, "rounding": rounding}, ["1", "1", "1"]).settled
    assert str(settled.statement.gross) == gross


@pytest.mark.parametrize(
    ("events", "amount"),
    [
        (["125", "125", "300", "250"], "11.15"),  # both are used up together: as the totals say
        (["250", "300", "125", "125"], "13.15"),  # the amount is, after one event
        (["0", "0", "0", "800"], "14.4"),  # the events are, before any amount
    ],
)
def test_what_is_free_of_events_and_of_an_amount_ends_with_whichever_is_used_up(events, amount):
    free = {"rate_pct": "1.3", "fixed": "2.0", "free_total": "250", "free_events": "2"}
    assert answer(example("percentage", events=events, **free)) == amount
    assert answer(example("percentage_totals", total="800", count="4", **free)) == "11.15"


def test_a_tier_may_have_only_a_flat_amount():
    rows = [{"upto": "10", "flat": "5"}, {"upto": None, "flat": "7"}]
    assert [answer(example(model, rows, quantity="20")) for model in ("graduated", "volume")] == ["12", "7"]


def test_tax_that_is_inside_an_amount():
    assert answer(example("tax_inclusive_amount", amount="5000", tax_pct="6", scale=2)) == "283.02"


def test_tiers_may_be_said_by_where_they_begin():
    rows = [{"from": "100", "rate_pct": "5"}, {"from": "200", "rate_pct": "10"}]
    assert [answer(example("volume", rows, quantity=one)) for one in ("99.99", "100", "200")] == ["0", "5", "20"]


@pytest.mark.parametrize(("rounded", "amount"), [({}, "10777.13"), ({"round_each": True}, "10777.14")])
def test_events_are_rounded_each_or_only_what_they_come_to(rounded, amount):
    """7 % of 89,857.50 is 6,290.025, and of 64,101.50 it is 4,487.105."""
    assert answer(example("percentage", events=["89857.50", "64101.50"], rate_pct="7", scale=2, **rounded)) == amount


def test_what_comes_one_after_the_other_counts_together_or_each_by_itself():
    rows, events = [{"upto": "10", "unit": "2"}, {"upto": None, "unit": "1"}], ["8", "8"]
    assert [answer(example("graduated", rows, events=events, each=one)) for one in (False, True)] == ["26", "32"]
