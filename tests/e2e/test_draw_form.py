"""A repair form drawn from an empty one by mouse, and a workflow with it; a ticket filed with it has the right data."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dougong.platform.messages import t
from dougong.runtime.host.tables import Ticket
from dougong.runtime.nodes import NODE_TYPES
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas, item
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas, begin
from tests.e2e.languages import mainly

CUSTOMER, NAME, PHONE, LEVEL = "客户 Customer", "姓名 Name", "电话 Phone", "等级 Level"
FAULT, WATER, STORY, PARTS, PRICE, TOTAL, RESULT = (
    "故障 Fault", "漏水量 Water", "情况 Story", "件数 Parts", "单价 Price", "合计 Total", "结果 Result",
)  # fmt: skip
KEYS = {
    CUSTOMER: "customer", NAME: "name", PHONE: "phone", LEVEL: "level", FAULT: "fault", WATER: "water", STORY: "story",
    PARTS: "parts", PRICE: "price", TOTAL: "total", RESULT: "result",
}  # fmt: skip


@mainly("zh")
def test_a_form_is_drawn_by_mouse_and_a_ticket_filed_with_it(
    somebody: Callable[..., Person], behind: Behind, language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    title = f"送修 Send-in {language}"
    alice = somebody("alice", language, width=1600, height=1300)
    begin(alice.go("/t/acme/builder/"), "form", title)
    form = FormCanvas(alice.page, tag)
    empty = behind.draft(title)

    drawn(form)
    form.saved()
    assert form.titles() == [[CUSTOMER, NAME, PHONE, LEVEL], [FAULT, WATER, STORY, PARTS, PRICE, TOTAL, RESULT]]
    expect(alice.page.get_by_role("button", name=form.say("builder.problems.none_short"))).to_be_visible()
    full = behind.draft(title)
    assert drawn_fields(full) == expected(tag)

    undone_and_done_again(form, lambda: behind.draft(title), empty, full)
    previewed(form, language)
    form.publish()
    assert behind.document(title).active == 1

    draw_workflow(alice, tag, title)
    bob = somebody("bob", language)
    filed(bob, behind, tag, title)


def drawn(form: FormCanvas) -> None:
    """Two sections, with fields dragged to their places, some at first to a wrong one."""
    form.page.locator(".bf-title").fill("一 One")
    form.page.get_by_role("button", name=form.say("builder.form.add_section")).click()
    form.page.locator(".bf-title").nth(1).fill("二 Two")
    form.add("text", 0, NAME, "name")
    form.add("phone", 0, PHONE, "phone")
    form.add("record", 0, CUSTOMER, "customer", before=NAME)
    form.add("textarea", 1, STORY, "story")
    form.add("choice", 1, FAULT, "fault", before=STORY)
    form.add("choice", 1, WATER, "water", before=STORY)
    form.add("formula", 1, TOTAL, "total")
    form.add("number", 1, PARTS, "parts", before=TOTAL)
    form.add("money", 0, PRICE, "price")  # the wrong section
    form.add("choice", 1, LEVEL, "level")  # and so is this
    form.add("textarea", 1, RESULT, "result", before=FAULT)  # and this place
    form.move(PRICE, 1, before=TOTAL)
    form.move(LEVEL, 0)
    form.move(RESULT, 1)

    form.options(LEVEL, {"regular": "普通 Regular", "vip": "贵宾 VIP"})
    form.options(FAULT, {"leak": "漏水 Leak", "noise": "异响 Noise", "other": "其他 Other"})
    form.setting("choice", "style").select_option("radio")
    form.options(WATER, {"drops": "滴 Drops", "stream": "流 Stream"})
    form.fills(CUSTOMER, says(form, "客户", "Customer"), pairs(form))
    form.shown_when(WATER, FAULT, "equals", "漏水 Leak")
    form.choose(TOTAL)
    form.setting("formula", "formula").fill("parts * price")
    form.setting("formula", "places").fill("2")
    form.require(NAME, FAULT, WATER, PARTS)
    form.widen(CUSTOMER)


def says(form: FormCanvas, zh: str, en: str) -> str:
    return {"zh-Hans": zh, "en": en}[form.language]


def pairs(form: FormCanvas) -> dict[str, str]:
    """What a customer's record is called to bring along, and where to."""
    return {says(form, "姓名/单位", "Name"): NAME, says(form, "电话", "Phone"): PHONE, says(form, "客户等级", "Level"): LEVEL}


def drawn_fields(draft: dict[str, Any]) -> list[list[tuple[Any, ...]]]:
    """What matters of every field, section by section."""
    return [
        [
            (field["key"], field["type"], field.get("required", False), field.get("width"), settings(field))
            for field in section["fields"]
        ]
        for section in draft["sections"]
    ]


def settings(field: dict[str, Any]) -> Any:
    config = field.get("config", {})
    when = field.get("visible_when")
    return (
        [option["key"] for option in config["options"]] if "options" in config else None,
        config.get("formula") or config.get("entity"),
        [(pair["from"], pair["to"]) for pair in config.get("fill", ())],
        [(rule["field"], rule["operator"], rule["value"]) for rule in when["rules"]] if when else None,
    )


def expected(tag: str) -> list[list[tuple[Any, ...]]]:
    nothing = (None, None, [], None)
    fills = [("name", "name"), ("phone", "phone"), ("level", "level")]
    return [
        [
            ("customer", "record", False, "full", (None, "customer", fills, None)),
            ("name", "text", True, None, nothing),
            ("phone", "phone", False, None, nothing),
            ("level", "choice", False, None, (["regular", "vip"], None, [], None)),
        ],
        [
            ("fault", "choice", True, None, (["leak", "noise", "other"], None, [], None)),
            ("water", "choice", True, None, (["drops", "stream"], None, [], [("fault", "equals", "leak")])),
            ("story", "textarea", False, None, nothing),
            ("parts", "number", True, None, nothing),
            ("price", "money", False, None, nothing),
            ("total", "formula", False, None, (None, "parts * price", [], None)),
            ("result", "textarea", False, None, nothing),
        ],
    ]


def undone_and_done_again(
    form: FormCanvas, draft: Callable[[], dict[str, Any]], empty: dict[str, Any], full: dict[str, Any]
) -> None:
    form.page.keyboard.press("Escape")  # out of the text
    for button, keys, wanted in ((form.undo(), "Control+z", empty), (form.redo(), "Control+Shift+z", full)):
        while button.get_attribute("aria-disabled") != "true":
            form.page.keyboard.press(keys)
        form.saved()
        assert draft() == wanted


def previewed(form: FormCanvas, language: str) -> None:
    """The server draws it; what is shown on a condition comes and goes in it."""
    form.page.get_by_role("radio", name=form.say("builder.form.view.preview"), exact=True).click()
    page = form.page.frame_locator("iframe")
    expect(page.locator("[data-field=name]")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", form.language)
    expect(page.locator("[data-field=water]")).to_be_hidden()
    page.locator('[name="f.fault"][value=leak]').check()
    expect(page.locator("[data-field=water]")).to_be_visible()
    page.locator('[name="f.fault"][value=noise]').check()
    expect(page.locator("[data-field=water]")).to_be_hidden()
    form.page.get_by_role("radio", name=form.say("builder.form.view.draw"), exact=True).click()


class Flow(Canvas):
    """The workflow of this form."""

    def field(self, key: str) -> str:
        return next(title for title, known in KEYS.items() if known == key)


def draw_workflow(alice: Person, tag: str, title: str) -> None:
    """Start, one task, end."""
    begin(alice.go("/t/acme/builder/"), "workflow", f"{title} flow")
    flow = Flow(alice.page, tag)
    flow.steps.update(start="start", end="end")
    flow.select(f"{flow.say('builder.flow.form')}*", title)
    flow.add("repair", flow.pick(NODE_TYPES["user_task"].title), 500, 500, "修理 Repair")
    flow.connect("start", "repair")
    flow.connect("repair", "end")
    flow.choose("start")
    flow.rights(result="hidden")
    flow.choose("repair")
    who = NODE_TYPES["user_task"].config["properties"]["who"]["x-title"]
    flow.select(f"{flow.pick(who)}*", flow.say("builder.who.role"))
    flow.select(flow.say("builder.kind.role"), flow.pick(item("role", "engineer")["title"]))
    flow.rights(result="required")
    flow.saved()
    flow.publish()


def filed(bob: Person, behind: Behind, tag: str, title: str) -> None:
    """By bob: errors keep what was typed, a customer's data come along, what is hidden is not asked."""
    page = bob.go("/t/acme/tickets/new")
    page.get_by_role("link", name=f"{title} flow").click()
    name, phone, level = (page.locator(f'[name="f.{key}"]') for key in ("name", "phone", "level"))
    water = page.locator("[data-field=water]")
    expect(page.locator("[data-field=result]")).to_have_count(0)
    unit, box = (page.locator(f"[data-field=price] {part}").bounding_box() for part in (".unit", ".input"))
    assert unit and box and unit["height"] == box["height"] < 40  # the currency stands in one line

    page.locator('[name="f.story"]').fill("厨房 kitchen")
    expect(water).to_be_hidden()
    page.locator('[name="f.fault"][value=leak]').check()
    expect(water).to_be_visible()
    send(page, tag)
    expect(page.get_by_role("alert")).to_contain_text(t("form.please_correct", tag, n=3))
    for key in ("name", "water", "parts"):
        expect(page.locator(f"[data-field={key}] .error")).to_be_visible()
    expect(page.locator('[name="f.story"]')).to_have_value("厨房 kitchen")
    expect(page.locator('[name="f.fault"][value=leak]')).to_be_checked()

    page.locator('[data-key="customer"] [role=combobox]').fill("周建国")
    page.get_by_role("option", name="周建国").click()
    expect(name).to_have_value("周建国")
    expect(phone).to_have_value("13800138002")
    expect(level).to_have_value("vip")
    phone.fill("13800138111")
    page.locator('[name="f.fault"][value=noise]').check()
    expect(water).to_be_hidden()
    page.locator('[name="f.parts"]').fill("3")
    page.locator('[name="f.price"]').fill("120.50")
    send(page, tag)
    page.wait_for_url("**/tickets/*-*")
    expect(page.locator("#f-total")).to_have_text("361.50")

    with behind.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.id == page.url.rsplit("/", 1)[1])).one()
        data = dict(ticket.data)
    assert data.pop("customer")["title"] == "周建国"
    assert {key: value for key, value in data.items() if value is not None} == {
        "name": "周建国", "phone": "13800138111", "level": "vip", "fault": "noise", "story": "厨房 kitchen",
        "parts": "3", "price": "120.50", "total": "361.5",
    }  # fmt: skip


def send(page: Page, tag: str) -> None:
    page.get_by_role("button", name=t("tickets.file", tag)).click()
