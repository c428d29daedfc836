"""Where the engine could come to something else than the interpreter: each a few lines that both settle, line by line."""

import csv
from decimal import Decimal

import pytest

from dougong.runtime.settlement import run
from dougong.runtime.settlement.batch import Values, settle_lines
from tests.drawing import text
from tests.runtime.settling import AMOUNT, flat, lines, percent, rule, settlement, table, term, terms

COUNT = {"sum": "count"}
MONTH = {"period": "month"}
STEPS = [{"uid": "a", "below": "100", "percent": "1"}, {"uid": "b", "below": None, "percent": "2"}]
SMALL, KEY = ({"type": {"in": [one]}} for one in ("small", "key"))
EURO = terms(term("EUR", uid="e", when=SMALL), term())
EXACT = {"rounding": {"line": {"mode": "exact"}}}
UNITS = {"model": "per_unit", "measure": COUNT, "rate": "0.35"}
SOME = [{"amount": amount, "count": count, "type": kind} for amount, count, kind in
        (("100", "3", "small"), ("33.33", "", "key"), ("", "7", "small"), ("-50.05", "0", "key"))]  # fmt: skip


def line(*rules, **policy):
    return {"line": table(*(rule(f"r{at}", *one) for at, one in enumerate(rules)), **policy)}


def statement(*rules, **policy):
    return {"statement": table(*(rule(f"s{at}", *one) for at, one in enumerate(rules)), **policy)}


def conditioned():
    more = {"combinator": "and", "not": False, "rules": [{"field": "count", "operator": "greater", "value": "1"}]}
    return table(rule("if", percent("1"), condition=more), rule("else", percent("2")))


def exchange(*rates, **more):
    rows = [{"uid": str(at), "from": given, "to": wanted, "day": "2026-10-01", "rate": rate, "per": per}
            for at, (given, wanted, rate, per) in enumerate(rates)]  # fmt: skip
    return {"exchange": {"currency": "currency", "amounts": ["amount"], "rates": rows, **more}}


def taxed(kind, rate, currency="CNY", **more):
    return terms(term(currency, kind, rate, tax={"per": "line"})) | more


def shares(*parties):
    return {"shares": [{"uid": str(at), "party": text(str(at)), **one} for at, one in enumerate(parties)]}


DOLLARS = exchange(("USD", "CNY", "7.1234", "1"), ("USD", "EUR", "90", "100"), ("CNY", "EUR", "0.125", "1"))
ABROAD = [{**one, "currency": currency} for one, currency in zip(SOME, ("USD", "", "USD", "CNY"), strict=True)]
SAME = [{"amount": "10.005", "dealer": who, "adviser": adviser, "type": kind} for who, adviser, kind in
        (("d", "bo", "key"), ("d", "anna", "small"), ("e", "bo", "key"), ("d", "bo", "small"))]  # fmt: skip

CASES = {
    "nothing to sum": (line((flat("1"),)) | statement((percent("1"),)), [{}, {"dealer": "e", "amount": "5"}]),
    "no greatest": (line((flat("1"),)) | statement((percent("1") | {"measure": {"max": "amount"}},)), [{}, *SOME]),
    "nothing to charge but a fee": (line((percent("1") | {"fixed": "5"},)), SOME),
    "a condition of a line": ({"line": conditioned()}, SOME),
    "a condition of a statement": ({"statement": conditioned()}, SOME),
    "no rule": (line((flat("1"), SMALL)), SOME),
    "the greatest": (line((percent("1"),), (percent("2"),), policy="collect", collect="max"), SOME),
    "the least": (line((percent("1"),), (UNITS,), policy="collect", collect="min"), SOME),
    "all exact": (line((percent("2.5"),), (flat("0.12345"),), policy="collect") | EXACT, SOME),
    "exact and shaped": (line((percent("0.125") | {"fixed": "0.001"},)) | EXACT, SOME),
    "exact, too fine to multiply": (line((percent("0.000000000001"),)) | EXACT, [{"amount": "0.01"}, {"amount": "100"}]),
    "exact, too fine to charge": (line((percent("0.000000000001") | {"fixed": "1"},)) | EXACT, [{"amount": "0.01"}]),
    "one of several is asked": (line((percent("2.5"),), (UNITS | {"free": "1"},), policy="collect"), SOME),
    "the asked one first": (line((UNITS | {"free": "1"},), (percent("2.5"),), policy="collect"), SOME),
    "days": (line((percent("3") | {"prorate": {**MONTH, "from": "start"}},)), [{"amount": "31", "start": "2026-10-22"}]),
    "another measure by type": (line((percent("1"), SMALL), (UNITS,)), SOME),
    "a formula of zero and of nothing": (line((percent("1") | {"measure": {"formula": "amount + count * 2"}},)), SOME),
    "what is refused": (
        {"line": table(rule("r", {"model": "graduated_percentage", "measure": AMOUNT, "tiers": STEPS}), negative="refuse")},
        SOME,
    ),
    "a unit price of another currency": (line((UNITS | {"currency": "CNY"},)) | EURO | DOLLARS, SOME),
    "taxed one by one": (line((percent("100"),)) | taxed("inclusive", "6.5"), SOME),
    "taxed one by one on top": (line((percent("100"),)) | taxed("exclusive", "6.5"), SOME),
    "taxed down": (line((percent("100"),)) | taxed("exclusive", "6.5", rounding={"tax": {"mode": "down"}}), SOME),
    "taxed and large": (
        line((percent("100"),)) | taxed("exclusive", "6.125"), [{"amount": "900000000000"}, {"amount": "-900000000000"}]
    ),
    "taxed, asked and large": (
        line((percent("100") | {"fixed": "1"},)) | taxed("exclusive", "6.125"), [{"amount": "-900000000000"}]
    ),
    "taxed in whole yen": (line((percent("100"),)) | taxed("exclusive", "6.5", "JPY", rounding={"line": {"places": 2}}), SOME),
    "foreign": (line((percent("1"),)) | DOLLARS, ABROAD),
    "foreign in both": (line((percent("1"),)) | EURO | DOLLARS, ABROAD),
    "foreign without a day of its rate": (line((percent("1"),)) | exchange(("USD", "CNY", "7", "1"), date="start"), ABROAD),
    "foreign, a rate that has no end": (line((percent("100"),)) | exchange(("USD", "CNY", "1", "3")), ABROAD),
    "foreign, exact": (
        line((percent("100"),)) | DOLLARS | {"rounding": {"convert": {"mode": "exact"}, "line": {"places": 4}}}, ABROAD
    ),
    "foreign, too fine": (
        line((percent("100"),))
        | exchange(("USD", "CNY", "1.00000000000001", "1"))
        | {"rounding": {"convert": {"mode": "exact"}}},
        ABROAD,
    ),
    "foreign, to whole units": (line((percent("100"),)) | DOLLARS | {"rounding": {"convert": {"places": 0}}}, ABROAD),
    "foreign yen": (
        line((percent("100"),)) | terms(term("JPY", uid="j", when=SMALL), term()) | exchange(("USD", "JPY", "150.7", "1")),
        [{**one, "currency": "USD" if one["type"] == "small" else ""} for one in SOME],
    ),
    "two foreign numbers": (
        line((percent("1"),), (UNITS,), policy="collect") | exchange(("USD", "CNY", "7.1", "1"), amounts=["amount", "count"]),
        ABROAD,
    ),
    "a bound of what was converted": (line((flat("1"), {"amount": {"from": "100"}}), (flat("2"),)) | DOLLARS, ABROAD),
    "what rules are taken": (statement((percent("1"), SMALL), (percent("2"),), policy="collect"), SOME),
    "the best of the month": (statement((percent("1"), SMALL), (percent("2"), KEY), policy="collect", collect="max"), SOME),
    "two fit where one may": (line((flat("1"), SMALL), (flat("2"),), policy="unique"), SOME),
    "what no number is": (line((flat("1"), {"amount": {"not_in": ["100", "some"]}}), (flat("2"),)), SOME),
    "who is asked by what lines are worth": (
        line((percent("100"),)) | statement((percent("1"), SMALL), (percent("2"),)) | shares({"ratio": "1", "by": "adviser"}),
        SAME,
    ),
    "formulas by currency": (
        line((percent("100"),)) | EURO | shares({"formula": "line_amount * 0.25"}, {"ratio": "1", "by": "adviser"}), SAME
    ),
    "formulas by rule": (
        line((percent("100"),))
        | statement((percent("1"), SMALL), (percent("2"),))
        | shares({"formula": "amount"}, {"ratio": "1"}),
        SAME,
    ),
    "worth over a month in yen and yuan": (
        line((percent("1"),))
        | statement((percent("1") | {"measure": {"lines": True, "over": {"period": "year"}}},))
        | terms(term("JPY", uid="j", when=SMALL), term()),
        SAME,
    ),
    "days before the last line": (
        statement((percent("1") | {"measure": {**AMOUNT, "over": {"period": "rolling", "days": 10}}},)),
        [{"amount": "100", "day": day} for day in ("2026-10-21", "2026-10-30", "2026-10-03", "2026-10-20")],
    ),
    "a moment of the zone": (
        line((flat("1"), {"at": {"below": "2026-11-01"}}), (flat("2"),)) | {"date": "at", "zone": "Asia/Shanghai"},
        [{"at": one} for one in ("2026-10-31T15:59:00+00:00", "2026-10-31T16:01:00+00:00", "")],
    ),
}  # fmt: skip
LEFT = {"no rule", "what is refused", "two fit where one may", "foreign without a day of its rate"}  # or told why not
LEFT |= {"exact, too fine to multiply", "exact, too fine to charge", "foreign, a rate that has no end", "foreign, too fine"}


@pytest.mark.parametrize("case", CASES)
def test_both_come_to_the_same_statement_by_statement_and_line_by_line(case, tmp_path):
    parts, rows = CASES[case]
    plan, rows = settlement(**parts), lines(*rows)
    found = settle_lines(plan, Values(rows, plan.kinds), one_in=0, lines_to=tmp_path / "lines.csv")
    wanted = run(plan, rows)
    assert (list(found.settled), list(found.faults)) == (list(wanted.settled), list(wanted.faults))
    with (tmp_path / "lines.csv").open(encoding="utf-8") as file:
        listed = [(id, Decimal(amount), rule) for id, amount, _, rule in list(csv.reader(file))[1:]]
    assert listed == [(id, one.amount, one.rule or "") for id, one in wanted.rated]
    assert (found.totals.left > 0) <= (case in LEFT), found.totals
