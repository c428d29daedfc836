"""Checks of a form and of a record type."""

import pytest

from dougong.builder.checks import check
from tests.drawing import all_of, field, form_doc, options, rule, text

CUSTOMER = {
    **form_doc(field("name"), field("phone", "phone"), field("level", "choice", config=options("vip"))),
    "kind": "entity",
    "key": "customer",
}
REFS = {("entity", "customer"): CUSTOMER}


def found(*fields, **more):
    return [(problem.reason.code, problem.fields, problem.path) for problem in check(form_doc(*fields, **more), REFS)]


def record(*fill):
    return field(
        "customer", "record", config={"entity": "customer", "fill": [{"from": one, "to": other} for one, other in fill]}
    )


AT = "/sections/0/fields"

GOOD = {
    "a plain form": [field("a"), field("b", "number", config={"min": "0", "places": 2}, default="5")],
    "every default that is fine": [
        field("d", "date", default="today"),
        field("c", "choice", config=options("x"), default="x"),
        field("cs", "choices", config=options("x", "y"), default=["x"]),
        field("n", "number", default=5),
        field("b", "boolean", default=True),
    ],
    "a formula of what stands before it": [
        field("a", "number"),
        field("b", "formula", config={"formula": "a * 2"}),
        field("c", "formula", config={"formula": "b * 2"}),
    ],
    "a record that fills fields of its kinds": [
        record(("name", "who"), ("level", "rank")),
        field("who"),
        field("rank", "choice", config=options("vip")),
    ],
    "a condition on another field": [field("a"), field("b", visible_when=all_of(rule("a", "equals", "1")))],
    "a table that is added up": [
        field(
            "items",
            "subform",
            config={"columns": [field("n", "number"), field("twice", "formula", config={"formula": "n * 2"})]},
        ),
        field("sum", "formula", config={"formula": "SUM(items.twice)"}),
    ],
    "a note": [field("about", "note"), field("a")],
}


@pytest.mark.parametrize("fields", GOOD.values(), ids=GOOD.keys())
def test_a_good_form_has_no_problems(fields):
    assert found(*fields) == []


COLUMNS = f"{AT}/0/config/columns"


def table(*columns, **config):
    return field("items", "subform", config={"columns": list(columns), **config})


BAD = {
    "a table without columns": ([table()], "schema.too_few", ("items",), COLUMNS),
    "a column that is a table": (
        [table({**table(field("a")), "uid": "t"})],
        "check.no_column_type",
        ("items",),
        f"{COLUMNS}/0/type",
    ),
    "a column of places": ([table(field("a", "region"))], "check.no_column_type", ("items",), f"{COLUMNS}/0/type"),
    "a column of records of no type": (
        [table(field("a", "record", config={"entity": "gone"}))],
        "check.no_such_entity",
        ("a",),
        f"{COLUMNS}/0/config/entity",
    ),
    "a row that needs what is calculated after its table": (
        [
            table(field("a", "number"), field("b", "formula", config={"formula": "a * sum"})),
            field("sum", "formula", config={"formula": "SUM(items.a)"}),
        ],
        "check.formula_order",
        ("items",),
        f"{COLUMNS}/1/config/formula",
    ),
    "a sum before rows that follow a field": (
        [
            field("rate", "number"),
            field("sum", "formula", config={"formula": "SUM(items.b)"}),
            table(field("a", "number"), field("b", "formula", config={"formula": "a * rate"})),
        ],
        "check.formula_order",
        ("sum",),
        f"{AT}/1/config/formula",
    ),
    "two columns of one key": (
        [table(field("a"), {**field("b"), "key": "a"})],
        "check.doubled_key",
        ("a",),
        f"{COLUMNS}/0/key",
    ),
    "a column whose settings are wrong": (
        [table(field("a", "number", config={"places": 99}))],
        "schema.too_great",
        ("a",),
        f"{COLUMNS}/0/config/places",
    ),
    "a formula of a column that is not there": (
        [table(field("a", "formula", config={"formula": "b * 2"}))],
        "formula.unknown_field",
        ("a",),
        f"{COLUMNS}/0/config/formula",
    ),
    "a column used as one value": (
        [table(field("n", "number")), field("s", "formula", config={"formula": "items.n + 1"})],
        "formula.many_values",
        ("s",),
        f"{AT}/1/config/formula",
    ),
    "an option that hangs from nothing": (
        [field("c", "cascade", config={"options": [{"uid": "x", "key": "x", "title": text("x"), "parent": "y"}]})],
        "check.tree_path",
        ("c",),
        f"{AT}/0/config/options/0/parent",
    ),
    "more rows needed than there may be": (
        [table(field("a"), min=5, max=3)],
        "check.rows_range",
        ("items",),
        f"{AT}/0/config/min",
    ),
    "a column called id": ([table(field("id"))], "schema.not_valid", ("items",), f"{COLUMNS}/0/key"),
    "a key twice": ([field("a"), {**field("b"), "key": "a"}], "check.doubled_key", ("a",), f"{AT}/0/key"),
    "an unknown type": ([field("a", "teleport")], "check.unknown_field_type", ("a",), f"{AT}/0/type"),
    "a setting that is unknown": (
        [field("a", config={"colour": "red"})],
        "schema.unknown_key",
        ("a",),
        f"{AT}/0/config/colour",
    ),
    "a setting that is wrong": ([field("a", "number", config={"min": "many"})], "schema.pattern", ("a",), f"{AT}/0/config/min"),
    "a choice without options": ([field("a", "choice")], "schema.required", ("a",), f"{AT}/0/config"),
    "an empty list of options": (
        [field("a", "choice", config={"options": []})],
        "schema.too_few",
        ("a",),
        f"{AT}/0/config/options",
    ),
    "an option twice": (
        [field("a", "choice", config=options("x", "x"))],
        "check.doubled_option",
        ("a",),
        f"{AT}/0/config/options",
    ),
    "a condition on a field that is gone": (
        [field("a", visible_when=all_of(rule("gone", "empty")))],
        "condition.unknown_field",
        ("a",),
        f"{AT}/0/visible_when",
    ),
    "a condition that cannot be asked": (
        [field("n", "number"), field("a", visible_when=all_of(rule("n", "contains", "1")))],
        "condition.operator_not_for_field",
        ("a",),
        f"{AT}/1/visible_when",
    ),
    "a formula that cannot be read": (
        [field("a", "formula", config={"formula": "1 +"})],
        "formula.expected_value",
        ("a",),
        f"{AT}/0/config/formula",
    ),
    "a formula that gives no number": (
        [field("t"), field("a", "formula", config={"formula": "t & t"})],
        "check.formula_result",
        ("a",),
        f"{AT}/1/config/formula",
    ),
    "a formula of text that gives a day": (
        [field("a", "formula_text", config={"formula": "TODAY()"})],
        "check.formula_result",
        ("a",),
        f"{AT}/0/config/formula",
    ),
    "a formula of a day that gives a number": (
        [field("d", "date"), field("a", "formula_date", config={"formula": "YEAR(d)"})],
        "check.formula_result",
        ("a",),
        f"{AT}/1/config/formula",
    ),
    "a formula of one that stands after it": (
        [field("a", "formula", config={"formula": "b"}), field("b", "formula", config={"formula": "1"})],
        "check.formula_order",
        ("a",),
        f"{AT}/0/config/formula",
    ),
    "a formula of itself": (
        [field("a", "formula", config={"formula": "a + 1"})],
        "check.formula_order",
        ("a",),
        f"{AT}/0/config/formula",
    ),
    "a default that nobody could fill in": (
        [field("n", "number", default="many")],
        "field.number.invalid",
        ("n",),
        f"{AT}/0/default",
    ),
    "today, where no day is asked for": (
        [field("n", "number", default="today")],
        "field.number.invalid",
        ("n",),
        f"{AT}/0/default",
    ),
    "a default beyond the limit": (
        [field("n", "number", config={"max": "10"}, default="11")],
        "field.number.max",
        ("n",),
        f"{AT}/0/default",
    ),
    "a default that is no option": (
        [field("c", "choice", config=options("x"), default="y")],
        "field.choice.unknown",
        ("c",),
        f"{AT}/0/default",
    ),
    "a record type that is gone": (
        [field("r", "record", config={"entity": "gone"})],
        "check.no_such_entity",
        ("r",),
        f"{AT}/0/config/entity",
    ),
    "a fill from a field that is gone": (
        [record(("gone", "who")), field("who")],
        "check.no_such_field",
        ("customer",),
        f"{AT}/0/config/fill/0/from",
    ),
    "a fill into a field that is gone": (
        [record(("name", "gone"))],
        "check.no_such_field",
        ("customer",),
        f"{AT}/0/config/fill/0/to",
    ),
    "a fill into another kind": (
        [record(("level", "who")), field("who")],
        "check.fill_kinds",
        ("customer",),
        f"{AT}/0/config/fill/0",
    ),
}


@pytest.mark.parametrize(("fields", "code", "where", "path"), BAD.values(), ids=BAD.keys())
def test_a_planted_problem_is_found_where_it_is(fields, code, where, path):
    assert (code, where, path) in found(*fields)


@pytest.mark.parametrize("nonsense", [None, 5, [None], [{"uid": "x", "key": [], "title": text("x")}], [{"key": {}}]])
def test_options_that_are_none_are_told_by_the_schema(nonsense):
    assert {code.partition(".")[0] for code, *_ in found(field("a", "choice", config={"options": nonsense}))} == {"schema"}


def test_a_problem_in_the_settings_is_told_before_anything_that_would_follow_from_it():
    assert [
        code
        for code, *_ in found(
            field("a", "number", config={"min": "many"}), field("b", visible_when=all_of(rule("gone", "empty")))
        )
    ] == ["schema.pattern"]


def test_a_section_that_hides_on_a_wrong_condition():
    doc = form_doc(field("a"))
    doc["sections"][0]["visible_when"] = all_of(rule("gone", "empty"))
    assert [(one.reason.code, one.path) for one in check(doc, {})] == [("condition.unknown_field", "/sections/0/visible_when")]


def test_an_empty_form_is_a_warning():
    [problem] = check(form_doc(), {})
    assert (problem.reason.code, problem.severity) == ("check.no_fields", "warning")


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("name_field", "gone", "/name_field"),
        ("unique_field", "gone", "/unique_field"),
        ("list_fields", ["a", "gone"], "/list_fields/1"),
    ],
)
def test_a_record_type_names_fields_of_its_own(name, value, path):
    doc = {**form_doc(field("a")), "kind": "entity", name: value}
    assert [(one.reason.code, one.path) for one in check(doc, {})] == [("check.no_such_field", path)]
    assert check({**doc, name: ["a"] if name == "list_fields" else "a"}, {}) == []


def test_a_setting_is_called_as_the_inspector_calls_it():
    [problem] = check(form_doc(field("r", "record", config={"fill": []})), {})
    assert problem.reason.params == {"key": {"zh-Hans": "数据表", "en": "Record type"}}


def test_a_form_takes_no_settings_of_a_workflow():
    assert [one.reason.code for one in check({**form_doc(field("a")), "nodes": []}, {})] == ["schema.unknown_key"]
    assert text("a")["en"] == "a"


def serial(*parts, **config):
    return field("no", "serial", config={"parts": [{"uid": str(at), **one} for at, one in enumerate(parts)], **config})


COUNTER, MONTH, OF_A = {"part": "counter"}, {"part": "date", "date": "yyyyMM"}, {"part": "field", "field": "a"}


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        (serial(COUNTER), []),
        (serial(MONTH, COUNTER, reset="month"), []),
        (serial(MONTH, COUNTER, reset="year"), []),
        (serial(OF_A, COUNTER, group="a"), []),
        (serial(MONTH), ["check.serial_counter"]),
        (serial(MONTH, COUNTER, reset="day"), ["check.serial_date"]),
        (serial(COUNTER, group="a"), ["check.serial_group"]),
        (serial(COUNTER, {"part": "text"}), ["check.serial_text"]),
        (serial(COUNTER, {"part": "field", "field": "gone"}), ["check.no_such_field"]),
        (serial(COUNTER, {"part": "field", "field": "no"}), ["check.no_such_field"]),
    ],
)
def test_a_serial_number_cannot_come_twice(number, codes):
    assert [code for code, *_ in found(field("a"), number)] == codes


@pytest.mark.parametrize(
    ("formula", "codes"),
    [
        ("n > 1", []),
        ("IF(n > 1, TRUE, FALSE)", []),
        ("n + 1", ["check.check_result"]),
        ("1 > 2", ["check.check_no_field"]),
        ("twice > 2", ["check.check_no_field"]),
        ("m > 1", ["formula.unknown_field"]),
    ],
)
def test_a_check_on_submit_is_true_or_not_and_of_something_that_is_filled_in(formula, codes):
    checks = [{"uid": "check", "formula": formula, "message": text("x")}]
    wrong = found(field("n", "number"), field("twice", "formula", config={"formula": "n * 2"}), checks=checks)
    assert [(code, path) for code, _, path in wrong] == [(code, "/checks/0/formula") for code in codes]
