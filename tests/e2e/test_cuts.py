"""Work that is cut off at any moment of typing, by any of the ways in which that happens: nothing that was typed is lost."""

import os
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.behind import Behind
from tests.e2e.canvas import Canvas, item
from tests.e2e.conftest import Person
from tests.e2e.test_edit import description, opened

CUTS = 20 if os.environ.get("LONG") else 4
SERVER = "**/builder/api/**"
TAG = "zh-Hans"


@pytest.mark.parametrize("seed", range(CUTS))
def test_what_was_typed_is_there_after_a_cut(somebody: Callable[..., Person], behind: Behind, seed: int) -> None:
    chance = random.Random(seed)
    alice = somebody("alice")
    alice.permit("Failed to load resource")
    canvas = opened(alice, behind, "role", "supervisor", "zh")
    words = f"第 {seed} 次 " + "".join(chance.choice("一二三四五六七八九十abc ") for _ in range(30)) + "。"
    at = chance.randrange(len(words))
    box = description(alice.page, canvas)
    box.fill("")
    box.press_sequentially(words[:at], delay=10)
    alice.page.wait_for_timeout(chance.randrange(800))
    page = KINDS[seed % len(KINDS)](alice, canvas, words[at:])
    expect(description(page, canvas)).to_have_value(words)
    page.locator("[data-save=saved]").wait_for()
    assert behind.draft(item("role", "supervisor")["title"][TAG])["description"][TAG] == words


def network_off(alice: Person, canvas: Canvas, rest: str) -> Page:
    alice.page.context.set_offline(True)
    description(alice.page, canvas).press_sequentially(rest)
    alice.page.locator("[data-save=offline]").wait_for()
    alice.page.context.set_offline(False)
    return alice.page


def server_killed(alice: Person, canvas: Canvas, rest: str) -> Page:
    """It takes what is sent, and dies before it answers: the work may be saved or not."""
    alice.page.route(SERVER, lambda route: (route.fetch(), route.abort()))
    description(alice.page, canvas).press_sequentially(rest)
    alice.page.locator("[data-save=offline]").wait_for()
    alice.page.unroute(SERVER)
    return alice.page


def tab_killed(alice: Person, canvas: Canvas, rest: str) -> Page:
    """While nothing reaches the server; the page is opened anew, and offers what was kept."""
    alice.page.route(SERVER, lambda route: route.abort())
    description(alice.page, canvas).press_sequentially(rest)
    alice.page.wait_for_timeout(200)  # what a crash may cost: the last moment before the key that was kept last
    context, address = alice.page.context, alice.page.url
    alice.page.close(run_before_unload=False)
    page = reopened(context, address)
    if page.evaluate("() => Object.keys(localStorage).some((key) => key.startsWith('dougong:draft:'))"):
        page.get_by_role("button", name=canvas.say("builder.kept.take")).click()
    return page  # else the last thing that the page did was to save


def signed_out(alice: Person, canvas: Canvas, rest: str) -> Page:
    context = alice.page.context
    cookies = context.cookies()
    context.clear_cookies()
    description(alice.page, canvas).press_sequentially(rest)
    alice.page.locator("[data-save=signed-out]").wait_for()
    context.add_cookies([one for one in cookies if "name" in one])  # as after signing in anew in another tab
    alice.page.get_by_role("button", name=canvas.say("builder.again")).click()
    return alice.page


def reopened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.locator("[data-save]").wait_for()
    return page


KINDS = (network_off, server_killed, tab_killed, signed_out)
