"""What the pages of the front door share."""

from urllib.parse import urlsplit

from flask import Blueprint, request

from .. import accounts, oidc

front = Blueprint("front", __name__)
LONGEST = 200
front.app_template_global("providers")(oidc.providers)


def given(name: str) -> str:
    """What a form sent, without spaces around it."""
    return request.form.get(name, "").strip()[:LONGEST]


def given_email() -> str:
    return accounts.as_kept(given("email"))[:LONGEST]


def secret(name: str) -> str:
    """A password as it was typed, spaces and all."""
    return request.form.get(name, "")[:LONGEST]


def local(address: str | None) -> str | None:
    """An address of our own to return to; never another site's."""
    if not address:
        return None
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:  # a bracket that is not closed
        return None
    ours = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    return address if ours else None
