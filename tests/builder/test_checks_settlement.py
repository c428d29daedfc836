"""Checks of a settlement: columns, rules, tiers, terms, shares."""

import pytest

from dougong.builder.checks import check
from tests.drawing import field, form_doc, options, text

DEALER = {**form_doc(field("name"), field("grade", "choice", config=options("A", "B"))), "kind": "entity", "key": "dealer"}
REFS = {("entity", "dealer"): DEALER, ("workflow", "approve"): {"kind": "workflow", "key": "approve"}}
INPUTS = [
    field("dealer", "record", config={"entity": "dealer"}),
    field("amount", "money"),
    field("day", "date"),
    field("region", "region"),
    {**field("grade", "choice", config=options("A", "B")), "from": {"input": "dealer", "field": "grade"}},
]
BY = [{"uid": f"by_{key}", "input": key} for key in ("amount", "day", "region", "grade")]
FLAT = {"model": "flat", "amount": "80"}
STEPS = {
    "model": "graduated_percentage",
    "measure": {"sum": "amount"},
    "tiers": [{"uid": "t1", "below": "100", "percent": "1"}, {"uid": "t2", "below": None, "percent": "2"}],
}


def rule(uid, charge, **when):
    return {"uid": uid, "when": when, "charge": charge}


def table(*rules):
    return {"dimensions": BY, "rules": list(rules)}


def doc(**more):
    return {
        "format": 1,
        "uid": "fee",
        "kind": "settlement",
        "key": "fee",
        "title": text("fee"),
        "inputs": INPUTS,
        "partner": "dealer",
        "date": "day",
        "currency": "CNY",
        "line": table(rule("one", FLAT)),
        **more,
    }


def found(**more):
    return [(one.reason.code, one.fields, one.path) for one in check(doc(**more), REFS)]


def terms(*rows):
    return {"terms": list(rows), "term_dimensions": BY}


def term(uid, tax, **when):
    return {"uid": uid, "when": when, "currency": "CNY", "tax": tax}


def tiers(*rows):
    return {"statement": table(rule("steps", {**STEPS, "tiers": list(rows)}))}


def share(uid, percent):
    return {"uid": uid, "party": text(uid), "percent": percent}


def test_a_good_settlement_has_no_problems():
    whole = {
        "line": table(rule("a", FLAT, by_grade={"in": ["A"]}, by_amount={"from": "0", "below": "100"}), rule("rest", FLAT)),
        "statement": table(rule("steps", STEPS, by_region={"not_in": ["81"]}, by_day={"from": "2026-01-01"})),
        **terms(
            term("hk", {"kind": "out_of_scope"}, by_region={"in": ["81"]}), term("rest", {"kind": "inclusive", "rate": "6"})
        ),
        "shares": [share("a", "60"), share("b", "39.5"), share("c", "0.5")],
        "approval": "approve",
        "line_id": "amount",
    }
    assert found(**whole) == []


BAD = {
    "a column twice": ({"inputs": [*INPUTS, field("amount", "number")]}, "check.doubled_key", "/inputs/1/key"),
    "a column of an unknown type": (
        {"inputs": [*INPUTS, field("x", "teleport")]},
        "check.unknown_field_type",
        "/inputs/5/type",
    ),
    "a column of files": ({"inputs": [*INPUTS, field("x", "files")]}, "check.unknown_field_type", "/inputs/5/type"),
    "a column with wrong settings": (
        {"inputs": [*INPUTS, field("x", "number", config={"min": "x"})]},
        "schema.pattern",
        "/inputs/5/config/min",
    ),
    "a record type that is gone": (
        {"inputs": [*INPUTS, field("x", "record", config={"entity": "gone"})]},
        "check.no_such_entity",
        "/inputs/5/config/entity",
    ),
    "a look-up of a field that is gone": (
        {"inputs": [*INPUTS, {**field("x"), "from": {"input": "dealer", "field": "gone"}}]},
        "check.no_such_field",
        "/inputs/5/from",
    ),
    "a look-up by what is no record": (
        {"inputs": [*INPUTS, {**field("x"), "from": {"input": "amount", "field": "grade"}}]},
        "check.no_such_field",
        "/inputs/5/from",
    ),
    "a partner that is no column": ({"partner": "gone"}, "check.no_such_input", "/partner"),
    "a date that is no date": ({"date": "amount"}, "check.field_of_kind", "/date"),
    "an identifying column that is gone": ({"line_id": "gone"}, "check.no_such_input", "/line_id"),
    "a table without rules": ({"line": table()}, "check.no_rules", "/line/rules"),
    "a dimension that is no column": (
        {"line": {"dimensions": [{"uid": "x", "input": "gone"}], "rules": [rule("one", FLAT)]}},
        "check.no_such_input",
        "/line/dimensions/0",
    ),
    "a cell of a dimension that is gone": (
        {"line": table(rule("one", FLAT, gone={"in": ["x"]}))},
        "check.no_such_dimension",
        "/line/rules/0/when/gone",
    ),
    "a range of places": (
        {"line": table(rule("one", FLAT, by_region={"from": "1"}))},
        "check.range_needs_number",
        "/line/rules/0/when/by_region",
    ),
    "a range of days by numbers": (
        {"line": table(rule("one", FLAT, by_day={"from": "1"}))},
        "check.range_needs_number",
        "/line/rules/0/when/by_day",
    ),
    "an empty range": (
        {"line": table(rule("one", FLAT, by_amount={"from": "100", "below": "100"}))},
        "check.empty_range",
        "/line/rules/0/when/by_amount",
    ),
    "a row after one that always fits": (
        {"line": table(rule("one", FLAT), rule("two", FLAT))},
        "check.unreachable_rule",
        "/line/rules/1",
    ),
    "an unknown model": (
        {"line": table(rule("one", {"model": "guess"}))},
        "settle.unknown_model",
        "/line/rules/0/charge/model",
    ),
    "a charge without its amount": (
        {"line": table(rule("one", {"model": "flat"}))},
        "settle.incomplete_rule",
        "/line/rules/0/charge/amount",
    ),
    "a charge without a measure": (
        {"line": table(rule("one", {"model": "per_unit", "rate": "1"}))},
        "settle.incomplete_rule",
        "/line/rules/0/charge/measure",
    ),
    "a sum of what is no number": (
        {"line": table(rule("one", {"model": "per_unit", "rate": "1", "measure": {"sum": "grade"}}))},
        "check.field_of_kind",
        "/line/rules/0/charge/measure",
    ),
    "the lines' worth as the measure of a line": (
        {"line": table(rule("one", {"model": "per_unit", "rate": "1", "measure": {"lines": True}}))},
        "check.measure_of_lines",
        "/line/rules/0/charge/measure",
    ),
    "a tier without its percentage": (
        tiers({"uid": "t1", "below": None}),
        "settle.incomplete_rule",
        "/statement/rules/0/charge/tiers/0",
    ),
    "no open end": (
        tiers({"uid": "t1", "below": "100", "percent": "1"}),
        "check.no_open_end",
        "/statement/rules/0/charge/tiers/0",
    ),
    "a tier after the open end": (
        tiers({"uid": "t1", "percent": "1"}, {"uid": "t2", "below": "100", "percent": "1"}),
        "check.tier_after_open_end",
        "/statement/rules/0/charge/tiers/1",
    ),
    "tiers that do not rise": (
        tiers(
            {"uid": "t1", "below": "100", "percent": "1"},
            {"uid": "t2", "below": "100", "percent": "1"},
            {"uid": "t3", "percent": "1"},
        ),
        "check.tiers_not_rising",
        "/statement/rules/0/charge/tiers/1",
    ),
    "a first tier below zero": (
        tiers({"uid": "t1", "below": "-1", "percent": "1"}, {"uid": "t3", "percent": "1"}),
        "check.tiers_not_rising",
        "/statement/rules/0/charge/tiers/0",
    ),
    "tax without a rate": (terms(term("t", {"kind": "inclusive"})), "check.tax_without_rate", "/terms/0/tax"),
    "a term by a dimension that is gone": (
        terms(term("t", {"kind": "exempt"}, gone={"in": ["1"]})),
        "check.no_such_dimension",
        "/terms/0/when/gone",
    ),
    "shares that are not all of it": ({"shares": [share("a", "60"), share("b", "39.9")]}, "check.shares_not_100", "/shares"),
    "an approval that is gone": ({"approval": "gone"}, "check.no_such_workflow", "/approval"),
}


@pytest.mark.parametrize(("more", "code", "path"), BAD.values(), ids=BAD.keys())
def test_a_planted_problem_is_found_where_it_is(more, code, path):
    assert (code, path) in [(one, at) for one, _, at in found(**more)]


def test_neither_table_is_a_settlement_of_nothing():
    bare = doc()
    del bare["line"]
    assert [one.reason.code for one in check(bare, REFS)] == ["check.no_table"]


def test_a_row_that_is_never_used_is_only_a_warning():
    assert [(one.reason.code, one.severity) for one in check(doc(line=table(rule("one", FLAT), rule("two", FLAT))), REFS)] == [
        ("check.unreachable_rule", "warning")
    ]


def test_a_problem_of_a_tier_names_the_row_and_the_tier():
    assert ("settle.incomplete_rule", ("steps", "t1"), "/statement/rules/0/charge/tiers/0") in found(
        **tiers({"uid": "t1", "below": None})
    )


def test_a_column_of_yes_or_no_may_be_a_dimension():
    more = {
        "inputs": [*INPUTS, field("late", "boolean")],
        "line": {"dimensions": [{"uid": "l", "input": "late"}], "rules": [rule("one", FLAT, l={"in": ["true"]})]},
    }
    assert found(**more) == []


@pytest.mark.parametrize("nonsense", [[1], {"a": 1}, 5, None])
def test_a_record_type_that_is_no_name_is_told_by_the_schema(nonsense):
    more = {"inputs": [*INPUTS, field("x", "record", config={"entity": nonsense})]}
    assert {code.partition(".")[0] for code, *_ in found(**more)} == {"schema"}
