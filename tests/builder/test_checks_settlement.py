"""Checks of a settlement: columns, rules, tiers, terms, shares."""

import pytest

from dougong.builder.checks import check
from dougong.runtime.tiers import MODELS
from dougong.runtime.tiers._type import PARTS
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


def party(uid, **how):
    return {"uid": uid, "party": text(uid), **how}


UNITS = {"model": "per_unit", "measure": {"sum": "amount"}, "rate": "1"}
ACHIEVED = {**STEPS, "model": "achievement"}


def charged(charge):
    return {"line": table(rule("one", charge))}


ABROAD = terms(term("hk", {"kind": "exempt"}, by_region={"in": ["81"]}), term("rest", {"kind": "exempt"}))
ABROAD["terms"][0]["currency"] = "HKD"


def over(window):
    return charged({**STEPS, "model": "volume_percentage", "qualifier": {"sum": "amount", "over": window}})


def xrate(**more):
    return {"uid": "x1", "from": "USD", "to": "CNY", "day": "2026-10-01", "rate": "7.1", **more}


ODD_TAX = terms(term("t", {"kind": "exclusive", "rate": "1300"}))


def exchanged(**more):
    money = field("coin", "choice", config=options("USD", "EUR", "CNY"))
    return {"inputs": [*INPUTS, money], "exchange": {"currency": "coin", "amounts": ["amount"], "rates": [xrate()], **more}}


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
        "check.rule_shadowed",
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
        "/statement/rules/0/charge/tiers/0/percent",
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
    "tax without a rate": (terms(term("t", {"kind": "inclusive"})), "check.tax_without_rate", "/terms/0/tax/rate"),
    "tax within a price that is not rounded": (
        {**terms(term("t", {"kind": "inclusive", "rate": "13"})), "rounding": {"tax": {"mode": "exact"}}},
        "check.tax_not_rounded",
        "/rounding/tax/mode",
    ),
    "a term by a dimension that is gone": (
        terms(term("t", {"kind": "exempt"}, gone={"in": ["1"]})),
        "check.no_such_dimension",
        "/terms/0/when/gone",
    ),
    "shares that are not all of it": ({"shares": [share("a", "60"), share("b", "39.9")]}, "check.shares_not_100", "/shares"),
    "an approval that is gone": ({"approval": "gone"}, "check.no_such_workflow", "/approval"),
    "a figure that the model does not take": (
        charged({**FLAT, "free": "5"}),
        "check.figure_not_taken",
        "/line/rules/0/charge/free",
    ),
    "a part of a block without a price": (
        charged({"model": "percentage", "measure": {"sum": "amount"}, "percent": "1", "size": "3", "blocks": "part"}),
        "check.part_of_blocks",
        "/line/rules/0/charge/blocks",
    ),
    "blocks of nothing": (charged({**UNITS, "size": "0"}), "check.size_is_zero", "/line/rules/0/charge/size"),
    "blocks of nothing in a tier": (
        {
            "statement": table(
                rule(
                    "one",
                    {"model": "graduated", "measure": UNITS["measure"], "tiers": [{"uid": "t", "rate": "1", "size": "0"}]},
                )
            )
        },
        "check.size_is_zero",
        "/statement/rules/0/charge/tiers/0/size",
    ),
    "limits that cross": (charged({**FLAT, "min": "5", "max": "4"}), "check.limits_crossed", "/line/rules/0/charge/min"),
    "limits of a tier that cross": (
        tiers({"uid": "t1", "below": None, "percent": "1", "min": "2", "max": "1"}),
        "check.limits_crossed",
        "/statement/rules/0/charge/tiers/0/min",
    ),
    "limits of the whole that cross": ({"limits": {"min": "2", "max": "1"}}, "check.limits_crossed", "/limits"),
    "a fixed sum where there are several currencies": (
        {**charged({**UNITS, "fixed": "5"}), **ABROAD},
        "check.sum_without_currency",
        "/line/rules/0/charge/fixed",
    ),
    "limits of a tier where there are several currencies": (
        {**tiers({"uid": "t1", "below": None, "percent": "1", "min": "2"}), **ABROAD},
        "check.sum_without_currency",
        "/statement/rules/0/charge/tiers/0/min",
    ),
    "limits of the whole where there are several currencies": (
        {"limits": {"max": "1"}, **ABROAD},
        "check.sum_without_currency",
        "/limits/max",
    ),
    "a unit price where there are several currencies": (
        {**charged({**UNITS, "measure": {"count": True}}), **ABROAD},
        "check.sum_without_currency",
        "/line/rules/0/charge/rate",
    ),
    "a fixed share where there are several currencies": (
        {"shares": [{"uid": "a", "party": text("A"), "amount": "5"}, {"uid": "b", "party": text("B"), "ratio": "1"}], **ABROAD},
        "check.sum_without_currency",
        "/shares/0/amount",
    ),
    "a fixed share that nothing converts": (
        {
            "shares": [
                {"uid": "a", "party": text("A"), "amount": "5", "currency": "EUR"},
                {"uid": "b", "party": text("B"), "ratio": "1"},
            ],
            **ABROAD,
        },
        "check.no_rate_between",
        "/shares/0/currency",
    ),
    "a fixed sum that nothing converts": (
        {**charged({**UNITS, "fixed": "5", "currency": "EUR"}), **ABROAD},
        "check.no_rate_between",
        "/line/rules/0/charge/currency",
    ),
    "days of a month": (
        {"statement": table(rule("one", {**FLAT, "prorate": {"period": "month"}}))},
        "check.only_of_lines",
        "/statement/rules/0/charge/prorate",
    ),
    "days that are no column": (
        charged({**FLAT, "prorate": {"period": "month", "from": "gone"}}),
        "check.no_such_input",
        "/line/rules/0/charge/prorate",
    ),
    "what a line adds, to nothing": (
        charged({**UNITS, "marginal": True}),
        "check.marginal_without_window",
        "/line/rules/0/charge/marginal",
    ),
    "a price that depends on other lines": (
        over({"period": "month"}),
        "settle.line_depends_on_others",
        "/line/rules/0/charge/measure",
    ),
    "limits of each line that adds nothing to others": (
        charged({**UNITS, "own_limits": True}),
        "check.own_limits_without_marginal",
        "/line/rules/0/charge/own_limits",
    ),
    "up to a line where there is none": (
        {"statement": table(rule("one", {**UNITS, "measure": {"count": True, "over": {"period": "month", "so_far": True}}}))},
        "check.so_far_of_lines",
        "/statement/rules/0/charge/measure",
    ),
    "what was long before a line": (
        over({"period": "month", "earlier": "previous"}),
        "check.earlier_of_statements",
        "/line/rules/0/charge/qualifier",
    ),
    "rolling days without a number": (over({"period": "rolling"}), "check.window_incomplete", "/line/rules/0/charge/qualifier"),
    "a contract without its beginning": (
        over({"period": "contract"}),
        "check.window_incomplete",
        "/line/rules/0/charge/qualifier",
    ),
    "statements of contracts whose days nobody says": ({"period": "contract"}, "check.window_incomplete", "/contract"),
    "a contract that ends on what is no day": (
        {"period": "contract", "contract": {"since": "day", "until": "gone"}},
        "check.no_such_input",
        "/contract",
    ),
    "a group by what is no column": (
        over({"period": "month", "group": ["gone"]}),
        "check.no_such_input",
        "/line/rules/0/charge/qualifier",
    ),
    "a formula that cannot be read": (
        charged({**UNITS, "measure": {"formula": "amount *"}}),
        "formula.expected_value",
        "/line/rules/0/charge/measure",
    ),
    "a formula that gives a text": (
        charged({**UNITS, "measure": {"formula": "grade"}}),
        "check.formula_of_kind",
        "/line/rules/0/charge/measure",
    ),
    "a model without its target": (charged(ACHIEVED), "settle.incomplete_rule", "/line/rules/0/charge/target"),
    "tiers that overlap": (
        tiers({"uid": "t1", "below": "100", "percent": "1"}, {"uid": "t2", "from": "90", "below": None, "percent": "1"}),
        "check.tiers_overlap",
        "/statement/rules/0/charge/tiers/1",
    ),
    "tiers with decimals between them": (
        tiers({"uid": "t1", "below": "100", "percent": "1"}, {"uid": "t2", "from": "101", "below": None, "percent": "1"}),
        "check.tiers_apart",
        "/statement/rules/0/charge/tiers/1",
    ),
    "a cliff": (
        {"statement": table(rule("steps", {**STEPS, "model": "volume_percentage"}))},
        "check.cliff",
        "/statement/rules/0/charge/tiers/0",
    ),
    "rules that overlap where only one may fit": (
        {"line": {**table(rule("one", FLAT, by_grade={"in": ["A"]}), rule("two", FLAT)), "policy": "unique"}},
        "check.rules_overlap",
        "/line/rules/1",
    ),
    "a cell that nothing fits": (
        {"line": table(rule("one", FLAT, by_amount={"from": "1.001", "below": "1.009"}), rule("two", FLAT))},
        "check.rule_never_hits",
        "/line/rules/0",
    ),
    "values without a rule": (
        {"line": table(rule("one", FLAT, by_amount={"below": "100"}), rule("two", FLAT, by_amount={"from": "100.01"}))},
        "check.line_gap",
        "/line/rules",
    ),
    "values without a term": (
        terms(term("hk", {"kind": "exempt"}, by_region={"in": ["81"]})),
        "check.terms_gap",
        "/terms",
    ),
    "a condition on what is gone": (
        {
            "line": table(
                {
                    **rule("one", FLAT),
                    "condition": {"combinator": "and", "rules": [{"field": "gone", "operator": "equals", "value": "1"}]},
                }
            )
        },
        "condition.unknown_field",
        "/line/rules/0/condition",
    ),
    "a condition on today": (
        {
            "line": table(
                {
                    **rule("one", FLAT),
                    "condition": {"combinator": "and", "rules": [{"field": "day", "operator": "is_today"}]},
                }
            )
        },
        "condition.no_clock",
        "/line/rules/0/condition",
    ),
    "days that are none": (
        {"line": table({**rule("one", FLAT), "valid": {"from": "2026-02-30"}})},
        "check.no_such_day",
        "/line/rules/0/valid/from",
    ),
    "days that end before they begin": (
        {"valid": {"from": "2026-02-01", "below": "2026-02-01"}},
        "check.empty_range",
        "/valid",
    ),
    "a zone that is none": ({"zone": "Moon/Crater"}, "check.no_such_zone", "/zone"),
    "percentages beside a ratio that are too much": (
        {"shares": [share("a", "101"), party("b", ratio="1")]},
        "check.shares_over_100",
        "/shares",
    ),
    "shares that leave a rest": ({"shares": [party("a", amount="5")]}, "check.shares_leave_rest", "/shares"),
    "a share by a formula of texts": (
        {"shares": [party("a", formula="grade"), party("b", ratio="1")]},
        "check.formula_of_kind",
        "/shares/0/formula",
    ),
    "a share by people that are no column": (
        {"shares": [party("a", percent="100", by="gone")]},
        "check.no_such_input",
        "/shares/0/by",
    ),
    "a remainder for nobody": ({"shares": [share("a", "100")], "remainder": "zoe"}, "check.no_such_share", "/remainder"),
    "rates by a currency that is no column": (exchanged(currency="gone"), "check.no_such_input", "/exchange/currency"),
    "rates of what is no number": (exchanged(amounts=["grade"]), "check.field_of_kind", "/exchange/amounts"),
    "rates of a day that is none": (exchanged(rates=[xrate(day="2026-02-30")]), "check.no_such_day", "/exchange/rates/0/day"),
    "a rate of nothing": (exchanged(rates=[xrate(rate="0")]), "check.rate_is_zero", "/exchange/rates/0/rate"),
    "a rate twice": (exchanged(rates=[xrate(), xrate(uid="x2")]), "check.rate_twice", "/exchange/rates/1/day"),
    "a currency without a rate": (exchanged(rates=[xrate()]), "check.no_rate_between", "/exchange/rates"),
    "a currency that there is not": ({"currency": "CNX"}, "check.unknown_currency", "/currency"),
    "a currency of a term that there is not": (
        terms({**term("t", {"kind": "exempt"}), "currency": "RMB"}),
        "check.unknown_currency",
        "/terms/0/currency",
    ),
    "a currency of sums that there is not": (
        charged({**FLAT, "currency": "UDS"}),
        "check.unknown_currency",
        "/line/rules/0/charge/currency",
    ),
    "a limit in a currency that there is not": (
        {"limits": {"min": "5", "currency": "EUO"}},
        "check.unknown_currency",
        "/limits/currency",
    ),
    "a share in a currency that there is not": (
        {"shares": [{**party("a", amount="5"), "currency": "CNH"}]},
        "check.unknown_currency",
        "/shares/0/currency",
    ),
    "a rate of a currency that there is not": (
        exchanged(rates=[xrate(to="YEN")]),
        "check.unknown_currency",
        "/exchange/rates/0/to",
    ),
    "a line's currency that there is not": (
        {**exchanged(), "inputs": [*INPUTS, field("coin", "choice", config=options("USD", "STG"))]},
        "check.unknown_currency",
        "/inputs/5/config/options/1",
    ),
    "a tax of more than all": (ODD_TAX, "check.tax_above_all", "/terms/0/tax/rate"),
    "a tax of less than nothing": (
        terms(term("t", {"kind": "exclusive", "rate": "-6"})),
        "schema.pattern",
        "/terms/0/tax/rate",
    ),
    "a pool of what is no number": (
        {"pools": [{"uid": "p", "when": {}, "measure": {"sum": "grade"}, "percent": "1", "budget": "5"}]},
        "check.field_of_kind",
        "/pools/0/measure",
    ),
    "a pool without its measure": (
        {"pools": [{"uid": "p", "when": {}, "percent": "1", "budget": "5"}]},
        "check.pool_incomplete",
        "/pools/0",
    ),
    "a pool without its percent": (
        {"pools": [{"uid": "p", "when": {}, "measure": {"sum": "amount"}, "budget": "5"}]},
        "check.pool_incomplete",
        "/pools/0",
    ),
    "a pool without its budget": (
        {"pools": [{"uid": "p", "when": {}, "measure": {"sum": "amount"}, "percent": "1"}]},
        "check.pool_incomplete",
        "/pools/0",
    ),
}


@pytest.mark.parametrize(("more", "code", "path"), BAD.values(), ids=BAD.keys())
def test_a_planted_problem_is_found_where_it_is(more, code, path):
    assert (code, path) in [(one, at) for one, _, at in found(**more)]


def test_an_odd_currency_or_tax_does_not_stop_what_has_been_running():
    assert {one.severity for one in check(doc(currency="PTS", **ODD_TAX), REFS)} == {"warning"}


def test_a_figure_that_is_not_well_formed_is_told_with_what_was_expected():
    [found] = check(doc(**terms(term("t", {"kind": "exclusive", "rate": "-6"}))), REFS)
    assert found.reason.params["what"]["en"] == "Tax rate" and "0 to 100" in found.reason.params["expected"]["en"]


def test_neither_table_is_a_settlement_of_nothing():
    bare = doc()
    del bare["line"]
    assert [one.reason.code for one in check(bare, REFS)] == ["check.no_table"]


def test_a_row_that_is_never_used_is_only_a_warning():
    assert [(one.reason.code, one.severity) for one in check(doc(line=table(rule("one", FLAT), rule("two", FLAT))), REFS)] == [
        ("check.rule_shadowed", "warning")
    ]


def test_a_problem_of_a_tier_names_the_row_and_the_tier():
    assert ("settle.incomplete_rule", ("steps", "t1"), "/statement/rules/0/charge/tiers/0/percent") in found(
        **tiers({"uid": "t1", "below": None})
    )


def test_a_column_of_yes_or_no_may_be_a_dimension():
    more = {
        "inputs": [*INPUTS, field("late", "boolean")],
        "line": {
            "dimensions": [{"uid": "l", "input": "late"}],
            "rules": [rule("one", FLAT, l={"in": ["true"]}), rule("two", FLAT, l={"in": ["false"]})],
        },
    }
    assert found(**more) == []


@pytest.mark.parametrize("nonsense", [[1], {"a": 1}, 5, None])
def test_a_record_type_that_is_no_name_is_told_by_the_schema(nonsense):
    more = {"inputs": [*INPUTS, field("x", "record", config={"entity": nonsense})]}
    assert {code.partition(".")[0] for code, *_ in found(**more)} == {"schema"}


def test_a_problem_comes_with_an_example_that_hits_it():
    rows = ({"uid": "t1", "below": "100000", "percent": "0.5"}, {"uid": "t2", "below": None, "percent": "1"})
    cliff = {"statement": table(rule("steps", {**STEPS, "model": "volume_percentage", "tiers": [*rows]}))}
    [found_there] = [one.reason for one in check(doc(**cliff), REFS) if one.reason.code == "check.cliff"]
    assert found_there.params == {"low": "99,999.99", "before": "500", "high": "100,000", "after": "1,000"}
    falling = {
        **cliff["statement"],
        "rules": [rule("steps", {**STEPS, "model": "volume_percentage", "tiers": [{**rows[0], "percent": "2"}, rows[1]]})],
    }
    [less] = [one.reason for one in check(doc(statement=falling), REFS) if one.reason.code.startswith("check.cliff")]
    assert (less.code, less.params["before"], less.params["after"]) == ("check.cliff_down", "2,000", "1,000")
    apart = tiers({"uid": "t1", "below": "100", "percent": "1"}, {"uid": "t2", "from": "101", "below": None, "percent": "1"})
    [between] = [one.reason.params["between"] for one in check(doc(**apart), REFS) if one.reason.code == "check.tiers_apart"]
    assert between == "100.5"
    gap = {"line": table(rule("one", FLAT, by_grade={"in": ["A"]}))}
    [values] = [one.reason.params["values"] for one in check(doc(**gap), REFS) if one.reason.code == "check.line_gap"]
    assert values[0]["params"]["value"]["en"] == "B"


def test_higher_priority_comes_first_when_rules_are_looked_at():
    rows = [rule("general", FLAT), {**rule("special", FLAT, by_grade={"in": ["A"]}), "priority": 1}]
    assert found(line=table(*rows)) == []
    assert [code for code, *_ in found(line=table(*rows[:1], rule("special", FLAT, by_grade={"in": ["A"]})))] == [
        "check.rule_shadowed"
    ]


def test_a_rule_with_a_condition_hides_no_other_and_covers_nothing_for_sure():
    maybe = {"combinator": "and", "rules": [{"field": "amount", "operator": "greater", "value": "5"}]}
    rows = [{**rule("one", FLAT), "condition": maybe}, rule("two", FLAT)]
    assert found(line=table(*rows)) == []
    assert [code for code, *_ in found(line=table(*rows[:1]))] == ["check.line_gap"]


def test_a_moment_is_looked_at_as_a_day():
    inputs = [*INPUTS, field("at", "moment")]
    dimension = [{"uid": "when", "input": "at"}]
    rows = [rule("one", FLAT, when={"below": "2026-10-01"}), rule("two", FLAT, when={"from": "2026-10-02"})]
    [(code, *_)] = found(inputs=inputs, date="at", line={"dimensions": dimension, "rules": rows})
    assert code == "check.line_gap"


def test_what_a_rule_lacks_is_told_by_its_title():
    (problem,) = check(
        doc(line=table(rule("one", {"model": "achievement", "measure": {"count": True}, "target": {"max": "amount"}}))), REFS
    )
    assert problem.reason.params == {"part": {"zh-Hans": "阶梯", "en": "Tiers"}}


def test_every_part_that_a_model_asks_for_has_a_title():
    asked = {part for model in MODELS.values() for part in (*model.asks, *model.tier_asks)}
    assert asked | {"measure"} <= set(PARTS)


def test_an_option_that_no_rule_of_a_month_names_is_told_where_most_are_named():
    graded = [*INPUTS[:4], field("grade", "choice", config=options("A", "B", "C"))]

    def told(*rules):
        return [(code, at) for code, _, at in found(inputs=graded, statement=table(*rules)) if code == "check.option_left_out"]

    a, b, c = (rule(one, STEPS, by_grade={"in": [one]}) for one in ("A", "B", "C"))
    assert told(a, b) == [("check.option_left_out", "/statement/rules/1/when/by_grade")]
    (problem,) = [one for one in check(doc(inputs=graded, statement=table(a, b)), REFS) if one.path.endswith("by_grade")]
    assert problem.reason.params["values"][0]["params"]["value"]["en"] == "C" and problem.severity == "warning"
    assert told(a, b, c) == told(a, b, rule("rest", STEPS)) == told(a) == []  # one rule alone is a bonus for some
    assert told(a, rule("not", STEPS, by_grade={"not_in": ["A"]})) == []


def test_a_target_that_is_what_is_measured_is_told():
    charge = {**ACHIEVED, "target": {"max": "amount"}}
    codes = [code for code, *_ in found(**charged({**charge, "target": charge["measure"]}))]
    assert "check.target_is_measure" in codes and "check.target_is_measure" not in [one for one, *_ in found(**charged(charge))]


def test_a_slit_between_two_ranges_of_a_month_is_told_with_what_falls_into_it():
    def told(*rules):
        return [(code, at) for code, _, at in found(statement=table(*rules)) if code == "check.range_slit"]

    low, high = (rule(uid, STEPS, by_amount=cell) for uid, cell in (("low", {"below": "1000"}), ("high", {"from": "1001"})))
    assert told(low, high) == [("check.range_slit", "/statement/rules/1/when/by_amount")]
    assert told(high, low) == [("check.range_slit", "/statement/rules/0/when/by_amount")]
    (problem,) = [one for one in check(doc(statement=table(low, high)), REFS) if one.reason.code == "check.range_slit"]
    assert problem.reason.params["values"][0]["params"]["value"]["en"] == "1,000" and problem.severity == "warning"
    for other in ({"from": "1000"}, {"from": "2000"}, {"from": "1001", "below": "2000"}):
        wanted = other.get("from") == "1001"
        assert bool(told(low, rule("other", STEPS, by_amount=other))) is wanted
    assert told(low, rule("b", STEPS, by_amount={"from": "1001"}, by_grade={"in": ["A"]})) == []  # asks for something else
    assert told(low, high, rule("rest", STEPS)) == []


OVERLAP = [rule("one", FLAT, by_grade={"in": ["A"]}), rule("two", FLAT, by_grade={"in": ["A", "B"]})]


@pytest.mark.parametrize(
    "more",
    [
        {"currency": "nothing of the kind"},
        {"approval": "no such workflow"},
        {"shares": [{"uid": "s", "party": text("s"), "percent": "130"}]},
        {"line": table(rule("none", {"model": "nobody knows it"}), *OVERLAP)},
        {"line": table(rule("none", {}), *OVERLAP)},
        {"line": table(rule("none", FLAT, by_amount={"from": "9", "below": "1"}), *OVERLAP)},
        {"line": table({"uid": "none", "when": "x", "charge": FLAT}, *OVERLAP)},
        {"line": table("no rule", *OVERLAP)},
    ],
)
def test_rules_that_overlap_are_told_whatever_else_is_wrong(more):
    lines = more.get("line", table(rule("none", FLAT, by_grade={"in": ["C"]}), *OVERLAP))
    told = found(**{**more, "line": {**lines, "policy": "unique"}})
    assert ("check.rules_overlap", ("two",), "/line/rules/2") in told and len(told) > 1


def test_a_gap_is_told_beside_other_faults_but_not_where_a_rule_cannot_be_read():
    only = rule("one", FLAT, by_grade={"in": ["A"]})
    told = [code for code, *_ in found(line=table(only), approval="none such")]
    assert {"schema.pattern", "check.line_gap"} <= set(told)
    broken = [code for code, *_ in found(line=table(only, rule("two", FLAT, by_amount={"from": "9", "below": "1"})))]
    assert "check.empty_range" in broken and "check.line_gap" not in broken


@pytest.mark.parametrize("part", ["inputs", "line", "statement", "partner", "terms", "title"])
@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [5], [None], {"rules": 5}, {"rules": [5], "dimensions": [7]}])
def test_whatever_stands_in_a_draft_it_is_checked(part, value):
    assert found(**{part: value}) or (part, value) == ("terms", [])
