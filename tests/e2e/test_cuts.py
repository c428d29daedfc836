"""Work that is cut off at any moment of typing, anywhere, in any of the ways that there are: nothing that was typed is lost."""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests import LONG
from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas, item
from tests.e2e.conftest import Person
from tests.e2e.test_edit import description, opened

SERVER = "**/builder/api/**"
TAG = "zh-Hans"
KEPT = 400  # milliseconds: what a crash may cost at most
WORDS = "一二三四五六七八九十abc "


@dataclass(frozen=True)
class Spot:
    """Somewhere to type: the definition, how one comes to the box, what it takes, and where that stands in the draft."""

    kind: str
    key: str
    signs: str
    box: Callable[[Canvas], Locator]
    stands: Callable[[dict[str, Any]], str]


def title_of_a_field(canvas: Canvas) -> Locator:
    canvas.page.locator(".bf-field").nth(3).click()
    return canvas.settings.get_by_role("textbox").first


def title_of_a_step(canvas: Canvas) -> Locator:
    canvas.steps["approve"] = "approve"
    canvas.choose("approve")
    return canvas.settings.get_by_role("textbox").first


def cell(row: str, column: str) -> Callable[[Canvas], Locator]:
    def box(canvas: Canvas) -> Locator:
        canvas.page.locator(f'td[data-row="{row}"][data-col="{column}"]').click()
        return canvas.page.locator(".b-cell-input")

    return box


SPOTS = (
    Spot("role", "supervisor", WORDS, lambda canvas: description(canvas.page, canvas), lambda draft: draft["description"][TAG]),
    Spot("form", "repair_request", WORDS, title_of_a_field, lambda draft: draft["sections"][0]["fields"][3]["title"][TAG]),
    Spot(
        "workflow", "repair", WORDS, title_of_a_step,
        lambda draft: next(node["title"][TAG] for node in draft["nodes"] if node["uid"] == "approve"),
    ),
    Spot("table", "repair_dispatch", WORDS, cell("gas", "=note"), lambda draft: draft["rules"][0]["note"]),
    Spot(
        "settlement", "repair_fee", "123456789",
        cell(item("settlement", "repair_fee")["line"]["rules"][0]["uid"], "=amount"),
        lambda draft: draft["line"]["rules"][0]["charge"]["amount"],
    ),
)  # fmt: skip


def network_off(alice: Person, box: Locator, rest: str, say: Callable[[str], str]) -> Page:
    alice.page.context.set_offline(True)
    box.press_sequentially(rest)
    alice.page.locator("[data-save=offline]").wait_for()
    alice.page.context.set_offline(False)
    return alice.page


def server_killed(alice: Person, box: Locator, rest: str, say: Callable[[str], str]) -> Page:
    """It takes what is sent, and dies before it answers: the work may be saved or not."""
    alice.page.route(SERVER, lambda route: (route.fetch(), route.abort()))
    box.press_sequentially(rest)
    alice.page.locator("[data-save=offline]").wait_for()
    alice.page.unroute(SERVER)
    return alice.page


def tab_killed(alice: Person, box: Locator, rest: str, say: Callable[[str], str]) -> Page:
    """While nothing reaches the server; the page is opened anew, and offers what was kept."""
    alice.page.route(SERVER, lambda route: route.abort())
    box.press_sequentially(rest)
    alice.page.wait_for_timeout(KEPT)
    context, address = alice.page.context, alice.page.url
    alice.page.close(run_before_unload=False)
    page = reopened(context, address)
    if page.evaluate("() => Object.keys(localStorage).some((key) => key.startsWith('dougong:draft:'))"):
        page.get_by_role("button", name=say("builder.kept.take")).click()
    return page  # else the last thing that the page did was to save


def signed_out(alice: Person, box: Locator, rest: str, say: Callable[[str], str]) -> Page:
    context = alice.page.context
    cookies = context.cookies()
    context.clear_cookies()
    box.press_sequentially(rest)
    alice.page.locator("[data-save=signed-out]").wait_for()
    context.add_cookies([one for one in cookies if "name" in one])  # as after signing in anew in another tab
    alice.page.get_by_role("button", name=say("builder.again")).click()
    return alice.page


def reopened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.locator("[data-save]").wait_for()
    return page


KINDS = (signed_out, network_off, server_killed, tab_killed)
CUTS = list(itertools.product(SPOTS, KINDS)) if LONG else list(zip(SPOTS[1:], KINDS, strict=True))


@pytest.mark.parametrize(("spot", "cut"), CUTS, ids=[f"{spot.kind}, {cut.__name__}" for spot, cut in CUTS])
def test_what_was_typed_is_there_after_a_cut(somebody: Callable[..., Person], behind: Behind, spot: Spot, cut: Any) -> None:
    chance = random.Random(f"{spot.kind} {cut.__name__}")
    alice = somebody("alice")
    alice.permit("Failed to load resource")
    canvas = opened(alice, behind, spot.kind, spot.key, "zh")
    words = f"{spot.signs[0]}{''.join(chance.choices(spot.signs, k=15))}{spot.signs[1]}"
    at = chance.randrange(len(words) - 1)
    box = spot.box(canvas)
    box.fill("")
    box.press_sequentially(words[:at], delay=10)
    alice.page.wait_for_timeout(chance.randrange(800))
    page = cut(alice, box, words[at:], canvas.say)
    page.locator("[data-save=saved]").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert spot.stands(behind.draft(item(spot.kind, spot.key)["title"][TAG])) == words
