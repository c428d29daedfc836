"""A request that carries a key is done once, however often and however fast it is sent, for 24 hours.

Key, verb and answer are one transaction (`platform/whole.py`): the key is written before the verb writes anything, the answer
after it. So whatever happens to the process, either all of it was done and the answer is known, or nothing was and the same
request does it. Who comes with a key that another request is being done with waits for that one's answer.

The API's callers choose a key (`rest/idempotency.py`), the forms of the pages bring one (`sent_once`).
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from typing import Any, NamedTuple

from flask import Response, flash, g, make_response, redirect, request, url_for
from sqlalchemy import Index, Integer, String, Text, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from .messages import t
from .store import Base, TenantTable, db, in_one, moment, transaction
from .whole import present

LONGEST_KEY = 100
LONGEST_LOCATION = 300
KEPT = timedelta(hours=24)
FIELD = "form_key"


class Answered(TenantTable, Base):
    """What a request with this key asked (`hash`) and was answered."""

    __tablename__ = "api_answered"
    __table_args__ = (Index("ix_api_answered_at", "tenant_id", "at"),)

    principal: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(String(LONGEST_LOCATION), default="")
    at: Mapped[str] = mapped_column(String(24), default=moment)


class Key(NamedTuple):
    """Whose, which, and what was asked with it."""

    tenant_id: str
    principal: str
    key: str
    hash: str


class _Taken(Exception):
    """Somebody else was faster with this key."""


class _NotDone(Exception):
    """A view answered that nothing was done."""


def perform(key: Key, verb: Callable[[], Response], body: Callable[[Response], str]) -> Response | Answered:
    """What the verb answers, or what was answered before. An error is not kept. `body`: what is kept of an answer's."""
    if found := _answered(key):
        return found
    try:
        with in_one(key.tenant_id, partial(_take, key)):
            response = verb()
            if response.status_code >= 400:
                raise _NotDone
            if (whole := present()) is not None and whole.connection is not None:  # else there was nothing to be done
                _keep(key, response, body(response))
    except _NotDone:
        return response
    except _Taken:
        db.session.rollback()
        found = _answered(key)
        assert found is not None
        return found
    return response


def sent_once(back: str, code: str = "form.sent_before") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view of a form makes something: sent twice, it makes one. Who sends it again is told so (`code`) and led to what was
    made, else `back` (an endpoint)."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def once(*args: Any, **asked: Any) -> Any:
            return of_form(g.who.tenant_id, g.who.principal, url_for(back), lambda: view(*args, **asked), code)

        return once

    return declare


def of_form(tenant_id: str, principal: str, back: str, view: Callable[[], Any], code: str = "form.sent_before") -> Any:
    """The same where nobody is signed in; `back` is an address. Without its key, or filled in otherwise, it is another form."""
    given = request.form.get(FIELD, "")
    if request.method != "POST" or not given:
        return view()
    said = _said(given)
    key = Key(tenant_id, principal, f"form:{said}", said)
    found = perform(key, lambda: make_response(view()), lambda _: "")
    if not isinstance(found, Answered):
        return found
    flash(t(code))
    return redirect(found.location or back)


def _said(given: str) -> str:
    """Of the form's key, the address and what was filled in."""
    filled = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    brought = [(name, one.filename, one.content_length) for name, one in request.files.items(multi=True)]
    return hashlib.sha256(repr((given, request.full_path, filled, brought)).encode()).hexdigest()


def _answered(key: Key) -> Answered | None:
    return db.session.scalar(select(Answered).where(*_mine(key)))


def _mine(key: Key) -> tuple[Any, ...]:
    return Answered.principal == key.principal, Answered.key == key.key


def _take(key: Key) -> None:
    """Of many who try at once one does it; the others wait here, and then find it taken."""
    try:
        with transaction(key.tenant_id) as session:
            session.execute(delete(Answered).where(Answered.at < moment(datetime.now(UTC) - KEPT)))
            session.add(Answered(principal=key.principal, key=key.key, hash=key.hash))
    except IntegrityError:
        raise _Taken from None


def _short(response: Response) -> str:
    location = response.headers.get("Location", "")
    return location if len(location) <= LONGEST_LOCATION else ""


def _keep(key: Key, response: Response, body: str) -> None:
    values = {"status": response.status_code, "body": body, "location": _short(response)}
    with transaction(key.tenant_id) as session:
        session.execute(update(Answered).where(*_mine(key)).values(**values))
