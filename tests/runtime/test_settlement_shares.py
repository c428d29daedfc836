"""Shares of a statement: fixed sums, formulas, percentages, ratios, among the people of the lines; they always add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.settlement import SettlementFault, statement_json
from dougong.runtime.settlement.measures import Line
from dougong.runtime.settlement.sharing import Party, facts_of, shares_of
from tests.drawing import text
from tests.runtime.settling import percent, ran, rule, table

KINDS = {"hours": "number", "adviser": "text", "amount": "number"}
ALL = {"line": table(rule("all", percent("100")))}


def party(uid, **how):
    return {"uid": uid, "party": text(uid), **how}


def shared_out(parties, net, lines=(), remainder="largest"):
    rows = [Line(values, Decimal(values.get("amount", "0"))) for values in lines]
    drawn = [Party.from_json(one, KINDS) for one in parties]
    whom = next((index for index, one in enumerate(drawn) if one.uid == remainder), remainder)
    found = shares_of(drawn, whom, Decimal(net), "CNY", facts_of(drawn, [(None, row) for row in rows]))
    return [(one.uid if one.who is None else f"{one.uid}:{one.who}", str(one.amount)) for one in found]


@pytest.mark.parametrize(
    ("parties", "net", "amounts"),
    [
        ([party("a", percent="60"), party("b", percent="40")], "100", ["60.00", "40.00"]),
        ([party("a", ratio="2"), party("b", ratio="1")], "100", ["66.67", "33.33"]),
        ([party("a", amount="30"), party("b", ratio="1")], "100", ["30.00", "70.00"]),
        ([party("a", amount="30"), party("b", ratio="1")], "20", ["20.00", "0.00"]),
        ([party("a", amount="30"), party("b", amount="30"), party("c", ratio="1")], "40", ["30.00", "10.00", "0.00"]),
        ([party("a", amount="30"), party("b", percent="50"), party("c", percent="50")], "100", ["30.00", "35.00", "35.00"]),
        ([party("a", percent="10"), party("b", ratio="1"), party("c", ratio="2")], "100", ["10.00", "30.00", "60.00"]),
        ([party("a", percent="10"), party("b", ratio="1")], "-100", ["-10.00", "-90.00"]),
        ([party("a", amount="30"), party("b", ratio="1")], "-100", ["-30.00", "-70.00"]),
        ([party("a", amount="30"), party("b", ratio="1")], "0", ["0.00", "0.00"]),
    ],
)
def test_fixed_sums_first_then_percentages_of_what_is_left_and_the_rest_by_ratio(parties, net, amounts):
    assert [amount for _, amount in shared_out(parties, net)] == amounts


def test_a_formula_says_who_did_what():
    visits = [{"hours": "2", "amount": "100"}, {"hours": "1.5", "amount": "80"}]
    parties = [party("work", formula="hours * 20"), party("travel", formula="line_amount * 0.1"), party("house", ratio="1")]
    assert shared_out(parties, "180", visits) == [("work", "70.00"), ("travel", "18.00"), ("house", "92.00")]


def test_a_reversal_takes_back_what_a_formula_gave():
    drawn = [Party.from_json(one, KINDS) for one in (party("work", formula="hours * 20"), party("house", ratio="1"))]
    line = Line({"hours": "2"}, Decimal(100))
    given_out, taken_back = (
        [share.amount for share in shares_of(drawn, "largest", one.amount, "CNY", facts_of(drawn, [(None, one)]))]
        for one in (line, line.reversal)
    )
    assert given_out == [Decimal(40), Decimal(60)]
    assert taken_back == [Decimal(-40), Decimal(-60)]


@pytest.mark.parametrize("formula", ["hours *", "gone", "adviser"])
def test_a_formula_that_gives_no_number_is_a_fault(formula):
    with pytest.raises(SettlementFault):
        shared_out([party("work", formula=formula)], "180", [{"hours": "2", "adviser": "li"}])


def test_a_share_is_divided_among_the_people_of_the_lines_by_what_their_lines_are_worth():
    lines = [{"adviser": "li", "amount": "100"}, {"adviser": "wang", "amount": "50"}, {"adviser": "li", "amount": "50"}]
    parties = [party("adviser", percent="30", by="adviser"), party("school", percent="70")]
    assert shared_out(parties, "200", lines) == [("adviser:li", "45.00"), ("adviser:wang", "15.00"), ("school", "140.00")]


def test_what_is_taken_back_counts_against_whoever_had_it():
    lines = [{"adviser": "li", "amount": "1000"}, {"adviser": "wang", "amount": "1000"}, {"adviser": "wang", "amount": "-600"}]
    everything = [party("adviser", percent="100", by="adviser")]
    assert shared_out(everything, "1400", lines) == [("adviser:li", "1000.00"), ("adviser:wang", "400.00")]
    lines[2]["amount"] = "-1500"
    assert shared_out(everything, "500", lines) == [("adviser:li", "500.00"), ("adviser:wang", "0.00")]
    mirrored = [{**line, "amount": str(-Decimal(line["amount"]))} for line in lines]
    assert shared_out(everything, "-500", mirrored) == [("adviser:li", "-500.00"), ("adviser:wang", "0.00")]


def test_where_lines_are_worth_nothing_they_count_alike():
    lines = [{"adviser": "li"}, {"adviser": "wang"}, {"adviser": "li"}]
    assert shared_out([party("adviser", percent="100", by="adviser")], "9", lines) == [
        ("adviser:li", "6.00"),
        ("adviser:wang", "3.00"),
    ]


@pytest.mark.parametrize(
    ("remainder", "amounts"),
    [
        ("largest", ["0.34", "0.33", "0.33"]), ("first", ["0.34", "0.33", "0.33"]), ("last", ["0.33", "0.33", "0.34"]),
        ("b", ["0.33", "0.34", "0.33"]),
    ],
)  # fmt: skip
def test_who_gets_the_cent_left_over_is_named(remainder, amounts):
    parties = [party(uid, ratio="1") for uid in "abc"]
    assert [amount for _, amount in shared_out(parties, "1", remainder=remainder)] == amounts


def test_all_units_left_over_go_to_the_one_that_is_named():
    parties = [party(uid, ratio="1") for uid in "abc"]
    assert [amount for _, amount in shared_out(parties, "0.05", remainder="c")] == ["0.01", "0.01", "0.03"]


def test_a_share_in_json_says_who_and_how_much_of_the_whole():
    doc = {**ALL, "shares": [party("a", amount="25"), party("b", ratio="1", by="adviser")]}
    [settled] = ran(doc, {"amount": "100", "adviser": "li"}).settled
    assert statement_json(settled.statement)["shares"] == [
        {"uid": "a", "party": text("a"), "percent": "25", "amount": "25.00"},
        {"uid": "b", "party": text("b"), "percent": "75", "amount": "75.00", "who": "li"},
    ]


WEIGHT = st.integers(0, 10**6).map(lambda one: str(Decimal(one).scaleb(-3)))
HOW = st.one_of(
    st.fixed_dictionaries({"amount": WEIGHT}),
    st.fixed_dictionaries({"percent": st.integers(0, 20).map(str)}),
    st.fixed_dictionaries({"ratio": WEIGHT}),
    st.fixed_dictionaries({"ratio": WEIGHT, "by": st.just("adviser")}),
    st.just({"formula": "hours * 3.3"}),
)
LINES = st.lists(
    st.fixed_dictionaries({
        "adviser": st.sampled_from(["li", "wang", None]), "hours": WEIGHT,
        "amount": st.integers(-(10**6), 10**6).map(lambda cents: f"{Decimal(cents).scaleb(-2):f}"),
    }),
    max_size=5,
)  # fmt: skip


@given(st.lists(HOW, max_size=5), st.integers(-(10**9), 10**9), LINES, st.sampled_from(["largest", "first", "last", "s0"]))
def test_shares_always_add_up(hows, cents, lines, remainder):
    parties = [*(party(f"s{n}", **how) for n, how in enumerate(hows)), party("rest", ratio="1")]
    net = Decimal(cents).scaleb(-2)
    found = [Decimal(amount) for _, amount in shared_out(parties, net, lines, remainder)]
    assert sum(found) == net
    assert all(one == one.quantize(Decimal("0.01")) for one in found)
    assert all(one * net >= 0 for one in found)  # nobody has to pay for what others get


@pytest.mark.parametrize(
    ("remainder", "amounts"), [({}, "34 33 33"), ({"remainder": "last"}, "33 33 34"), ({"remainder": "b"}, "33 34 33")]
)
def test_the_remainder_is_what_the_definition_names(remainder, amounts):
    doc = {**ALL, "shares": [party(uid, ratio="1") for uid in "abc"], **remainder}
    [settled] = ran(doc, {"amount": "1"}).settled
    assert " ".join(str(int(one.amount * 100)) for one in settled.statement.shares) == amounts
