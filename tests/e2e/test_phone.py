"""At the width of a phone: a ticket is filed and a task done without a page wider than the screen."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dougong.platform.messages import t
from dougong.runtime.host.tables import Record, Ticket
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.languages import BOTH

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@BOTH
def test_a_ticket_is_filed_and_a_task_done_on_a_phone(somebody: Callable[..., Person], language: str) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    bob = somebody("bob", language, **PHONE)
    page = bob.go("/t/acme/inbox")
    fits(page)
    page.get_by_role("link", name=t("tickets.new", tag)).first.tap()
    page.locator(".tile-main").filter(has_text={"zh": "家电报修", "en": "Appliance repair"}[language]).tap()
    fill(page)
    fits(page)
    page.get_by_role("button", name=t("tickets.file", tag)).tap()
    page.wait_for_url("**/tickets/*-*")
    fits(page)
    now = page.get_by_role("region", name=t("ticket.waiting_for", tag)).bounding_box()
    assert now and now["y"] < PHONE["height"] / 2  # who is doing it, at the first look
    number = page.locator(".ticket-head .muted").first.inner_text().split(" ")[0]

    frank = somebody("frank", language, **PHONE)
    page = frank.go("/t/acme/inbox?tab=queue")
    fits(page)
    page.locator("a[data-row]").filter(has_text=number).tap()
    page.wait_for_url("**/tickets/*-*")
    page.get_by_role("button", name=t("task.claim", tag)).tap()
    expect(page.locator("#todo-count")).to_contain_text(t("inbox.waiting", tag, n=1))
    fits(page)
    page.locator('[name="f.diagnosis"]').fill("排水泵堵塞 The pump is blocked")
    page.locator('[name="f.quote"]').fill("180")
    page.locator("[data-field=needs_parts] .pill").last.tap()
    page.locator(".task").get_by_role("button", name=t("task.submit", tag)).tap()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator(".task")).to_have_count(0)
    fits(page)


@BOTH
def test_a_customer_files_and_follows_by_a_link(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], language: str
) -> None:
    """Without an account, and rates in the end. What was wrong is told at the field, what was typed is kept."""
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    page = somebody("bob", language).go("/t/acme/tickets/new")
    address = page.locator("input[readonly]").first.input_value()
    customer = somebody(None, language, **PHONE).page
    customer.goto(address)
    customer.locator('[name="f.description"]').fill("脱水时很响 It is loud")
    send(customer, tag)
    expect(customer.locator("[data-field=contact_name] .error")).to_be_visible()
    expect(customer.locator('[name="f.description"]')).to_have_value("脱水时很响 It is loud")
    fits(customer)
    fill(customer)
    send(customer, tag)
    customer.wait_for_url("**/p/follow/**")
    expect(customer.get_by_text(t("public.keep_link", tag))).to_be_visible()
    fits(customer)

    repaired(behind, customer.locator(".ticket-head .muted").first.inner_text().split(" ")[0])
    customer.reload()
    expect(customer.locator(".task .summary")).to_contain_text("换了轴承")
    customer.locator(".rating label").first.tap()  # the stars stand from right to left: the fifth
    expect(customer.locator('[name="f.rating"][value="5"]')).to_be_checked()
    fits(customer)
    shot(customer, f"{language}/customer")
    customer.get_by_role("button", name=t("task.submit", tag)).tap()
    expect(customer.get_by_text(t("public.thanks", tag))).to_be_visible()


def repaired(behind: Behind, number: str) -> None:
    """By the staff, up to where the customer is asked."""
    with behind.reading() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
        dealer = session.scalars(select(Record.id).where(Record.entity_key == "dealer").limit(1)).one()
    behind.work("frank", ticket_id, "diagnose", diagnosis="轴承磨损", quote="320", needs_parts="false")
    behind.work("ivan", ticket_id, "parts", parts_result="ready")
    behind.work("judy", ticket_id, "quality", quality_result="passed")
    behind.work("kevin", ticket_id, "supervise", supervisor_note="按约上门")
    behind.work("frank", ticket_id, "close", closed_on="2026-11-20", result="fixed", solution="换了轴承", service_dealer=dealer)


def send(page: Page, tag: str) -> None:
    page.get_by_role("button", name=t("tickets.file", tag)).tap()


def fill(page: Page) -> None:
    """A repair in Shenzhen, where frank works."""
    page.locator('[name="f.contact_name"]').fill("王芳")
    page.locator('[name="f.phone"]').fill("13800138000")
    for level, code in enumerate(("44", "4403", "440305"), start=1):
        box = page.locator(f'[name="f.address.{level}"]')
        expect(box.locator(f'option[value="{code}"]')).to_be_attached()
        box.select_option(code)
    page.locator('[name="f.address.detail"]').fill("科技园南路 12 号")
    page.locator('[name="f.product_line"]').select_option("washer")
    page.locator('[name="f.fault_category"]').select_option("noise")
    description = page.locator('[name="f.description"]')
    if not description.input_value():
        description.fill("脱水时异响 Noisy when spinning")


def fits(page: Page) -> None:
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], (page.url, wide)
