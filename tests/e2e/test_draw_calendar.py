"""A calendar drawn by mouse: its week, a year from the official notice, one day more; kept by the company from then on."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.forms import FormCanvas, begin
from tests.e2e.languages import mainly

NOTICE = (
    "关于2027年部分节假日安排的通知\n一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n"
    "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。"
)


@mainly("en")
def test_a_calendar_is_drawn_and_kept(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    tag, title = {"zh": "zh-Hans", "en": "en"}[language], f"门店 Shop {language}"
    alice = somebody("alice", language)
    page = alice.go("/t/acme/builder/")
    begin(page, "calendar", title)
    canvas = FormCanvas(page, tag)
    six_days(page, canvas)
    page.get_by_role("button", name=canvas.say("builder.calendar.import"), exact=True).click()
    page.get_by_label(canvas.say("builder.calendar.import.text"), exact=True).fill(NOTICE)
    page.get_by_role("button", name=canvas.say("builder.calendar.import.take", count=3)).click()
    expect(page.locator("[data-date='2027-02-14']")).to_have_attribute("data-state", "makeup")
    page.locator("[data-date='2027-03-01']").click()
    expect(page.locator("[data-date='2027-03-01']")).to_have_attribute("data-state", "holiday")
    by_keyboard(page, f"2027-03-01: {canvas.say('builder.calendar.last')}")
    canvas.saved()
    shot(page, f"{language}/drawn-calendar")
    canvas.publish()
    draft = behind.document(title).draft
    assert [shift["days"] for shift in draft["shifts"]] == [[1, 2, 3, 4, 5, 6]] * 2
    assert [(row["from"], row.get("to"), row.get("like")) for row in draft["dates"]] == [
        ("2027-01-01", "2027-01-03", None), ("2027-02-05", "2027-02-11", None), ("2027-02-14", None, 1),
        ("2027-03-01", "2027-03-02", None),
    ]  # fmt: skip
    assert draft["years"] == {"from": 2027, "to": 2027}
    page = alice.go("/t/acme/settings/bindings")
    page.locator("[name=calendar]").select_option(label=title)
    page.locator(".binding-calendar button").click()
    expect(page.locator("[name=calendar] option:checked")).to_have_text(title)


def by_keyboard(page: Page, label: str) -> None:
    """A day later, by the arrows of the calendar; before that one that there is not."""
    box = page.get_by_label(label, exact=True)
    box.fill("2027-02-30")
    box.press("Enter")
    expect(page.locator(".bk-dates [role=alert]")).to_contain_text("2027-02-30")
    box.fill("20270301")
    box.press("Enter")
    expect(box).to_have_value("2027-03-01")
    expect(page.locator(".bk-dates [role=alert]")).to_have_count(0)
    box.press("ArrowDown")
    day = page.locator("calendar-month button:focus")
    expect(day).to_have_text("1")
    page.keyboard.press("ArrowRight")
    expect(day).to_have_text("2")
    page.keyboard.press("Enter")
    expect(page.locator(".calendar")).to_have_count(0)
    expect(box).to_have_value("2027-03-02")


def six_days(page: Page, canvas: FormCanvas) -> None:
    """Saturdays too."""
    saturday = canvas.say("builder.calendar.day.6")
    for shift in range(2):
        page.locator(".bk-week tbody tr").nth(shift).get_by_label(saturday).check()
