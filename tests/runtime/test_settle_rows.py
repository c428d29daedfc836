"""A step that settles row by row: a line for each row of a table, what it comes to, and what is wrong with which row."""

import pytest

from dougong.runtime import interpreter
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.world import World
from tests.drawing import NOW, chain, field, form_doc, node, text

COLUMNS = [
    field("product"), field("quantity", "number", config={"places": 0}), field("fee", "money"), field("day", "date"),
    field("twice", "formula", config={"formula": "fee * 2"}),
]  # fmt: skip
ORDER = form_doc(
    field("dealer"), field("day", "date"), field("total", "money"), field("note"),
    field("items", "subform", config={"columns": COLUMNS}), field("fees", "formula", config={"formula": "SUM(items.fee)"}),
)  # fmt: skip
UNITS = {
    "format": 1, "uid": "units", "kind": "settlement", "key": "units", "title": text("units"),
    "partner": "dealer", "date": "day", "currency": "CNY",
    "inputs": [field("dealer"), field("day", "date"), field("product"), field("quantity", "number")],
    "line": {
        "dimensions": [{"uid": "p", "input": "product"}],
        "rules": [
            {"uid": "pump", "when": {"p": {"in": ["pump"]}},
             "charge": {"model": "per_unit", "measure": {"sum": "quantity"}, "rate": "9.995"}},
            {"uid": "hkd", "when": {"p": {"in": ["fan"]}}, "charge": {"model": "flat", "amount": "10"}},
        ],
    },
}  # fmt: skip
HONG_KONG = {
    **UNITS,
    "term_dimensions": [{"uid": "d", "input": "product"}],
    "terms": [{"uid": "t", "when": {"d": {"in": ["fan"]}}, "currency": "HKD", "tax": {"kind": "exempt"}}],
}
TAKEN = {name: name for name in ("dealer", "day", "product", "quantity")}
ROWS = [{"product": "pump", "quantity": "3"}, {"product": "fan", "quantity": "1", "day": "2025-12-31"}]


def step_of(**config):
    return node("s", "settle", **{"settlement": "units", "over": "items", "inputs": TAKEN, **config})


def settled(rows, settlement=UNITS, **config):
    given = World(NOW, lambda question: question.args["values"], "person:anna")
    data = {"dealer": "d1", "day": "2026-03-01", **({"items": rows} if rows is not None else {})}
    return interpreter.start(chain(step_of(**config), "end", refs=(ORDER, settlement)), data, given)


def lines(step):
    return [(effect.args["row"], effect.args["amount"], effect.args["date"]) for _, effect in step.effects]


def incident(step):
    return next(token.reason for token in step.case.tokens.values() if token.reason)


def test_each_row_is_a_line_its_columns_before_the_fields_of_the_ticket():
    step = settled(ROWS)
    assert lines(step) == [(1, "29.99", "2026-03-01"), (2, "10.00", "2025-12-31")]
    assert {effect.args["partner"] for _, effect in step.effects} == {"d1"}
    assert step.case.status == "done" and step.case.data["items"] == ROWS


def test_a_column_takes_the_amount_of_its_row_and_what_is_calculated_follows():
    data = settled(ROWS, amount_field="fee").case.data
    assert [(row["fee"], row["twice"]) for row in data["items"]] == [("29.99", "59.98"), ("10.00", "20")]
    assert data["fees"] == "39.99"
    assert "fee" not in ROWS[0]


def test_a_field_of_the_ticket_takes_what_all_come_to():
    assert settled(ROWS, amount_field="total").case.data["total"] == "39.99"


@pytest.mark.parametrize("rows", [None, []])
def test_without_rows_there_are_no_lines(rows):
    step = settled(rows, amount_field="total")
    assert (lines(step), step.case.status, step.case.data["total"]) == ([], "done", "0")


def test_a_row_that_has_no_price_is_named_and_none_is_written():
    step = settled([ROWS[0], {"product": "nobody's"}], amount_field="fee")
    found = incident(step)
    assert (found.code, found.params["row"], found.params["reason"]["code"]) == ("settle.row", 2, "settle.no_rule")
    assert (step.effects, step.case.data["items"][0]) == ([], ROWS[0])


def test_several_currencies_have_no_sum_but_a_column_each():
    assert incident(settled(ROWS, HONG_KONG, amount_field="total")).code == "settle.several_currencies"
    step = settled(ROWS, HONG_KONG, amount_field="fee")
    assert [effect.args["currency"] for _, effect in step.effects] == ["CNY", "HKD"]
    assert step.case.status == "done"


NO_COLUMN = [(f"/inputs/{one}", "check.no_such_field") for one in ("product", "quantity")]


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({}, []),
        ({"amount_field": "fee"}, []),
        ({"amount_field": "total"}, []),
        ({"amount_field": "note"}, [("/amount_field", "check.field_of_kind")]),
        ({"amount_field": "product"}, [("/amount_field", "check.field_of_kind")]),
        ({"over": "note", "inputs": {"dealer": "dealer"}}, [("/over", "check.field_of_kind")]),
        ({"inputs": {**TAKEN, "quantity": "product"}}, [("/inputs/quantity", "check.field_of_kind")]),
        ({"over": "gone", "inputs": {"dealer": "dealer"}}, [("/over", "check.field_of_kind")]),
        ({"over": "gone"}, [("/over", "check.field_of_kind"), *NO_COLUMN]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_drawing(config, problems):
    definition = chain(step_of(**config), "end", refs=(ORDER, UNITS))
    found = NODE_TYPES["settle"].check(definition, definition.node["s"])
    assert [(path, reason.code) for path, reason in found] == problems


@pytest.mark.parametrize(("field_name", "written"), [("fee", {"items"}), ("total", {"total"}), (None, set())])
def test_what_it_writes(field_name, written):
    definition = chain(step_of(**({"amount_field": field_name} if field_name else {})), "end", refs=(ORDER, UNITS))
    assert NODE_TYPES["settle"].writes(definition, definition.node["s"]) == written
