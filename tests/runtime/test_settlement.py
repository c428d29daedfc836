"""A settlement: what a line is worth, what a month's statement comes to, and that every total can be explained."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime.settlement import (
    Line,
    Settlement,
    SettlementFault,
    inputs_form,
    line_of,
    rate,
    settle,
    statement_json,
)
from tests.drawing import field, options, text


def rule(uid, charge, **when):
    return {"uid": uid, "when": when, "charge": charge}


def flat(amount):
    return {"model": "flat", "amount": amount}


INPUTS = [
    field("dealer", "record", config={"entity": "dealer"}), field("type", "choice", config=options("key", "small")),
    field("region", "region"), field("amount", "money"), field("date", "date"), field("count", "number"),
    field("urgent", "boolean"),
]  # fmt: skip
DIMENSIONS = [{"uid": f"d_{one['key']}", "input": one["key"]} for one in INPUTS]


def settlement(**parts):
    doc = {
        "key": "rebate",
        "title": text("rebate"),
        "inputs": INPUTS,
        "partner": "dealer",
        "date": "date",
        "currency": "CNY",
        **parts,
    }
    return Settlement.from_json(doc, 7)


def table(*rules):
    return {"dimensions": DIMENSIONS, "rules": list(rules)}


def term(uid, currency, kind, rate=None, **when):
    return {"uid": uid, "when": when, "currency": currency, "tax": {"kind": kind, **({"rate": rate} if rate else {})}}


def terms(*rows):
    return {"terms": list(rows), "term_dimensions": DIMENSIONS}


def rated(doc, **values):
    return rate(doc, values)


def statements(doc, *lines):
    return settle(doc, [Line(values, Decimal(values.pop("worth", "0"))) for values in map(dict, lines)])


def test_the_first_rule_that_fits_is_the_one():
    doc = settlement(
        line=table(
            rule("vip", flat("1"), d_type={"in": ["key"]}),
            rule("south", flat("2"), d_region={"in": ["44"]}),
            rule("rest", flat("3")),
        )
    )
    assert rated(doc, type="key", region="440305").rule == "vip"
    assert rated(doc, type="small", region={"region": "440305"}).rule == "south"
    assert rated(doc, type="small", region="11").rule == "rest"


def test_without_a_rule_that_fits_it_says_what_was_asked():
    doc = settlement(line=table(rule("vip", flat("1"), d_type={"in": ["key"]}, d_region={"in": ["44"]})))
    with pytest.raises(SettlementFault) as caught:
        rated(doc, type="small", region={"region": "11"})
    assert (caught.value.reason.code, caught.value.reason.params) == ("settle.no_rule", {"values": "type = small, region = 11"})


@pytest.mark.parametrize(
    ("cell", "values", "fits"),
    [
        ({"d_type": {"in": ["key", "small"]}}, {"type": "small"}, True),
        ({"d_type": {"in": ["key"]}}, {"type": "small"}, False),
        ({"d_type": {"in": ["key"]}}, {}, False),
        ({"d_type": {"not_in": ["key"]}}, {"type": "small"}, True),
        ({"d_type": {"not_in": ["key"]}}, {"type": "key"}, False),
        ({"d_type": {"not_in": ["key"]}}, {}, True),
        ({"d_region": {"in": ["44"]}}, {"region": "440305"}, True),
        ({"d_region": {"in": ["4403"]}}, {"region": "44"}, False),
        ({"d_region": {"not_in": ["81", "82"]}}, {"region": "8101"}, False),
        ({"d_amount": {"from": "100", "below": "200"}}, {"amount": "100.00"}, True),
        ({"d_amount": {"from": "100", "below": "200"}}, {"amount": "199.99"}, True),
        ({"d_amount": {"from": "100", "below": "200"}}, {"amount": "200"}, False),
        ({"d_amount": {"from": "100"}}, {"amount": "99.99"}, False),
        ({"d_amount": {"from": "100"}}, {}, False),
        ({"d_amount": {"below": "100"}}, {"amount": "many"}, False),
        ({"d_date": {"from": "2026-10-01", "below": "2026-11-01"}}, {"date": "2026-10-31"}, True),
        ({"d_date": {"from": "2026-10-01", "below": "2026-11-01"}}, {"date": "2026-11-01"}, False),
        ({"d_count": {"in": ["10.5"]}}, {"count": "10.50"}, True),
        ({"d_count": {"in": ["10.50"]}}, {"count": "10.5"}, True),
        ({"d_urgent": {"in": ["true"]}}, {"urgent": True}, True),
        ({"d_urgent": {"in": ["true"]}}, {"urgent": False}, False),
        ({"d_dealer": {"in": ["r1"]}}, {"dealer": {"id": "r1", "title": "诚信"}}, True),
        ({"d_type": {"in": ["key"]}, "d_amount": {"from": "100"}}, {"type": "key", "amount": "99"}, False),
        ({}, {}, True),
    ],
)
def test_a_cell_decides_by_the_kind_of_its_column(cell, values, fits):
    doc = settlement(line=table(rule("one", flat("1"), **cell), rule("rest", flat("2"))))
    assert (rated(doc, **values).rule == "one") is fits


def test_a_line_without_a_price_table_is_worth_nothing_by_itself():
    found = rated(settlement(), type="key")
    assert (str(found.amount), found.rule, found.parts) == ("0.00", None, ())


def test_a_line_is_measured_by_its_own_inputs():
    doc = settlement(line=table(rule("one", {"model": "per_unit", "measure": {"sum": "count"}, "rate": "12.5"})))
    assert str(rated(doc, count="3").amount) == "37.50"
    assert str(rated(doc).amount) == "0.00"
    with pytest.raises(SettlementFault) as caught:
        rated(doc, count="many")
    assert caught.value.reason.code == "settle.not_a_number"


@pytest.mark.parametrize(
    ("charge", "code"),
    [
        ({"model": "guess"}, "settle.unknown_model"),
        ({"model": "flat"}, "settle.incomplete_rule"),
        ({"model": "graduated", "measure": {"count": True}}, "settle.incomplete_rule"),
        ({"model": "graduated", "measure": {"count": True}, "tiers": [{"uid": "t", "below": None}]}, "settle.incomplete_rule"),
        ({"model": "base_rate", "amount": "9" * 18, "rate": "9" * 18}, "settle.too_large"),
    ],
)
def test_a_rule_that_cannot_be_calculated_is_a_fault_with_a_reason(charge, code):
    with pytest.raises(SettlementFault) as caught:
        rated(settlement(line=table(rule("one", charge))))
    assert caught.value.reason.code == code


def test_the_line_of_the_ledger_names_version_rule_and_parts():
    doc = settlement(line=table(rule("one", {"model": "base_rate", "amount": "120", "rate": "1.2"})))
    values = {"dealer": {"id": "r1", "title": "诚信"}, "date": "2026-10-12"}
    assert line_of(doc, values, rate(doc, values)) == {
        "settlement": "rebate", "version": 7, "partner": {"id": "r1", "title": "诚信"}, "date": "2026-10-12",
        "period": "2026-10", "values": values, "amount": "144.00", "currency": "CNY", "rule": "one",
        "parts": [["settle.part.base_rate", {"base": "120", "rate": "1.2"}, "144", None]],
    }  # fmt: skip


# --- the month


STEPS = {"model": "graduated_percentage", "measure": {"sum": "amount"}, "tiers": [
    {"uid": "low", "below": "1000000", "percent": "1"}, {"uid": "middle", "below": "5000000", "percent": "2"},
    {"uid": "top", "below": None, "percent": "3"},
]}  # fmt: skip
BY_ORDER = {"model": "per_unit", "measure": {"count": True}, "rate": "12.5"}
PARTIES = {"sales": "60", "service": "30", "region": "10"}
REBATE = {
    "statement": table(rule("key", STEPS, d_type={"in": ["key"]}), rule("small", BY_ORDER, d_type={"in": ["small"]})),
    **terms(term("hk", "HKD", "out_of_scope", d_region={"in": ["81"]}), term("home", "CNY", "inclusive", "6")),
    "shares": [{"uid": uid, "party": text(uid), "percent": percent} for uid, percent in PARTIES.items()],
}


def key_order(amount, region="44"):
    return {"type": "key", "region": region, "amount": amount}


def test_a_key_account_climbs_the_steps():
    """6,000,000: 1 % of one million, 2 % of four, 3 % of one = 120,000, of which 6 % tax inside."""
    [found] = statements(settlement(**REBATE), key_order("4000000"), key_order("2000000"))
    assert [str(amount) for amount in (found.gross, found.net, found.tax)] == ["120000.00", "113207.55", "6792.45"]
    assert [str(one.amount) for one in found.shares] == ["67924.53", "33962.27", "11320.75"]
    summed, *steps = found.groups[0].parts
    assert [part.tier for part in steps] == ["low", "middle", "top"]
    assert (summed.code, summed.params["lines"], summed.params["found"]) == ("settle.part.own_sum", 2, Decimal(6000000))


def test_a_small_merchant_is_paid_by_the_order():
    [found] = statements(settlement(**REBATE), *({"type": "small", "region": "11", "amount": "99"} for _ in range(31)))
    assert (str(found.gross), found.groups[0].size) == ("387.50", 31)


def test_each_currency_has_its_own_statement_in_the_order_they_appear():
    found = statements(settlement(**REBATE), key_order("100", "81"), key_order("100"), key_order("100", "8101"))
    assert [(one.currency, one.groups[0].size, str(one.tax)) for one in found] == [("HKD", 2, "0.00"), ("CNY", 1, "0.06")]


def test_lines_under_other_tiers_or_terms_are_groups_of_their_own():
    [found] = statements(settlement(**REBATE), key_order("100"), {"type": "small", "region": "44"}, key_order("200"))
    assert [(group.rule, group.size) for group in found.groups] == [("key", 2), ("small", 1)]
    assert found.net == sum(group.net for group in found.groups)


def test_what_no_rule_of_the_month_fits_adds_nothing_but_is_counted():
    [found] = statements(settlement(**REBATE), {"region": "44", "amount": "100"})
    assert (str(found.gross), found.groups[0].rule, found.groups[0].size) == ("0.00", None, 1)


def test_without_a_term_that_fits_the_currency_of_the_settlement_holds_without_tax():
    only = terms(term("hk", "HKD", "exclusive", "5", d_region={"in": ["81"]}))
    [found] = statements(settlement(statement=REBATE["statement"], **only), key_order("100", "44"))
    assert (found.currency, str(found.tax), found.groups[0].terms.uid) == ("CNY", "0.00", None)


@pytest.mark.parametrize(
    ("kind", "rate", "net", "tax", "gross"),
    [
        ("inclusive", "6", "4716.98", "283.02", "5000.00"),
        ("exclusive", "6", "5000.00", "300.00", "5300.00"),
        ("exempt", None, "5000.00", "0.00", "5000.00"),
        ("out_of_scope", None, "5000.00", "0.00", "5000.00"),
        ("inclusive", "0", "5000.00", "0.00", "5000.00"),
        ("exclusive", "13", "5000.00", "650.00", "5650.00"),
    ],
)
def test_tax_always_ties(kind, rate, net, tax, gross):
    doc = settlement(statement=table(rule("all", flat("5000"))), **terms(term("t", "CNY", kind, rate)))
    [found] = statements(doc, {})
    assert (str(found.net), str(found.tax), str(found.gross)) == (net, tax, gross)


def test_a_credit_mirrors_the_charge():
    [plus] = statements(settlement(**REBATE), key_order("1234567.89"))
    [minus] = statements(settlement(**REBATE), key_order("-1234567.89"))
    assert (minus.net, minus.tax, minus.gross) == (-plus.net, -plus.tax, -plus.gross)
    assert [one.amount for one in minus.shares] == [-one.amount for one in plus.shares]


def test_the_bonus_of_the_month_counts_visits_and_pays_on_what_they_are_worth():
    bonus = {"model": "volume_percentage", "measure": {"lines": True}, "qualifier": {"count": True},
             "tiers": [{"uid": "a", "below": "3", "percent": "0"}, {"uid": "b", "below": None, "percent": "5"}]}  # fmt: skip
    doc = settlement(statement=table(rule("bonus", bonus)))
    [two] = statements(doc, {"worth": "144.00"}, {"worth": "102.00"})
    [three] = statements(doc, {"worth": "144.00"}, {"worth": "102.00"}, {"worth": "120.00"})
    assert (str(two.gross), str(three.gross)) == ("246.00", "384.30")


def test_no_lines_no_statement():
    assert settle(settlement(**REBATE), []) == []


def test_amounts_too_large_to_be_exact_are_a_fault():
    with pytest.raises(SettlementFault) as caught:
        settle(settlement(**terms(term("t", "CNY", "exclusive", "6"))), [Line({}, Decimal("9E+26"))])
    assert caught.value.reason.code == "settle.too_large"


def test_a_statement_in_json_is_texts_and_says_everything():
    [found] = statements(settlement(**REBATE), key_order("1000050.55"))
    doc = statement_json(found)
    assert (doc["currency"], doc["gross"], doc["net"], doc["tax"]) == ("CNY", "10001.01", "9434.92", "566.09")
    [group] = doc["groups"]
    assert (group["charge"], group["lines_amount"], group["terms"], group["tax_kind"], group["tax_rate"]) == (
        "10001.01",
        "0.00",
        "home",
        "inclusive",
        "6",
    )
    assert [part[0] for part in group["parts"]] == [
        "settle.part.own_sum",
        "settle.part.tier_percentage",
        "settle.part.tier_percentage",
        "settle.part.rounding",
    ]
    assert [one["amount"] for one in doc["shares"]] == ["5660.95", "2830.48", "943.49"]


def test_the_inputs_of_a_line_are_read_as_a_form():
    doc = {"key": "k", "title": text("k"), "inputs": INPUTS}
    assert inputs_form(doc).kinds["amount"] == "number"


LINES = st.lists(
    st.fixed_dictionaries({
        "type": st.sampled_from(["key", "small", None]),
        "region": st.sampled_from(["44", "81", "110105", None]),
        "amount": st.integers(-(10**11), 10**12).map(lambda cents: f"{Decimal(cents).scaleb(-2):f}"),
        "worth": st.integers(-(10**7), 10**7).map(lambda cents: f"{Decimal(cents).scaleb(-2):f}"),
    }),
    min_size=1,
    max_size=25,
)  # fmt: skip


@given(LINES)
def test_every_total_is_the_sum_of_its_explanation(lines):
    found = statements(settlement(**REBATE), *lines)
    assert sum(group.size for one in found for group in one.groups) == len(lines)
    assert len({one.currency for one in found}) == len(found)
    for one in found:
        assert one.net + one.tax == one.gross
        assert sum(share.amount for share in one.shares) == one.net
        assert sum(group.net for group in one.groups) == one.net
        for group in one.groups:
            explained = group.lines_amount + sum((part.amount for part in group.parts), Decimal(0))
            assert (
                explained
                == group.lines_amount + group.charge
                == group.net + (group.tax_amount if group.terms.tax.kind == "inclusive" else 0)
            )
            assert group.net.as_tuple().exponent == group.tax_amount.as_tuple().exponent == -2


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_amount(lines, chance):
    mixed = list(lines)
    chance.shuffle(mixed)
    one, other = (
        sorted((s.currency, s.net, s.tax) for s in statements(settlement(**REBATE), *order)) for order in (lines, mixed)
    )
    assert one == other
