"""A workflow built with ＋ alone, no line drawn; copied, pasted, aligned, tidied; and all of it undone and done again."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from dougong.runtime.nodes import NODE_TYPES
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly


@mainly("en")
def test_it_is_built_with_plus_and_undone_to_empty_and_done_again(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag, title = {"zh": "zh-Hans", "en": "en"}[language], f"直排 Straight {language}"
    page = somebody("alice", language).go("/t/acme/builder/")
    page.locator("[data-dialog=new-document]").click()
    page.locator("dialog [name=title]").fill(title)
    page.locator("dialog button.primary").click()
    page.locator(".react-flow__node").first.wait_for()
    canvas = Canvas(page, tag)
    empty = behind.draft(title)

    page.get_by_role("radio", name=canvas.say("builder.view.straight"), exact=True).click()
    behind_step(canvas, "start", "approval")
    into_way(canvas, "decide")
    found = drawn(canvas, behind, title)
    ways = [(one["source"], one["target"]) for one in found["edges"]]
    nodes = {one["uid"]: one["type"] for one in found["nodes"]}
    assert sorted((nodes[source], nodes[target]) for source, target in ways) == [
        ("approval", "decide"), ("approval", "end"), ("decide", "approval"), ("decide", "end"), ("start", "approval"),
    ]  # fmt: skip
    shot(page, f"{language}/builder-straight")

    page.get_by_role("radio", name=canvas.say("builder.view.free"), exact=True).click()
    garbage(page, canvas)
    page.locator(".react-flow__pane").click(position={"x": 40, "y": 40})
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(
        page.get_by_role("heading", name=canvas.say("builder.many").replace("{nodes}", "4").replace("{edges}", "0"))
    ).to_be_visible()
    canvas.settings.get_by_role("button", name=canvas.say("builder.align.top"), exact=True).click()
    page.get_by_role("button", name=canvas.say("builder.tidy"), exact=True).click()
    full = drawn(canvas, behind, title)
    assert len(full["nodes"]) == 9

    undo = page.get_by_role("button", name=canvas.say("builder.undo"), exact=True)
    redo = page.get_by_role("button", name=canvas.say("builder.redo"), exact=True)
    until_done(page, undo, "Control+z")
    assert drawn(canvas, behind, title) == empty
    until_done(page, redo, "Control+Shift+z")
    assert drawn(canvas, behind, title) == full


def behind_step(canvas: Canvas, uid: str, kind: str) -> None:
    canvas.steps[uid] = uid
    canvas.step(uid).locator(".b-add-after").click()
    choose(canvas, kind)


def into_way(canvas: Canvas, kind: str) -> None:
    """By the last ＋ on a way."""
    canvas.page.get_by_role("button", name=canvas.say("builder.insert_here"), exact=True).last.click()
    choose(canvas, kind)


def choose(canvas: Canvas, kind: str) -> None:
    title = NODE_TYPES[kind].title[canvas.language]
    canvas.page.get_by_role("menu").get_by_role("menuitem", name=title, exact=True).click()
    expect(canvas.page.get_by_role("menu")).to_have_count(0)


def garbage(page: Page, canvas: Canvas) -> None:
    page.evaluate("() => navigator.clipboard.writeText('一段别处复制的文字')")
    page.locator(".react-flow__pane").click(position={"x": 40, "y": 40})
    page.keyboard.press("Control+v")
    expect(page.get_by_role("status").filter(has_text=canvas.say("builder.paste.nothing"))).to_be_visible()


def until_done(page: Page, button: Any, keys: str) -> None:
    for _ in range(40):
        if button.get_attribute("aria-disabled") == "true":
            return
        page.keyboard.press(keys)
    raise AssertionError("it never ends")


def drawn(canvas: Canvas, behind: Behind, title: str) -> dict[str, Any]:
    canvas.saved()
    return behind.draft(title)
