"""A settlement drawn from an empty one by mouse: columns, dimensions, rules, tiers of both kinds, terms, shares, a sample.

What the sample comes to is computed here by hand. A key account sells 5,450,000.50 in October, by marginal tiers (超额累进):
1,000,000 × 1 % + 2,000,000 × 1.5 % + 2,450,000.50 × 2 % = 10,000 + 30,000 + 49,000.01; a small merchant 120,000, all of it at
the percentage of the tier that is reached (全额累进): 1 %. Six percent of tax on top; half of the net for sales, 30 % for
service, 20 % for the region, and the cent that is left goes to the largest remainder.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.tiers import MODELS
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas, begin
from tests.e2e.languages import mainly
from tests.e2e.tables import TableCanvas

KIND, KEY, SMALL = "类别 Kind", "大客户 Key account", "小商户 Small merchant"
MARGINAL, WHOLE = "大客户返利 Key rebate", "小商户返利 Small rebate"
RULES = [
    (MARGINAL, KEY, "graduated_percentage", [("1000000", "1"), ("3000000", "1.5"), ("", "2")]),
    (WHOLE, SMALL, "volume_percentage", [("100000", "0.5"), ("", "1")]),
]
SHARES = {"销售 Sales": "50", "服务 Service": "30", "区域 Region": "20"}
LINES = [
    ("甲 A", "2026-10-08", "4800000", KEY),
    ("甲 A", "2026-10-21", "650000.50", KEY),
    ("乙 B", "2026-10-12", "120000", SMALL),
]
EXPLAINED = {
    "甲 A": ["10,000.00", "30,000.00", "49,000.01", "89,000.01", "5,340.00", "89,000.01", "5,340.00", "94,340.01"],
    "乙 B": ["1,200.00", "72.00", "1,200.00", "72.00", "1,272.00"],
}
SECOND_TIER = {
    "zh-Hans": "100万(含)以上至300万(不含)的部分：2,000,000 × 1.5%",
    "en": "In the tier 1,000,000 up to but not including 3,000,000: 2,000,000 × 1.5%",
}
SHARED = {"甲 A": ["44,500.01", "26,700.00", "17,800.00"], "乙 B": ["600.00", "360.00", "240.00"]}


@mainly("en")
def test_a_settlement_is_drawn_by_mouse_and_its_sample_is_what_one_computes_by_hand(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    title = f"返利 Rebate {language}"
    alice = somebody("alice", language)
    begin(alice.go("/t/acme/builder/"), "settlement", title)
    canvas = TableCanvas(alice.page, tag)

    draw_columns(canvas)
    draw_rules(canvas)
    draw_terms_and_shares(canvas)
    type_samples(canvas)
    for partner, amounts in EXPLAINED.items():
        expect(canvas.amounts(partner).last).to_have_text(amounts[-1])
        assert [words for words in canvas.amounts(partner).all_inner_texts() if words] == amounts
        assert canvas.shares(partner) == SHARED[partner]
    expect(canvas.explained("甲 A")).to_contain_text(SECOND_TIER[tag])

    rules = canvas.open("statement")
    rules.cell(1, canvas.say("builder.settlement.rule.title")).click()
    assert canvas.settings.evaluate("(box) => { box.scrollTo(0, 200); return box.scrollTop; }") > 0
    alice.page.keyboard.press("Escape")
    rules.cell(0, canvas.say("builder.settlement.rule.title")).click()
    alice.page.wait_for_function(
        "() => document.querySelector('.b-inspector').scrollTop === 0"
    )  # another one, from its beginning
    alice.page.keyboard.press("Escape")
    canvas.saved()
    canvas.explained("甲 A").scroll_into_view_if_needed()
    shot(alice.page, f"{language}/drawn-settlement")
    FormCanvas(alice.page, tag).publish("builder.publish.done.about.settlement")
    document = behind.document(title)
    assert document.active == 1
    assert drawn(document.draft) == [(key, model, tiers) for _, key, model, tiers in RULES]


def draw_columns(canvas: TableCanvas) -> None:
    """Partner, date and amount stand there; what kind of partner it is comes to them."""
    say = canvas.say
    inputs = canvas.open("inputs")
    row = inputs.add(say("builder.settlement.inputs.add"))
    inputs.call(row, say("builder.title"), KIND)
    inputs.choose(row, say("builder.form.type"), FIELD_TYPES["choice"].title[canvas.language])
    inputs.type(row, say("builder.form.key"), "kind")
    inputs.cell(row, say("builder.settlement.input.values")).click()
    canvas.options({"key": KEY, "small": SMALL})


def draw_rules(canvas: TableCanvas) -> None:
    """One row a rule: whom it fits, how it charges, and its tiers at the side."""
    say = canvas.say
    rules = canvas.open("statement")
    canvas.dimension(KIND)
    for title, kind, model, tiers in RULES:
        row = rules.add(say("builder.settlement.rule.add"))
        rules.call(row, say("builder.settlement.rule.title"), title)
        rules.tick(row, KIND, kind)
        rules.choose(row, say("builder.settlement.model"), MODELS[model].title[canvas.language])
        rules.choose(row, say("builder.settlement.measure"), say("builder.settlement.measure.sum", input=starter(canvas)[2]))
        canvas.rise(*tiers)


def draw_terms_and_shares(canvas: TableCanvas) -> None:
    say = canvas.say
    terms = canvas.open("terms")
    terms.choose(
        terms.add(say("builder.settlement.terms.add")), say("builder.settlement.tax"), say("builder.settlement.tax.exclusive")
    )
    shares = canvas.open("shares")
    for party, percent in SHARES.items():
        row = shares.add(say("builder.settlement.shares.add"))
        shares.call(row, say("builder.settlement.shares.party"), party)
        shares.type(row, say("builder.settlement.shares.percent"), percent)


def type_samples(canvas: TableCanvas) -> None:
    for *texts, kind in LINES:
        row = canvas.samples.add(canvas.say("builder.settlement.sample.add"))
        for column, text in zip(starter(canvas), texts, strict=True):
            canvas.samples.type(row, column, text)
        canvas.samples.choose(row, KIND, kind)


def starter(canvas: TableCanvas) -> tuple[str, ...]:
    """What the columns are called that a new settlement has."""
    return {"zh-Hans": ("结算对象", "业务日期", "金额"), "en": ("Partner", "Business date", "Amount")}[canvas.language]


def drawn(draft: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What matters of every rule: whom it fits, its model and its tiers."""
    (dimension,) = draft["statement"]["dimensions"]
    options = {
        option["key"]: option["title"]["en"] for one in draft["inputs"] for option in one.get("config", {}).get("options", ())
    }
    return [
        (
            options[rule["when"][dimension["uid"]]["in"][0]],
            rule["charge"]["model"],
            [(tier.get("below") or "", tier["percent"]) for tier in rule["charge"]["tiers"]],
        )
        for rule in draft["statement"]["rules"]
    ]
