"""A day of the staff in the browser: the inbox and its counts, claiming and giving back, the route, comments, a stale page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dougong import demo
from dougong.platform.messages import t
from dougong.platform.store import enter_tenant
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.languages import BOTH, mainly

TAGS = {"zh": "zh-Hans", "en": "en"}


@pytest.fixture(scope="module")
def busy(behind: Behind) -> Behind:
    """With the tickets of the demo on their way."""
    with behind.app.app_context():
        enter_tenant(behind.tenants["acme"])
        demo.tickets.load_tickets(behind.tenants["acme"])
    return behind


@BOTH
def test_the_board_shows_every_ticket_at_its_step(
    somebody: Callable[..., Person], busy: Behind, shot: Callable[..., None], language: str
) -> None:
    page = somebody("alice", language).go("/t/acme/board?workflow=repair")
    columns = page.locator(".column")
    for column in columns.all():
        count = int(column.locator(".count").inner_text())
        expect(column.locator(".ticket-card")).to_have_count(count)
    assert columns.locator(".ticket-card").count() >= 6
    shot(page, f"{language}/board")
    page = somebody("bob", language).go("/t/acme/inbox?tab=mine")
    expect(page.locator("a[data-row]").first).to_be_visible()
    shot(page, f"{language}/inbox")


@BOTH
def test_a_quote_is_claimed_given_back_and_approved(
    somebody: Callable[..., Person], busy: Behind, shot: Callable[..., None], language: str
) -> None:
    tag = TAGS[language]
    ticket_id = busy.file(contact_name="王芳")
    busy.work("frank", ticket_id, "diagnose", diagnosis="压缩机损坏", quote="8600", needs_parts="false")
    helen = somebody("helen", language)
    page = helen.go("/t/acme/inbox?tab=queue")
    page.locator(f'a[data-row][href$="{ticket_id}"]').click()
    page.locator("#side").get_by_role("button", name=t("task.claim", tag)).click()
    page.wait_for_url(f"**/tickets/{ticket_id}")
    badge = page.locator("#todo-count")
    expect(badge).to_contain_text(t("inbox.waiting", tag, n=1))
    page.get_by_role("button", name=t("task.release", tag)).click()
    expect(page.get_by_role("button", name=t("task.claim", tag))).to_be_visible()
    expect(badge).to_be_hidden()
    page.get_by_role("button", name=t("task.claim", tag)).click()
    expect(badge).to_contain_text(t("inbox.waiting", tag, n=1))
    foretold(page)
    shot(page, f"{language}/ticket")
    expect(helen.go("/t/acme/inbox").locator("a[data-row]")).to_have_count(1)

    page.locator("a[data-row]").click()
    page.locator("#side .task button[value=approve]").click()
    expect(page.locator(".toast")).to_be_visible()
    expect(badge).to_be_hidden()
    done = helen.go("/t/acme/inbox?tab=done").locator(f'a[data-row][href$="{ticket_id}"]')
    expect(done).to_be_visible()


def foretold(page: Page) -> None:
    """The past on a solid line, what is to come on a dotted one, in words and in the drawing."""
    states = page.locator(".trail li").evaluate_all("rows => rows.map((row) => row.className)")
    assert states[:3] == ["done", "done", "current"] and set(states[3:]) <= {"ahead", "possible"} and len(states) > 6
    style = "row => getComputedStyle(row, '::before').borderLeftStyle"
    assert page.locator(".trail .current").evaluate(style) == "solid"
    assert page.locator(".trail li").last.evaluate(style) == "dotted"
    drawing = page.locator(".ticket-main .route")
    dashes = "line => getComputedStyle(line).strokeDasharray"
    assert drawing.locator(".route-edge.taken").first.evaluate(dashes) == "none"
    assert drawing.locator(".route-edge.ahead").first.evaluate(dashes) != "none"


@BOTH
def test_a_stale_page_says_so_and_keeps_what_was_typed(somebody: Callable[..., Person], busy: Behind, language: str) -> None:
    """Frank has the task open in two windows, and has done it in the other."""
    tag = TAGS[language]
    ticket_id = busy.file()
    frank = somebody("frank", language)
    page = frank.go(f"/t/acme/tickets/{ticket_id}")
    page.get_by_role("button", name=t("task.claim", tag)).click()
    page.locator('[name="f.diagnosis"]').fill("轴承磨损 The bearing is worn")
    page.locator('[name="f.quote"]').fill("320")
    busy.work("frank", ticket_id, "diagnose", diagnosis="x", quote="1", needs_parts="false")
    page.locator(".task").get_by_role("button", name=t("task.submit", tag)).click()
    expect(page.locator(".banner.warn")).to_contain_text(t("task.stale_help", tag))
    kept = page.get_by_label(t("task.unsent", tag))
    expect(kept.get_by_text("轴承磨损 The bearing is worn")).to_be_visible()
    expect(kept.get_by_text("320")).to_be_visible()


@mainly("zh")
def test_a_dialog_of_a_verb_by_keyboard(somebody: Callable[..., Person], behind: Behind, language: str) -> None:
    """Nothing lies over it when it opens; Esc closes the list first, then the dialog; the focus is back where it was."""
    ticket_id = behind.file(
        "bob", "refund", customer_name="王芳", order_number="D1", refund_amount="90", refund_reason="quality"
    )
    page = somebody("kevin", language).go(f"/t/acme/tickets/{ticket_id}")
    button = page.locator(".task").get_by_role("button", name=t("verb.add", TAGS[language]))
    button.press("Enter")
    dialog = page.get_by_role("dialog")
    colleagues = dialog.get_by_role("listbox")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.wait_for_timeout(300)
    expect(colleagues).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(colleagues.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(colleagues).to_be_hidden()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


@BOTH
def test_a_comment_with_a_file_stands_in_the_timeline(somebody: Callable[..., Person], busy: Behind, language: str) -> None:
    tag = TAGS[language]
    ticket_id = busy.file()
    bob = somebody("bob", language)
    page = bob.go(f"/t/acme/tickets/{ticket_id}")
    form = page.locator("form.comment")
    form.locator("textarea").fill("客户下午在家 At home in the afternoon")
    form.locator("input[type=file]").set_input_files({"name": "铭牌 plate.txt", "mimeType": "text/plain", "buffer": b"SN 1"})
    expect(form.locator(".file")).to_have_text("铭牌 plate.txt")
    form.get_by_role("button", name=t("timeline.send", tag)).click()
    line = page.locator(".event.commented")
    expect(line).to_contain_text("客户下午在家 At home in the afternoon")
    with page.expect_download() as download:
        line.get_by_role("link", name="铭牌 plate.txt").click()
    assert download.value.path().read_bytes() == b"SN 1"
