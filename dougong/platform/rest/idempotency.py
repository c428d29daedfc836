"""POST with an Idempotency-Key is done once: the same request again is answered with what was answered first, for 24 hours.

Key, verb and answer are one transaction (`platform/whole.py`): the key is written before the verb writes anything, the answer
after it. So whatever happens to the process, either all of it was done and the answer is known, or nothing was and the same
request does it. Who comes with a key that another request is being done with waits for that one's answer.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Response, g, request
from sqlalchemy import Index, Integer, String, Text, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ..store import Base, TenantTable, db, in_one, moment, transaction
from .errors import ApiError, Detail

HEADER = "Idempotency-Key"
LONGEST_KEY = 100
KEPT = timedelta(hours=24)


class Answered(TenantTable, Base):
    """What a request with this key asked (`hash`) and was answered."""

    __tablename__ = "api_answered"
    __table_args__ = (Index("ix_api_answered_at", "tenant_id", "at"),)

    principal: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[str] = mapped_column(String(24), default=moment)


class _Taken(Exception):
    """Somebody else was faster with this key."""


class _NotDone(Exception):
    """A view answered that nothing was done."""


def once(perform: Callable[[], Response]) -> Response:
    key = request.headers.get(HEADER)
    if key is None:
        return perform()
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise ApiError(422, "api.422", details=[Detail("api.idempotency_key", HEADER, {"limit": LONGEST_KEY})])
    asked = _asked()
    if found := _answered(key):
        return _again(found, asked)
    try:
        with in_one(g.who.tenant_id, partial(_take, key, asked)):
            response = perform()
            if response.status_code >= 300:
                raise _NotDone
            _keep(key, response)
    except _NotDone:
        return response
    except _Taken:
        db.session.rollback()
        found = _answered(key)
        assert found is not None
        return _again(found, asked)
    return response


def _answered(key: str) -> Answered | None:
    return db.session.scalar(select(Answered).where(*_mine(key)))


def _asked() -> str:
    """Of the method, the address and the body, byte by byte."""
    head = f"{request.method} {request.full_path} {request.mimetype}\n".encode()
    return hashlib.sha256(head + request.get_data()).hexdigest()


def _mine(key: str) -> tuple[Any, ...]:
    return Answered.principal == g.who.principal, Answered.key == key


def _take(key: str, asked: str) -> None:
    """Of many who try at once one does it; the others wait here, and then find it taken."""
    try:
        with transaction(g.who.tenant_id) as session:
            session.execute(delete(Answered).where(Answered.at < moment(datetime.now(UTC) - KEPT)))
            session.add(Answered(principal=g.who.principal, key=key, hash=asked))
    except IntegrityError:
        raise _Taken from None


def _again(found: Answered, asked: str) -> Response:
    if found.hash != asked:
        raise ApiError(422, "api.idempotency_reused")
    response = Response(found.body, found.status, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if found.location:
        response.headers["Location"] = found.location
    return response


def _keep(key: str, response: Response) -> None:
    values = {
        "status": response.status_code,
        "body": response.get_data(as_text=True),
        "location": response.headers.get("Location", ""),
    }
    with transaction(g.who.tenant_id) as session:
        session.execute(update(Answered).where(*_mine(key)).values(**values))
