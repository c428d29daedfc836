"""Two executors, one meaning: what the engine comes to is what the interpreter comes to, to the cent."""

import csv
import gc
import json
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from dougong.runtime.settlement import Settlement, run
from dougong.runtime.settlement.batch import (
    Disagreement,
    Limits,
    Parquet,
    Rows,
    Totals,
    Values,
    batch,
    pricing,
    settle_lines,
    uncollected,
)
from dougong.runtime.settlement.batch.engine import opened
from dougong.runtime.settlement.batch.scaled import rounded
from dougong.runtime.settlement.rounding import MODES
from dougong.runtime.settlement.windows import key_of
from tests import LONG
from tests.runtime.random_settlements import LINES, definitions
from tests.runtime.settling import AMOUNT, DIMENSIONS, flat, lines, percent, rule, settlement, table, term, terms

# An example that fails is shown as it was found: making it smaller would take hours.
SLOWLY = settings(
    deadline=None, suppress_health_check=list(HealthCheck), max_examples=10_000 if LONG else 60,
    phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False,
)  # fmt: skip
STEPS = [{"uid": "a", "below": "1000", "percent": "1"}, {"uid": "b", "below": None, "percent": "2"}]
MONTH = {
    "line": table(rule("south", percent("2.5"), {"region": {"in": ["44"]}}), rule("any", percent("1"))),
    "statement": table(rule("steps", {"model": "graduated_percentage", "measure": AMOUNT, "tiers": STEPS})),
    **terms(term("HKD", "exclusive", "6", "h", {"type": {"in": ["small"]}}), term()),
    "shares": [{"uid": "a", "party": {"en": "A"}, "percent": "61"}, {"uid": "b", "party": {"en": "B"}, "percent": "39"}],
}  # fmt: skip
SOLD = [
    {"dealer": f"d{index % 7}", "amount": f"{index * 37 % 4000}.{index % 100:02d}", "region": "4401" if index % 3 else "31",
     "type": "small" if index % 5 else "key"}
    for index in range(200)
]  # fmt: skip


def engine(parts, *rows, **more):
    plan = settlement(**parts)
    return settle_lines(plan, Values(lines(*rows), plan.kinds), **more)


@SLOWLY
@given(definitions(), LINES)
def test_engine_and_interpreter_agree_on_every_definition_and_line(doc, values):
    plan = Settlement.from_json(doc)
    rows = [(f"l{index}", one) for index, one in enumerate(values)]
    wanted = run(plan, rows)
    found = settle_lines(plan, Values(rows, plan.kinds), one_in=0)
    assert list(found.settled) == list(wanted.settled)
    assert sorted(found.faults, key=str) == sorted(wanted.faults, key=str)
    for one in found.settled:
        assert not one.statement.shares or sum(share.amount for share in one.statement.shares) == one.statement.net


ODD = [
    "", None, 0, -3, 12.5, 1e300, True, [], ["1"], {"id": "1"}, "12.50 ", "=1", '"1"', "1e5", "-0", "٣", 10**30, "\0\n甲"
]  # fmt: skip


@pytest.mark.parametrize("written", [dict, json.dumps], ids=["values", "text"])
def test_whatever_stands_in_a_value_is_read_as_it_is(written):
    plan = settlement(line=table(rule("odd", flat("1"), {"type": {"in": ["1"]}}), rule("else", percent("100"))))
    inputs = ("amount", "type", "day", "dealer")
    rows = lines(*({"dealer": f"{one!r}", "amount": "5", "type": "1", name: one} for name in inputs for one in ODD))
    wanted, found = run(plan, rows), settle_lines(plan, Values([(id, written(one)) for id, one in rows], plan.kinds), one_in=1)
    assert by_key(found) == by_key(wanted)
    assert sorted(found.faults, key=str) == sorted(wanted.faults, key=str)


def by_key(found):
    return [(key_of(("it",), {"it": one.partner}), one.start, one.statement) for one in found.settled]


def test_a_partner_whose_title_has_changed_is_the_same():
    found = engine(MONTH, *({"amount": "600", "dealer": {"id": "d", "title": f"{n}"}} for n in range(20)), one_in=1)
    assert [one.statement.groups[0].size for one in found.settled] == [20]


CELLS = [{"from": "10"}, {"below": "10"}, {"from": "10", "below": "10.005"}, {"in": ["10"]}, {"not_in": ["10"]}]


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_at_a_bound_and_a_hair_beside_it(cell):
    parts = {"line": table(rule("cell", flat("1"), {"amount": cell}), rule("else", flat("2")))}
    rows = [{"dealer": str(one), "amount": one} for one in ("9.99", "10", "10.00", "10.01", "10.005", "-10", None)]
    assert list(engine(parts, *rows).settled) == list(run(settlement(**parts), lines(*rows)).settled)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["BIGINT", "HUGEINT"])
def test_a_quotient_of_integers_is_rounded_as_a_decimal_is(mode, kind):
    numbers = (
        f"SELECT (i - 60)::{kind} AS p, d::{kind} AS d FROM range(121) t(i), (VALUES (1), (2), (3), (5), (10), (100)) v(d)"
    )
    for product, divisor, found in duckdb.sql(f"SELECT p, d, {rounded('p', 'd', mode)} FROM ({numbers})").fetchall():
        assert found == (Decimal(product) / divisor).quantize(Decimal(1), MODES[mode]), (product, divisor)


def test_whether_a_batch_is_split_changes_nothing():
    whole = engine(MONTH, *SOLD)
    apart = [engine(MONTH, *(one for one in SOLD if one["dealer"] == f"d{index}")).settled for index in range(7)]
    assert sorted(whole.settled, key=str) == sorted((one for part in apart for one in part), key=str)


def test_negative_amounts_mirror_positive_ones():
    taken = [{**one, "amount": f"-{one['amount']}"} for one in SOLD]
    for one, other in zip(engine(MONTH, *SOLD).settled, engine(MONTH, *taken).settled, strict=True):
        assert (one.statement.net, one.statement.tax) == (-other.statement.net, -other.statement.tax)
        assert [share.amount for share in one.statement.shares] == [-share.amount for share in other.statement.shares]


def test_every_row_is_counted_once_or_told_and_the_totals_say_so():
    found = engine(MONTH, *SOLD, {"amount": "much"}, {"day": "tomorrow"}, one_in=1)
    worth = {currency: sum(one.statement.groups[0].lines_amount for one in found.settled if one.statement.currency == currency)
             for currency in ("CNY", "HKD")}  # fmt: skip
    assert (found.totals.rows, found.totals.counted, found.totals.faulty, found.totals.checked) == (202, 200, 2, 7)
    assert found.totals.worth == worth


HALVES = {"amount": "33.33", "count": "7"}


@pytest.mark.parametrize("mode", ["half_up", "up", "exact"])
def test_rules_that_add_up_are_rounded_each_by_itself_and_those_that_multiply_are_not_asked(mode):
    per_unit = {"model": "per_unit", "measure": {"sum": "count"}, "rate": "0.335"}
    charges = [percent("2.5"), percent("1.25"), per_unit, {**percent("10"), "max": "2"}, flat("0.5")]
    rules = [rule(f"r{index}", charge) for index, charge in enumerate(charges)]
    parts = {"line": table(*rules, policy="collect", collect="sum"), "rounding": {"line": {"mode": mode}}}
    rows = [HALVES, {**HALVES, "count": "8"}, {"amount": "-33.33"}]
    found = engine(parts, *rows, one_in=1)
    assert (list(found.settled), found.totals.left) == (list(run(settlement(**parts), lines(*rows)).settled), 0)


def test_formulas_are_asked_of_what_the_engine_found():
    parts = {
        "line": table(rule("one", percent("2.5"))),
        "statement": table(rule("sum", {**percent("1"), "measure": {"formula": "amount * count + DAY(day)"}})),
        "shares": [
            {"uid": "a", "party": {"en": "A"}, "formula": "line_amount / 8"},
            {"uid": "b", "party": {"en": "B"}, "ratio": "1"},
        ],
    }
    rows = [HALVES, {**HALVES, "count": "8"}, {"amount": "-33.33"}, {"dealer": "e", "count": "1"}]
    found = engine(parts, *rows, one_in=1)
    assert (list(found.settled), found.totals.left) == (list(run(settlement(**parts), lines(*rows)).settled), 0)


@pytest.mark.parametrize("how", [AMOUNT, {"max": "amount"}, {"count": True}], ids=str)
@pytest.mark.parametrize(
    "over",
    [
        *({"period": one} for one in ("month", "quarter", "year")),
        {"period": "rolling", "days": 40},
        {"period": "contract", "since": "start", "until": "end"},
        {"period": "month", "earlier": "previous"},
        {"period": "rolling", "days": 40, "earlier": "previous"},
    ],
    ids=lambda one: f"{one['period']} {one.get('earlier', '')}".strip(),
)
def test_windows_of_the_partner_are_measured_by_the_engine_in_the_own_currency(how, over):
    bounds = ("9", "100", "1500", "4000", "20000", None)
    charge = {
        "model": "volume_percentage", "measure": AMOUNT, "qualifier": {**how, "over": over},
        "tiers": [{"uid": f"t{index}", "below": one, "percent": str(index)} for index, one in enumerate(bounds)],
    }  # fmt: skip
    rates = [{"uid": a, "from": a, "to": b, "day": "2026-01-01", "rate": rate}
             for a, b, rate in (("USD", "CNY", "7.1234"), ("CNY", "USD", "0.1403"))]  # fmt: skip
    parts = {
        "line": table(rule("one", percent("2.5"))), "statement": table(rule("steps", charge)),
        "exchange": {"currency": "currency", "amounts": ["amount"], "rates": rates},
        **terms(term("USD", uid="u", when={"type": {"in": ["small"]}}), term()),
    }  # fmt: skip
    days = ("2026-10-05", "2026-11-30", "2026-12-31", "2027-01-01")
    ends = ("2026-11-29", "2026-11-30", "")
    rows = [
        {**one, "day": days[at % 4], "currency": ("CNY", "USD")[at % 3 % 2], "start": "2026-10-06", "end": ends[at % 3]}
        for at, one in enumerate(SOLD)
    ]
    found = engine(parts, *rows, one_in=1)
    assert (list(found.settled), found.totals.left) == (list(run(settlement(**parts), lines(*rows)).settled), 0)
    for odd in ({"amount": "5", "day": ""}, {"amount": "5.1234567891"}, {"amount": "1", "currency": "XAU"}):
        more = {**odd, "dealer": "d1"}
        found, wanted = engine(parts, *rows, more, one_in=1), run(settlement(**parts), lines(*rows, more))
        assert (list(found.settled), list(found.faults)) == (list(wanted.settled), list(wanted.faults))
        priced = len(wanted.rated) == 201  # then the lines of its partner are left to the interpreter, and only these
        assert found.totals.left == (30 if priced else 0) and found.totals.counted == len(wanted.rated)


ALONE = rule("any", percent("1.5"))
ADDED = {"model": "graduated_percentage", "measure": {**AMOUNT, "over": {"period": "month"}}, "marginal": True, "tiers": STEPS}
BY_MONTH = {
    "model": "volume_percentage",
    "measure": AMOUNT,
    "qualifier": {**AMOUNT, "over": {"period": "month"}},
    "tiers": STEPS,
}
POOL = {"uid": "p", "when": {"dealer": {"in": ["d1"]}}, "measure": AMOUNT, "percent": "3", "budget": "500"}


@pytest.mark.parametrize(
    "parts",
    [
        {"line": table(rule("one", ADDED, {"dealer": {"in": ["d1"]}}), ALONE)},
        {"line": table(rule("one", BY_MONTH, {"dealer": {"in": ["d1"]}}), ALONE)},
        {"line": table(ALONE), "pools": [POOL], "term_dimensions": DIMENSIONS},
    ],
    ids=["marginal", "month", "pool"],
)
def test_lines_that_are_worth_what_others_leave_take_along_only_those_of_their_partner(parts, tmp_path):
    rows = [*SOLD, {"dealer": "d1", "day": "tomorrow"}, {"dealer": "d2", "amount": "1e5"}]
    found = engine({**MONTH, **parts}, *rows, one_in=1, lines_to=tmp_path / "lines.csv")
    wanted = run(settlement(**{**MONTH, **parts}), lines(*rows))
    assert list(found.settled) == list(wanted.settled)
    assert sorted(found.faults, key=str) == sorted(wanted.faults, key=str)
    assert (found.totals.left, found.totals.counted) == (58, 200)  # those of d1, and of d2 with the line that has no price
    written = list(csv.reader((tmp_path / "lines.csv").read_text("utf-8").splitlines()))[1:]
    assert [(id, Decimal(amount)) for id, amount, *_ in written] == [(id, one.amount) for id, one in wanted.rated]


# --- what must not happen happens


def test_an_engine_that_rounds_otherwise_is_found_out(monkeypatch):
    monkeypatch.setattr(pricing, "rounded", lambda product, divisor, mode: rounded(product, divisor, "down"))
    with pytest.raises(Disagreement):
        engine(MONTH, *SOLD, one_in=1)


def test_lines_that_get_lost_are_found_out(monkeypatch):
    monkeypatch.setattr(batch, "sums_of", lambda plan, parts, beyond: [])
    with pytest.raises(Disagreement):
        engine(MONTH, *SOLD, one_in=0)


@pytest.mark.parametrize(
    ("charge", "amount"),
    [(percent("1"), "9" * 20), ({"model": "per_unit", "measure": AMOUNT, "rate": "9" * 18}, "99999.99"), (flat("9" * 18), "1")],
)
def test_what_has_no_room_in_integers_is_left_to_the_interpreter(charge, amount):
    parts, row = {"line": table(rule("one", charge))}, {"amount": amount}
    found, wanted = engine(parts, row), run(settlement(**parts), lines(row))
    assert (list(found.settled), list(found.faults)) == (list(wanted.settled), list(wanted.faults))


def test_statements_of_contracts_are_the_engines_and_a_line_outside_of_its_contract_is_told():
    parts = {**MONTH, "period": "contract", "contract": {"since": "start", "until": "end"}}
    rows = [
        {"amount": "600", "start": "2026-10-01", "end": end, "day": day}
        for end, day in (("", "2027-01-01"), ("2026-10-31",) * 2)
    ]
    rows += [{"amount": "600", "start": "2026-10-01", "end": "2026-10-31", "day": "2026-11-01"}, {"amount": "600"}]
    rows += [{"amount": "600", "start": "soon"}, {"amount": "600", "start": "2026-10-05"}, {"amount": "1", "day": ""}]
    found, wanted = engine(parts, *rows, one_in=1), run(settlement(**parts), lines(*rows))
    assert (list(found.settled), list(found.faults)) == (list(wanted.settled), list(wanted.faults))
    assert ([one.code for _, one in found.faults], found.totals.left, found.totals.checked) == (
        ["settle.outside_contract", "settle.no_contract", "settle.not_a_date"], 0, 3,
    )  # fmt: skip


def test_a_line_that_comes_twice_is_counted_once():
    plan = settlement(**MONTH)
    found = settle_lines(plan, Values([*lines(SOLD[1], SOLD[2], {"day": "tomorrow"}), *lines(SOLD[1])], plan.kinds))
    assert [(one.row, one.column, one.value, one.reason.code) for one in found.aside] == [(4, "#", "l0", "settle.repeated")]
    assert found.totals == Totals(rows=4, counted=2, aside=1, faulty=1, checked=1, worth=found.totals.worth)
    assert len(found.faults) == 1 and sum(one.statement.groups[0].size for one in found.settled) == 2


def test_who_is_told_how_far_it_is_may_stop_it():
    class Stopped(Exception):
        pass

    told = []

    def stop(doing, done, of):
        told.append(doing)
        if doing == "state":
            raise Stopped

    with pytest.raises(Stopped):
        engine(MONTH, *SOLD, told=stop)
    assert list(dict.fromkeys(told)) == ["read", "match", "state"]


def test_the_engine_reads_the_file_it_is_given_and_nothing_else(tmp_path):
    mine, other = tmp_path / "mine.parquet", tmp_path / "other.parquet"
    duckdb.sql(f"COPY (SELECT 'd' AS dealer) TO '{mine}'")
    duckdb.sql(f"COPY (SELECT 'd' AS dealer) TO '{other}'")
    with opened((mine,), Limits()) as bench:
        assert bench.sql.execute(f"FROM read_parquet('{mine}')").fetchall() == [("d",)]
        for forbidden in (
            f"FROM read_parquet('{other}')",
            "INSTALL httpfs",
            "SET threads = 9",
            f"COPY (SELECT 1) TO '{other}'",
        ):
            with pytest.raises(duckdb.Error):
                bench.sql.execute(forbidden)


def test_a_parquet_file_with_types_of_its_own_is_read(tmp_path):
    path = tmp_path / "lines.parquet"
    rows = (
        "(VALUES (1, 'd', DATE '2026-10-05', 12.50::DOUBLE), (2, 'd', DATE '2026-11-05', 'NaN'::DOUBLE), (2, 'e', NULL, 1.0))"
    )
    duckdb.sql(f"COPY (SELECT * FROM {rows} AS t(no, dealer, day, amount)) TO '{path}'")
    found = settle_lines(settlement(line=table(rule("all", percent("100")))), Parquet(path, "no"))
    assert [(one.partner, str(one.statement.gross)) for one in found.settled] == [("d", "12.50")]
    assert [reason.code for _, reason in found.faults] == ["settle.not_a_number"]
    assert [(one.row, one.value) for one in found.aside] == [(3, "2")]


def test_rows_without_any_of_the_columns_are_lines_that_say_nothing():
    found = settle_lines(settlement(line=table(rule("all", flat("1")))), Rows(["other"], [(2, ["x"]), (3, ["y"])]))
    assert [(one.partner, str(one.statement.gross)) for one in found.settled] == [(None, "2.00")]


def test_what_a_server_has_frozen_at_its_start_is_not_thawed_by_a_batch():
    gc.freeze()
    try:
        before = gc.get_freeze_count()
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() and gc.get_freeze_count() > before // 2
    finally:
        gc.unfreeze()
