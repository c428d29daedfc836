"""A record type drawn from an empty one by mouse with the palette of forms; its list, form, and import from files."""

import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import Page, expect

from dougong.platform.messages import t
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas, begin
from tests.e2e.languages import mainly

NAME, SERIAL, GRADE, PRICE, BOUGHT, NOTE = (
    "名称 Name",
    "序列号 Serial",
    "等级 Grade",
    "单价 Price",
    "购买日期 Bought",
    "备注 Note",
)
COLUMNS = (NAME, SERIAL, GRADE, PRICE, BOUGHT)
GRADES = {"a": "甲 A", "b": "乙 B"}


@mainly("en")
def test_a_record_type_is_drawn_by_mouse_and_filled_by_hand_and_from_files(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    title = f"设备 Device {language}"
    alice = somebody("alice", language)
    begin(alice.go("/t/acme/builder/"), "entity", title)
    canvas = FormCanvas(alice.page, tag)
    draw(canvas)
    canvas.saved()
    shot(alice.page, f"{language}/drawn-record-type")
    canvas.publish()
    document = behind.document(title)
    assert document.active == 1
    assert drawn(document.draft) == (
        "name",
        "serial",
        ["name", "serial", "grade", "price"],
        ["name", "serial", "grade", "price", "bought", "note"],
    )

    page = alice.go("/t/acme/records/")
    page.get_by_role("link", name=title).click()
    filled_by_hand(page, tag, title)
    page.get_by_role("link", name=t("import.title", tag)).click()
    taken_in(page, tag, "devices.csv", as_csv(FIRST))
    assert figures(page) == ["2", "1", "0", "3"]
    assert wrong(page) == [("4", GRADE), ("5", PRICE), ("6", SERIAL)]
    shot(page, f"{language}/import-report")
    page.get_by_role("link", name=t("import.again", tag)).click()
    taken_in(page, tag, "devices.xlsx", as_xlsx(SECOND))
    assert figures(page) == ["1", "1", "1", "1"]
    assert wrong(page) == [("5", BOUGHT)]

    page.get_by_role("link", name=t("records.to_list", tag)).click()
    assert set(listed(page)) == {
        ("空调", "SN-1", "甲 A", "3,199.00"),
        ("电视", "SN-2", "乙 B", "4,500.50"),
        ("冰箱", "SN-3", "乙 B", "2,999.00"),
        ("洗衣机", "SN-4", "甲 A", "1,800.00"),
    }


FIRST = [
    ("空调", "SN-1", GRADES["a"], "3199", "2026-03-01"),  # was filled in by hand: the price changes
    ("电视", "SN-2", GRADES["b"], "4500.50", "2026-03-02"),
    ("微波炉", "SN-9", "丙 C", "500", "2026-03-03"),  # no such grade
    ("烤箱", "SN-8", GRADES["a"], "很贵", "2026-03-03"),  # no price
    ("风扇", "", GRADES["a"], "99", "2026-03-03"),  # no serial number
    ("冰箱", "SN-3", GRADES["b"], "2899", "2026-03-04"),
]
SECOND = [
    ("空调", "SN-1", GRADES["a"], "3199", "2026-03-01"),  # as it stands
    ("冰箱", "SN-3", GRADES["b"], "2999", "2026-03-04"),
    ("洗衣机", "SN-4", GRADES["a"], "1800", "2026-03-05"),
    ("烘干机", "SN-5", GRADES["a"], "2500", "2026-02-30"),  # no such day
]


def draw(canvas: FormCanvas) -> None:
    """The name stands there; the other fields are dragged to it, into two sections."""
    canvas.page.get_by_role("button", name=canvas.say("builder.form.add_section")).click()
    canvas.page.locator(".bf-title").first.fill("基本 Basics")
    canvas.page.locator(".bf-title").nth(1).fill("更多 More")
    canvas.choose({"zh-Hans": "名称", "en": "Name"}[canvas.language])
    for tag in ("zh-Hans", "en"):
        canvas.text("builder.title", tag).fill(NAME)
    canvas.add("text", 0, SERIAL, "serial")
    canvas.add("choice", 0, GRADE, "grade")
    canvas.options(GRADE, GRADES)
    canvas.add("money", 0, PRICE, "price")
    canvas.add("date", 1, BOUGHT, "bought")
    canvas.add("textarea", 1, NOTE, "note")
    canvas.require(SERIAL)
    canvas.page.keyboard.press("Escape")  # out of the setting
    canvas.page.keyboard.press("Escape")  # nothing selected: the record type itself
    canvas.settings.get_by_label(canvas.say("builder.form.entity.unique_field"), exact=True).select_option(label=SERIAL)
    columns = canvas.say("builder.form.entity.list_fields")
    canvas.settings.get_by_role("button", name=canvas.say("builder.choose_for", name=columns), exact=True).click()
    for column in (SERIAL, GRADE, PRICE):
        canvas.page.get_by_role("menuitemcheckbox", name=column, exact=True).click()
    canvas.page.keyboard.press("Escape")


def drawn(draft: dict[str, Any]) -> tuple[Any, ...]:
    keys = [field["key"] for section in draft["sections"] for field in section["fields"]]
    return draft["name_field"], draft["unique_field"], draft["list_fields"], keys


def filled_by_hand(page: Page, tag: str, title: str) -> None:
    """Errors stand at their fields; what is right stands in the list."""
    page.get_by_role("link", name=t("records.new", tag, type=title)).first.click()
    page.locator('[name="f.name"]').fill("空调")
    page.locator('[name="f.price"]').fill("3000")
    page.get_by_role("button", name=t("app.save", tag)).click()
    expect(page.locator("[data-field=serial] .error")).to_be_visible()
    expect(page.locator('[name="f.price"]')).to_have_value("3000")
    page.locator('[name="f.serial"]').fill("SN-1")
    page.locator('[name="f.grade"]').select_option("a")
    page.locator('[name="f.bought"]').fill("2026-03-01")
    page.get_by_role("button", name=t("app.save", tag)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("空调")
    page.get_by_role("link", name=t("app.back", tag)).click()
    assert listed(page) == [("空调", "SN-1", "甲 A", "3,000.00")]


def taken_in(page: Page, tag: str, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name=t("import.look", tag)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("import.preview", tag))
    foreseen = figures(page)
    page.locator("main form button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("import.report", tag))
    assert figures(page) == foreseen


def as_csv(rows: list[tuple[str, ...]]) -> bytes:
    return "\ufeff".encode() + "\r\n".join(",".join(row) for row in (COLUMNS, *rows)).encode()


def as_xlsx(rows: list[tuple[str, ...]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (COLUMNS, *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def figures(page: Page) -> list[str]:
    """How many rows were written, changed, the same, wrong."""
    return page.locator(".figure dd").all_inner_texts()


def wrong(page: Page) -> list[tuple[str, str]]:
    """Row and column of what was left out; each says why."""
    rows = [row.locator("td").all_inner_texts() for row in page.locator("table tbody tr").all()]
    assert all(reason for *_, reason in rows)
    return [(number, column) for number, column, *_ in rows]


def listed(page: Page) -> list[tuple[str, ...]]:
    return [tuple(row.locator("td").all_inner_texts()[:4]) for row in page.locator("table.records tbody tr").all()]
