"""Performs the effects that wait in the outbox, at least once each. A thread of the server, or a process of its own.

It reads `wakeup`, which has no content, to learn whom to wake, then opens one transaction for a tenant and effect; the effect's
own row, read again there, decides. A call to the world outside is made between two transactions, never within one. What fails
is tried again, more and more slowly, and is dead after MAX_ATTEMPTS.
"""

import logging
import threading
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import delete, select, update

from dougong.platform.channels import NotYet
from dougong.platform.outbound import CallFailed
from dougong.platform.store import db, moment, transaction

from .effects import AFTER, Call
from .tables import EffectRow, Wakeup

MAX_ATTEMPTS = 8
LONGEST_PAUSE = 3600
IDLE_SECONDS = 0.5
LEASE_SECONDS = 120  # more than any call may take

log = logging.getLogger(__name__)


def run(app: Flask, stop: threading.Event) -> None:
    """Until told to stop."""
    while not stop.is_set():
        with app.app_context():
            try:
                busy = sweep()
            except Exception:
                log.exception("the worker could not look for effects")
                busy = 0
        if not busy:
            stop.wait(IDLE_SECONDS)


def sweep(limit: int = 100) -> int:
    """Perform what is due. How many effects were looked at."""
    due = (
        select(Wakeup.tenant_id, Wakeup.effect_id)
        .where(Wakeup.due_at <= moment())
        .order_by(Wakeup.due_at, Wakeup.effect_id)
        .limit(limit)
    )
    found = db.session.execute(due).all()
    db.session.rollback()
    for tenant_id, effect_id in found:
        perform(tenant_id, effect_id)
    return len(found)


def perform(tenant_id: str, effect_id: str) -> None:
    try:
        call = _begin(tenant_id, effect_id)
        if call is not None:
            call()
            _finish(tenant_id, effect_id)
    except NotYet as wait:
        _wait(tenant_id, effect_id, wait.seconds)
    except CallFailed as failed:
        log.warning("effect %s of tenant %s: %s %s", effect_id, tenant_id, failed.code, failed.params)
        _postpone(tenant_id, effect_id, f"{failed.code} {failed.params}")
    except Exception as error:
        log.exception("effect %s of tenant %s failed", effect_id, tenant_id)
        _postpone(tenant_id, effect_id, repr(error))


def _begin(tenant_id: str, effect_id: str) -> Call | None:
    """Do what an effect does here. Answers the call that it makes outside, if any: no transaction may stay open for that.

    While the call is made its wake-up waits `LEASE_SECONDS`, so that nobody else makes it too; who dies over it is succeeded.
    """
    now = datetime.now(UTC)
    with transaction(tenant_id) as session:
        mine = (Wakeup.tenant_id == tenant_id, Wakeup.effect_id == effect_id)
        leased = update(Wakeup).where(*mine, Wakeup.due_at <= moment(now))
        later = moment(now + timedelta(seconds=LEASE_SECONDS))
        if session.scalar(leased.values(due_at=later).returning(Wakeup.effect_id)) is None:
            return None
        row = session.scalar(select(EffectRow).where(EffectRow.id == effect_id))
        call = AFTER[row.kind](session, row) if row is not None and row.state == "todo" else None
        if call is None:
            session.execute(delete(Wakeup).where(*mine))
            if row is not None and row.state == "todo":
                row.state = "done"
        return call


def _finish(tenant_id: str, effect_id: str) -> None:
    with transaction(tenant_id) as session:
        row = session.scalars(select(EffectRow).where(EffectRow.id == effect_id)).one()
        row.state = "done"
        session.execute(delete(Wakeup).where(Wakeup.tenant_id == tenant_id, Wakeup.effect_id == effect_id))


def _wait(tenant_id: str, effect_id: str, seconds: int) -> None:
    """Not its turn, which is no failure."""
    later = moment(datetime.now(UTC) + timedelta(seconds=seconds))
    with transaction(tenant_id) as session:
        mine = (Wakeup.tenant_id == tenant_id, Wakeup.effect_id == effect_id)
        session.execute(update(Wakeup).where(*mine).values(due_at=later))


def _postpone(tenant_id: str, effect_id: str, error: str) -> None:
    with transaction(tenant_id) as session:
        row = session.scalars(select(EffectRow).where(EffectRow.id == effect_id)).one()
        row.attempts, row.error = row.attempts + 1, error[:500]
        session.execute(delete(Wakeup).where(Wakeup.tenant_id == tenant_id, Wakeup.effect_id == effect_id))
        if row.attempts >= MAX_ATTEMPTS:
            row.state = "dead"
            return
        later = datetime.now(UTC) + timedelta(seconds=min(4**row.attempts, LONGEST_PAUSE))
        session.add(Wakeup(tenant_id=tenant_id, effect_id=effect_id, due_at=moment(later)))
