"""The editor of forms and record types as somebody with a mouse uses it."""

import re

from playwright.sync_api import Locator, Page, expect

from dougong.platform.messages import t
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.operators import OPERATORS
from tests.e2e.canvas import centre

EDGE = 6  # pixels inside a card's border


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=3)
    page.mouse.up()


class FormCanvas:
    """Fields are named by what they are called in the language of the page."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.settings = page.get_by_role("complementary", name=self.say("builder.inspector"))
        self.palette = page.get_by_role("complementary", name=self.say("builder.palette"))
        self.sections = page.locator(".bf-section")

    def say(self, code: str, **params: object) -> str:
        return t(code, self.language, **params)

    # ---- drawing ----

    def add(self, kind: str, section: int, title: str, key: str, before: str = "") -> None:
        """Drag a field from the palette to its place, call it something in both languages, and give it its key."""
        cards = self.page.locator(".bf-field")
        count = cards.count()
        chosen = self.page.locator(".bf-field[data-selected]")
        before_it = chosen.get_attribute("aria-label") if chosen.count() == 1 else None
        lifted = self.palette.get_by_role("button", name=FIELD_TYPES[kind].title[self.language], exact=True)
        lifted.scroll_into_view_if_needed()
        drag(self.page, centre(lifted), self.spot(section, before))
        expect(cards).to_have_count(count + 1)
        expect(chosen).to_have_count(1)
        if before_it:  # the inspector has turned to the new one: else its title would be given to the one before
            expect(chosen).not_to_have_attribute("aria-label", before_it)
        for tag in ("zh-Hans", "en"):
            self.text("builder.title", tag).fill(title)
        self.settings.get_by_label(self.say("builder.form.key"), exact=True).fill(key)
        self.settings.get_by_label(self.say("builder.form.key"), exact=True).press("Enter")

    def move(self, title: str, section: int, before: str = "") -> None:
        """Drag a field by its card."""
        card = self.card(title)
        box = card.bounding_box()
        assert box
        drag(self.page, (box["x"] + 30, box["y"] + EDGE), self.spot(section, before))

    def spot(self, section: int, before: str = "") -> tuple[float, float]:
        """Where something is let go of: before a field, or behind the last one of a section."""
        zone = self.sections.nth(section).locator("[data-zone=fields]")
        box = (self.card(before) if before else zone).bounding_box()
        assert box
        if before:
            return box["x"] + EDGE, box["y"] + EDGE
        return box["x"] + box["width"] - EDGE, box["y"] + box["height"] - 1

    def card(self, title: str) -> Locator:
        name = self.page.locator(".bf-label > span:first-child", has_text=re.compile(rf"^{title}\*?$"))  # beside what is wrong
        return self.page.locator(".bf-field").filter(has=name)

    def titles(self) -> list[list[str]]:
        """The fields as they stand, section by section."""
        return [
            [card.get_attribute("aria-label") or "" for card in section.locator(".bf-field").all()]
            for section in self.sections.all()
        ]

    def choose(self, title: str) -> None:
        self.card(title).locator(".bf-label").click()
        expect(self.settings.get_by_role("heading", level=2)).to_have_text(title)

    # ---- settings ----

    def text(self, label: str, tag: str) -> Locator:
        name = f"{self.say(label)} {self.say(f'builder.language.{tag}')}"
        return self.settings.get_by_role("textbox", name=name, exact=True)

    def require(self, *titles: str) -> None:
        for title in titles:
            self.choose(title)
            self.settings.get_by_label(self.say("builder.form.required"), exact=True).check()

    def widen(self, *titles: str) -> None:
        for title in titles:
            self.choose(title)
            self.settings.get_by_role("radio", name=self.say("builder.form.full"), exact=True).click()

    def options(self, title: str, options: dict[str, str]) -> None:
        """Key: what it is called. The two that stand there at first are written over, the rest is added."""
        self.choose(title)
        rows = self.settings.locator(".b-options li")
        for number, (key, words) in enumerate(options.items()):
            if number >= rows.count():
                self.settings.get_by_role("button", name=self.say("builder.options.add"), exact=True).click()
                expect(rows).to_have_count(number + 1)
            for tag in (0, 1):
                rows.nth(number).locator(".b-option-title").nth(tag).fill(words)
            rows.nth(number).locator(".b-option-key").fill(key)
            rows.nth(number).locator(".b-option-key").press("Enter")

    def shown_when(self, title: str, other: str, operator: str, value: str) -> None:
        self.choose(title)
        self.settings.get_by_role("button", name=self.say("builder.condition.add"), exact=True).click()
        row = self.settings.get_by_role("group", name=self.say("builder.condition.rule"), exact=True)
        row.get_by_label(self.say("builder.condition.field"), exact=True).select_option(label=other)
        words = OPERATORS[operator].title[self.language]
        row.get_by_label(self.say("builder.condition.operator"), exact=True).select_option(label=words)
        row.get_by_label(self.say("builder.condition.value"), exact=True).select_option(label=value)

    def fills(self, title: str, entity: str, pairs: dict[str, str]) -> None:
        """Whose records are chosen from, and which of their fields fill which of the form."""
        self.choose(title)
        self.setting("record", "entity").select_option(label=entity)
        for number, (source, target) in enumerate(pairs.items()):
            self.settings.get_by_role("button", name=self.say("builder.form.fill.add"), exact=True).click()
            row = self.settings.locator(".bf-fill").nth(number)
            row.get_by_label(self.say("builder.form.fill.from"), exact=True).select_option(label=source)
            row.get_by_label(self.say("builder.form.fill.to"), exact=True).select_option(label=target)

    def setting(self, kind: str, name: str) -> Locator:
        """A setting that only fields of this type have."""
        schema = FIELD_TYPES[kind].config
        label = schema["properties"][name]["x-title"][self.language]
        return self.settings.get_by_label(re.compile(rf"^{re.escape(label)}\*?$")).first

    # ---- the frame ----

    def saved(self) -> None:
        expect(self.page.locator("[data-save=saved]")).to_be_visible()

    def undo(self) -> Locator:
        return self.page.get_by_role("button", name=self.say("builder.undo"), exact=True)

    def redo(self) -> Locator:
        return self.page.get_by_role("button", name=self.say("builder.redo"), exact=True)

    def publish(self, done: str = "builder.publish.done.about") -> None:
        self.page.get_by_role("button", name=self.say("builder.publish"), exact=True).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.say("builder.publish"), exact=True).click()
        expect(dialog.get_by_text(self.say(done))).to_be_visible()
        self.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def begin(page: Page, kind: str, title: str) -> None:
    """From the list of definitions to the empty canvas of a new one."""
    page.locator("[data-dialog=new-document]").click()
    page.locator("dialog [name=title]").fill(title)
    page.locator(f"dialog [name=kind][value={kind}]").check(force=True)
    page.locator("dialog button.primary").click()
    page.locator("[data-save=saved]").wait_for()
