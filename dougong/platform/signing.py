"""Signed messages between systems, as standardwebhooks.com describes them: out and in alike, so that its libraries fit.

Three headers: webhook-id, webhook-timestamp (seconds), webhook-signature ("v1,<base64>" of HMAC-SHA256 over
"id.timestamp.body"; several between spaces while a secret is being replaced). A secret is "whsec_" and base64.
"""

import base64
import binascii
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Final

WINDOW_SECONDS: Final = 300
LONGEST_ID: Final = 100
_PREFIX: Final = "whsec_"


class NotSigned(Exception):
    """A message that is not to be believed. `code` is of the catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, message_id: str, body: bytes, at: int | None = None) -> dict[str, str]:
    stamp = str(int(time.time()) if at is None else at)
    signature = f"v1,{_signature(secret, message_id, stamp, body)}"
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature}


def verified(secret: str, given: Mapping[str, str], body: bytes) -> str:
    """The id of a message that who holds the secret has signed within the last five minutes. Raises NotSigned."""
    found = {name.lower(): value for name, value in given.items()}
    message_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    if not 0 < len(message_id) <= LONGEST_ID or not message_id.isascii() or not message_id.isprintable():
        raise NotSigned("hook.no_id")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        raise NotSigned("hook.no_time")
    if abs(time.time() - int(stamp)) > WINDOW_SECONDS:
        raise NotSigned("hook.wrong_time")
    wanted = _signature(secret, message_id, stamp, body).encode()
    offered = [
        one.removeprefix("v1,").encode() for one in found.get("webhook-signature", "")[:2000].split() if one[:3] == "v1,"
    ]
    if not any(hmac.compare_digest(wanted, one) for one in offered):
        raise NotSigned("hook.wrong_signature")
    return message_id


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = secret.encode()
    return base64.b64encode(hmac.digest(key, f"{message_id}.{stamp}.".encode() + body, "sha256")).decode()
