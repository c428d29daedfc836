"""Every editor and the pages around it, looked at by axe: nothing serious, wide and narrow, in light and in dark."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from dougong.platform.messages import t
from tests import LONG
from tests.e2e.conftest import Person

AXE = Path(__file__).parents[2] / "dougong/builder/web/node_modules/axe-core/axe.min.js"
WIDE, NARROW = (1440, 900), (390, 844)
Way = tuple[tuple[int, int], Literal["light", "dark"], list[str]]
WAYS: tuple[Way, ...] = (
    (NARROW, "light", []),
    (WIDE, "dark", ["color-contrast"]),  # the same tree in other colours
    (WIDE, "light", []),
)
AT_NIGHT: Way = (NARROW, "dark", [])
SERIOUS = ("serious", "critical")
RUN = """([part, rules]) => axe.run(document.querySelector('.b-dialog') ?? document.querySelector(part), {
  resultTypes: ['violations'], preload: false, ...(rules.length ? {runOnly: rules} : {}),
})"""  # what lies under a dialog cannot be reached
TAG = "zh-Hans"
STOPS = 70  # of the keyboard: the bar, the palette, steps and lines, the tools, the settings
SEEN = """() => {
  const here = document.activeElement;
  const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const drawn = one => outlined(getComputedStyle(one)) || one.matches('.react-flow__edge:focus-visible .react-flow__edge-path');
  return here === document.body || [here, ...here.querySelectorAll('*')].some(drawn);
}"""


class Eyes:
    """What axe has against the pages that it was shown."""

    def __init__(self, person: Person) -> None:
        self.page: Page = person.page
        self.wrong: list[str] = []

    def look(self, name: str, part: str = "html", ways: Sequence[Way] = WAYS) -> None:
        """At the whole page, or only at the part that has changed since."""
        for (width, height), scheme, rules in ways:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.emulate_media(color_scheme=scheme)
            self._add(f"{name} {width} {scheme}", self.page.evaluate(RUN, [part, rules])["violations"])

    def _add(self, where: str, found: list[dict[str, Any]]) -> None:
        for one in found:
            if one["impact"] in SERIOUS:
                self.wrong += [f"{where}: {one['id']}: {' '.join(node['html'].split())[:160]}" for node in one["nodes"][:5]]


@pytest.fixture
def eyes(somebody: Callable[..., Person], request: pytest.FixtureRequest) -> Iterator[Eyes]:
    alice = somebody("alice", language=getattr(request, "param", "zh"))
    alice.page.add_init_script(path=AXE)
    alice.permit("Applying inline style")  # what axe tries, to measure contrast
    found = Eyes(alice)
    yield found
    assert found.wrong == [], "\n".join(found.wrong)


def opened(eyes: Eyes, server: str, kind: str, key: str) -> Page:
    documents = eyes.page.request.get(f"{server}/t/acme/builder/api/documents").json()
    one = next(one["id"] for one in documents if (one["kind"], one["key"]) == (kind, key))
    eyes.page.goto(f"{server}/t/acme/builder/{one}")
    eyes.page.locator("[data-save=saved]").wait_for()
    eyes.page.locator(".b-inspector :is(input, select, textarea), .b-sheet").first.wait_for()
    return eyes.page


def button(page: Page, code: str) -> Locator:
    return page.get_by_role("button", name=t(code, TAG), exact=True)


def test_a_workflow_and_what_opens_over_it(eyes: Eyes, server: str) -> None:
    page = opened(eyes, server, "workflow", "repair")
    eyes.look("workflow")
    button(page, "builder.matrix").click()
    cell = page.locator('td[data-row="phone"][data-col="diagnose"]')
    cell.click()
    eyes.look("rights of all steps")
    page.keyboard.press("ArrowDown")  # from read to write, by the keyboard
    page.keyboard.press("Enter")
    expect(cell).to_have_text(t("builder.right.write", TAG))
    page.keyboard.press("Control+z")
    expect(cell).to_have_text(t("builder.right.read", TAG))
    page.keyboard.press("Escape")
    page.locator('.react-flow__node[data-id="approve"]').click(position={"x": 20, "y": 12})
    eyes.look("step", ".b-inspector")
    page.locator(".b-way-label").first.click()
    eyes.look("way", ".b-inspector")
    page.keyboard.press("Control+f")
    page.locator(".b-seek input").fill("审批")
    eyes.look("find", ".b-seek")
    page.keyboard.press("Escape")
    for code in ("builder.publish", "builder.versions", "builder.keys", "builder.texts", "builder.uses.open"):
        button(page, code).click()
        page.get_by_role("dialog").wait_for()
        eyes.look(code)
        page.keyboard.press("Escape")
    page.locator(".b-bar [aria-expanded]").click()
    page.locator(".b-problems").wait_for()
    eyes.look("problems", ".b-problems")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    for code in ("builder.texts", "builder.uses.open"):  # they fold away there, and are still within reach
        button(page, "builder.more").click()
        button(page, code).click()
        page.get_by_role("dialog").wait_for()
        page.keyboard.press("Escape")


def test_an_approval_and_where_the_keyboard_is(eyes: Eyes, server: str) -> None:
    page = opened(eyes, server, "workflow", "refund")
    page.locator('.react-flow__node[data-id="board"]').click(position={"x": 20, "y": 12})
    eyes.look("approval")
    page.keyboard.press("Escape")
    page.locator("body").focus()
    unseen = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if not page.evaluate(SEEN):
            unseen.append(page.evaluate("() => document.activeElement.outerHTML.slice(0, 160)"))
    assert unseen == []


SELECTED = {"form": ".bf-field", "entity": ".bf-field", "table": "[role=gridcell]", "settlement": "[role=gridcell]"}
EDITORS = {
    "form": "repair_request",
    "entity": "dealer",
    "table": "repair_dispatch",
    "settlement": "dealer_rebate",
    "calendar": "china_workdays",
    "role": "supervisor",
}


@pytest.mark.parametrize("kind", EDITORS)
def test_the_other_editors(eyes: Eyes, server: str, kind: str) -> None:
    page = opened(eyes, server, kind, EDITORS[kind])
    eyes.look(kind)
    if kind in SELECTED:
        page.locator(SELECTED[kind]).nth(1).click()
        eyes.look(f"{kind}, one selected", ".b-inspector")
    for tab in page.get_by_role("tab").all()[1:]:
        tab.click()
        eyes.look(f"{kind}, {tab.inner_text()}")


PAGES = (
    "", "tickets", "tickets/new", "tickets/new/repair", "board", "records/", "settlement/", "builder/", "builder/bpmn/",
    "builder/handbook?q=四眼",
    "packs/", "settings/", "settings/members", "settings/bindings", "settings/connections", "settings/audit", "tokens",
    "figures", "absences/",
)  # fmt: skip


def test_the_pages(eyes: Eyes, server: str) -> None:
    for path in PAGES:
        answer = eyes.page.goto(f"{server}/t/acme/{path}")
        assert answer and answer.ok, path
        eyes.look(path or "inbox")
    eyes.page.locator("[data-day='time'] button").first.click()  # of when one is away
    expect(eyes.page.locator("calendar-month button:focus")).to_be_visible()
    eyes.look("calendar", ".calendar", (AT_NIGHT, WAYS[2]))


@pytest.mark.parametrize("eyes", ["en"], indirect=True)
def test_in_english_on_a_phone_at_night(eyes: Eyes, server: str) -> None:
    """A few in the run of every change, all in the long one."""
    for path in PAGES if LONG else PAGES[3:8:2]:
        eyes.page.goto(f"{server}/t/acme/{path}")
        eyes.look(path or "inbox", ways=[AT_NIGHT])
    for kind, key in EDITORS.items() if LONG else [("form", EDITORS["form"])]:
        opened(eyes, server, kind, key)
        eyes.look(kind, ways=[AT_NIGHT])
