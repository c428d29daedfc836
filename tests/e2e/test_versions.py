"""The life of a definition in the browser: published with a name, compared, copied, translated, asked where it is used."""

from collections.abc import Callable

from playwright.sync_api import expect

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
    expect(dialog.get_by_role("listitem").filter(has_text="V2 改了电话")).to_contain_text(canvas.say("builder.versions.active"))
    first = dialog.get_by_role("listitem").filter(has_text="V1")
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
