"""Checks of a decision table: columns, cells, outputs; overlaps, gaps and dead rules, each at its row with an example."""

import pytest

from dougong.builder.checks import check, references
from dougong.platform.messages import worded
from tests.drawing import field, options
from tests.runtime.test_table import FEE, RULES, TEAM, atom, table_doc

AMOUNT = field("amount", "money", required=True, config={"min": "0"})
LINE = field("line", "choice", required=True, config=options("aircon", "washer"))
WHO = {"uid": "who", "key": "who", "type": "role", "title": {"en": "Who"}}
REFS = {("role", "engineer"): {"kind": "role", "key": "engineer"}}
SMALL, LARGE = [atom("less", "100")], [atom("at_least", "100")]


def doc(*rules, policy="unique", **more):
    return table_doc([AMOUNT, LINE], [TEAM, FEE, WHO], *rules, policy=policy, **more)


def found(*rules, **more):
    return [(one.path, one.reason.code, one.severity) for one in check(doc(*rules, **more), REFS)]


def told(code, *rules, **more):
    return next(one for one in check(doc(*rules, **more), REFS) if one.reason.code == code)


def words(problem):
    """The example that it gives."""
    return worded(problem.reason.params["values"], "en")


ALL = ({"amount": SMALL}, {"fee": "1"}), ({"amount": LARGE}, {"fee": "2"})


def test_rules_that_divide_everything_have_no_problem():
    assert found(*ALL) == []


def test_an_overlap_is_told_at_the_later_rule_with_values_that_hit_both():
    problem = told("check.rules_overlap", *ALL, ({"line": atom("equals", "washer"), "amount": [atom("at_least", "50")]}, {}))
    assert (problem.path, problem.fields, problem.severity) == ("/rules/2", ("r3",), "error")
    assert (problem.reason.params["other"], words(problem)) == (1, "amount = 50, line = WASHER")
    assert worded(problem.reason.params["values"], "zh-Hans") == "amount = 50、line = WASHER"


def test_any_minds_only_different_outputs():
    same = {"line": atom("equals", "washer")}, {"fee": "1"}
    assert found(ALL[0], same, ALL[1], policy="any", default={})[0][:2] == ("/rules/2", "check.rules_differ")
    assert found(ALL[0], same, policy="any", default={}) == []
    formula = {"line": atom("equals", "washer")}, {"fee": {"formula": "amount"}}
    assert found(ALL[0], formula, policy="any", default={}) == [("/rules/1", "check.rules_may_differ", "warning")]


def test_a_gap_is_told_with_an_example_unless_there_is_a_default_row():
    problem = told("check.table_gap", ALL[0])
    assert (problem.path, problem.severity) == ("/rules", "warning")
    assert words(problem) == "amount = 100"
    assert found(ALL[0], default={"fee": {"value": "0"}}) == []


def test_a_place_is_told_by_its_name():
    places = table_doc([field("place", "region", required=True)], [FEE], ({"place": atom("not_within", ["11"])}, {"fee": "1"}))
    assert [words(one) for one in check(places, {})] == ["place = Beijing"]


def test_an_input_that_may_be_missing_is_a_gap_too():
    loose = table_doc([{**AMOUNT, "required": False}], [FEE], *ALL)
    assert [words(one) for one in check(loose, {})] == ["amount = —"]


def test_a_rule_that_never_hits_or_is_never_taken():
    never = {"amount": [atom("at_least", "5"), atom("less", "3")]}, {}
    outside = {"amount": [atom("less", "0")]}, {}
    codes = [("/rules/2", "check.rule_never_hits", "warning"), ("/rules/3", "check.rule_never_hits", "warning")]
    assert found(*ALL, never, outside, policy="first") == codes
    one = {"amount": [atom("between", ["10", "20"])]}, {}
    assert told("check.rule_shadowed", *ALL, one, policy="first").reason.params == {"other": 1}
    several = {"amount": [atom("between", ["50", "150"])]}, {}
    assert found(*ALL, several, policy="first") == [("/rules/2", "check.rule_shadowed_by_several", "warning")]


def test_under_priority_the_better_output_is_taken_wherever_it_stands():
    rules = ({"amount": SMALL}, {"team": "silver"}), ({}, {"team": "gold"})
    assert told("check.rule_shadowed", *rules, policy="priority").path == "/rules/0"
    assert found(*rules[::-1], policy="first")[0][:2] == ("/rules/1", "check.rule_shadowed")
    formula = ({"amount": SMALL}, {"team": {"formula": '"silver"'}}), ({}, {"team": "gold"})
    assert found(*formula, policy="priority") == []


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (({"amount": atom("contains", "x")}, {}), "/rules/0/when/amount", "condition.operator_not_for_field"),
        (({"amount": atom("less", "much")}, {}), "/rules/0/when/amount", "condition.wrong_kind"),
        (({"amount": atom("less")}, {}), "/rules/0/when/amount", "condition.no_value"),
        (({"gone": atom("empty")}, {}), "/rules/0/when/gone", "check.no_such_column"),
        (({"line": atom("one_of", ["oven"])}, {}), "/rules/0/when/line", "check.no_such_option"),
        (({}, {"gone": "1"}), "/rules/0/then/gone", "check.no_such_column"),
        (({}, {"fee": "1.005"}), "/rules/0/then/fee", "table.value_does_not_fit"),
        (({}, {"team": "bronze"}), "/rules/0/then/team", "table.value_does_not_fit"),
        (({}, {"fee": {"formula": "amount +"}}), "/rules/0/then/fee", "formula.expected_value"),
        (({}, {"fee": {"formula": "cost * 2"}}), "/rules/0/then/fee", "formula.unknown_field"),
        (({}, {"fee": {"formula": "TODAY()"}}), "/rules/0/then/fee", "check.formula_of_kind"),
        (({}, {"who": "pilot"}), "/rules/0/then/who", "check.no_such_role"),
        (({}, {"who": {"value": ["pilot"]}}), "/rules/0/then/who", "check.no_such_role"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(rule, path, code):
    assert found(rule)[0] == (path, code, "error")


def test_a_cell_does_not_ask_what_day_it_is():
    day = field("day", "date")
    table = table_doc(
        [day], [FEE], ({"day": atom("is_today")}, {"fee": "1"}), ({"day": atom("weekday_is", ["6"])}, {"fee": "2"})
    )
    assert [(one.path, one.reason.code) for one in check(table, REFS)] == [
        ("/rules/0/when/day", "check.cell_with_clock"),
        ("/rules/1/when/day", "check.cell_with_clock"),
    ]


def test_columns_and_policies():
    strange = table_doc([field("a", "formula", config={"formula": "1"})], [FEE])
    assert check(strange, {})[0].reason.code == "check.unknown_field_type"
    doubled = table_doc([AMOUNT, {**LINE, "key": "amount"}], [FEE])
    assert [one.reason.code for one in check(doubled, {})] == ["check.doubled_key"] * 2
    assert check(table_doc([AMOUNT], [FEE], policy="priority"), {})[0].reason.code == "check.table_needs_order"
    assert check(table_doc([AMOUNT], [TEAM], policy="collect", collect="sum"), {})[0].path == "/outputs/0/type"
    assert check(table_doc([AMOUNT], [FEE]), {})[0].reason.code == "check.table_without_rules"
    many = table_doc([field(f"n{n}", "number") for n in range(20)], [FEE], *[({}, {})] * 1000)
    assert [one.reason.code for one in check(many, {})] == ["check.table_too_large"]
    assert [one.reason.code for one in check({**doc(*RULES[:1]), "inputs": []}, {})] == ["schema.too_few"]


def test_it_refers_to_the_roles_that_its_rows_name():
    odd = ({}, {"who": {"value": ["pilot"]}})
    table = doc(({}, {"who": "engineer"}), ({}, {"fee": "1"}), odd, default={"who": {"value": "boss"}})
    assert references(table) == {("role", "engineer"), ("role", "boss")}


def test_what_could_not_be_looked_at_is_said():
    keys = [f"k{n}" for n in range(12)]
    inputs = [field(f"c{n}", "choices", config=options(*keys)) for n in range(3)]
    rules = [({f"c{n % 3}": atom("includes_any", [keys[n % 12], keys[n * 5 % 12]])}, {"fee": "1"}) for n in range(36)]
    codes = {one.reason.code for one in check(table_doc(inputs, [FEE], *rules), {})}
    assert "check.table_not_exact" in codes
