"""Line items of a form as people fill them in: by keyboard, from a spreadsheet, from a file; totals, and the ticket."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dougong.platform.messages import t
from tests.drawing import field, flow_doc, form_doc, node, task, text
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.host.test_races import publish

COLUMNS = [
    {**field("part", required=True), "title": {"zh-Hans": "备件", "en": "Part"}},
    {**field("who", "person"), "title": {"zh-Hans": "领用人", "en": "For"}},
    {**field("count", "number", config={"places": 0}), "title": {"zh-Hans": "数量", "en": "Count"}},
    {**field("price", "money"), "title": {"zh-Hans": "单价", "en": "Price"}},
    {
        **field("amount", "formula", config={"formula": "count * price * rate", "places": 2}, total=True),
        "title": {"zh-Hans": "金额", "en": "Amount"},
    },
]
FORM = form_doc(
    {**field("rate", "number", default="1"), "title": {"zh-Hans": "折扣", "en": "Rate"}},
    {**field("items", "subform", config={"columns": COLUMNS, "max": 6}), "title": {"zh-Hans": "明细", "en": "Items"}},
    {
        **field("sum", "formula", config={"formula": "SUM(items.amount)", "places": 2}),
        "title": {"zh-Hans": "合计", "en": "Sum"},
    },
    key="parts",
)
FLOW = flow_doc(
    [node("start", "start"), task("check", who={"by": "role", "role": "service_desk"}, rights={"*": "read"}), node("e", "end")],
    ["start>check", "check>e"], key="parts", form="parts",
    title=text("领料"),
)  # fmt: skip
PASTED = "阀\t\t3\t2\n管\t\t1\t5\n"
SHEET = "备件,For,数量,单价\n泵,赵博 Bob,1,100\n"


@pytest.fixture(scope="module")
def drawn(behind: Behind) -> Behind:
    publish(behind, FORM, FLOW)
    return behind


def parts(page: Page) -> list[str]:
    return [one.input_value() for one in page.locator('tbody [data-cell="part"] input').all()]


def bring(page: Page, content: str) -> None:
    file = {"name": "items.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("[data-bring] input").set_input_files(file)


def test_rows_are_filled_in_by_keyboard_pasted_brought_in_a_file_and_seen_on_the_ticket(
    somebody: Callable[..., Person], drawn: Behind, shot: Callable[..., None]
) -> None:
    page = somebody("bob").go("/t/acme/tickets/new/parts")
    total, sum = page.locator('[data-total="items.amount"] .value'), page.locator('[data-field="sum"] .value')
    expect(page.locator("[data-bring]")).to_be_visible()  # its script has come
    page.locator('[name="f.items.0.part"]').focus()
    page.keyboard.insert_text("滤芯")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_visible()  # whom it offers, and is no stop on the way to the next cell
    for key in ("Tab", "2", "Tab", "10.5"):
        (page.keyboard.press if key == "Tab" else page.keyboard.insert_text)(key)
    expect(total).to_have_text("21.00")
    page.locator('[name="f.rate"]').fill("0.5")
    expect(total).to_have_text("10.50")

    page.locator('[name="f.items.0.part"]').press("Enter")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", PASTED)
    page.keyboard.press("ControlOrMeta+v")
    expect(total).to_have_text("16.00")
    page.locator("[data-row]").nth(2).locator("[data-row-act=up]").press("Enter")
    assert parts(page) == ["滤芯", "管", "阀"]
    page.locator("[data-row]").nth(1).locator("[data-row-act=remove]").press("Enter")
    page.keyboard.press("Tab")
    assert parts(page) == ["滤芯", "阀"]

    bring(page, SHEET.replace(",1,", ",some,"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("cell", name="数量")).to_be_visible()
    shot(page, "zh/subform-wrong")
    dialog.get_by_role("button", name=t("app.close", "zh-Hans")).click()
    assert parts(page) == ["滤芯", "阀"]
    bring(page, SHEET)
    page.get_by_role("button", name=t("rows.append", "zh-Hans")).click()
    expect(total).to_have_text("63.50")
    expect(sum).to_have_text("63.50")
    expect(page.locator('tbody [data-cell="who"] [role=combobox]').nth(2)).to_have_value("赵博 Bob")

    page.locator('tbody [data-cell="who"] [role=combobox]').first.fill("赵")
    choice = page.get_by_role("option", name=re.compile("赵博"))
    expect(choice).to_be_in_viewport()
    shot(page, "zh/subform")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=t("tickets.file", "zh-Hans")).click()
    page.wait_for_url(re.compile(r"/tickets/[0-9a-f-]{36}"))
    expect(page.locator('[data-total="items.amount"] .value')).to_have_text("63.50")
    table = page.locator(".facts .subform tbody tr")
    expect(table).to_have_count(3)
    expect(table.first).to_contain_text("赵博 Bob")
    shot(page, "zh/subform-read")
