"""The packs that ship with the platform: canonical, without a problem, with stories that hold and figures added up by hand.

The golden figures of `packs/demo/rebate_expected.json` come from `by_hand` below: whole cents, no code of ours.
"""

import csv
import io
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from dougong import schemas
from dougong.builder.checks import check
from dougong.builder.simulate import played, verdict
from dougong.runtime.canonical import canonical, parse
from dougong.runtime.definition import Definition
from dougong.runtime.form import EVERYTHING, Form
from dougong.runtime.picture import HEIGHT, WIDTH, picture
from dougong.runtime.settlement import Line, Settlement, rate, settle
from tests.drawing import NOW, load, through_boxes

PACKS = Path(__file__).parents[2] / "packs"
NAMES = (
    "appliance_repair", "course_commission", "course_refunds", "dealer_rebate", "franchise_profit", "hotline",
    "refund_approval", "regional_sales", "service_points", "spare_parts", "store_complaints",
)  # fmt: skip
SAMPLES = [name for name in NAMES if (PACKS / "demo" / f"{name}.json").exists()]


def pack(name):
    return parse((PACKS / f"{name}.json").read_bytes())


def refs(name):
    return {(item["kind"], item["key"]): item for item in pack(name)["items"]}


def items(*kinds):
    return [
        pytest.param(name, item, id=f"{item['kind']} {item['key']}")
        for name in NAMES
        for item in pack(name)["items"]
        if not kinds or item["kind"] in kinds
    ]


def stories():
    return [
        pytest.param(name, item, story, reloaded, id=f"{item['key']}: {story['uid']}{' (reloaded)' * reloaded}")
        for name in NAMES
        for item in pack(name)["items"]
        for story in item.get("stories", ())
        for reloaded in (False, True)
    ]


@pytest.mark.parametrize(("name", "item"), [one for one in items("form") if "statement" in one.values[1]["key"]])
def test_a_partner_who_disputes_a_statement_says_why(name, item):
    form = Form.from_json(item)
    remark = next(key for key in form.fields if "remark" in key)
    rights = {"*": "hidden", "confirmation": "required", remark: "write"}
    assert set(load(form, {"confirmation": "dispute"}, {}, rights).errors) == {remark}
    for said in ({"confirmation": "dispute", remark: "少算一单"}, {"confirmation": "confirm"}):
        assert not load(form, said, {}, rights).errors


@pytest.mark.parametrize(("name", "item"), items("settlement"))
def test_a_month_of_statements_is_approved_at_once(name, item):
    """Two thousand of them are claimed and approved one by one by nobody."""
    flow = refs(name)["workflow", item["approval"]]
    assert [node["config"].get("batch") for node in flow["nodes"] if node["type"] == "approval"] == [True]


@pytest.mark.parametrize("name", [*NAMES, *(f"demo/{name}" for name in SAMPLES), "demo/rebate_expected"])
def test_a_pack_is_canonical_byte_for_byte(name):
    raw = (PACKS / f"{name}.json").read_bytes()
    assert canonical(parse(raw)) == raw


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_is_what_its_schema_says_with_its_items_in_order(name):
    found = pack(name)
    assert schemas.problems("pack", found) == []
    refs = [(item["kind"], item["key"]) for item in found["items"]]
    assert refs == sorted(set(refs))


def test_all_packs_can_stand_in_one_tenant():
    """What two of them bring, such as a calendar, is the same in both."""
    every = [item for name in (*NAMES, "china_calendars") for item in pack(name)["items"]]
    different = {canonical(item) for item in every}
    assert len({(item["kind"], item["key"]) for item in every}) == len(different)
    assert len({item["uid"] for item in every}) == len(different)


@pytest.mark.parametrize(("name", "item"), items())
def test_an_item_has_neither_errors_nor_warnings(name, item):
    assert check(item, refs(name)) == []


@pytest.mark.parametrize(("name", "item", "story", "reloaded"), stories())
def test_a_story_comes_true(name, item, story, reloaded):
    assert verdict(Definition.from_json(item, refs(name).values()), story, reloaded=reloaded) == []


@pytest.mark.parametrize(("name", "item"), items("workflow"))
def test_the_stories_go_over_every_line_and_come_to_every_step(name, item):
    definition = Definition.from_json(item, refs(name).values())
    moves = [move for story in item["stories"] for move in played(definition, story).trail]
    assert {edge.uid for edge in definition.edges} == {uid for move in moves for uid in move.edges}
    assert {node.uid for node in definition.nodes} == {move.node for move in moves}


@pytest.mark.parametrize(("name", "item"), items("workflow"))
def test_the_boxes_stand_apart_and_no_line_goes_through_one(name, item):
    definition = Definition.from_json(item, refs(name).values())
    assert through_boxes(definition) == []
    boxes = list(picture(definition).places.values())
    for index, (x, y) in enumerate(boxes):
        assert all(abs(x - left) >= WIDTH or abs(y - top) >= HEIGHT for left, top in boxes[index + 1 :])


def _texts(part, path=""):
    if isinstance(part, dict):
        if "zh-Hans" in part or "en" in part:
            yield path, part
        else:
            for key, value in part.items():
                yield from _texts(value, f"{path}/{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _texts(value, f"{path}/{index}")


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_both_languages(name):
    found = list(_texts(pack(name)))
    assert len(found) >= 50
    assert [path for path, text in found if set(text) != {"zh-Hans", "en"} or not all(text.values())] == []


@pytest.mark.parametrize(("name", "item"), items("workflow"))
def test_no_step_shows_what_it_need_not_and_the_start_hides_the_processing(name, item):
    definition = Definition.from_json(item, refs(name).values())
    for node in definition.nodes:
        if node.type in ("start", "user_task"):
            assert definition.rights_of(node)["*"] == "hidden", node.uid
    written = {
        node.uid: {key for key, right in definition.rights_of(node).items() if right in ("write", "required")}
        for node in definition.nodes
        if node.type == "user_task"
    }
    assert all(written.values())
    start = {key for key, right in definition.rights_of(definition.start).items() if right in ("write", "required")}
    assert not start & set().union(*written.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_records_are_what_a_person_could_have_filled_in(name):
    sample = parse((PACKS / "demo" / f"{name}.json").read_bytes())["records"]
    for key, records in sample.items():
        entity = refs(name)["entity", key]
        form, unique = Form.from_json(entity), entity["unique_field"]
        assert len(records) >= 5
        assert len({record[unique] for record in records}) == len(records)
        for record in records:
            loaded = form.load(record, {}, EVERYTHING, NOW.tzinfo, NOW)
            assert (loaded.errors, loaded.values) == ({}, record), record["name"]


# --- the repair of an appliance: two lines and a month, added up by hand


def repair_fee():
    return Settlement.from_json(refs("appliance_repair")["settlement", "repair_fee"])


@pytest.mark.parametrize(
    ("region", "line", "grade", "amount", "currency"),
    [
        ("440305", "ac", "A", "144.00", "CNY"),  # 120 × 1.2
        ("440305", "ac", "C", "102.00", "CNY"),  # 120 × 0.85
        ("310115", "washer", "B", "100.00", "CNY"),
        ("510104", "fridge", "A", "96.00", "CNY"),  # 80 × 1.2
        ("510104", "kitchen", "C", "63.75", "CNY"),  # 75 × 0.85
        ("81", "heater", "B", "300.00", "HKD"),
        ("82", "ac", "A", "360.00", "MOP"),
        ("510104", "ac", None, "63.75", "CNY"),  # the grade is not known: the default row
        (None, "ac", "B", "100.00", "CNY"),  # the place is not known: elsewhere
    ],
)
def test_a_visit_is_priced_by_region_line_and_grade(region, line, grade, amount, currency):
    found = rate(repair_fee(), {"region": region, "product_line": line, "grade": grade})
    assert (str(found.amount), found.currency) == (amount, currency)


@pytest.mark.parametrize(
    ("visits", "gross"),
    [(19, "2900.16"), (20, "3144.38"), (49, "7703.74"), (50, "8013.60"), (100, "16485.12")],
)
def test_the_months_bonus_follows_the_number_of_visits(visits, gross):
    """144 a visit; 0, 3, 5, 8 % on all of it; 6 % tax on top."""
    one = {"region": "440305", "product_line": "ac", "grade": "A"}
    [found] = settle(repair_fee(), [Line(one, Decimal("144.00"))] * visits)
    percent = 0 if visits < 20 else 3 if visits < 50 else 5 if visits < 100 else 8
    cents = 14400 * visits
    cents += _half_up(cents * percent, 100)
    assert str(found.gross) == gross == _amount(cents + _half_up(cents * 6, 100))


# --- the dealers' rebate: 204 orders of October, added up by hand


def _half_up(numerator, denominator):
    """Whole numbers: half away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def _amount(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def _cents(amount):
    whole, _, fraction = amount.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0")[:2])


def orders():
    raw = (PACKS / "demo" / "rebate_orders_2026_10.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(raw)))


def dealers():
    return {one["name"]: one for one in parse((PACKS / "demo" / "dealer_rebate.json").read_bytes())["records"]["rebate_dealer"]}


def by_hand():
    """What each dealer gets for October, in whole cents, as the policy says it in words.

    A key account: 1 % of the month's sales below a million, 1.5 % from there to three million, 2 % to five, 3 % above.
    A small merchant: 12.50 an order. Orders delivered to Hong Kong are settled in HKD without tax, the others in CNY with
    6 % tax inside. Of the net 60 % goes to sales, 30 % to service, 10 % to the region; cents left over
    go to the largest remainder.
    """
    months = defaultdict(list)
    for order in orders():
        currency = "HKD" if order["地区"] == "香港特别行政区" else "CNY"
        months[order["经销商"], currency].append(_cents(order["订单金额"]))
    found = []
    for (name, currency), amounts in months.items():
        dealer, sales = dealers()[name], sum(amounts)
        if dealer["type"] == "key":
            steps = (
                (0, 100_000_000, 10),
                (100_000_000, 300_000_000, 15),
                (300_000_000, 500_000_000, 20),
                (500_000_000, sales, 30),
            )
            permille = sum((min(sales, top) - bottom) * rate for bottom, top, rate in steps if sales > bottom)
            gross = _half_up(permille, 1000)
        else:
            gross = 1250 * len(amounts)
        net = _half_up(gross * 100, 106) if currency == "CNY" else gross
        shares = {"sales": net * 60, "service": net * 30, "region": net * 10}
        cents = {party: share // 100 for party, share in shares.items()}
        for party in sorted(shares, key=lambda party: -(shares[party] % 100))[: net - sum(cents.values())]:
            cents[party] += 1
        found.append({
            "dealer": dealer["code"], "currency": currency, "orders": len(amounts), "sales": _amount(sales),
            "gross": _amount(gross), "net": _amount(net), "tax": _amount(gross - net),
            "shares": {party: _amount(part) for party, part in cents.items()},
        })  # fmt: skip
    return {
        "month": "2026-10",
        "settlement": "dealer_rebate",
        "statements": sorted(found, key=lambda one: (one["dealer"], one["currency"])),
    }


def golden():
    return json.loads((PACKS / "demo" / "rebate_expected.json").read_text("utf-8"))


def test_the_golden_figures_are_those_added_up_by_hand():
    assert by_hand() == golden()


def test_the_months_orders_are_what_they_should_be():
    found = golden()["statements"]
    assert len(orders()) == sum(one["orders"] for one in found) == 204
    assert {one["currency"] for one in found} == {"CNY", "HKD"}
    assert len({one["dealer"] for one in found}) == 6
    top = next(one for one in found if (one["dealer"], one["currency"]) == ("RD-001", "CNY"))
    assert Decimal(top["sales"]) > 5_000_000
    assert len({order["订单号"] for order in orders()}) == 204
    assert {order["下单日期"][:7] for order in orders()} == {"2026-10"}


def test_the_settlement_comes_to_the_golden_figures_to_the_cent():
    doc = refs("dealer_rebate")["settlement", "dealer_rebate"]
    settlement, months = Settlement.from_json(doc), defaultdict(list)
    regions = {"广东省/广州市": "4401", "香港特别行政区": "81", "上海市": "31", "北京市": "11", "四川省/成都市": "5101"}
    for order in orders():
        dealer = dealers()[order["经销商"]]
        values = {
            "order_no": order["订单号"], "dealer": {"id": dealer["code"], "title": dealer["name"]},
            "dealer_type": dealer["type"], "region": {"region": regions[order["地区"]]},
            "amount": order["订单金额"], "date": order["下单日期"],
        }  # fmt: skip
        months[dealer["code"]].append(Line(values, rate(settlement, values).amount))
    found = [
        {
            "dealer": code, "currency": one.currency, "orders": sum(group.size for group in one.groups),
            "sales": str(sales(settlement, lines, one.currency)),
            "gross": str(one.gross), "net": str(one.net), "tax": str(one.tax),
            "shares": {share.uid: str(share.amount) for share in one.shares},
        }
        for code, lines in months.items()
        for one in settle(settlement, lines)
    ]  # fmt: skip
    assert sorted(found, key=lambda one: (one["dealer"], one["currency"])) == golden()["statements"]


def sales(settlement, lines, currency):
    return sum(Decimal(line.values["amount"]) for line in lines if settlement.terms_of(line.values).currency == currency)
