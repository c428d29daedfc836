"""Decision tables: hit policies, faults, and that the index answers as asking every cell does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dougong import schemas
from dougong.runtime.rules import Condition, ConditionFault, compile_condition
from dougong.runtime.table import Table, TableFault, bits, cell_tree
from tests import LONG
from tests.drawing import NOW, field, options, text


def atom(operator, value=None):
    return {"operator": operator, **({} if value is None else {"value": value})}


def table_doc(inputs, outputs, *rules, policy="first", **more):
    """Rules as (cells by input, values by output); a cell is an atom or a list of them."""
    return {
        "format": 1, "uid": "t", "kind": "table", "key": "t", "title": text("t"), "policy": policy,
        "inputs": inputs, "outputs": outputs,
        "rules": [
            {
                "uid": f"r{index + 1}",
                "when": {uid: cell if isinstance(cell, list) else [cell] for uid, cell in when.items()},
                "then": {uid: one if isinstance(one, dict) else {"value": one} for uid, one in then.items()},
            }
            for index, (when, then) in enumerate(rules)
        ],
        **more,
    }  # fmt: skip


AMOUNT, LINE = field("amount", "money"), field("line", "choice", config=options("aircon", "washer"))
TEAM, FEE = field("team", "choice", config=options("gold", "silver", "any")), field("fee", "money")
RULES = (
    ({"amount": [atom("at_least", "100"), atom("less", "500")]}, {"team": "silver", "fee": "10.50"}),
    ({"amount": atom("at_least", "300"), "line": atom("one_of", ["aircon"])}, {"team": "gold", "fee": "20"}),
    ({"line": atom("equals", "washer")}, {"team": "any", "fee": {"formula": "amount * 0.01"}}),
)


def decided(policy, values, *rules, **more):
    doc = table_doc([AMOUNT, LINE], [TEAM, FEE], *(rules or RULES), policy=policy, **more)
    assert not schemas.problems("table", doc)
    return Table.from_json(doc).decide(values, NOW)


def fault(policy, values, *rules, **more):
    with pytest.raises(TableFault) as found:
        decided(policy, values, *rules, **more)
    return found.value.reason


def test_the_example_of_the_schema_is_one():
    [example] = schemas.schema("table")["examples"]
    assert not schemas.problems("table", example)
    table = Table.from_json(example)
    found = [
        table.decide({"amount": amount, "place": place}, NOW) for amount, place in [("200", "54"), ("200", "44"), ("5", None)]
    ]
    assert [one.values["fee"] for one in found] == ["80.00", "20.00", "0.00"]


BOTH = {"amount": "300.00", "line": "aircon"}


def test_first_takes_the_first_rule_that_hits():
    assert decided("first", BOTH) == (("r1", "r2"), {"team": "silver", "fee": "10.50"})


def test_priority_takes_the_output_that_stands_first_among_its_options():
    assert decided("priority", BOTH).values == {"team": "gold", "fee": "20.00"}


def test_unique_refuses_two_hits_and_names_the_rules():
    assert fault("unique", BOTH).params["rules"] == "1, 2"
    assert decided("unique", {"amount": "120", "line": "aircon"}).values["team"] == "silver"


def test_any_takes_equal_outputs_only():
    assert fault("any", BOTH).code == "table.hits_differ"
    same = ({"amount": atom("greater", "1")}, {"fee": "7"}), ({"line": atom("equals", "aircon")}, {"fee": "7.00"})
    assert decided("any", BOTH, *same) == (("r1", "r2"), {"team": None, "fee": "7.00"})


def test_rule_order_and_output_order_give_lists():
    assert decided("rule_order", BOTH).values == {"team": ["silver", "gold"], "fee": ["10.50", "20.00"]}
    assert decided("output_order", BOTH).values["team"] == ["gold", "silver"]


@pytest.mark.parametrize(
    ("how", "fee"), [("sum", "30.50"), ("min", "10.50"), ("max", "20.00"), ("count", "2"), ("list", ["10.50", "20.00"])]
)
def test_collect(how, fee):
    rules = [(when, {"fee": then["fee"]}) for when, then in RULES]
    assert decided("collect", BOTH, *rules, collect=how).values["fee"] == fee


def test_sums_are_exact():
    rules = [({}, {"fee": "0.10"})] * 3 + [({}, {"fee": "999999999999999999.99"})]
    assert decided("collect", BOTH, *rules[:3], collect="sum").values["fee"] == "0.30"
    assert decided("collect", BOTH, *rules[2:], collect="max").values["fee"] == "999999999999999999.99"


def test_a_sum_of_what_is_no_number_or_too_large_is_a_fault():
    assert fault("collect", BOTH, collect="sum").code == "table.no_number"
    assert fault("collect", BOTH, *[({}, {"fee": "999999999999999999.99"})] * 2, collect="sum").code == "table.no_number"


def test_a_formula_is_rounded_to_the_places_of_its_output():
    assert decided("first", {"amount": "99.55", "line": "washer"}).values["fee"] == "1.00"


def test_no_hit_is_a_fault_that_shows_the_values():
    doc = table_doc([{**AMOUNT, "title": text("金额")}, {**LINE, "title": text("产品线")}], [TEAM], *RULES[1:2])
    with pytest.raises(TableFault) as raised:
        Table.from_json(doc).decide({"amount": "5", "line": "washer"}, NOW)
    reason = raised.value.reason
    assert (reason.code, reason.params["values"]["zh-Hans"]) == ("table.no_hit", "金额 = 5, 产品线 = WASHER")


def test_no_hit_gives_the_default_row_where_there_is_one():
    default = {"team": {"value": "any"}}
    assert decided("first", {}, default=default) == ((), {"team": "any", "fee": None})
    assert decided("rule_order", {}, default=default).values == {"team": ["any"], "fee": []}
    assert decided("collect", {}, collect="count").values == {"team": "0", "fee": "0"}


def test_a_required_input_that_is_missing_is_said_so():
    doc = table_doc([{**AMOUNT, "required": True}], [FEE], ({}, {"fee": "1"}))
    with pytest.raises(TableFault) as found:
        Table.from_json(doc).decide({"amount": None}, NOW)
    assert found.value.reason.code == "table.input_missing"


def test_what_is_wrong_in_a_table_is_a_fault_only_when_it_is_asked():
    broken = [
        ({"amount": atom("contains", "x")}, {"fee": "1"}),
        ({"line": atom("equals", "washer")}, {"fee": {"formula": "no_such + 1"}}),
    ]
    table = Table.from_json(table_doc([AMOUNT, LINE], [FEE], *broken))
    with pytest.raises(ConditionFault):
        table.decide({"amount": "1"}, NOW)
    with pytest.raises(TableFault) as found:
        Table.from_json(table_doc([AMOUNT, LINE], [FEE], broken[1])).decide({"line": "washer"}, NOW)
    assert found.value.reason.code == "formula.unknown_field"


def test_a_value_of_another_kind_is_a_fault_though_its_place_is_known():
    table = Table.from_json(table_doc([AMOUNT], [FEE], ({"amount": atom("less", "9")}, {"fee": "1"})))
    assert table.decide({"amount": "1"}, NOW).hits == ("r1",)
    with pytest.raises(ConditionFault):
        table.decide({"amount": "much"}, NOW)


# -- against brute force ------------------------------------------------------------------------------------------------

WORDS = ["ab", "b", "AB", "c", "abc"]
NUMBERS = ["-1", "0", "0.5", "1", "3"]
DAYS = ["2026-01-01", "2026-01-02", "2026-02-01"]
MOMENTS = ["2026-01-01T00:00:00+00:00", "2026-01-01T08:00:00+08:00", "2026-01-02T00:00:00Z"]
PLACES = ["44", "4403", "440305", "11"]
KEYS = ["x", "y", "z"]


def pairs(values):
    return st.tuples(st.sampled_from(values), st.sampled_from(values)).map(list)


def lists(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


def asked(one, many, values):
    return st.one_of(
        *(st.builds(atom, st.just(name), st.sampled_from(values)) for name in one),
        *(st.builds(atom, st.just(name), lists(values)) for name in many),
        st.sampled_from([atom("empty"), atom("not_empty")]),
    )


ATOMS = {
    "n": asked(["equals", "not_equals", "greater", "at_least", "less", "at_most"], [], NUMBERS)
    | st.builds(atom, st.sampled_from(["between", "not_between"]), pairs(NUMBERS)),
    "t": asked(
        ["equals", "not_equals", "contains", "not_contains", "starts_with", "ends_with", "not_starts_with", "not_ends_with"],
        ["one_of", "contains_any", "contains_all", "contains_none", "starts_with_any", "ends_with_any"],
        WORDS,
    ),
    "w": asked(["equals", "not_equals"], ["one_of", "not_one_of"], WORDS),
    "d": asked(["before", "after", "equals", "on_or_after", "on_or_before"], [], DAYS)
    | st.builds(atom, st.sampled_from(["between", "not_between"]), pairs(DAYS)),
    "m": asked(["before", "after", "equals", "on_or_after", "on_or_before"], [], MOMENTS),
    "c": asked(["equals", "not_equals"], ["one_of", "not_one_of"], KEYS),
    "s": asked(["includes"], ["includes_any", "includes_all", "includes_none", "includes_only", "same_choices"], KEYS),
    "b": st.sampled_from([atom("is_true"), atom("is_false")]),
    "g": asked([], ["within", "not_within"], PLACES),
}
COLUMNS = {
    "n": field("n", "number"), "t": field("t"), "w": field("w"), "d": field("d", "date"), "m": field("m", "moment"),
    "c": field("c", "choice", config=options(*KEYS)), "s": field("s", "choices", config=options(*KEYS)),
    "b": field("b", "boolean"), "g": field("g", "region"),
}  # fmt: skip
VALUES = {
    "n": st.sampled_from([*NUMBERS, "0.25", "2", "-7", 3, None]),
    "t": st.sampled_from([*WORDS, "xabx", "", "zc", None]),
    "w": st.sampled_from([*WORDS, "other", None]),
    "d": st.sampled_from([*DAYS, "2026-01-15", "2025-01-01", "2027-01-01", None]),
    "m": st.sampled_from([*MOMENTS, "2026-01-01T12:00:00Z", "2020-01-01T00:00:00Z", None]),
    "c": st.sampled_from([*KEYS, None]),
    "s": st.lists(st.sampled_from(KEYS), unique=True) | st.none(),
    "b": st.sampled_from([True, False, None]),
    "g": st.sampled_from([*PLACES, {"region": "440306", "detail": "x"}, "12", None]),
}


@st.composite
def whens(draw, columns, most=6):
    """Cells for some rules over these columns."""
    cell = {key: st.none() | st.lists(ATOMS[key], min_size=1, max_size=2) for key in columns}
    rows = draw(st.lists(st.fixed_dictionaries(cell), min_size=1, max_size=most))
    return [{key: cell for key, cell in row.items() if cell} for row in rows]


def hit_by(when, values):
    kinds = {key: Table.from_json(table_doc([one], [FEE])).inputs[key].kind for key, one in COLUMNS.items()}
    trees = [cell_tree(key, cell) for key, cell in when.items()]
    return all(compile_condition(tree, kinds).holds(values) for tree in trees)


@settings(max_examples=3_000 if LONG else 120, deadline=None)
@given(st.data())
def test_the_index_answers_as_asking_every_cell_does(data):
    columns = data.draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=4, unique=True))
    rows = data.draw(whens(columns))
    table = Table.from_json(table_doc([COLUMNS[key] for key in columns], [FEE], *((row, {}) for row in rows)))
    for _ in range(4):
        values = {key: data.draw(VALUES[key]) for key in columns}
        expected = [index for index, row in enumerate(rows) if hit_by(row, values)]
        assert list(bits(table.hits(values))) == expected


def test_once_a_place_is_known_no_cell_of_two_thousand_rules_is_asked(monkeypatch):
    rows = [
        ({"n": [atom("at_least", str(n)), atom("less", str(n + 1))], "d": atom("after", DAYS[n % 3])}, {}) for n in range(2000)
    ]
    table = Table.from_json(table_doc([COLUMNS["n"], COLUMNS["d"]], [FEE], *rows))
    assert table.decide({"n": "1999.5", "d": "2026-03-01"}, NOW).hits == ("r2000",)
    monkeypatch.setattr(Condition, "holds", lambda self, data: pytest.fail("a cell was asked"))
    assert table.decide({"n": "1999.25", "d": "2026-04-01"}, NOW).hits == ("r2000",)
