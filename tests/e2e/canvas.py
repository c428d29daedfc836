"""The workflow editor as somebody with a mouse uses it: from the palette, from handle to handle, in the inspector."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from dougong.platform.messages import t

PACK = Path(__file__).parents[2] / "packs" / "appliance_repair.json"
ALSO = {"role": "name"}


@cache
def pack() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PACK.read_bytes())
    return found


def item(kind: str, key: str) -> dict[str, Any]:
    return next(one for one in pack()["items"] if (one["kind"], one["key"]) == (kind, key))


def centre(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box, locator
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def still(locator: Locator) -> tuple[float, float]:
    """Its centre, once what is drawn has come to rest: a slow machine is still moving it when a hand would already see it."""
    before = centre(locator)
    for _ in range(40):
        locator.page.wait_for_timeout(50)
        if (now := centre(locator)) == before:
            return now
        before = now
    raise AssertionError(f"never comes to rest: {locator}")


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 5, start[1] + 5)  # over the threshold
    page.mouse.move(*end, steps=4)
    page.mouse.move(*end)
    page.mouse.up()


class Canvas:
    """`language` is a tag of the catalogue: what stands on the buttons. Steps are named by what they are called in it."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.steps: dict[str, str] = {}  # our name -> uid
        self.settings = page.get_by_role("complementary", name=self.say("builder.inspector"))

    def say(self, code: str) -> str:
        return t(code, self.language)

    def pick(self, text: dict[str, str]) -> str:
        return text[self.language]

    def field(self, key: str) -> str:
        """What a field of the repair form is called."""
        sections = item("form", "repair_request")["sections"]
        return self.pick(next(one["title"] for section in sections for one in section["fields"] if one["key"] == key))

    def option(self, key: str, option: str) -> str:
        sections = item("form", "repair_request")["sections"]
        field = next(one for section in sections for one in section["fields"] if one["key"] == key)
        return self.pick(next(one["title"] for one in field["config"]["options"] if one["key"] == option))

    def zoom_out(self, times: int) -> None:
        for _ in range(times):
            self.page.get_by_role("button", name=self.say("builder.zoom.out"), exact=True).click()

    def add(self, name: str, kind: str, x: int, y: int, title: str) -> None:
        """Drag a step from the palette to a place on the canvas, and call it something."""
        pane = self.page.locator(".react-flow").bounding_box()
        assert pane
        before, offered = self._uids(), self.page.get_by_role("button", name=kind, exact=True)
        offered.scroll_into_view_if_needed()  # there are more types of steps than fit
        drag(self.page, centre(offered), (pane["x"] + x, pane["y"] + y))
        expect(self.page.locator(".react-flow__node")).to_have_count(len(before) + 1)
        self.steps[name] = next(iter(self._uids() - before))
        self.settings.get_by_role("textbox").nth(0).fill(title)
        self.settings.get_by_role("textbox").nth(1).fill(title)

    def _uids(self) -> set[str]:
        return set(self.page.locator(".react-flow__node").evaluate_all("nodes => nodes.map((node) => node.dataset.id)"))

    def fit(self) -> None:
        self.page.get_by_role("button", name=self.say("builder.zoom.fit"), exact=True).click()

    def seen(self, *names: str) -> None:
        """Only what is in view is drawn: bring everything into view where one of these is not."""
        if any(self.step(name).count() == 0 for name in names):
            self.fit()
        for name in names:
            expect(self.step(name)).to_be_visible()

    def step(self, name: str) -> Locator:
        return self.page.locator(f'.react-flow__node[data-id="{self.steps[name]}"]')

    def choose(self, name: str) -> None:
        """Select a step: the inspector shows it."""
        self.seen(name)
        self.step(name).click(position={"x": 20, "y": 12})

    def connect(self, source: str, target: str) -> None:
        self.seen(source, target)
        edges = self.page.locator(".react-flow__edge")
        before = edges.count()
        out, into = (
            self.step(source).locator(".react-flow__handle.source"),
            self.step(target).locator(".react-flow__handle.target"),
        )
        drag(self.page, still(out), still(into))
        expect(edges).to_have_count(before + 1)

    def way(self, source: str, target: str) -> None:
        """Select the line between two steps, in the list of ways that the inspector of its source shows."""
        self.choose(source)
        title = str(self.step(target).locator("strong").inner_text())
        self.settings.get_by_role("list").get_by_role("button", name=title).first.click()

    def select(self, label: str, option: str, nth: int = 0) -> None:
        self.settings.get_by_label(label, exact=True).nth(nth).select_option(label=option)

    def rights(self, **wanted: str) -> None:
        """What the step may do with each field; "rest" is for all others: hidden, read, write, required."""
        words = {name: self.say(f"builder.right.{name}") for name in ("hidden", "read", "write", "required")}
        for key, right in wanted.items():
            title = self.say("builder.rights.rest") if key == "rest" else self.field(key)
            self.settings.get_by_role("radio", name=f"{title}: {words[right]}", exact=True).check()

    def rule(self, number: int, field: str, operator: str, value: str | list[str], kind: str = "text") -> None:
        """Add a comparison to the condition of the selected way."""
        if number == 0:
            self.settings.get_by_role("button", name=self.say("builder.condition.add"), exact=True).click()
        else:
            self.settings.get_by_role("button", name=self.say("builder.condition.rule"), exact=True).last.click()
        row = self.settings.get_by_role("group", name=self.say("builder.condition.rule"), exact=True).nth(number)
        row.get_by_label(self.say("builder.condition.field"), exact=True).select_option(label=self.field(field))
        row.get_by_label(self.say("builder.condition.operator"), exact=True).select_option(label=operator)
        match kind:
            case "words":
                for word in value:
                    row.get_by_role("textbox").last.fill(word)
                    row.get_by_role("textbox").last.press("Enter")
            case "choice":
                row.get_by_role("combobox").nth(2).select_option(label=str(value))
            case _:
                row.get_by_role("textbox").last.fill(str(value))

    def saved(self) -> None:
        expect(self.page.get_by_role("status").filter(has_text=self.say("builder.save.saved"))).to_be_visible()

    def publish(self) -> None:
        self.page.get_by_role("button", name=self.say("builder.publish"), exact=True).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.say("builder.publish"), exact=True).click()
        expect(dialog.get_by_text(self.say("builder.publish.done.about"))).to_be_visible()
        self.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
