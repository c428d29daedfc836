"""Tables within a form: rows that are filled in, calculated, refused at the cell, and told."""

import json
from importlib.resources import files

import pytest
from werkzeug.datastructures import MultiDict

from dougong.runtime.fields._type import Codes
from dougong.runtime.fields.subform import MOST_ROWS
from dougong.runtime.form_view import form_view, shown
from tests.drawing import NOW, all_of, field, form, load, options, rule, text


def column(key, type="text", **more):
    return field(key, type, **more)


def table(*columns, key="items", required=False, **config):
    return field(key, "subform", required=required, config={"columns": list(columns), **config})


LINES = table(
    column("part", required=True),
    column("count", "number", config={"places": 0, "min": "1"}),
    column("price", "money", total=True),
    column("kind", "choice", config=options("new", "used")),
    column("amount", "formula", config={"formula": "count * price", "places": 2}, total=True),
)
FORM = form(LINES, field("sum", "formula", config={"formula": "SUM(items.amount)"}))


def codes(loaded):
    return {key: reason.code for key, reason in loaded.errors.items()}


def test_each_row_is_taken_in_and_calculated_and_then_what_is_beside_the_table():
    found = load(FORM, {"items": [{"part": " 滤芯 ", "count": "2", "price": "1,050.5"}, {"part": "阀", "kind": "used"}]})
    assert found.errors == {}
    assert found.values["items"] == [
        {"part": "滤芯", "count": "2", "price": "1050.50", "amount": "2101"},
        {"part": "阀", "kind": "used", "amount": "0"},
    ]
    assert found.values["sum"] == "2101"


def test_what_is_wrong_is_told_at_its_cell_and_rows_with_nothing_in_them_are_left_out():
    rows = [{"part": "", "count": "  "}, {"part": "", "count": "x"}, {"part": "a", "kind": "broken", "id": "1"}]
    found = load(FORM, {"items": rows})
    assert codes(found) == {
        "items.1.part": "field.required",
        "items.1.count": "field.number.invalid",
        "items.2.kind": "field.choice.unknown",
    }
    assert load(FORM, {"items": [{}, {"part": "a"}]}).values["items"] == [{"part": "a", "amount": "0"}]


def test_so_many_rows():
    few = form(table(column("a"), min=2, max=3))
    rows = [{"a": "x"}] * 4
    assert codes(load(few, {"items": rows[:1]})) == {"items": "field.rows.too_few"}
    assert codes(load(few, {"items": []})) == {"items": "field.rows.too_few"}
    assert codes(load(few, {"items": rows[:3]})) == {}
    assert codes(load(few, {"items": rows})) == {"items": "field.rows.too_many"}
    assert codes(load(form(table(column("a"))), {"items": [{"a": "x"}] * 51})) == {"items": "field.rows.too_many"}
    beyond = load(form(table(column("a"), max=MOST_ROWS)), {"items": [{"a": "x"}] * (MOST_ROWS + 1)})
    assert codes(beyond) == {"items": "field.rows.too_many"} and "items" not in beyond.values


def test_a_required_table_needs_a_row_and_one_that_is_not_seen_is_not_asked():
    needed = form(table(column("a"), required=True))
    assert codes(load(needed, {"items": [{"a": " "}]})) == {"items": "field.required"}
    assert codes(load(needed, {"items": [{"a": "x"}]})) == {}
    hidden = form(field("more", "boolean"), {**LINES, "visible_when": all_of(rule("more", "is_true"))})
    assert codes(load(hidden, {"items": [{"count": "x"}], "more": False})) == {}
    assert codes(load(hidden, {"items": [{"count": "x"}], "more": True})) != {}


def test_what_is_no_table_is_refused_and_breaks_nothing():
    for wrong in ("rows", 5, {"a": 1}, ["a"], [["a"]], [None]):
        assert codes(load(FORM, {"items": wrong})) == {"items": "field.rows.invalid"}
        assert isinstance(shown(FORM.fields["items"], wrong, "en", Codes()), str)
    assert load(FORM, {"items": None}, {"items": [{"part": "a"}]}).values["items"] is None


def test_who_may_only_read_the_table_changes_nothing_in_it():
    there = [{"part": "a", "amount": "0"}]
    assert "items" not in load(FORM, {"items": [{"part": "b"}]}, {"items": there}, {"*": "read"}).values


def test_a_browser_says_each_row_by_its_mark_in_the_order_of_the_page():
    sent = MultiDict([
        ("items", "1"), ("items.1.part", "b"), ("items.1.kind", "new"),
        ("items", "0"), ("items.0.part", "a"), ("items.7.part", "of no row"),
    ])  # fmt: skip
    rows = FORM.gather(sent.getlist)["items"]
    assert [(row["part"], row["kind"], row["count"]) for row in rows] == [("b", "new", None), ("a", None, None)]
    many = MultiDict([("items", str(n)) for n in range(5000)])
    assert len(FORM.gather(many.getlist)["items"]) == MOST_ROWS + 1


def test_the_view_has_a_cell_for_each_with_its_name_its_error_and_the_totals():
    loaded = load(FORM, {"items": [{"part": "a", "count": "1", "price": "2"}, {"part": "b", "price": "0.5"}]})
    (section,) = form_view(FORM, loaded.values, {"*": "write"}, NOW, "zh-Hans", Codes())
    view = section.fields[0]
    assert [[(cell.field.key, cell.shown) for cell in row][:2] for row in view.table.rows] == [
        [("items.0.part", "a"), ("items.0.count", "1")],
        [("items.1.part", "b"), ("items.1.count", "")],
    ]
    assert view.table.totals == {"price": "2.50", "amount": "2.00"}
    assert [cell.right for cell in view.table.fresh] == ["write"] * 4 + ["read"]
    assert view.shown == "1. a · 1 · 2.00 · 2.00；2. b · 0.50 · 0.00"
    typed = {"items": [{"part": "", "count": "x"}]}
    wrong = load(FORM, typed).errors
    (section,) = form_view(FORM, {}, {"*": "write"}, NOW, "en", Codes(), typed, wrong)
    assert section.fields[0].table.rows[0][1].error.code == "field.number.invalid"
    (section,) = form_view(FORM, loaded.values, {"*": "read"}, NOW, "en", Codes())
    assert not any(cell.writable for row in section.fields[0].table.rows for cell in row)


def test_a_column_that_cannot_stand_in_a_cell_is_left_out():
    odd = form(table(column("a"), column("r", "region"), column("n", "note"), table(column("b"), key="inner")))
    assert list(odd.fields["items"].columns.fields) == ["a"]


def test_conditions_ask_how_many_rows_there_are():
    several = form(LINES, field("why", visible_when=all_of(rule("items", "count_at_least", 2))))
    one, two = [{"part": "a"}], [{"part": "a"}, {"part": "b"}]
    assert "why" not in several.visible({"items": one}, NOW) and "why" in several.visible({"items": two}, NOW)
    none = form(LINES, field("why", visible_when=all_of(rule("items", "empty"))))
    assert "why" in none.visible({}, NOW) and text("x")


FORMULAS = {"number": "formula", "text": "formula_text", "date": "formula_date"}
VECTORS = json.loads(files("dougong.schemas").joinpath("vectors", "rows.json").read_text("utf-8"))["vectors"]


def drawn(one):
    if "columns" in one:
        return table(*map(drawn, one["columns"]), key=one["key"])
    if "formula" in one:
        return field(one["key"], FORMULAS[one["kind"]], config={"formula": one["formula"]})
    return field(one["key"], one["kind"], **({"config": options("vip", "new")} if one["kind"] == "choice" else {}))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_rows_follow_what_is_around_their_table(vector):
    """The browser runs the same (`test/rows.test.ts`)."""
    asked = vector["answer"]
    found = form(*map(drawn, vector["fields"])).computed(vector["data"], NOW)
    cells = {
        key: [{name: row.get(name) for name in wanted} for row, wanted in zip(found[key], asked[key], strict=True)]
        for key in asked
        if isinstance(asked[key], list)
    }
    assert {**{key: found.get(key) for key in asked}, **cells} == asked


def test_rows_are_calculated_with_what_is_filled_in_with_them_and_later():
    lines = table(column("n", "number"), column("due", "formula", config={"formula": "n * rate"}, total=True))
    whole = form(lines, field("rate", "number"), field("sum", "formula", config={"formula": "SUM(items.due)"}))
    found = load(whole, {"items": [{"n": "2"}, {}, {"n": "3"}], "rate": "1.5"})
    assert found.values["items"] == [{"n": "2", "due": "3"}, {"n": "3", "due": "4.5"}] and found.values["sum"] == "7.5"
    later = load(whole, {"rate": "2"}, found.values, {"*": "read", "rate": "write"})
    assert [row["due"] for row in later.values["items"]] == ["4", "6"] and later.values["sum"] == "10"
