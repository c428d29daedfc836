"""POST with an Idempotency-Key is done once: the same request again is answered with what was answered first, for 24 hours."""

import hashlib
from collections.abc import Callable

from flask import Response, g, request

from ..once import LONGEST_KEY, Answered, Key, perform
from .errors import ApiError, Detail

HEADER = "Idempotency-Key"


def once(verb: Callable[[], Response]) -> Response:
    key = request.headers.get(HEADER)
    if key is None:
        return verb()
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise ApiError(422, "api.422", details=[Detail("api.idempotency_key", HEADER, {"limit": LONGEST_KEY})])
    asked = _asked()
    found = perform(Key(g.who.tenant_id, g.who.principal, key, asked), verb, lambda response: response.get_data(as_text=True))
    return _again(found, asked) if isinstance(found, Answered) else found


def _asked() -> str:
    """Of the method, the address and the body, byte by byte."""
    head = f"{request.method} {request.full_path} {request.mimetype}\n".encode()
    return hashlib.sha256(head + request.get_data()).hexdigest()


def _again(found: Answered, asked: str) -> Response:
    if found.hash != asked:
        raise ApiError(422, "api.idempotency_reused")
    response = Response(found.body, found.status, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if found.location:
        response.headers["Location"] = found.location
    return response
