"""Every editor by mouse, by keyboard alone, by touch: built, undone to empty, done again to the end, and the same as it was.

All of them with LONG=1; in the run of every change the two that are driven like that nowhere else.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from dougong.platform.messages import t
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.nodes import NODE_TYPES
from tests import LONG
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas, begin
from tests.e2e.hands import HANDS, Keyboard, Mouse
from tests.e2e.tables import TableCanvas

TAG = "zh-Hans"


def build_form(hand: Mouse) -> None:
    canvas = FormCanvas(hand.page, TAG)
    cards = hand.page.locator(".bf-field")
    first = cards.count()  # a record type has a name
    for number, kind in enumerate(("text", "number", "date")):
        item = canvas.palette.get_by_role("button", name=FIELD_TYPES[kind].title[TAG], exact=True)
        hand.bring(item, canvas.sections.first.locator("[data-zone=fields]"))
        expect(cards).to_have_count(first + number + 1)
        hand.write(canvas.text("builder.title", TAG), f"字段 {number}")
    hand.press(canvas.settings.get_by_label(canvas.say("builder.form.required"), exact=True))


def build_workflow(hand: Mouse) -> None:
    canvas = FormCanvas(hand.page, TAG)
    steps = hand.page.locator(".react-flow__node")
    for number, kind in enumerate(("user_task", "notify")):
        item = canvas.palette.get_by_role("button", name=NODE_TYPES[kind].title[TAG], exact=True)
        hand.bring(item, hand.page.locator(".react-flow__pane"))
        expect(steps).to_have_count(number + 3)
        hand.write(canvas.settings.get_by_role("textbox").first, f"步骤 {number}")


def build_table(hand: Mouse) -> None:
    canvas = TableCanvas(hand.page, TAG)
    rows = canvas.tables.get_by_role("grid", name=canvas.say("builder.table.rules"), exact=True).locator("tbody tr")
    for number in range(2):
        before = rows.count()
        hand.press(canvas.tables.get_by_role("button", name=canvas.say("builder.table.rule.add"), exact=True))
        expect(rows).to_have_count(before + 1)
        expect(hand.page.locator(".b-cell-panel")).to_be_visible()  # the first cell of a new rule is opened by itself
        hand.page.keyboard.press("Escape")
        expect(hand.page.locator(".b-cell-panel")).to_have_count(0)
        result = rows.last.locator("td[data-col]").nth(1)
        if isinstance(hand, Keyboard):
            hand.page.keyboard.press("ArrowRight")
            hand.compose(f"结果{number}")
        else:
            hand.press(result)
            hand.page.keyboard.type(f"结果{number}")
        hand.page.keyboard.press("Enter")
        expect(result).to_have_text(f"结果{number}")


def build_settlement(hand: Mouse) -> None:
    canvas = TableCanvas(hand.page, TAG)
    rows = hand.page.get_by_role("tabpanel").locator("tbody tr")
    for number in range(2):
        hand.press(hand.page.get_by_role("tabpanel").get_by_role("button", name=canvas.say("builder.settlement.inputs.add")))
        expect(rows).to_have_count(number + 4)
        panel = hand.page.locator(".b-cell-panel").get_by_role("textbox").first
        hand.write(panel, f"列 {number}")
        hand.page.keyboard.press("Escape")
        expect(hand.page.locator(".b-cell-panel")).to_have_count(0)


def build_calendar(hand: Mouse) -> None:
    shifts = hand.page.locator(".bk-week tbody tr")
    for shift in range(2):
        hand.press(shifts.nth(shift).get_by_label(t("builder.calendar.day.6", TAG)))
    for day in hand.page.locator("button[data-state=work]").all()[:2]:
        hand.press(day)


def build_role(hand: Mouse) -> None:
    canvas = FormCanvas(hand.page, TAG)
    sheet = hand.page.get_by_role("main", name=canvas.say("builder.canvas"))
    for what in ("builder.title", "builder.description"):
        hand.write(sheet.get_by_role("textbox", name=f"{canvas.say(what)} {canvas.say(f'builder.language.{TAG}')}"), "客诉专员")


EDITORS = {
    "form": build_form, "entity": build_form, "workflow": build_workflow, "table": build_table,
    "settlement": build_settlement, "calendar": build_calendar, "role": build_role,
}  # fmt: skip
ALL = [(kind, hand) for kind in EDITORS for hand in HANDS]


@pytest.mark.parametrize(("kind", "by"), ALL if LONG else [("form", "finger"), ("table", "keyboard")])
def test_what_is_built_is_undone_to_empty_and_done_again(
    somebody: Callable[..., Person], behind: Behind, kind: str, by: str
) -> None:
    hand_of, title = HANDS[by], f"手 {kind} {by}"
    alice = somebody("alice", **hand_of.options)
    page = alice.go("/t/acme/builder/")
    begin(page, kind, title)
    canvas, hand = FormCanvas(page, TAG), hand_of(page)

    def stored() -> dict[str, Any]:
        canvas.saved()
        return behind.draft(title)

    empty = stored()
    EDITORS[kind](hand)
    full = stored()
    assert full != empty
    page.keyboard.press("Escape")
    for _ in range(2):
        hand.all_the_way(canvas.undo(), "Control+z")
        assert stored() == empty
        hand.all_the_way(canvas.redo(), "Control+Shift+z")
        assert stored() == full
