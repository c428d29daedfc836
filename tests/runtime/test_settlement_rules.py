"""Which rule is taken: priority, policy, validity in a zone, conditions; and over which lines it measures."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong import schemas
from dougong.platform.messages import say, t
from dougong.runtime.settlement import Line, SettlementFault, period_of, rate, run
from dougong.runtime.settlement.batch import Values, settle_lines
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.sentences import sentence
from dougong.runtime.settlement.windows import Counted, Window, bounds_of, span_of
from dougong.runtime.settlement.words import parts_json
from tests.runtime.settling import (
    AMOUNT,
    INPUTS,
    amounts,
    drawn,
    flat,
    gross,
    lines,
    percent,
    ran,
    rule,
    settlement,
    table,
    term,
    terms,
)

KEY = {"type": {"in": ["key"]}}
LARGE = {"amount": {"from": "100"}}


def rated(parts, **values):
    return rate(settlement(**parts), {"dealer": "d", "day": "2026-10-05", **values})


def test_the_higher_priority_is_asked_first():
    rules = [rule("low", flat("1")), rule("high", flat("2"), KEY, priority=5)]
    assert [rated({"line": table(*rules)}, type=one).rule for one in ("key", "small")] == ["high", "low"]


@pytest.mark.parametrize(
    ("policy", "amount"),
    [({}, "5.00"), ({"policy": "collect"}, "8.00"), ({"policy": "collect", "collect": "max"}, "5.00"),
     ({"policy": "collect", "collect": "min"}, "3.00")],
)  # fmt: skip
def test_the_hit_policy_takes_one_rule_or_makes_one_amount_of_several(policy, amount):
    both = table(rule("one", flat("5"), KEY), rule("other", flat("3"), LARGE), **policy)
    assert str(rated({"line": both}, type="key", amount="100").amount) == amount
    assert str(rated({"line": both}, type="small", amount="100").amount) == "3.00"


def test_where_only_one_may_fit_two_are_a_fault_that_names_them():
    both = table(rule("one", flat("5"), KEY), rule("other", flat("3"), LARGE), policy="unique")
    assert rated({"line": both}, type="key", amount="99").rule == "one"
    with pytest.raises(SettlementFault) as caught:
        rated({"line": both}, type="key", amount="100")
    assert (caught.value.reason.code, caught.value.reason.params) == ("settle.several_rules", {"rules": "one, other"})


def test_collected_amounts_are_told_by_rule():
    titled = [rule(uid, flat("5"), title={"zh-Hans": uid, "en": uid}) for uid in ("a", "b")]
    found = rated({"line": table(*titled, policy="collect")})
    assert [part.code for part in found.parts] == ["settle.part.rule", "settle.part.flat"] * 2
    assert sum(part.amount for part in found.parts) == found.amount


def test_a_rule_holds_from_its_first_day_until_before_its_last():
    rules = [rule("promotion", flat("2"), valid={"from": "2026-10-01", "below": "2026-11-01"}), rule("usual", flat("1"))]
    days = ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01")
    assert [rated({"line": table(*rules)}, day=day).rule for day in days] == ["usual", "promotion", "promotion", "usual"]


@pytest.mark.parametrize(
    ("zone", "moment", "rule_taken", "month"),
    [
        ("Asia/Shanghai", "2026-09-30T15:59:59Z", "usual", "2026-09-01"),  # a second before midnight there
        ("Asia/Shanghai", "2026-09-30T16:00:00Z", "promotion", "2026-10-01"),
        ("UTC", "2026-09-30T16:00:00Z", "usual", "2026-09-01"),
        ("Europe/Berlin", "2026-10-31T22:59:59Z", "promotion", "2026-10-01"),  # winter time since the 25th
        ("Europe/Berlin", "2026-10-31T23:00:00Z", "usual", "2026-11-01"),
        ("Asia/Shanghai", "2024-02-29T16:00:00Z", "usual", "2024-03-01"),
        ("Asia/Shanghai", "2026-12-31T16:00:00Z", "usual", "2027-01-01"),
    ],
)
def test_a_moment_is_a_day_in_the_zone_of_the_settlement(zone, moment, rule_taken, month):
    rules = [rule("promotion", flat("2"), valid={"from": "2026-10-01", "below": "2026-11-01"}), rule("usual", flat("1"))]
    found = ran({"line": table(*rules), "date": "at", "zone": zone}, {"at": moment})
    assert (found.rated[0][1].rule, found.settled[0].start.isoformat()) == (rule_taken, month)


def test_a_settlement_is_the_one_for_its_business_days():
    found = settlement(valid={"from": "2026-01-01", "below": "2027-01-01"})
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [found.in_force(day) for day in days] == [False, True, True, False]
    assert settlement().in_force(date(1, 1, 1))


def test_a_condition_over_the_fields_of_a_line_decides_beside_the_dimensions():
    wanted = {"combinator": "or", "rules": [
        {"field": "adviser", "operator": "contains", "value": "李"}, {"field": "count", "operator": "greater", "value": "3"},
    ]}  # fmt: skip
    both = {"line": table(rule("one", flat("1"), KEY, condition=wanted), rule("rest", flat("2")))}
    assert schemas.problems("settlement", drawn(**both)) == []
    assert rated(both, type="key", adviser="李明").rule == "one"
    assert rated(both, type="key", count="4").rule == "one"
    assert rated(both, type="small", adviser="李明").rule == "rest"
    assert rated(both, type="key", adviser="王芳").rule == "rest"


def test_a_condition_that_cannot_be_asked_is_a_fault_with_a_reason():
    wanted = {"combinator": "and", "rules": [{"field": "gone", "operator": "equals", "value": "x"}]}
    with pytest.raises(SettlementFault):
        rated({"line": table(rule("one", flat("1"), condition=wanted))}, gone="x")


def test_rules_of_the_month_that_are_collected_each_measure_their_own_lines():
    """A base rebate of everything and a bonus for key accounts: lines of both count in both, and once in the sum."""
    base = rule("base", {"model": "graduated_percentage", "measure": AMOUNT, "tiers": [
        {"uid": "a", "below": "1000", "percent": "1"}, {"uid": "b", "below": None, "percent": "2"},
    ]})  # fmt: skip
    doc = {"line": table(rule("fee", flat("10"))), "statement": table(base, rule("bonus", percent("5"), KEY), policy="collect")}
    [settled] = ran(doc, {"amount": "900", "type": "key"}, {"amount": "600", "type": "small"}).settled
    groups = [(one.rule, one.size, str(one.lines_amount), str(one.charge)) for one in settled.statement.groups]
    assert groups == [(None, 2, "20.00", "0.00"), ("base", 2, "0.00", "20.00"), ("bonus", 1, "0.00", "45.00")]
    assert str(settled.statement.gross) == "85.00"


@pytest.mark.parametrize(("collect", "amount"), [("max", "45.00"), ("min", "9.00")])
def test_of_the_rebates_of_a_month_only_the_best_or_the_least(collect, amount):
    doc = {"statement": table(rule("one", percent("1")), rule("bonus", percent("5"), KEY), policy="collect", collect=collect)}
    assert gross(ran(doc, {"amount": "900", "type": "key"})) == [("d", "2026-10-01", amount)]


# --- windows

STEPS = [{"uid": "a", "below": "1000", "percent": "1"}, {"uid": "b", "below": None, "percent": "2"}]


def over(period, **more):
    return {
        "model": "volume_percentage",
        "measure": AMOUNT,
        "qualifier": {**AMOUNT, "over": {"period": period, **more}},
        "tiers": STEPS,
    }


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"period": "day"}, ["6.00", "6.00", "6.00", "6.00"]),
        ({"period": "month"}, ["12.00", "12.00", "6.00", "6.00"]),
        ({"period": "quarter"}, ["12.00", "12.00", "12.00", "6.00"]),
        ({"period": "half"}, ["12.00", "12.00", "12.00", "6.00"]),
        ({"period": "year"}, ["12.00", "12.00", "12.00", "6.00"]),
        ({"period": "rolling", "days": 31}, ["6.00", "12.00", "6.00", "12.00"]),
        ({"period": "rolling", "days": 30}, ["6.00", "6.00", "6.00", "12.00"]),
        ({"period": "contract", "since": "start"}, ["12.00", "12.00", "12.00", "12.00"]),
        ({"period": "contract", "since": "start", "until": "end"}, ["12.00", "12.00", "12.00", "12.00"]),
        ({"period": "contract", "since": "start", "until": "start"}, ["6.00", "6.00", "6.00", "6.00"]),
    ],
)
def test_what_qualifies_may_be_the_volume_of_a_period_while_each_line_is_paid(window, expected):
    days = ("2026-10-01", "2026-10-31", "2026-12-31", "2027-01-29")
    doc = {"line": table(rule("one", over(**window)))}
    assert (
        amounts(ran(doc, *({"amount": "600", "day": day, "start": "2026-10-01", "end": "2026-10-31"} for day in days)))
        == expected
    )


def test_a_contract_that_says_no_first_day_has_none():
    doc = {"line": table(rule("one", over("contract", since="start", until="end")))}
    rows = [{"amount": "600", "day": day, "end": "2026-10-31"} for day in ("0001-01-01", "2026-10-31", "2026-11-01")]
    assert amounts(ran(doc, *rows)) == ["12.00", "12.00", "12.00"]
    assert amounts(ran(doc, *rows[1:])) == ["6.00", "6.00"]


@pytest.mark.parametrize(
    ("window", "day", "expected"),
    [
        ({"period": "month", "earlier": "previous"}, "2026-01-15", "2025-12-01 2026-01-01"),
        ({"period": "quarter", "earlier": "previous"}, "2026-05-31", "2026-01-01 2026-04-01"),
        ({"period": "month", "earlier": "last_year"}, "2026-01-15", "2025-01-01 2025-02-01"),
        ({"period": "month", "earlier": "last_year"}, "2028-02-29", "2027-02-01 2027-03-01"),
        ({"period": "day", "earlier": "last_year"}, "2028-02-29", "2027-02-28 2027-03-01"),
        ({"period": "year", "earlier": "last_year"}, "2026-05-31", "2025-01-01 2026-01-01"),
        ({"period": "rolling", "days": 30, "earlier": "previous"}, "2026-03-31", "2026-01-31 2026-03-02"),
        ({"period": "rolling", "days": 30}, "0001-01-02", "0001-01-01 0001-01-03"),
        ({"period": "month", "earlier": "previous"}, "0001-01-02", "0001-01-01 0001-02-01"),
        ({"period": "year", "earlier": "last_year"}, "0001-01-02", "0001-01-01 0002-01-01"),
    ],
    ids=str,
)
def test_from_when_until_when_a_window_is(window, day, expected):
    found = bounds_of(Window.from_json(window, "dealer"), {}, date.fromisoformat(day))
    assert " ".join(map(str, found)) == expected


FAR = {"line": table(rule("one", percent("1")))}
ENDLESS = {**percent("1"), "prorate": {"period": "month", "from": "start", "to": "end"}}


@pytest.mark.parametrize("settled", [run, lambda plan, rows: settle_lines(plan, Values(rows, plan.kinds), one_in=1)])
@pytest.mark.parametrize(
    ("parts", "values", "fault"),
    [
        (FAR, {"day": "9999-12-31"}, "settle.too_late"),
        (FAR, {"day": "9999-01-01"}, "settle.too_late"),
        (FAR, {"day": "9998-12-31"}, None),
        ({**FAR, "date": "at"}, {"at": "9999-12-31T23:59:59+00:00"}, "settle.too_late"),
        ({**FAR, "date": "at", "zone": "America/New_York"}, {"at": "0001-01-01T00:00:00+00:00"}, "settle.not_a_date"),
        (FAR, {"day": "0001-01-01"}, None),
        ({"line": table(rule("one", ENDLESS))}, {"start": "0001-01-01", "end": "9999-12-31"}, None),
        ({**FAR, "period": "contract", "contract": {"since": "start", "until": "end"}},
         {"start": "2026-01-01", "end": "9999-12-31"}, None),
    ],
    ids=str,
)  # fmt: skip
def test_the_last_day_there_is_ends_nothing_and_no_business_is_done_on_it(settled, parts, values, fault):
    plan = settlement(**parts)
    found = settled(plan, lines({"amount": "500", **values}))
    assert [reason.code for _, reason in found.faults] == ([fault] if fault else [])
    assert [str(one.statement.net) for one in found.settled] == ([] if fault else ["5.00"])


@pytest.mark.parametrize("settled", [run, lambda plan, rows: settle_lines(plan, Values(rows, plan.kinds))])
def test_what_is_wrong_is_told_with_the_title_of_its_column(settled):
    """Of a formula, which has none, that it is the formula. What names no column stays as it is."""
    inputs = [{**one, "title": {"zh-Hans": "件数", "en": "Pieces"}} for one in INPUTS]

    def told(measure, language):
        priced = rule("one", {"model": "per_unit", "measure": measure, "rate": "1"})
        [(_, reason)] = settled(settlement(inputs=inputs, line=table(priced)), lines({"count": "many"})).faults
        return say(reason, language)

    assert told({"sum": "count"}, "zh-Hans") == "“件数”应为数字，却是“many”。"
    assert told({"sum": "count"}, "en") == "“Pieces” should be a number, but is “many”."
    assert told({"formula": '"a"'}, "zh-Hans") == "“公式”应为数字，却是“a”。"
    for named in ("gone", {"en": "x"}):
        assert settlement().called(SettlementFault("settle.no_date", input=named)).params == {"input": named}


def test_growth_alone_is_rewarded_against_the_same_month_of_last_year():
    """同比增长返利: 3 % of what goes beyond last October's 1,000; nothing where there was none."""
    last_year = {**AMOUNT, "over": {"period": "month", "earlier": "last_year"}}
    slices = [{"uid": "kept", "below": "100", "percent": "0"}, {"uid": "grown", "below": None, "percent": "3"}]
    growth = {"model": "achievement_slices", "measure": AMOUNT, "target": last_year, "tiers": slices}
    rows = [
        {"dealer": who, "amount": amount, "day": day}
        for who, day, amount in (
            ("a", "2025-10-01", "400"), ("a", "2025-10-31", "600"), ("a", "2025-11-01", "9000"), ("a", "2026-10-10", "1500"),
            ("b", "2025-10-05", "2000"), ("b", "2026-10-10", "1500"), ("c", "2026-10-10", "1500"),
        )
    ]  # fmt: skip
    found = [one for one in gross(ran({"statement": table(rule("growth", growth))}, *rows)) if one[1] == "2026-10-01"]
    assert found == [("a", "2026-10-01", "15.00"), ("b", "2026-10-01", "0.00"), ("c", "2026-10-01", "0.00")]


EXECUTORS = [run, lambda plan, rows: settle_lines(plan, Values(rows, plan.kinds), one_in=1)]


@pytest.mark.parametrize("settled", EXECUTORS)
@pytest.mark.parametrize(
    "window", [{"period": "quarter"}, {"period": "year"}, {"period": "contract", "since": "start", "until": "end"}]
)
def test_a_statement_measures_up_to_the_end_of_its_own_period(settled, window):
    """As it does when it is drawn up then: what comes in later months makes no difference to it."""
    by_window = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": {**AMOUNT, "over": window}, "tiers": [
        {"uid": "low", "below": "1000", "percent": "1"}, {"uid": "high", "below": None, "percent": "2"}]}  # fmt: skip
    rows = lines(*({"amount": "600", "day": day, "start": "2026-01-01"} for day in ("2026-10-31", "2026-11-01", "2026-12-05")))
    done = settled(settlement(statement=table(rule("steps", by_window))), rows)
    assert [str(one.statement.gross) for one in done.settled] == ["6.00", "12.00", "12.00"]


@pytest.mark.parametrize("settled", EXECUTORS)
@pytest.mark.parametrize(
    ("how", "window", "chinese", "english"),
    [
        (AMOUNT, {"period": "month", "earlier": "last_year"}, "目标（去年同期 2025-10，1 笔，amount合计）：1,000",
         "Target (the same of last year, 2025-10; lines: 1; sum of amount): 1,000"),
        (AMOUNT, {"period": "month", "earlier": "previous"}, "目标（上一期 2026-09，1 笔，amount合计）：20",
         "Target (the period before, 2026-09; lines: 1; sum of amount): 20"),
        ({"lines": True}, {"period": "year", "earlier": "last_year"}, "目标（去年同期 2025，1 笔，每笔金额合计）：10",
         "Target (the same of last year, 2025; lines: 1; sum of their amounts): 10"),
        ({"max": "amount"}, {"period": "quarter"},
         "目标（统计期间 2026-Q4 · 2026-10-01 – 2026-10-31，1 笔，amount最大值）：1,500",
         "Target (the period 2026-Q4 · 2026-10-01 – 2026-10-31; lines: 1; the greatest amount): 1,500"),
        ({"formula": "ROUND(amount * 2) - count"}, {"period": "rolling", "days": 30},
         "目标（滚动天数 2026-09-11 – 2026-10-10，2 笔，逐笔计算 ROUND(amount * 2) - count 后合计）：3,038",
         "Target (rolling days, 2026-09-11 – 2026-10-10; lines: 2; sum of ROUND(amount * 2) - count for each): 3,038"),
        ({"count": True}, {"period": "contract", "since": "start", "until": "end"},
         "目标（合同期 2026-01-01 – 2026-10-31，笔数）：2",
         "Target (the contract, 2026-01-01 – 2026-10-31; number of lines): 2"),
        (AMOUNT, {"period": "year", "group": ["type", "region", "group"]},
         "目标（统计期间 2026 · 2026-01-01 – 2026-10-31 · type KEY · region 44 · group —，2 笔，amount合计）：1,520",
         "Target (the period 2026 · 2026-01-01 – 2026-10-31 · type KEY · region 44 · group —; lines: 2; sum of amount): 1,520"),
        (AMOUNT, {"period": "year", "group": []},
         "目标（统计期间 2026 · 2026-01-01 – 2026-10-31 · 全部对象，2 笔，amount合计）：1,520",
         "Target (the period 2026 · 2026-01-01 – 2026-10-31 · all partners; lines: 2; sum of amount): 1,520"),
    ],
    ids=str,
)  # fmt: skip
def test_what_was_measured_over_a_window_is_told_with_its_days_and_what_it_was_of(settled, how, window, chinese, english):
    slices = [{"uid": "kept", "below": "100", "percent": "0"}, {"uid": "grown", "below": None, "percent": "3"}]
    growth = {"model": "achievement_slices", "measure": AMOUNT, "target": {**how, "over": window}, "tiers": slices}
    rows = lines(
        *({"amount": amount, "day": day, "start": "2026-01-01", "count": "1", "type": "key", "region": {"region": "44"}}
          for day, amount in (("2025-10-05", "1000"), ("2026-09-20", "20"), ("2026-10-10", "1500")))
    )  # fmt: skip
    done = settled(settlement(line=table(rule("one", percent("1"))), statement=table(rule("growth", growth))), rows)
    [said] = [one.statement for one in done.settled if one.start.isoformat() == "2026-10-01"]
    [code, params, amount, _] = parts_json(said.groups[0].parts)[0]
    words = [sentence(code, params, lambda name, tag=tag, **gaps: t(name, tag, **gaps), tag) for tag in ("zh-Hans", "en")]
    assert (words, amount) == ([chinese, english], "0")


@pytest.mark.parametrize("settled", EXECUTORS)
def test_a_statement_of_a_contract_measures_up_to_its_end(settled):
    """The second contract of the year sees the first, and not the other way round, whenever they are calculated."""
    by_year = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": {**AMOUNT, "over": {"period": "year"}}, "tiers": [
        {"uid": "low", "below": "1000", "percent": "1"}, {"uid": "high", "below": None, "percent": "2"}]}  # fmt: skip
    doc = {"statement": table(rule("steps", by_year)), "period": "contract", "contract": {"since": "start", "until": "end"}}
    first, second = {"start": "2026-01-01", "end": "2026-06-30"}, {"start": "2026-07-01", "end": "2026-12-31"}
    rows = lines({"amount": "600", "day": "2026-05-01", **first}, {"amount": "600", "day": "2026-08-01", **second})
    done = settled(settlement(**doc), rows)
    assert [str(one.statement.gross) for one in done.settled] == ["6.00", "12.00"]


def test_a_statement_may_be_of_a_contract_whose_days_stand_on_each_line():
    """By its first day, from it to its last; a line outside of its contract, or without one, is told."""
    doc = {"line": table(rule("one", percent("1"))), "period": "contract", "contract": {"since": "start", "until": "end"}}
    first, second = {"start": "2026-03-15", "end": "2027-03-14"}, {"start": "2027-03-15", "end": ""}
    rows = [
        {"amount": "100", **contract, "day": day}
        for contract, day in ((first, "2026-03-15"), (first, "2027-03-14"), (second, "2027-03-15"), (second, "2031-01-01"))
    ]
    assert gross(ran(doc, *rows)) == [("d", "2026-03-15", "2.00"), ("d", "2027-03-15", "2.00")]
    outside = [{"amount": "100", **first, "day": day} for day in ("2026-03-14", "2027-03-15")]
    done = ran(doc, *outside, {"amount": "100"}, {"amount": "100", "start": "soon"})
    assert [reason.code for _, reason in done.faults] == [
        *["settle.outside_contract"] * 2, "settle.no_contract", "settle.not_a_date",
    ]  # fmt: skip
    assert not done.settled
    assert period_of(settlement(**doc), {"dealer": "d", **rows[2]}) == "2027-03-15"


def test_a_group_may_be_larger_than_the_partner():
    rows = [{"dealer": one, "group": group, "amount": "600"} for one, group in (("a", "x"), ("b", "x"), ("c", "y"))]
    alone, grouped = ({"line": table(rule("one", over("month", **group)))} for group in ({}, {"group": ["group"]}))
    assert amounts(ran(alone, *rows)) == ["6.00", "6.00", "6.00"]
    assert amounts(ran(grouped, *rows)) == ["12.00", "12.00", "6.00"]


def test_a_statement_may_be_judged_by_a_longer_period_than_its_own():
    doc = {"statement": table(rule("one", over("quarter")))}
    early = (
        Line({"dealer": "d", "day": "2026-09-30", "amount": "5000"}),
        Line({"dealer": "d", "day": "2026-10-01", "amount": "500"}),
    )
    assert gross(ran(doc, {"amount": "600", "day": "2026-11-30"}, earlier=early)) == [("d", "2026-11-01", "12.00")]
    assert gross(ran(doc, {"amount": "600", "day": "2026-11-30"}, earlier=early[:1])) == [("d", "2026-11-01", "6.00")]


def test_who_achieved_how_much_of_a_target_that_stands_on_each_line():
    rows = [{"amount": one, "target": "1000"} for one in ("500", "300")]
    charge = {"model": "achievement", "measure": AMOUNT, "target": {"max": "target"}, "tiers": [
        {"uid": "no", "below": "80", "percent": "0"}, {"uid": "near", "below": "100", "percent": "1"},
        {"uid": "all", "below": None, "percent": "3"},
    ]}  # fmt: skip
    assert gross(ran({"statement": table(rule("one", charge))}, *rows)) == [("d", "2026-10-01", "8.00")]


def test_a_measure_may_be_a_formula_over_each_line():
    charge = {"model": "per_unit", "measure": {"formula": "amount * count"}, "rate": "0.1"}
    assert amounts(ran({"line": table(rule("one", charge))}, {"amount": "12.5", "count": "3"})) == ["3.75"]


@pytest.mark.parametrize("formula", ["amount *", "gone * 2", "type"])
def test_a_formula_that_gives_no_number_is_a_fault_with_a_reason(formula):
    charge = {"model": "per_unit", "measure": {"formula": formula}, "rate": "1"}
    [(_, reason)] = ran({"line": table(rule("one", charge))}, {"amount": "1", "type": "key"}).faults
    assert reason.code.startswith(("formula.", "settle."))


@pytest.mark.parametrize(
    ("period", "day", "start", "end"),
    [
        ("day", date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 1)),
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        ("quarter", date(2026, 11, 5), date(2026, 10, 1), date(2027, 1, 1)),
        ("half", date(2026, 6, 30), date(2026, 1, 1), date(2026, 7, 1)),
        ("year", date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_is_half_open(period, day, start, end):
    assert tuple(span_of(period, day)) == (start, end)


def test_without_a_business_date_there_is_no_period_to_look_at():
    [(_, reason)] = ran({"line": table(rule("one", over("month")))}, {"amount": "1", "day": None}).faults
    assert reason.code == "settle.no_date"


def test_a_statement_is_of_the_days_of_the_zone_where_lines_say_a_moment():
    month = {"statement": table(rule("all", {"model": "per_unit", "measure": {"count": True}, "rate": "2"}))}
    moments = [{"at": "2026-10-31T15:59:59+00:00"}, {"at": "2026-10-31T16:00:00+00:00"}]
    found = ran({**month, "date": "at", "zone": "Asia/Shanghai"}, *moments)
    assert gross(found) == [("d", "2026-10-01", "2.00"), ("d", "2026-11-01", "2.00")]


@pytest.mark.parametrize("parts", [{}, {"line": table(rule("all", flat("1")))}])
def test_a_business_date_that_is_none_is_a_fault_of_its_line_with_a_price_table_and_without(parts):
    assert [reason.code for _, reason in ran(parts, {"day": "tomorrow"}).faults] == ["settle.not_a_date"]


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "5"])
def test_a_business_date_that_is_none_is_a_fault_and_stops_nobody_else(day):
    found = ran({"line": table(rule("one", flat("1")))}, {"day": day}, {})
    assert [reason.code for _, reason in found.faults] == ["settle.not_a_date"]
    assert [id for id, _ in found.rated] == ["l1"]


def test_a_term_holds_from_a_day_and_lines_on_both_sides_are_taxed_apart():
    rows = terms(
        term(kind="exclusive", rate="3", uid="old", valid={"below": "2026-10-16"}),
        term(kind="exclusive", rate="1", uid="new"),
    )
    doc = {"line": table(rule("one", percent("100"))), **rows}
    [settled] = ran(doc, {"amount": "100", "day": "2026-10-15"}, {"amount": "100", "day": "2026-10-16"}).settled
    assert [(one.terms.uid, str(one.tax_amount)) for one in settled.statement.groups] == [("old", "3.00"), ("new", "1.00")]


def test_whose_lines_cannot_be_priced_is_told_and_the_others_are_settled():
    found = ran({"line": table(rule("one", flat("1"), KEY))}, {"type": "key"}, {"type": "small"})
    assert [(id, reason.code) for id, reason in found.faults] == [("l1", "settle.no_rule")]
    assert len(found.settled) == 1


def test_a_line_without_a_book_is_the_only_line_there_is():
    doc = settlement(line=table(rule("one", over("month"))))
    assert [str(rate(doc, {"day": "2026-10-05", "amount": size}).amount) for size in ("900", "1000")] == ["9.00", "20.00"]


def test_what_a_line_adds_may_be_judged_by_something_else_than_is_paid():
    """The third visit of the month lifts all three to the upper price: it adds its own and what the others lacked."""
    charge = {
        "model": "volume", "measure": {**AMOUNT, "over": {"period": "month"}}, "qualifier": {"count": True}, "marginal": True,
        "tiers": [{"uid": "a", "below": "3", "rate": "1"}, {"uid": "b", "below": None, "rate": "2"}],
    }  # fmt: skip
    rows = [{"amount": "10", "day": f"2026-10-0{n}"} for n in (1, 2, 3, 4)]
    assert amounts(ran({"line": table(rule("one", charge))}, *rows)) == ["10.00", "10.00", "40.00", "20.00"]


MONTH = {"period": "month"}
PAID = ["10", "80", "10000", "30"]


def test_which_one_of_the_month_a_line_is_may_choose_its_tier():
    """The first two payments of a dealer are free, whenever they are read; the others have limits of their own."""
    charge = {
        "model": "volume_percentage", "measure": AMOUNT, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
        "bounds": "upto",
        "tiers": [{"uid": "a", "below": "2", "percent": "0"}, {"uid": "b", "percent": "2.99", "min": "1.75", "max": "12"}],
    }  # fmt: skip
    parts = {"line": table(rule("one", charge))}
    rows = [{"amount": amount, "day": f"2026-10-0{9 - at}"} for at, amount in enumerate(reversed(PAID))]
    rows += [{"amount": "100", "day": "2026-11-01"}, {"amount": "100", "dealer": "e"}]
    assert amounts(done := ran(parts, *rows)) == ["1.75", "12.00", "0.00", "0.00", "0.00", "0.00"]
    plan = settlement(**parts)
    assert sorted(settle_lines(plan, Values(lines(*rows), plan.kinds)).settled) == sorted(done.settled)


@pytest.mark.parametrize(
    ("own", "wanted"),
    [(True, ["0.00", "3.79", "12.00", "2.90"]), (False, ["2.00", "1.79", "8.21", "0.00"])],
    ids=["each", "all together"],
)
def test_limits_are_of_each_line_that_adds_something_or_of_what_all_come_to(own, wanted):
    """The first 30 of the month are free: the first line adds nothing and owes nothing."""
    charge = {
        "model": "percentage", "measure": {**AMOUNT, "over": MONTH}, "marginal": True, "percent": "2.99", "free": "30",
        "fixed": "2", "min": "1.75", "max": "12", "own_limits": own,
    }  # fmt: skip
    assert amounts(ran({"line": table(rule("one", charge))}, *({"amount": one} for one in PAID))) == wanted


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(-500, 2000)), max_size=8), st.randoms())
def test_lines_that_are_counted_in_any_order_add_up_to_the_whole(days, shuffled):
    """A line that turns out wrong is taken back, and leaves no trace."""
    charge = {"model": "graduated_percentage", "measure": {**AMOUNT, "over": MONTH}, "marginal": True, "tiers": STEPS}
    doc, book, total = settlement(line=table(rule("one", charge))), Counted(), Decimal(0)
    rows = [{"dealer": "d", "day": f"2026-10-{day:02d}", "amount": str(amount)} for day, amount in days]
    shuffled.shuffle(rows)
    for values in (one for row in rows for one in ({**row, "amount": "much"}, row)):
        book.add(entry_of(doc, Line(values)))
        try:
            total += rate(doc, values, book).amount
        except SettlementFault:
            book.take_back()
    assert total == sum((one.amount for _, one in ran({"line": table(rule("one", charge))}, *rows).rated), Decimal(0))


SOLD = st.tuples(st.sampled_from("ab"), st.sampled_from(["2026-09-30", "2026-10-01"]), st.integers(0, 2000))


@given(st.lists(SOLD, max_size=8))
def test_a_batch_may_be_split_by_partner(rows):
    doc = settlement(line=table(rule("one", over("month"))), statement=table(rule("two", over("year"))))
    given_lines = [
        (f"l{index}", {"dealer": dealer, "day": day, "amount": str(amount)}) for index, (dealer, day, amount) in enumerate(rows)
    ]
    whole = run(doc, given_lines)
    parts = [run(doc, [line for line in given_lines if line[1]["dealer"] == dealer]) for dealer in "ab"]
    assert sorted(whole.settled) == sorted(one for part in parts for one in part.settled)
    assert sorted(whole.rated) == sorted(one for part in parts for one in part.rated)
