"""A step that asks a decision table, and people whom a table names."""

import pytest

from dougong.runtime import interpreter
from dougong.runtime.definition import Definition
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.world import World, replayed
from tests.drawing import chain, field, form_doc, node, options, task, text, world
from tests.runtime.test_table import atom, table_doc

TICKET = form_doc(
    field("amount", "money"), field("line", "choice", config=options("aircon", "washer")), field("note"),
    field("tags", "choices", config=options("gold", "silver")), field("fee", "money"), field("place", "region"),
    field("sum", "formula", config={"formula": "1"}),
)  # fmt: skip
INPUTS = [field("cost", "money", required=True), field("what", "choice", config=options("aircon", "washer"))]
OUTPUTS = [
    field("level", "choice", config=options("gold", "silver")), field("price", "number"),
    {"uid": "who", "key": "who", "type": "role", "title": text("who")},
]  # fmt: skip
RULES = (
    ({"cost": atom("less", "100")}, {"level": "silver", "price": "9.5", "who": "clerk"}),
    ({"what": atom("equals", "aircon")}, {"level": "gold", "price": {"formula": "cost / 3"}, "who": "engineer"}),
)
TABLE = table_doc(INPUTS, OUTPUTS, *RULES)
ASKS = {"table": "t", "inputs": {"cost": "amount", "what": "line"}}


def run(data, table=TABLE, **outputs):
    step = node("a", "decide_by_table", **ASKS, outputs=outputs or {"level": "note", "price": "fee"})
    return interpreter.start(chain(step, "end", refs=(TICKET, table)), data, world())


def incident(step):
    return next(token.reason for token in step.case.tokens.values())


def test_it_writes_what_comes_out_into_fields():
    step = run({"amount": "42.00"})
    assert (step.case.status, step.case.data) == ("done", {"amount": "42.00", "note": "silver", "fee": "9.50", "sum": "1"})


def test_a_list_goes_into_a_multiple_choice_or_a_line_of_text():
    table = {**TABLE, "policy": "rule_order", "rules": TABLE["rules"] + [{**TABLE["rules"][0], "uid": "r3", "when": {}}]}
    data = run({"amount": "200.00", "line": "aircon"}, table, level="tags").case.data
    assert data["tags"] == ["gold", "silver"]
    assert run({"amount": "200.00", "line": "aircon"}, table, level="note").case.data["note"] == "gold, silver"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"amount": "200.00"}, "table.no_hit"),
        ({}, "table.input_missing"),
        ({"amount": "much"}, "condition.wrong_kind"),
        ({"amount": "100.00", "line": "aircon"}, "case.value_does_not_fit"),  # 33.333333 is no amount to the cent
    ],
)
def test_a_table_that_cannot_decide_is_an_incident(data, code):
    step = run(data)
    assert (step.case.status, incident(step).code) == ("failed", code)


def test_a_table_that_is_not_there_is_an_incident():
    assert incident(run({"amount": "1.00"}, {**TABLE, "key": "other"})).code == "check.no_such_table"


def asked(who, data, *refs):
    return interpreter.start(chain(task("a", who=who), "end", refs=(TICKET, *refs)), data, world())


BY_TABLE = {"by": "table", **ASKS, "output": "who"}


def test_a_table_names_the_role_that_is_asked_for():
    [_, (question, _)] = asked(BY_TABLE, {"amount": "300.00", "line": "aircon"}, TABLE).answers
    assert question.args == {"by": "role", "role": "engineer"}
    within = {**BY_TABLE, "unit": {"of": "region", "field": "place"}}
    [_, (question, _)] = asked(within, {"amount": "1.00", "place": {"region": "4403"}}, TABLE).answers
    assert question.args == {"by": "role_in_unit", "role": "clerk", "region": "4403"}


def test_a_table_that_names_nobody_is_an_incident():
    assert incident(asked(BY_TABLE, {"amount": "300.00"}, TABLE)).code == "table.no_hit"
    assert incident(asked(BY_TABLE, {"amount": "300.00"})).code == "check.no_such_table"


def checked(type, config, *refs):
    definition = chain(node("a", type, **config), "end", refs=(TICKET, *refs))
    return [(where, reason.code) for where, reason in NODE_TYPES[type].check(definition, definition.node["a"])]


def test_what_a_step_asks_is_checked():
    ok = {**ASKS, "outputs": {"level": "note", "price": "fee"}}
    assert checked("decide_by_table", ok, TABLE) == []
    assert checked("decide_by_table", ok) == [("/table", "check.no_such_table")]
    wrong = {"table": "t", "inputs": {"what": "gone", "x": "note"}, "outputs": {"level": "fee", "y": "note", "price": "sum"}}
    assert checked("decide_by_table", wrong, TABLE) == [
        ("/inputs/what", "check.no_such_field"),
        ("/inputs/x", "check.no_such_table_input"),
        ("/inputs", "check.table_input_not_filled"),
        ("/outputs/level", "check.field_of_kind"),
        ("/outputs/y", "check.no_such_output"),
        ("/outputs/price", "check.no_such_field"),
    ]
    kinds = {**ok, "inputs": {"cost": "place", "what": "note"}}  # a text may stand for a choice
    assert checked("decide_by_table", kinds, TABLE) == [("/inputs/cost", "check.field_of_kind")]
    lists = {**TABLE, "policy": "collect"}
    assert checked("decide_by_table", {**ok, "outputs": {"level": "fee"}}, lists) == [("/outputs/level", "check.field_of_kind")]
    counts = {**TABLE, "policy": "collect", "collect": "count"}
    assert checked("decide_by_table", {**ok, "outputs": {"level": "fee"}}, counts) == []


def test_whom_a_table_names_is_checked():
    rights = {"rights": {"*": "write"}}
    assert checked("user_task", {"who": BY_TABLE, **rights}, TABLE) == []
    assert checked("user_task", {"who": BY_TABLE, **rights}) == [("/who/table", "check.no_such_table")]
    for who, table in [({**BY_TABLE, "output": "level"}, TABLE), (BY_TABLE, {**TABLE, "policy": "collect"})]:
        assert checked("user_task", {"who": who, **rights}, table) == [("/who/output", "check.output_names_no_role")]


def test_the_version_that_was_locked_is_the_one_that_runs():
    doc = chain(node("a", "decide_by_table", **ASKS, outputs={"level": "note"}), "end", refs=(TICKET,)).doc
    definition = Definition.from_json(doc, [TICKET, TABLE], 3, {"table/t": 7})
    assert definition.tables["t"].version == 7


def noted(step):
    return [question.args["rows"] for question, _ in step.answers if question.kind == "decided"]


def test_which_rules_decided_is_noted_for_the_history():
    first = run({"amount": "42.00", "line": "aircon"}, {**TABLE, "policy": "first"})
    ((question, _),) = first.answers
    assert question.args == {"node": "a", "table": "t", "version": 0, "rows": [1], "fields": ["amount", "line"]}
    assert noted(run({"amount": "300.00", "line": "aircon"}, {**TABLE, "policy": "first"}, level="note")) == [[2]]
    assert noted(run({"amount": "42.00", "line": "aircon"}, {**TABLE, "policy": "rule_order"}, level="tags")) == [[1, 2]]
    assert noted(run({"amount": "300.00"}, {**TABLE, "default": {"level": {"value": "gold"}}}, level="note")) == [[]]
    assert noted(run({"amount": "300.00"}, level="note")) == []  # an incident


def test_what_is_noted_does_not_disturb_a_replay():
    flow = chain(node("a", "decide_by_table", **ASKS, outputs={"level": "note"}), task("b"), "end", refs=(TICKET, TABLE))
    first = interpreter.start(flow, {"amount": "42.00"}, world())
    again = interpreter.start(flow, {"amount": "42.00"}, World(world().now, replayed(first.answers), "person:anna"))
    assert (again.case, again.answers) == (first.case, first.answers)
