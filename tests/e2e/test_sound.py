"""A workflow that is not sound: the builder says so, shows how it comes about, and puts it right."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from dougong.builder import documents
from tests.drawing import flow_doc, node, task
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly

PLACES = {"start": (0, 80), "f": (280, 80), "a": (560, 0), "d": (560, 160), "b": (900, 160), "j": (1220, 80), "end": (1500, 80)}
NAMES = {
    "start": ("报修", "Request"), "f": ("同时进行", "Both at once"), "a": ("备件", "Get the part"), "d": ("要上门吗", "Visit?"),
    "b": ("上门", "Visit"), "j": ("汇合", "Both done"), "end": ("完工", "Done"),
}  # fmt: skip


def drawn(key: str) -> dict[str, Any]:
    """A branch may end without its join: the other waits there for ever."""
    nodes = [node("start", "start"), node("f", "fork"), task("a"), node("d", "decide"), task("b"), node("j", "join")]
    ways = ["start>f", "f>a", "f>d", "d>b", "d>end", "a>j", "b>j", "j>end"]
    found = flow_doc([*nodes, node("end", "end")], list(ways), key=key, uid=key, title={"zh-Hans": key, "en": key})
    for one in found["nodes"]:
        one["title"] = dict(zip(("zh-Hans", "en"), NAMES[one["uid"]], strict=True))
    del found["form"]
    found["layout"] = {"nodes": {uid: {"x": x, "y": y} for uid, (x, y) in PLACES.items()}}
    return found


@dataclass
class Author:
    tenant_id: str
    member_id: str | None = None
    name: str = "alice"


@mainly("zh")
def test_how_a_ticket_gets_stuck_is_shown_and_mended_and_undone(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    key = f"stuck_{language}"
    with behind.app.app_context():
        made = documents.create_from(Author(behind.tenants["acme"]), drawn(key))
    page = somebody("alice", language).go(f"/t/acme/builder/{made}")
    canvas = Canvas(page, {"zh": "zh-Hans", "en": "en"}[language])
    page.locator("[data-save=saved]").wait_for()
    page.get_by_role("button", name=re.compile(canvas.say("builder.problems.count").replace("{count}", r"\d+"))).click()
    panel = page.get_by_role("region", name=canvas.say("builder.problems"))
    verdict = panel.locator("[data-verdict]")
    expect(verdict).to_have_text(canvas.say("builder.verdict.unsound"))

    panel.get_by_role("button", name=canvas.say("builder.trace.show"), exact=True).click()
    player = page.get_by_role("group", name=canvas.say("builder.trace"))
    tokens = page.locator("[data-token]")
    expect(player).to_be_focused()
    page.keyboard.press("Home")
    expect(tokens).to_have_count(1)
    expect(page.locator("[data-token=start]")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(tokens).to_have_count(2)  # both branches have begun
    page.keyboard.press("End")
    expect(page.locator("[data-token=j][data-bad=true]")).to_have_count(1)
    expect(player).to_contain_text(NAMES["j"][canvas.language == "en"])
    shot(page, f"{language}/builder-stuck")
    page.keyboard.press("Escape")
    expect(tokens).to_have_count(0)

    panel.get_by_role("button", name=canvas.say("builder.fix"), exact=True).click()
    canvas.saved()
    draft = behind.draft(key)
    assert next(one for one in draft["nodes"] if one["uid"] == "j")["config"]["mode"] == "reaching"
    expect(panel.get_by_role("button", name=canvas.say("builder.fix"), exact=True)).to_have_count(0)
    page.get_by_role("button", name=canvas.say("builder.undo"), exact=True).click()
    canvas.saved()
    assert "mode" not in next(one for one in behind.draft(key)["nodes"] if one["uid"] == "j")["config"]
    expect(verdict).to_have_text(canvas.say("builder.verdict.unsound"))
