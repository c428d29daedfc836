"""Conditions. The vectors are the rule book: the browser runs the same file."""

import json
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.operators import OPERATORS
from dougong.runtime.rules import MAX_DEPTH, MAX_RULES, ConditionFault, compile_condition, depth, problems
from dougong.runtime.values import KINDS, Branching
from tests.drawing import all_of, any_of, rule

FILES = [files("dougong.schemas").joinpath("vectors", name) for name in ("conditions.json", "operators.json")]
VECTORS = [vector for file in FILES for vector in json.loads(file.read_text("utf-8"))]
KINDS_OF = {"n": "number", "t": "text", "c": "choice", "m": "datetime"}


def holds(tree, data, kinds=KINDS_OF, now=None):
    condition = compile_condition(tree, kinds)
    try:
        return True if condition is None else condition.holds(data, now)
    except ConditionFault:
        return "fault"


def clock(vector):
    """The moment at which it is asked, in the company's zone."""
    return datetime.fromisoformat(vector["now"]).astimezone(ZoneInfo(vector["zone"])) if "now" in vector else None


def kinds_of(vector):
    """Some of its choices are from trees."""
    trees = {key: Branching(vector["kinds"][key], tree) for key, tree in vector.get("trees", {}).items()}
    return {**vector["kinds"], **trees}


def codes(tree, kinds=KINDS_OF):
    return [reason.code for _, reason in problems(tree, kinds)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector):
    assert holds(vector["tree"], vector["data"], kinds_of(vector), clock(vector)) == vector["holds"]


def test_the_vectors_leave_no_operator_and_no_kind_out():
    asked = {(one["operator"], vector["kinds"].get(one["field"])) for vector in VECTORS for one in _rules(vector["tree"])}
    assert {name for name, _ in asked} >= set(OPERATORS)
    assert {kind for _, kind in asked} >= set(KINDS) - {"none"}
    for name in OPERATORS:
        answers = {vector["holds"] for vector in VECTORS for one in _rules(vector["tree"]) if one["operator"] == name}
        assert {True, False} <= answers, name


def _rules(tree):
    for one in tree["rules"]:
        yield from _rules(one) if "rules" in one else [one]


def test_an_operator_asks_only_for_kinds_that_exist():
    assert all(set(operator.kinds) <= set(KINDS) for operator in OPERATORS.values())


def test_what_would_be_an_incident_is_told_beforehand():
    tree = all_of(
        rule("zz", "equals", "a"),
        rule("n", "contains", "a"),
        rule("n", "equals"),
        rule("n", "between", ["1"]),
        rule("n", "greater", "x"),
    )
    assert codes(tree) == [
        "condition.unknown_field", "condition.operator_not_for_field", "condition.no_value", "condition.two_values",
        "condition.wrong_kind",
    ]  # fmt: skip


def test_a_problem_names_the_rule_it_belongs_to():
    wrong = rule("zz", "equals", "a", uid="r7")
    assert [found["uid"] for found, _ in problems(all_of(rule("n", "equals", "1"), any_of(wrong)), KINDS_OF)] == ["r7"]


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["holds"] != "fault"], ids=lambda v: v["name"])
def test_a_condition_that_can_be_decided_with_right_data_has_no_problems_but_those_it_never_reaches(vector):
    found = [reason.code for _, reason in problems(vector["tree"], kinds_of(vector))]
    assert not found or "not reached" in vector["name"]


def test_another_field_of_another_kind_cannot_be_compared_with():
    assert codes(all_of(rule("n", "equals", "t", source="field"))) == ["condition.kinds_differ"]
    assert codes(all_of(rule("n", "equals", "zz", source="field"))) == ["condition.unknown_field"]
    assert codes(all_of(rule("t", "contains", "t", source="field"))) == []


def test_depth_and_count_are_capped():
    deep = rule("n", "equals", "1")
    for _ in range(MAX_DEPTH + 1):
        deep = all_of(deep)
    wide = all_of(*(all_of(*(rule("n", "equals", "1") for _ in range(50))) for _ in range(MAX_RULES // 50 + 1)))
    assert codes(deep) == ["condition.too_deep"]
    assert codes(wide) == ["condition.too_many"]
    assert depth(deep) == MAX_DEPTH + 1


def test_no_condition_and_an_empty_one_are_none():
    assert compile_condition(None, {}) is None
    assert compile_condition({"combinator": "and", "rules": []}, {}) is None


def test_a_condition_names_the_fields_it_asks():
    tree = all_of(rule("n", "equals", "1"), any_of(rule("t", "contains", "x")))
    assert compile_condition(tree, KINDS_OF).fields == {"n", "t"}


@pytest.mark.parametrize(
    ("tree", "data", "foreseen"),
    [
        (all_of(rule("n", "greater", "5")), {}, None),
        (all_of(rule("n", "greater", "5")), {"n": None}, False),
        (all_of(rule("n", "greater", "5")), {"n": "6"}, True),
        (all_of(rule("n", "greater", "5"), rule("t", "empty")), {"n": "6"}, None),
        (all_of(rule("n", "greater", "5"), rule("t", "empty")), {"n": "4"}, False),
        (any_of(rule("n", "greater", "5"), rule("t", "empty")), {"n": "6"}, True),
        (any_of(rule("n", "greater", "5"), rule("t", "empty")), {"n": "4"}, None),
        ({**all_of(rule("n", "greater", "5")), "not": True}, {}, None),
        ({**all_of(rule("n", "greater", "5")), "not": True}, {"n": "4"}, True),
        (all_of(rule("t", "contains", "t", source="field")), {}, None),
        (all_of(rule("zz", "equals", "1")), {"n": "1"}, None),
        (all_of(rule("n", "greater", "5")), {"n": "many"}, None),
    ],
)
def test_what_depends_on_a_field_that_is_not_there_yet_is_not_known_yet(tree, data, foreseen):
    assert compile_condition(tree, KINDS_OF).foresee(data) is foreseen


@given(st.lists(st.booleans(), max_size=6), st.sampled_from(["and", "or"]), st.booleans())
def test_groups_answer_as_all_and_any_do(answers, combinator, flipped):
    tree = {
        "combinator": combinator,
        "not": flipped,
        "rules": [rule("n", "greater" if one else "less", "0") for one in answers],
    }
    plain = all(answers) if combinator == "and" else any(answers)
    assert holds(tree, {"n": "1"}) is ((plain is not flipped) if answers else True)


@given(st.data())
def test_whatever_is_asked_of_whatever_value_answers_or_is_a_fault_with_a_reason(data):
    value = data.draw(
        st.none()
        | st.booleans()
        | st.integers(-9, 9)
        | st.text(max_size=4)
        | st.lists(st.text(max_size=2), max_size=2)
        | st.just({"id": "a"})
    )
    operand = data.draw(st.none() | st.integers(-9, 9) | st.text(max_size=4) | st.lists(st.text(max_size=2), max_size=2))
    kind, operator = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(sorted(OPERATORS)))
    tree = all_of({"field": "x", "operator": operator, "value": operand})
    assert holds(tree, {"x": value}, {"x": kind}) in (True, False, "fault")
