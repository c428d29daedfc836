"""POST with an Idempotency-Key is done once: the same request again is answered with what was answered first, for 24 hours.

The key is taken in a transaction of its own before the verb begins (which owns its transaction), and the answer is kept when
it has ended. What was refused is forgotten, since nothing was done. Where the process died in between, or a fault of ours came
out, nobody knows whether the verb was done: the key then says so (409), and never does it a second time.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, g, request
from sqlalchemy import Index, Integer, String, Text, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ..store import Base, TenantTable, moment, transaction
from .errors import ApiError, Detail

HEADER = "Idempotency-Key"
LONGEST_KEY = 100
KEPT = timedelta(hours=24)
TAKES_AT_MOST = timedelta(minutes=2)  # a request that has not answered by then is held to have died


class Answered(TenantTable, Base):
    """What a request with this key asked (`hash`) and was answered. `status` 0: it is being done, or its process died."""

    __tablename__ = "api_answered"
    __table_args__ = (Index("ix_api_answered_at", "tenant_id", "at"),)

    principal: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[str] = mapped_column(String(24), default=moment)


def once(perform: Callable[[], Response]) -> Response:
    key = request.headers.get(HEADER)
    if key is None:
        return perform()
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise ApiError(422, "api.422", details=[Detail("api.idempotency_key", HEADER, {"limit": LONGEST_KEY})])
    asked = _asked()
    if not _take(key, asked):
        return _again(key, asked)
    g.taken_key = key
    return perform()


def settle(response: Response) -> Response:
    """After every request: what a taken key is answered with from now on. After a fault of ours it stays taken."""
    key = g.pop("taken_key", None)
    if key is not None and response.status_code < 300:
        _keep(key, response)
    elif key is not None and response.status_code < 500:
        _forget(key)
    return response


def _asked() -> str:
    """Of the method, the address and the body, byte by byte."""
    head = f"{request.method} {request.full_path} {request.mimetype}\n".encode()
    return hashlib.sha256(head + request.get_data()).hexdigest()


def _mine(key: str) -> tuple[Any, ...]:
    return Answered.principal == g.who.principal, Answered.key == key


def _take(key: str, asked: str) -> bool:
    """Of many who try at once, one does it."""
    try:
        with transaction(g.who.tenant_id) as session:
            session.execute(delete(Answered).where(Answered.at < moment(datetime.now(UTC) - KEPT)))
            session.add(Answered(principal=g.who.principal, key=key, hash=asked))
    except IntegrityError:
        return False
    return True


def _again(key: str, asked: str) -> Response:
    with transaction(g.who.tenant_id) as session:
        row = session.scalar(select(Answered).where(*_mine(key)))
        if row is None:  # forgotten meanwhile: the other request was refused
            raise ApiError(409, "api.in_progress")
        if row.hash != asked:
            raise ApiError(422, "api.idempotency_reused")
        if row.status == 0:
            running = row.at > moment(datetime.now(UTC) - TAKES_AT_MOST)
            raise ApiError(409, "api.in_progress" if running else "api.outcome_unknown")
        response = Response(row.body, row.status, mimetype="application/json")
        response.headers["Idempotency-Replayed"] = "true"
        if row.location:
            response.headers["Location"] = row.location
        return response


def _keep(key: str, response: Response) -> None:
    values = {
        "status": response.status_code,
        "body": response.get_data(as_text=True),
        "location": response.headers.get("Location", ""),
    }
    with transaction(g.who.tenant_id) as session:
        session.execute(update(Answered).where(*_mine(key)).values(**values))


def _forget(key: str) -> None:
    with transaction(g.who.tenant_id) as session:
        session.execute(delete(Answered).where(*_mine(key)))
