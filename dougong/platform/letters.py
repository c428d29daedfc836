"""Letters of the platform itself that wait for the worker: links to choose a password that was forgotten.

Whoever asks gets a row and a wake-up, whatever address he typed; whether there is such an account is looked up when the letter
is sent. So the answer is as fast for everybody, and no process that dies takes a letter with it.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import accounts, password_links
from .mail import MailFailed
from .store import Base, moment, new_id, transaction
from .wakeups import CALLS, MAX_ATTEMPTS, PLATFORM, Wakeup, pause

log = logging.getLogger(__name__)


class Letter(Base):
    """A platform table. Gone once it is sent, or once it turns out that nobody has this address."""

    __tablename__ = "letter"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(200))


def forgotten(email: str) -> None:
    letter = Letter(id=new_id(), email=email)
    with transaction(None) as session:
        session.add_all((letter, Wakeup(tenant_id=PLATFORM, effect_id=letter.id, queue=CALLS, due_at=moment())))


def send(letter_id: str, attempt: int, patience: int) -> None:
    """Once more, if it has been begun `attempt` times until now. Sent twice, it is the same letter to a mail program."""
    email = _begin(letter_id, attempt, patience)
    if email is None:
        return
    try:
        if account := accounts.by_email(email):
            password_links.send(account, password_links.FORGOTTEN, message_id=f"<{letter_id}@dougong>")
        with transaction(None) as session:
            session.execute(delete(Letter).where(Letter.id == letter_id))
            session.execute(delete(Wakeup).where(*_mine(letter_id)))
    except MailFailed:
        log.warning("a link to set a password could not be sent")
        _postpone(letter_id, attempt + 1)


def _begin(letter_id: str, attempt: int, patience: int) -> str | None:
    """The address, where the letter is there and nobody else has begun it meanwhile."""
    again = {"attempt": attempt + 1, "due_at": moment(datetime.now(UTC) + timedelta(seconds=patience))}
    with transaction(None) as session:
        if _changed(session, letter_id, attempt, again):
            letter = session.get(Letter, letter_id)
            return letter.email if letter else None
    return None


def _postpone(letter_id: str, attempt: int) -> None:
    """Later, or given up until the operator has it tried once more."""
    later = moment(datetime.now(UTC) + timedelta(seconds=pause(attempt))) if attempt < MAX_ATTEMPTS else None
    with transaction(None) as session:
        _changed(session, letter_id, attempt, {"due_at": later})


def _changed(session: Session, letter_id: str, attempt: int, values: dict[str, Any]) -> bool:
    wanted = update(Wakeup).where(*_mine(letter_id), Wakeup.attempt == attempt).values(**values)
    return session.execute(wanted.returning(Wakeup.effect_id)).first() is not None


def _mine(letter_id: str) -> tuple[Any, ...]:
    return Wakeup.tenant_id == PLATFORM, Wakeup.effect_id == letter_id
