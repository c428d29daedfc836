"""The life of a definition in the browser: published with a name, compared, copied, translated, asked where it is used."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from dougong.platform.messages import t
from tests.e2e.behind import Behind
from tests.e2e.canvas import item
from tests.e2e.conftest import Person
from tests.e2e.test_edit import opened

KEY = ("form", "repair_request")


def test_a_form_is_changed_published_compared_and_copied(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None]
) -> None:
    alice = somebody("alice")
    page, canvas = alice.page, opened(alice, behind, *KEY, "zh")
    behind.file()
    field = page.locator(f"[aria-label='{canvas.field('level')}']")
    field.click()
    page.keyboard.press("Alt+ArrowUp")
    page.locator(f"[aria-label='{canvas.field('phone')}']").click()
    canvas.settings.get_by_role("textbox").first.fill("手机号码")
    canvas.saved()
    page.get_by_role("button", name=canvas.say("builder.publish"), exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(canvas.say("builder.publish.name")).fill("改了电话")
    dialog.get_by_role("button", name=canvas.say("builder.publish"), exact=True).click()
    dialog.get_by_role("button", name=canvas.say("builder.close"), exact=True).last.click()

    page.get_by_role("button", name=canvas.say("builder.versions"), exact=True).click()
    expect(dialog.get_by_role("listitem").filter(has_text="v2 改了电话")).to_contain_text(canvas.say("builder.versions.active"))
    first = dialog.get_by_role("listitem").filter(has_text="v1")
    expect(first).to_contain_text(canvas.say("builder.versions.past"))
    expect(first).to_contain_text("1 ")
    first.get_by_role("button", name=canvas.say("builder.versions.view")).click()
    changed = dialog.locator("[data-is=changed] .b-change-head").filter(has_text="手机号码")
    expect(changed).to_be_visible()
    expect(dialog.locator(".bf-field[data-is=changed]")).to_have_count(1)
    expect(dialog.locator(".b-changes del").filter(has_text=canvas.field("phone"))).to_have_count(1)
    shot(page, "zh/builder-versions")
    first.get_by_role("button", name=canvas.say("builder.versions.copy")).click()
    page.wait_for_url(lambda address: behind.document(item(*KEY)["title"]["zh-Hans"]).id not in address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("副本")


def test_texts_are_translated_in_place_and_uses_are_told(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None]
) -> None:
    alice = somebody("alice")
    page, canvas = alice.page, opened(alice, behind, "role", "engineer", "zh")
    page.get_by_role("button", name=canvas.say("builder.texts"), exact=True).click()
    dialog = page.get_by_role("dialog")
    english = dialog.locator("textarea[lang=en]").first
    english.fill("")
    expect(dialog).to_contain_text("缺 1 条")
    english.fill("Field engineer")
    expect(dialog.locator(".tag.warn")).to_have_count(0)
    page.keyboard.press("Escape")
    canvas.saved()
    title = item("role", "engineer")["title"]["zh-Hans"]
    assert "Field engineer" in str(behind.draft(title))

    page.get_by_role("button", name=canvas.say("builder.uses.open"), exact=True).click()
    expect(dialog.get_by_role("link", name=item("table", "repair_dispatch")["title"]["zh-Hans"])).to_be_visible()
    shot(page, "zh/builder-uses")


def test_a_language_is_added_translated_in_a_table_and_read(
    somebody: Callable[..., Person], behind: Behind, tmp_path: Path, shot: Callable[..., None]
) -> None:
    """Arabic, which is written from right to left, on a page that is not."""
    alice = somebody("alice")
    page = alice.go("/t/acme/settings/languages")
    page.locator("[name=tag]").select_option("ar")
    page.locator(".two-side button.primary").click()
    shot(page, "zh/languages")
    canvas = opened(alice, behind, "form", "repair_request", "zh")
    page.get_by_role("button", name=canvas.say("builder.texts"), exact=True).click()
    dialog = page.get_by_role("dialog")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="CSV").click()
    [head, *rows] = csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig")))
    at = head.index("ar")
    table = tmp_path / "ar.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *([*row[:at], f"نص {row[0]}"] for row in rows)])
    dialog.locator("input[type=file]").set_input_files(table)
    expect(dialog.get_by_role("status")).to_contain_text(t("builder.texts.taken", "zh-Hans", count=len(rows)))
    expect(dialog.locator("td[data-lacks] [lang=ar]")).to_have_count(0)
    shot(page, "zh/translations")
    page.keyboard.press("Escape")
    canvas.saved()
    assert behind.draft(item(*KEY)["title"]["zh-Hans"])["title"]["ar"] == "نص title"
    page.get_by_role("button", name=canvas.say("builder.undo"), exact=True).click()
    canvas.saved()
    assert "ar" not in behind.draft(item(*KEY)["title"]["zh-Hans"])["title"]
    page.get_by_role("button", name=canvas.say("builder.redo"), exact=True).click()
    canvas.saved()

    reader = somebody("alice", width=390)
    small = reader.go("/t/acme/inbox")
    small.locator("details.menu summary").click()
    small.locator("button[lang=ar]").click()
    expect(small.locator("html")).to_have_attribute("data-reads", "ar")
    address = behind.document(item(*KEY)["title"]["zh-Hans"]).id
    reader.go(f"/t/acme/builder/{address}/preview")
    expect(small.locator(".label [lang=ar]").first).to_have_css("direction", "rtl")
    assert small.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    shot(small, "en/preview-in-arabic")
