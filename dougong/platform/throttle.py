"""How often something may be tried: counted in the database, so that all processes count together.

A count is kept under a hash of what it is for, whether or not there is such an account: who tries learns nothing.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import current_app
from sqlalchemy import Integer, String, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from .store import Base, moment, transaction

# purpose: how many tries within how many minutes
LIMITS: Final[dict[str, tuple[int, int]]] = {
    "account": (10, 15),
    "address": (100, 15),
    "factor": (5, 15),
    "reset": (3, 60),
    "reset_address": (30, 60),
}


class Attempt(Base):
    """A platform table: the tries of one purpose by or for one account or address, since when."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[str] = mapped_column(String(24), index=True)
    count: Mapped[int] = mapped_column(Integer)


def count(purpose: str, who: str) -> int:
    """One try more. The minutes to wait, where it is one too many; 0 where it may be made.

    It is counted before it is made, so that many at once cannot all be the first.
    """
    most, minutes = LIMITS[purpose]
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return 0
    now = datetime.now(UTC)
    begun = moment(now - timedelta(minutes=minutes))
    with transaction(None) as session:
        insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(Attempt)
        over = (Attempt.since <= begun) | (Attempt.since > moment(now))  # or the clock was put back since
        again = {"count": case((over, 1), else_=Attempt.count + 1), "since": case((over, moment(now)), else_=Attempt.since)}
        made = insert.values(key=_key(purpose, who), since=moment(now), count=1)
        made = made.on_conflict_do_update(index_elements=["key"], set_=again)
        since, found = session.execute(made.returning(Attempt.since, Attempt.count)).one()
    if found <= most:
        return 0
    ends = datetime.fromisoformat(since) + timedelta(minutes=minutes)
    return max(1, -(-int((ends - now).total_seconds()) // 60))


def forget(purpose: str, who: str) -> None:
    """After a success; what has run out goes with it."""
    old = moment(datetime.now(UTC) - timedelta(minutes=max(minutes for _, minutes in LIMITS.values())))
    with transaction(None) as session:
        session.execute(delete(Attempt).where((Attempt.key == _key(purpose, who)) | (Attempt.since < old)))


def give_back(purpose: str, who: str) -> None:
    """A try that succeeded does not count: many people sign in from one address."""
    with transaction(None) as session:
        mine = update(Attempt).where(Attempt.key == _key(purpose, who), Attempt.count > 0)
        session.execute(mine.values(count=Attempt.count - 1))


def _key(purpose: str, who: str) -> str:
    return hashlib.sha256(f"{purpose}\n{who}".encode()).hexdigest()
