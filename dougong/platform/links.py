"""Signed links for people outside: one purpose each, with an end. They carry ids, never rights."""

from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

DAY = 24 * 3600
LIFE = {"file": 365 * DAY, "follow": 90 * DAY, "factor": 600, "password": DAY, "invitation": 7 * DAY, "hook": 3650 * DAY}


def sign(purpose: str, **ids: str) -> str:
    return _signer(purpose).dumps(ids)


def opened(purpose: str, token: str) -> dict[str, Any] | None:
    """What a link carries; None where it was changed, is for another purpose, or has run out."""
    try:
        found: dict[str, Any] = _signer(purpose).loads(token, max_age=LIFE[purpose])
    except BadSignature:
        return None
    return found


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for people elsewhere: its origin is the operator's word (PUBLIC_URL), never a request's."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + path


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"link:{purpose}")
