"""Sessions on the server: the browser holds a random id in its signed cookie, the table says whose it is and until when.

A session ends when it is signed out of, ended from another device, not used for SESSION_IDLE_HOURS, or SESSION_LIFE_HOURS
after it began. The table keeps a hash of the id, so that whoever reads it cannot take a session over.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import current_app, request
from flask import session as cookie
from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from .engines import Driver
from .store import Base, db, moment, transaction

NOTED = timedelta(minutes=5)  # `seen_at` is written no more often than this
KEPT = ("language",)  # what a browser keeps when somebody signs in or out


class BrowserSession(Base):
    """A platform table: a browser in which an account is signed in."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[str] = mapped_column(String(24))
    seen_at: Mapped[str] = mapped_column(String(24))
    expires_at: Mapped[str] = mapped_column(String(24), index=True)
    agent: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(45))


class SignedIn(NamedTuple):
    """The account behind a session, as every request reads it: by one bare statement, since it stands before everything."""

    id: str
    email: str
    name: str
    operator: bool
    session_id: str
    seen_at: str


_SIGNED_IN = """
SELECT account.id, account.email, account.name, account.operator, session.id, session.seen_at
FROM session JOIN account ON account.id = session.account_id
WHERE session.id = :id AND session.expires_at > :now AND session.seen_at > :idle
"""


def begin(account_id: str) -> None:
    """This browser is that account's from now on, under a new id; what it carried before is dropped, its form tokens too."""
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with transaction(None) as session:
        session.execute(delete(BrowserSession).where(BrowserSession.expires_at < moment(now)))
        session.add(
            BrowserSession(
                id=_hash(secret),
                account_id=account_id,
                created_at=moment(now),
                seen_at=moment(now),
                expires_at=moment(now + timedelta(hours=current_app.config["SESSION_LIFE_HOURS"])),
                agent=request.user_agent.string[:300],
                address=(request.remote_addr or "")[:45],
            )
        )
    _empty_cookie()
    cookie["id"] = secret


def leave(session_id: str) -> None:
    end(session_id)
    _empty_cookie()


def brought() -> bool:
    """Does this request come with a session, in force or not?"""
    return isinstance(cookie.get("id"), str)


def signed_in(reading: Driver) -> SignedIn | None:
    """Whose session this is that was brought."""
    now = datetime.now(UTC)
    row = reading.execute(_SIGNED_IN, {"id": _hash(cookie["id"]), "now": moment(now), "idle": _idle(now)}).fetchone()
    if row is None:
        return None
    found = SignedIn(*row)
    if found.seen_at < moment(now - NOTED):
        _note(found.session_id, moment(now))
    return found


def of_account(account_id: str) -> Sequence[BrowserSession]:
    """Those in force, the last used first."""
    now = datetime.now(UTC)
    mine = select(BrowserSession).where(BrowserSession.account_id == account_id, BrowserSession.expires_at > moment(now))
    return db.session.scalars(mine.where(BrowserSession.seen_at > _idle(now)).order_by(BrowserSession.seen_at.desc())).all()


def end(session_id: str, account_id: str | None = None) -> bool:
    """Whether there was one: of this account, where one is named."""
    ended = delete(BrowserSession).where(BrowserSession.id == session_id)
    if account_id is not None:
        ended = ended.where(BrowserSession.account_id == account_id)
    with transaction(None) as session:
        return bool(session.execute(ended.returning(BrowserSession.id)).first())


def end_all(session: Session, account_id: str, but: str | None = None) -> int:
    """All of an account, within somebody's transaction; `but` is the one that stays. How many."""
    ended = delete(BrowserSession).where(BrowserSession.account_id == account_id, BrowserSession.id != (but or ""))
    return len(session.execute(ended.returning(BrowserSession.id)).all())


def _idle(now: datetime) -> str:
    """Whoever was last seen before that has been away too long."""
    return moment(now - timedelta(hours=current_app.config["SESSION_IDLE_HOURS"]))


def _note(session_id: str, now: str) -> None:
    with transaction(None) as session:
        session.execute(update(BrowserSession).where(BrowserSession.id == session_id).values(seen_at=now))


def _empty_cookie() -> None:
    kept = {name: cookie[name] for name in KEPT if name in cookie}
    cookie.clear()
    cookie.update(kept)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
