"""The editor of settlements as somebody with a mouse uses it: grids whose cells are typed into or chosen from."""

import re

from playwright.sync_api import Locator, Page, expect

from dougong.platform.messages import t


class Grid:
    """One of the tables; rows count from 0, columns are named by their heading."""

    def __init__(self, page: Page, root: Locator, name: str) -> None:
        self.page, self.root = page, root
        self.grid = root.get_by_role("grid", name=name, exact=True)
        self.rows = self.grid.locator("tbody tr")

    def add(self, words: str) -> int:
        """A new row behind the others. Its first cell opens by itself: it is left as it is."""
        count = self.rows.count()
        self.root.get_by_role("button", name=words, exact=True).click()
        expect(self.rows).to_have_count(count + 1)
        expect(self.page.locator(".b-cell-panel, .b-cell-input")).to_have_count(1)
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".b-cell-panel, .b-cell-input")).to_have_count(0)
        return count

    def cell(self, row: int, column: str) -> Locator:
        headings = [words.strip() for words in self.grid.locator("thead th").all_inner_texts()]
        return self.rows.nth(row).locator("th, td").nth(headings.index(column))

    def type(self, row: int, column: str, text: str) -> None:
        self.cell(row, column).click()
        self.grid.locator(".b-cell-input").fill(text)
        self.page.keyboard.press("Enter")

    def call(self, row: int, column: str, text: str) -> None:
        """A text for people: in both languages."""
        self.cell(row, column).click()
        boxes = self.page.locator(".b-cell-panel").get_by_role("textbox")
        for box in boxes.all():
            box.fill(text)
        self.page.keyboard.press("Escape")

    def choose(self, row: int, column: str, title: str) -> None:
        self.cell(row, column).click()
        self.page.locator(".b-cell-panel").get_by_role("option").filter(has_text=re.compile(f"^{re.escape(title)}")).click()

    def tick(self, row: int, column: str, *options: str) -> None:
        """What a dimension must be, of the options of its column."""
        self.cell(row, column).click()
        for option in options:
            self.page.locator(".b-cell-panel").get_by_role("checkbox", name=option, exact=True).check()
        self.page.keyboard.press("Escape")


class TableCanvas:
    """`language` is a tag of the catalogue: what stands on the buttons."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.tables = page.get_by_role("main", name=self.say("builder.canvas"))
        self.settings = page.get_by_role("complementary", name=self.say("builder.inspector"))
        self.dock = page.get_by_role("region", name=self.say("builder.settlement.sample"))
        self.tiers = Grid(page, self.settings, self.say("builder.settlement.tiers"))
        self.samples = Grid(page, self.dock, self.say("builder.settlement.sample"))

    def say(self, code: str, **params: object) -> str:
        return t(code, self.language, **params)

    def open(self, tab: str) -> Grid:
        words = self.say(f"builder.settlement.tab.{tab}")
        self.page.get_by_role("tab").filter(has_text=re.compile(f"^{words}")).click()
        return Grid(self.page, self.page.get_by_role("tabpanel"), words)

    def dimension(self, title: str) -> None:
        """Ask about a column of the lines."""
        self.page.get_by_role("tabpanel").get_by_role("button", name=self.say("builder.settlement.dimension.add")).click()
        self.page.get_by_role("menuitem", name=title).click()

    def options(self, options: dict[str, str]) -> None:
        """Key: what it is called, of the column that is selected."""
        rows = self.settings.locator(".b-options li")
        for number, (key, words) in enumerate(options.items()):
            if number >= rows.count():
                self.settings.get_by_role("button", name=self.say("builder.options.add"), exact=True).click()
            for box in rows.nth(number).locator(".b-option-title").all():
                box.fill(words)
            rows.nth(number).locator(".b-option-key").fill(key)
            rows.nth(number).locator(".b-option-key").press("Enter")

    def rise(self, *tiers: tuple[str, str]) -> None:
        """(below, percent) of each tier of the selected rule; the last one is open."""
        below, percent = self.say("builder.settlement.tier.below"), self.say("builder.settlement.tier.percent")
        while self.tiers.rows.count() < len(tiers):
            self.tiers.add(self.say("builder.settlement.tier.add"))
        for number, (bound, value) in enumerate(tiers):
            if bound:
                self.tiers.type(number, below, bound)
            self.tiers.type(number, percent, value)

    def _card(self, partner: str) -> Locator:
        return self.dock.locator("article").filter(has=self.page.locator("header", has_text=partner))

    def explained(self, partner: str) -> Locator:
        """How the sample calculation comes to what a partner gets."""
        return self._card(partner).locator(".bs-explained")

    def amounts(self, partner: str) -> Locator:
        return self.explained(partner).locator("td:last-child")

    def shares(self, partner: str) -> list[str]:
        return self._card(partner).locator(".bs-shares .amount").all_inner_texts()

    def saved(self) -> None:
        expect(self.page.locator("[data-save=saved]")).to_be_visible()
