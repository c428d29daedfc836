"""A second factor, enrolled by its owner and asked for at the next sign-in; a lost device is signed out from afar."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
from playwright.sync_api import Page, expect

from dougong import demo
from tests.e2e.languages import mainly

FRANK = "frank@acme.example"


def show_password(person: Any) -> Page:
    page: Page = person.go("/sign-in")
    page.locator("[name=email]").fill(FRANK)
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.locator("button.primary").click()
    return page


@mainly("en")
def test_a_second_factor_is_enrolled_and_asked_for(
    somebody: Callable[..., Any], shot: Callable[..., None], language: str
) -> None:
    first = somebody(language=language)
    page = first.sign_in("frank").go("/account")
    page.locator("#factor a.button").click()
    page.locator("summary").click()
    secret = page.locator(".enrol-secret").inner_text().replace(" ", "")
    assert page.locator(".enrol-code svg").is_visible()
    shot(page, f"{language}/sign-in-enrol")
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.locator("button.primary").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.locator("a.primary").click()
    expect(page.locator("#factor .tag.good")).to_be_visible()

    phone = somebody(language=language, width=390)
    small = show_password(phone)
    small.wait_for_url("**/sign-in/code*")
    small.locator("[name=code]").fill("000000")
    small.locator("button.primary").click()
    expect(small.locator(".error")).to_be_visible()
    shot(small, f"{language}/sign-in-code")
    small.locator("[name=code]").fill(codes[0])
    small.locator("button.primary").click()
    small.wait_for_url("**/inbox*")

    page.reload()
    expect(page.locator(".devices li")).to_have_count(2)
    shot(page, f"{language}/account", full_page=True)
    page.locator(".devices form button").click()
    expect(page.locator(".devices li")).to_have_count(1)
    phone.go("/account")
    expect(small).to_have_url(re.compile(r"/sign-in\?next=/account$"))

    page.locator("[name=factor_password]").fill(demo.PASSWORD)
    page.locator("button[formaction]").click()
    expect(page.locator("#factor a.button")).to_be_visible()
