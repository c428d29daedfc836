"""Besides drawing: the shipped process at a glance, two who change the same draft, a draft that is not yet right."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas, drag, item
from tests.e2e.conftest import Person
from tests.e2e.languages import BOTH


def opened(person: Person, behind: Behind, kind: str, key: str, language: str) -> Canvas:
    """A definition of the repair pack in its editor."""
    title = item(kind, key)["title"][{"zh": "zh-Hans", "en": "en"}[language]]
    page = person.go(f"/t/acme/builder/{behind.document(title).id}")
    page.locator("[data-save=saved]").wait_for()
    return Canvas(page, {"zh": "zh-Hans", "en": "en"}[language])


@BOTH
def test_the_process_of_a_repair_is_seen_at_a_glance(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    alice = somebody("alice", language)
    canvas = opened(alice, behind, "workflow", "repair", language)
    expect(alice.page.get_by_role("button", name=canvas.say("builder.problems.none_short"))).to_be_visible()
    nodes = item("workflow", "repair")["nodes"]
    canvas.fit()
    expect(alice.page.locator(".react-flow__node")).to_have_count(len(nodes))

    alice.page.reload()
    canvas.zoom_out(1)
    canvas.steps["approve"] = "approve"
    canvas.choose("approve")
    expect(canvas.settings.get_by_role("radio", name=canvas.say("builder.right.required"))).not_to_have_count(0)
    drag(alice.page, (225, 600), (140, 520))
    alice.page.mouse.move(720, 25)
    shot(alice.page, f"{language}/builder-workflow")
    folded_and_found(canvas, nodes)


def folded_and_found(canvas: Canvas, nodes: list[dict[str, Any]]) -> None:
    """By the keyboard into one card, kept so, found within it, and folded by a button with all others."""
    page, block = canvas.page, canvas.page.locator(".b-block")
    canvas.fit()
    canvas.steps["prepare"] = "prepare"
    canvas.step("prepare").click(position={"x": 10, "y": 8})
    page.keyboard.press("-")
    expect(block).to_have_count(1)
    hidden = len(nodes) - page.locator(".react-flow__node").count() + 1
    expect(block).to_contain_text(canvas.say("builder.block.count").format(count=hidden))
    page.reload()  # as it was left
    expect(block).to_have_count(1)
    page.keyboard.press("Control+f")
    page.locator(".b-seek input").fill("supervise")
    page.keyboard.press("Enter")
    expect(block).to_have_count(0)
    page.keyboard.press("Escape")
    fold = page.get_by_role("button", name=canvas.say("builder.block.all"), exact=True)
    fold.click()
    expect(block).not_to_have_count(0)
    fold.click()
    expect(block).to_have_count(0)


@BOTH
def test_forms_record_types_and_settlements_of_the_pack_are_opened_without_problems(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    alice = somebody("alice", language)
    for kind, key, chosen in (
        ("form", "repair_request", "[aria-label='{}'] .bf-label"),
        ("entity", "customer", ""),
        ("settlement", "repair_fee", "[role=gridcell][data-col=title]"),
    ):
        canvas = opened(alice, behind, kind, key, language)
        expect(alice.page.get_by_role("button", name=canvas.say("builder.problems.none_short"))).to_be_visible()
        if chosen:
            alice.page.locator(chosen.format(canvas.field("level"))).first.click()
            alice.page.keyboard.press("Escape") if kind == "settlement" else None
        expect(canvas.settings.get_by_role("textbox").first).to_be_visible()
        shot(alice.page, f"{language}/builder-{kind.replace('entity', 'record-type')}")


@BOTH
def test_two_who_change_a_draft_hear_of_each_other_and_lose_nothing(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    alice = somebody("alice", language)
    canvas = opened(alice, behind, "role", "supervisor", language)
    second = alice.page.context.new_page()
    second.goto(alice.page.url)
    second.locator("[data-save=saved]").wait_for()
    tag = canvas.language
    describe(alice.page, canvas, "第一份 first")
    canvas.saved()

    expect(second.get_by_role("img", name=canvas.say("builder.others.self"))).to_be_visible()
    called(second, canvas, "二 2")
    second.locator("[data-save=saved]").wait_for()
    expect(description(second, canvas)).to_have_value("第一份 first")
    expect(second.locator(".b-merged")).to_be_visible()
    kept = behind.draft("二 2")
    assert (kept["title"][tag], kept["description"][tag]) == ("二 2", "第一份 first")

    second.route("**/builder/api/documents/*", lambda route: route.abort())  # so that both have changed it before either hears
    describe(second, canvas, "第二份 second")
    second.locator("[data-save=offline]").wait_for()
    describe(alice.page, canvas, "又一份 again")
    canvas.saved()
    second.unroute("**/builder/api/documents/*")
    dialog = second.get_by_role("dialog")
    expect(dialog).to_contain_text(canvas.say("builder.part.description"))
    for value in ("第一份 first", "第二份 second", "又一份 again"):
        expect(dialog).to_contain_text(value)
    shot(second, f"{language}/builder-merge")
    assert behind.draft("二 2")["description"][tag] == "又一份 again"
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name=canvas.say("builder.conflict.done"), exact=True).click()
    expect(description(second, canvas)).to_have_value("又一份 again")
    second.keyboard.press("Escape")
    second.get_by_role("button", name=canvas.say("builder.undo"), exact=True).click()
    expect(description(second, canvas)).to_have_value("第二份 second")
    second.locator("[data-save=saved]").wait_for()
    assert behind.draft("二 2")["description"][tag] == "第二份 second"


@BOTH
def test_a_draft_that_is_not_right_is_kept_and_not_published_and_says_why_where_it_is(
    somebody: Callable[..., Person], behind: Behind, language: str
) -> None:
    alice = somebody("alice", language)
    canvas = opened(alice, behind, "workflow", "repair_statement", language)
    before = behind.document(title := item("workflow", "repair_statement")["title"][canvas.language])
    canvas.fit()
    canvas.steps["approved"] = "approved"
    canvas.choose("approved")
    alice.page.keyboard.press("Delete")
    asked = alice.page.get_by_role("dialog", name=canvas.say("builder.lost"))
    expect(asked.get_by_role("listitem").first).to_be_visible()  # stories that name it
    asked.get_by_role("button", name=canvas.say("builder.lost.delete"), exact=True).click()
    canvas.saved()
    assert "approved" not in [node["uid"] for node in behind.draft(title)["nodes"]]

    told = alice.page.locator('.react-flow__node[data-id="tell_confirmed"]')
    expect(told.locator(".b-badge.b-error")).to_be_visible()
    alice.page.get_by_role("button", name=canvas.say("builder.publish"), exact=True).click()
    dialog = alice.page.get_by_role("dialog")
    dialog.get_by_role("button", name=canvas.say("builder.publish"), exact=True).click()
    refusal = dialog.get_by_role("alert")
    expect(refusal).to_contain_text(canvas.say("document.unpublishable"))
    assert behind.document(title).active == before.active
    left = next(node for node in behind.draft(title)["nodes"] if node["uid"] == "tell_confirmed")
    name = left["title"][canvas.language]
    refusal.get_by_role("button").filter(has_text=name).first.click()
    expect(dialog).to_be_hidden()
    expect(canvas.settings.get_by_role("textbox").first).to_have_value(left["title"]["zh-Hans"])

    alice.page.keyboard.press("Escape")
    alice.page.get_by_role("button", name=canvas.say("builder.undo"), exact=True).click()
    expect(alice.page.get_by_role("button", name=canvas.say("builder.problems.none_short"))).to_be_visible()
    canvas.saved()
    assert behind.draft(title)["nodes"] == before.draft["nodes"]


def description(page: Page, canvas: Canvas) -> Locator:
    name = f"{canvas.say('builder.description')} {canvas.say(f'builder.language.{canvas.language}')}"
    return page.get_by_role("textbox", name=name, exact=True)


def called(page: Page, canvas: Canvas, text: str) -> None:
    name = f"{canvas.say('builder.title')} {canvas.say(f'builder.language.{canvas.language}')}"
    page.get_by_role("textbox", name=name, exact=True).fill(text)


def describe(page: Page, canvas: Canvas, text: str) -> None:
    description(page, canvas).fill(text)
