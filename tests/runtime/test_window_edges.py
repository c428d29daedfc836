"""Lines beside others: in which windows they are, what is told of it, who comes first; taken back, counted, asked for."""

from datetime import date
from decimal import Decimal

import pytest

from dougong.platform.messages import t
from dougong.runtime.settlement import Counting, Line, counted_before, parts_json, rate, run, settle
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.sentences import sentence
from dougong.runtime.settlement.windows import Counted, Window, bounds_of
from tests.drawing import text
from tests.runtime.settling import (
    AMOUNT,
    EURO,
    MONTH,
    STEPS,
    amounts,
    exchange,
    flat,
    gross,
    percent,
    ran,
    rule,
    settlement,
    table,
)

# --- lines beside others


def test_lines_of_earlier_periods_are_looked_at_and_not_settled_again():
    before = {**AMOUNT, "over": {**MONTH, "earlier": "previous"}}
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": before, "tiers": STEPS}
    earlier = [Line({"dealer": "d", "day": "2026-09-30", "amount": "100"}, Decimal(1), "before")]
    done = ran({"line": table(rule("one", charge))}, {"amount": "100"}, earlier=earlier)
    assert (amounts(done), len(done.settled)) == (["2.00"], 1)


def test_a_statement_measures_all_of_its_period_where_a_line_measures_up_to_itself():
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
              "tiers": [STEPS[0] | {"below": "2"}, STEPS[1]]}  # fmt: skip
    assert gross(ran({"statement": table(rule("one", charge))}, {"amount": "50"}, {"amount": "50"})) == [
        ("d", "2026-10-01", "2.00")
    ]


def test_a_partner_who_is_called_otherwise_is_the_same():
    rows = [{"dealer": {"id": "r1", "title": title}, "amount": "100"} for title in ("诚信", "诚信汽车")]
    [(_, _, total)] = gross(ran({"line": table(rule("one", percent("1")))}, *rows))
    assert total == "2.00"
    assert len(ran({}, {"dealer": None}, {"dealer": ""}).settled) == 1  # nobody


def test_that_a_window_ends_with_the_line_is_told():
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
              "tiers": STEPS}  # fmt: skip
    found = rate(settlement(line=table(rule("one", charge))), {"dealer": "d", "day": "2026-10-05", "amount": "100"})
    [code, params, *_] = parts_json(found.parts)[0]
    assert sentence(code, params, lambda name, **gaps: t(name, "en", **gaps), "en").startswith(
        "Tier chosen by (up to this line,"
    )


def told(found, name):
    """Of the windows that a line was measured over, what is said by this name."""
    return [str(part.params[name]) for part in found.parts if part.code.startswith("settle.part.window_")]


def test_of_what_a_line_adds_each_figure_tells_of_how_many_lines_its_own_window_is():
    """The last is the second of its day, and the third of the month."""
    day, month = ({"over": {"period": period}} for period in ("day", "month"))
    charge = {
        "model": "volume",
        "measure": AMOUNT | day,
        "qualifier": {"count": True} | month,
        "marginal": True,
        "tiers": STEPS,
    }
    parts = {"line": table(rule("one", charge))}
    rows = [{"amount": "10", "day": f"2026-10-0{day}"} for day in (1, 2, 2)]
    assert [told(rated, "lines") for _, rated in ran(parts, *rows).rated] == [["1", "3"], ["1", "3"], ["2", "3"]]
    so_far = charge | {"measure": AMOUNT, "marginal": False, "qualifier": {"count": True, "over": MONTH | {"so_far": True}}}
    assert [told(rated, "lines") for _, rated in ran({"line": table(rule("one", so_far))}, *rows).rated] == [
        ["1"],
        ["2"],
        ["3"],
    ]


@pytest.mark.parametrize("how", [{"lines": True}, {"formula": "amount * 2"}, {"max": "amount"}, AMOUNT], ids=str)
def test_what_was_taken_back_is_not_measured(how):
    drawn = settlement(statement=table(rule("one", percent("1") | {"measure": how})))
    one, other = (Line({"dealer": "d", "day": "2026-10-05", "amount": amount}, Decimal(amount)) for amount in ("700", "100"))
    [with_it], [without] = settle(drawn, [one, other, one.reversal]), settle(drawn, [other])
    assert with_it.groups[0].charge == without.groups[0].charge > 0


def test_a_line_that_was_taken_back_is_none_of_those_that_were_measured():
    drawn = settlement(statement=table(rule("one", percent("1") | {"measure": {**AMOUNT, "over": MONTH}})))
    one, other = (Line({"dealer": "d", "day": "2026-10-05", "amount": amount}, Decimal(0), amount) for amount in ("1", "2"))
    [statement] = settle(drawn, [one, other, one.reversal._replace(id="back")])
    [group] = statement.groups
    assert told(group, "lines") == ["1"]


def test_what_came_before_is_measured_in_the_currency_of_the_line():
    """100 EUR and 1,000 CNY are 200 EUR, or 2,000 CNY."""
    tiers = [{"uid": "low", "below": "250", "percent": "10"}, {"uid": "high", "below": None, "percent": "20"}]
    added = percent("1") | {
        "model": "graduated_percentage",
        "measure": {**AMOUNT, "over": MONTH},
        "marginal": True,
        "tiers": tiers,
    }
    rows = [{"amount": "100", "currency": "EUR", "type": "small"}, {"amount": "1000", "currency": "CNY"}]
    rows += [{"amount": "100", "currency": "EUR", "type": "small"}]
    both = exchange("EUR", "CNY", "10")
    both["exchange"]["rates"] += exchange("CNY", "EUR", "0.1")["exchange"]["rates"]
    assert amounts(ran({"line": table(rule("one", added)), **EURO, **both}, *rows)) == ["10.00", "200.00", "15.00"]
    so_far = added | {"measure": AMOUNT, "marginal": False, "model": "volume_percentage"}
    so_far |= {"qualifier": {**AMOUNT, "over": MONTH | {"so_far": True}}}  # in the own currency of the settlement
    assert amounts(ran({"line": table(rule("one", so_far)), **EURO, **both}, *rows)) == ["20.00", "200.00", "20.00"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"start": "2026-01-01"}, "2026-01-01 –"),
        ({"end": "2026-12-31"}, "– 2026-12-31"),
        ({"start": "2026-01-01", "end": "2026-12-31"}, "2026-01-01 – 2026-12-31"),
    ],
)
def test_a_contract_is_told_as_far_as_its_days_are_known(row, said):
    over = {"over": {"period": "contract", "since": "start", "until": "end"}}
    found = rate(settlement(line=table(rule("one", percent("1") | {"measure": AMOUNT | over}))),
                 {"dealer": "d", "day": "2026-10-05", "amount": "1", **row})  # fmt: skip
    assert told(found, "period") == [said]


def test_only_of_money_it_is_told_in_which_currency_it_was_measured():
    """Where amounts are converted; of what has no name besides, nothing is told."""
    charges = [percent("1") | {"measure": how} for how in (AMOUNT, {"sum": "count"}, {"count": True})]
    rules = [rule(str(at), charge, title=None) for at, charge in enumerate(charges)]
    [statement] = ran({"statement": table(*rules, policy="collect"), **exchange("EUR", "CNY", "8")}, {"amount": "1"}).settled
    parts = [part for group in statement.statement.groups for part in group.parts if part.code.startswith("settle.part.own_")]
    assert [part.params["of"]["en"] for part in parts] == ["amount (CNY)", "count"]
    over = rule("one", percent("1") | {"measure": {**AMOUNT, "over": MONTH}})
    [statement] = ran({"statement": table(over)}, {"amount": "1"}).settled
    assert [part.code for part in statement.statement.groups[0].parts if "own" in part.code] == []


def test_only_several_rules_that_have_titles_are_named():
    rows = [{"type": "small"}, {}]
    named, other = rule("one", flat("1"), {"type": {"in": ["small"]}}, title=text("One")), rule("two", flat("1"))
    done = ran({"line": table(named, other, policy="collect")}, *rows)
    assert [[part.code.rpartition(".")[2] for part in rated.parts] for _, rated in done.rated] == [
        ["rule", "flat", "flat"],
        ["flat"],
    ]
    alone = ran({"line": table(named, policy="collect")}, rows[0])
    assert [part.code for part in alone.rated[0][1].parts] == ["settle.part.flat"]


def test_rolling_days_of_a_statement_are_those_before_its_last_line():
    """In whatever order they come: of the third and the thirtieth of October, ten days before the thirtieth."""
    over = {"period": "rolling", "days": 10}
    charge = percent("1") | {"measure": {**AMOUNT, "over": over}}
    rows = [{"amount": "100", "day": day} for day in ("2026-10-21", "2026-10-30", "2026-10-03")]
    assert gross(ran({"statement": table(rule("one", charge))}, *rows)) == [("d", "2026-10-01", "2.00")]


def test_the_days_of_a_contract_may_be_moments():
    over = {"over": {"period": "contract", "since": "at"}}
    drawn = settlement(line=table(rule("one", percent("1") | {"measure": AMOUNT | over})), zone="Asia/Shanghai")
    found = rate(drawn, {"dealer": "d", "day": "2026-10-05", "amount": "100", "at": "2026-09-30T16:30:00+00:00"})
    assert told(found, "period") == ["2026-10-01 –"]


def test_what_is_charged_by_its_window_and_adds_nothing_is_charged_all_of_it():
    charge = percent("10") | {"measure": {**AMOUNT, "over": MONTH}}
    assert amounts(ran({"line": table(rule("one", charge))}, {"amount": "10"}, {"amount": "20"})) == ["3.00", "3.00"]


def test_what_a_line_adds_depends_on_what_chooses_its_tier_and_on_the_target_so_far():
    day, month = ({"over": {"period": period}} for period in ("day", "month"))
    charge = {"model": "volume", "measure": AMOUNT | day, "qualifier": {"count": True} | month, "marginal": True}
    charge["tiers"] = [STEPS[1] | {"below": "3"}, STEPS[0] | {"below": None}]
    rows = [{"amount": "10", "day": f"2026-10-0{day}"} for day in (1, 2, 2)]
    assert amounts(ran({"line": table(rule("one", charge))}, *rows)) == ["50.00"] * 3
    tiers = [STEPS[0] | {"below": "100", "percent": "0"}, STEPS[1]]
    rate = {"model": "achievement", "measure": AMOUNT | month, "target": {"sum": "target"}, "marginal": True, "tiers": tiers}
    rows = [{"amount": "100", "target": "100"}, {"amount": "0", "target": "100"}]
    assert amounts(ran({"line": table(rule("one", rate))}, *rows)) == ["2.00", "-2.00"]


def test_how_the_sums_of_what_a_line_adds_were_converted_is_told():
    charge = percent("1") | {"measure": {**AMOUNT, "over": MONTH}, "marginal": True, "fixed": "8", "currency": "CNY"}
    parts = {"line": table(rule("one", charge)), **EURO, **exchange("CNY", "EUR", "0.125")}
    [(_, rated)] = ran(parts, {"amount": "100", "type": "small", "currency": "EUR"}).rated
    assert (str(rated.amount), rated.parts[0].code) == ("2.00", "settle.part.sums_rounded")


def test_who_comes_first_in_the_day_draws_first():
    pool = {"uid": "p", "when": {}, "measure": AMOUNT, "percent": "10", "budget": "5"}
    parts = {"line": table(rule("one", flat("0"))), "pools": [pool], "term_dimensions": [], "date": "at"}
    rows = [{"amount": "50", "at": f"2026-10-05T{hour}:00:00+00:00"} for hour in ("12", "08")]
    assert amounts(ran(parts, *rows)) == ["0.00", "5.00"]


DAILY = {"model": "graduated", "measure": {**AMOUNT, "over": {"period": "day"}}, "marginal": True}
DAILY |= {"tiers": [STEPS[0] | {"below": "15"}, STEPS[1]]}
MONTHLY = DAILY | {"measure": {**AMOUNT, "over": MONTH}}


def counted(doc, rows):
    book, found = Counted(), []
    for values in rows:
        book.add(entry_of(doc, Line(values)))
        found.append(str(rate(doc, values, book).amount))
    return found


def test_lines_counted_one_after_the_other_are_told_apart_by_partner_measure_and_days():
    """In the order of their days: as they are worth all together."""
    charges = {"a": DAILY, "b": MONTHLY, "c": MONTHLY | {"measure": {"sum": "count", "over": MONTH}}}
    doc = settlement(line=table(*(rule(one, charge, {"group": {"in": [one]}}) for one, charge in charges.items())))
    rows = [
        {"amount": "10", "count": "9", "dealer": dealer, "group": group, "day": f"2026-{day}"}
        for day in ("10-01", "10-02", "10-31", "11-01")
        for dealer in ("d", "e")
        for group in "abca"
    ]
    assert counted(doc, rows) == amounts(run(doc, [(f"{at:02d}", values) for at, values in enumerate(rows)]))


def test_windows_that_begin_together_and_measures_of_one_window_are_two_things():
    by_count = MONTHLY | {"measure": {"sum": "count", "over": MONTH}}
    charges = {"a": DAILY, "b": MONTHLY, "c": by_count}
    doc = settlement(line=table(*(rule(one, charge, {"group": {"in": [one]}}) for one, charge in charges.items())))
    asked = [("b", "10-02"), ("b", "10-03"), ("a", "10-01"), ("c", "10-04")]
    rows = [{"amount": "10", "count": "3", "dealer": "d", "group": group, "day": f"2026-{day}"} for group, day in asked]
    assert counted(doc, rows) == ["50.00", "35.00", "50.00", "15.00"]


def test_two_groups_at_once():
    by_type = {**AMOUNT, "over": MONTH | {"group": ["type"]}}
    charge = MONTHLY | {"model": "volume", "qualifier": by_type}
    rows = [{"amount": "10", "dealer": dealer, "type": "key"} for dealer in "de"]
    assert amounts(ran({"line": table(rule("one", charge))}, *rows)) == ["20.00", "20.00"]


def test_a_line_that_comes_late_is_beside_those_of_its_own_month():
    rows = [{"amount": "10", "dealer": "d", "day": day} for day in ("2026-11-01", "2026-10-31", "2026-10-01", "2026-11-30")]
    assert counted(settlement(line=table(rule("one", MONTHLY))), rows) == ["50.00", "50.00", "35.00", "35.00"]


def test_the_greatest_so_far_stays_the_greatest():
    greatest = {"max": "amount", "over": MONTH | {"so_far": True}}
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": greatest, "tiers": STEPS}
    rows = [{"amount": one, "dealer": "d", "day": "2026-10-05"} for one in ("5", "4", "100", "5")]
    assert counted(settlement(line=table(rule("one", charge))), rows) == ["0.05", "0.04", "2.00", "0.10"]


@pytest.mark.parametrize(("day", "before"), [((2026, 10, 31), (2025, 10, 31)), ((2028, 2, 29), (2027, 2, 28))])
def test_the_same_day_of_last_year(day, before):
    assert bounds_of(Window("day", (), earlier="last_year"), {}, date(*day))[0] == date(*before)


# --- beside lines that are asked for


def asking(doc, lines, asked=None):
    """A world whose ledger has these lines, and from whose pools nothing is gone."""

    def ask(kind, **args):
        if kind == "drawn_before":
            return {"gone": {one.rule.uid: "0" for one in doc.pools}}
        if asked is not None:
            asked.append(args)
        return counted_before(doc, args, lines)

    return ask


def of_day(day, amount="10", **more):
    return {"dealer": "d", "day": day, "amount": amount, **more}


def test_lines_of_other_windows_are_asked_for_by_themselves():
    doc = settlement(line=table(rule("one", MONTHLY)))
    days = ("2026-10-01", "2026-10-31", "2026-11-01", "2026-09-30")
    counting = Counting(asking(doc, [Line(of_day(days[0])), Line(of_day(days[2]))]))
    assert [counting.line(doc, of_day(day))["amount"] for day in (days[1], days[2], days[3])] == ["35.00", "35.00", "50.00"]


def test_what_was_counted_before_is_told_once_and_in_the_currency_of_the_line():
    both = exchange("EUR", "CNY", "10")
    both["exchange"]["rates"] += exchange("CNY", "EUR", "0.1")["exchange"]["rates"]
    doc, asked = settlement(line=table(rule("one", MONTHLY)), **EURO, **both), []
    counting = Counting(asking(doc, [Line(of_day("2026-10-01", "100", currency="CNY"))], asked))
    found = counting.line(doc, of_day("2026-10-02", currency="EUR", type="small"))
    assert ([one["currency"] for one in asked], found["amount"]) == (["EUR"], "35.00")
    assert [code for code, *_ in found["parts"]].count("settle.part.before") == 1


def test_so_far_is_with_the_line_itself():
    so_far = {**AMOUNT, "over": MONTH | {"so_far": True}}
    charge = {"model": "volume_percentage", "measure": AMOUNT, "qualifier": so_far, "tiers": STEPS}
    doc = settlement(line=table(rule("one", charge)))
    assert Counting(asking(doc, [])).line(doc, of_day("2026-10-01", "100"))["amount"] == "2.00"


def test_what_is_too_large_to_be_converted_is_an_answer():
    doc, asked = settlement(line=table(rule("one", MONTHLY)), **exchange("EUR", "CNY", "10")), []
    Counting(asking(doc, [], asked)).line(doc, of_day("2026-10-01"))
    [args] = asked
    assert counted_before(doc, args, [Line(of_day("2026-10-01", "1" + "0" * 21, currency="EUR"))])["code"] == "settle.too_large"


POOLED = {"line": table(rule("one", flat("0"))), "term_dimensions": []}
POOL = {"uid": "p", "when": {}, "measure": AMOUNT, "percent": "10", "budget": "5"}


def test_what_a_step_has_drawn_already_is_gone_for_its_next():
    doc = settlement(**POOLED, pools=[POOL])
    first = Counting(asking(doc, [])).line(doc, of_day("2026-10-01", "30"))
    assert [Counting(asking(doc, []), own).line(doc, of_day("2026-10-01", "30"))["amount"] for own in ([], [first])] == [
        "3.00",
        "2.00",
    ]


def test_a_pool_is_called_by_its_id_where_it_has_no_title_and_a_line_of_no_day_draws_nothing():
    found = ran({**POOLED, "pools": [POOL]}, {"amount": "30"}, {"amount": "30", "day": None})
    assert amounts(found) == ["3.00", "0.00"]
    assert found.rated[0][1].parts[-1].params["pool"] == "p"


def test_a_pool_is_drawn_from_in_the_currency_of_the_line():
    parts = {"line": table(rule("one", flat("0"))), "pools": [POOL], **EURO, **exchange("EUR", "CNY", "10")}
    assert amounts(ran(parts, {"amount": "10", "currency": "EUR", "type": "small"})) == ["1.00"]
