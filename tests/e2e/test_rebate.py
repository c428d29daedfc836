"""A month of rebates in the browser: orders from a file, statements, the approval of finance, the confirmation of the dealer.

The amounts are those of packs/demo/rebate_expected.json, which were added up by hand.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from dougong import demo
from dougong.platform.messages import t
from dougong.platform.store import transaction
from dougong.platform.web import money
from dougong.runtime.host.tables import LedgerLine, StatementRow
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly

EXPECTED: list[dict[str, Any]] = json.loads((demo.PACKS / "demo" / "rebate_expected.json").read_text("utf-8"))["statements"]
DEALERS: list[dict[str, Any]] = json.loads((demo.PACKS / "demo" / "dealer_rebate.json").read_text("utf-8"))["records"][
    "rebate_dealer"
]
NAMES: dict[str, str] = {one["code"]: one["name"] for one in DEALERS}
LINES = sum(one["orders"] for one in EXPECTED)
SETTLEMENT = "/t/acme/settlement/dealer_rebate"


@pytest.fixture
def empty_month(behind: Behind) -> None:
    """The demo brings the month's orders along; here they have not come yet."""
    with behind.app.app_context(), transaction(behind.tenants["acme"]) as session:
        for table in (LedgerLine, StatementRow):
            session.execute(delete(table).where(table.settlement_key == "dealer_rebate"))


@pytest.mark.usefixtures("empty_month")
@mainly("zh")
def test_a_month_is_imported_settled_approved_and_confirmed(
    somebody: Callable[..., Person], shot: Callable[..., None], language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    fiona = somebody("fiona", language)
    imported(fiona, tag)
    drawn_up(fiona, tag)
    first = EXPECTED[0]
    statement = opened(fiona, first)
    explained(fiona.page, first)
    shot(fiona.page, f"{language}/statement")

    address = sent_and_approved(fiona, somebody("alice", language), tag)
    dealer = somebody(None, language, width=390, height=844)
    confirmed(dealer, tag, address, first)
    fiona.page.goto(statement)
    expect(fiona.page.get_by_text(t("settlement.state.approved", tag), exact=True)).to_be_visible()
    expect(fiona.page.get_by_role("button", name=t("settlement.send", tag))).to_have_count(0)


def imported(fiona: Person, tag: str) -> None:
    """Without a file it is asked for where it belongs; the same file a second time counts nothing."""
    page = fiona.go(f"{SETTLEMENT}/lines")
    page.get_by_role("link", name=t("settlement.import", tag)).first.click()
    page.get_by_role("button", name=t("import.run", tag)).click()
    expect(page.locator("#e-file")).to_have_text(t("file.none", tag))
    for written, repeated in ((LINES, 0), (0, LINES)):
        page.goto(f"{fiona.server}{SETTLEMENT}/import")
        page.locator("input[type=file]").set_input_files(demo.ORDERS)
        expect(page.locator("[data-file-name]")).to_have_text(demo.ORDERS.name)
        page.get_by_role("button", name=t("import.run", tag)).click()
        expect(page.locator(".figure dd")).to_have_text([str(written), str(repeated), "0"])
        if written:
            page.get_by_role("button", name=t("settlement.intake.count", tag, n=written)).click()
            expect(page.locator(".toast").first).to_contain_text(t("settlement.counted", tag, written=written))


def drawn_up(fiona: Person, tag: str) -> None:
    page = fiona.go("/t/acme/settlement/")
    month = page.get_by_role("row").filter(has_text="2026-10")
    month.get_by_role("button", name=t("settlement.draw_up", tag)).click()
    expect(page.locator(".toast").first).to_contain_text(t("settlement.drawn_up", tag, made=len(EXPECTED)))
    found = {
        tuple(cells[at] for at in (1, 3, 4, 5, 6))
        for row in page.locator("[data-list] tbody tr").all()
        if (cells := [cell.strip() for cell in row.locator("td").all_inner_texts()])
    }
    assert found == {
        (NAMES[one["dealer"]], str(one["orders"]), money(one["net"]), money(one["tax"]), money(one["gross"], one["currency"]))
        for one in EXPECTED
    }
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    for at in (7, 8):  # how much, and where it stands
        expect(page.locator(f"[data-list] tbody td:nth-child({at})").first).to_be_in_viewport(ratio=1)
    page.set_viewport_size(wide or {"width": 1440, "height": 900})


def opened(fiona: Person, one: dict[str, Any]) -> str:
    """Its address."""
    page = fiona.page
    row = page.get_by_role("row").filter(has_text=NAMES[one["dealer"]]).filter(has_text=money(one["gross"], one["currency"]))
    row.get_by_role("link").click()
    page.wait_for_url("**/settlement/statements/*")
    return page.url


def explained(page: Page, one: dict[str, Any]) -> None:
    """The shares are those that were worked out by hand, and each sum on the page is the sum of what stands above it."""
    shares = [amount(text) for text in page.locator(".shares .amount").all_inner_texts()]
    assert sorted(shares) == sorted(Decimal(value) for value in one["shares"].values())
    assert sum(shares) == Decimal(one["net"])
    net, tax, gross = (amount(text) for text in page.locator(".explain.totals .amount").all_inner_texts())
    assert net + tax == gross == Decimal(one["gross"])
    parts = page.locator(".explain.group .explain-row:not(.sub) .amount").all_inner_texts()
    assert sum(amount(text) for text in parts if text) == gross  # this partner's rebates include their tax


def amount(text: str) -> Decimal:
    return Decimal(text.split()[0].replace(",", ""))


def sent_and_approved(fiona: Person, alice: Person, tag: str) -> str:
    """Sent by one, found in the inbox of who heads her, approved by four eyes. Answers the address for the dealer."""
    page = fiona.page
    page.get_by_role("button", name=t("settlement.send", tag)).click()
    page.locator("dialog").get_by_role("button", name=t("app.yes", tag)).click()
    step = word(tag, "财务审核", "Finance review")
    expect(page.get_by_text(f"{t('settlement.state.approving', tag)} · {step}", exact=True)).to_be_visible()
    page = alice.go("/t/acme/inbox")
    page.locator("a[data-row]").first.click()
    page.locator("#side").get_by_role("button", name=t("verb.approve", tag), exact=True).click()
    page.wait_for_url("**/tickets/*-*")
    expect(page.locator(".trail .current")).to_contain_text(word(tag, "对账确认", "Statement confirmation"))
    return page.get_by_label(t("ticket.partner_link", tag)).input_value()


def confirmed(dealer: Person, tag: str, address: str, one: dict[str, Any]) -> None:
    """By a stranger at a phone."""
    page = dealer.page
    page.goto(address)
    expect(page.get_by_text(money(one["gross"])).first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    confirm = page.get_by_role("button", name=word(tag, "确认", "Confirm"), exact=True)
    for answer in ("app.cancel", "app.yes"):
        confirm.click()
        asked = page.locator("dialog")
        expect(asked).to_contain_text(money(one["gross"], one["currency"]))
        expect(asked).to_contain_text("2026-10")
        asked.get_by_role("button", name=t(answer, tag)).click()
    expect(page.get_by_text(t("public.thanks", tag))).to_be_visible()
    expect(page.get_by_role("button", name=word(tag, "确认", "Confirm"), exact=True)).to_have_count(0)


def word(tag: str, zh: str, en: str) -> str:
    return {"zh-Hans": zh, "en": en}[tag]
