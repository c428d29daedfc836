"""Whom to wake, and when: rows without content outside the walls, one for everything that still has to be done.

A wake-up is written in the transaction that brings the work, stays as long as the work waits, and goes in the transaction that
does it. So whatever happens to a worker or to the jobs engine, what has not been done is found again at `due_at`. What the work
is stands in the tenant's own row of the same id, which is read again, and decides, in the transaction that acts.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Index, Integer, String, case, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from .store import Base, moment

EFFECTS: Final = "effects"  # within our database, and quick
CALLS: Final = "calls"  # to the world outside, and as slow as that is
FILES: Final = "files"  # within our database, and for minutes
PLATFORM: Final = "platform"  # in the place of a tenant: what is nobody's but our own (`letters.py`)
MAX_ATTEMPTS: Final = 8
LONGEST_PAUSE: Final = 3600


class Wakeup(Base):
    """`tenant_id`: whose it is, or PLATFORM. `due_at`: when somebody has to look again; None for a dead letter, which waits for
    a person.

    `attempt` is the fence: work is begun only by who knows how often it was begun before. `since`: when it should have been
    done.
    """

    __tablename__ = "wakeup"
    __table_args__ = (Index("ix_wakeup_due_at", "due_at"),)

    tenant_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    effect_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    queue: Mapped[str] = mapped_column(String(10), default=EFFECTS)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[str] = mapped_column(String(24), default=moment)
    due_at: Mapped[str | None] = mapped_column(String(24))


class Due(NamedTuple):
    """Something to be done, as it is handed over to a worker."""

    tenant_id: str
    effect_id: str
    attempt: int
    queue: str


CLAIM = """
UPDATE wakeup SET due_at = :later WHERE (tenant_id, effect_id) IN (
  SELECT tenant_id, effect_id FROM wakeup WHERE due_at <= :now ORDER BY due_at LIMIT :most {lock}
) RETURNING tenant_id, effect_id, attempt, queue
"""


def claim(connection: Connection, until: timedelta, most: int) -> list[Due]:
    """What has been due longest, in the order in which it came. Nobody else finds it before `until` has passed.

    Of what is due at the same moment whichever is found: to put 100,000 in order for 500 of them costs more than to do these.
    """
    now = datetime.now(UTC)
    if connection.scalar(select(Wakeup.tenant_id).where(Wakeup.due_at <= moment(now)).limit(1)) is None:
        return []  # looked first: whoever writes on SQLite waits for every other writer
    lock = "FOR UPDATE SKIP LOCKED" if connection.dialect.name == "postgresql" else ""
    asked = {"now": moment(now), "later": moment(now + until), "most": most}
    found = connection.execute(text(CLAIM.format(lock=lock)), asked)
    return sorted((Due(*row) for row in found), key=lambda due: due.effect_id)


def put_back(connection: Connection, then: str, now: datetime, most: timedelta) -> None:
    """The clock said `then` already. What was due by it waits no longer than it would have; timers wait for their time."""
    early, late = moment(now), moment(now + most)
    mine = update(Wakeup).where(Wakeup.since <= then, Wakeup.due_at > early)
    connection.execute(mine.where(Wakeup.attempt == 0).values(due_at=early))
    connection.execute(mine.where(Wakeup.attempt > 0, Wakeup.due_at > late).values(due_at=late))


def pause(attempts: int) -> float:
    """Seconds until the next try: four times as long each time, and never the same for two that failed together."""
    return min(4.0**attempts, LONGEST_PAUSE) * random.uniform(0.75, 1.25)  # noqa: S311 no secret depends on it


def replay(session: Session, tenant_id: str | None = None, effect_id: str | None = None) -> int:
    """Dead letters are tried once more: all, or those of a tenant, or one. How many there were."""
    dead = update(Wakeup).where(Wakeup.due_at.is_(None)).values(due_at=moment())
    if tenant_id is not None:
        dead = dead.where(Wakeup.tenant_id == tenant_id)
    if effect_id is not None:
        dead = dead.where(Wakeup.effect_id == effect_id)
    found: Any = session.execute(dead)
    return int(found.rowcount)


@dataclass(frozen=True)
class Backlog:
    """What one tenant has in one queue: how much waits, how much of it has failed before, how much is dead, and since when."""

    tenant_id: str
    queue: str
    waiting: int
    failing: int
    dead: int
    oldest: str | None  # of what waits


def backlog(session: Session, tenant_id: str | None = None) -> list[Backlog]:
    """What should have been done by now, by tenant and queue: of all tenants, or of one."""
    dead = Wakeup.due_at.is_(None)
    wanted = (
        select(
            Wakeup.tenant_id,
            Wakeup.queue,
            func.sum(case((dead, 0), else_=1)),
            func.sum(case((dead, 0), (Wakeup.attempt > 0, 1), else_=0)),
            func.sum(case((dead, 1), else_=0)),
            func.min(case((dead, None), else_=Wakeup.since)),
        )
        .where(Wakeup.since <= moment())
        .group_by(Wakeup.tenant_id, Wakeup.queue)
        .order_by(Wakeup.tenant_id, Wakeup.queue)
    )
    if tenant_id is not None:
        wanted = wanted.where(Wakeup.tenant_id == tenant_id)
    return [Backlog(*row) for row in session.execute(wanted)]
