"""Performs the effects that wait in the outbox, at least once each. A thread of the server, or a process of its own.

A wake-up, which has no content, says whom to wake (`platform/wakeups.py`); the jobs engine carries it to a process that is
free (`platform/jobs.py`); the effect's own row, read again in the transaction that acts, decides. A call to the world outside
is made between two transactions, never within one. Each beginning is counted, and who comes with an older count does nothing:
so a job that runs twice, because a host was thought dead, does nothing twice.

What fails is tried again, more and more slowly, and is dead after MAX_ATTEMPTS, until a person has it tried again.
"""

import json
import logging
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dougong.platform import jobs, letters
from dougong.platform.channels import NotYet
from dougong.platform.organisation import reason
from dougong.platform.outbound import CallFailed
from dougong.platform.store import driver_of, enter_tenant, moment, transaction
from dougong.platform.wakeups import MAX_ATTEMPTS, PLATFORM, Wakeup, claim, pause

from . import calling, children, schedules, sql, waking
from .effects import AFTER, Call
from .tables import EffectRow

IDLE_SECONDS = 0.5
OPEN = ("todo", "dead")  # a dead letter that is due again is tried once more

AFTER.update(  # not among the effects: they need the verbs, and those need the effects
    {
        "timer": waking.wake,
        "child": children.begin,
        "raise": children.begin,
        "returned": children.tell,
        "call": calling.prepare,
    }
)

log = logging.getLogger(__name__)


def run(app: Flask, stop: threading.Event) -> None:
    """Until told to stop; then what has been begun is finished."""

    def perform_batch(tenant_id: str, batch: Iterable[tuple[str, int]]) -> None:
        with app.app_context():
            for effect_id, attempt in batch:
                perform(tenant_id, effect_id, attempt)

    while not stop.is_set():
        try:
            with jobs.running(app, perform_batch) as engine:
                _hand_over(engine, stop)
        except Exception:
            log.exception("the jobs engine does not run")
            stop.wait(5)


def _hand_over(engine: jobs.Jobs, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            found = engine.hand_over()
        except Exception:
            log.exception("the worker could not look for effects")
            found = 0
        if not found:
            stop.wait(IDLE_SECONDS)


def sweep(limit: int = 100) -> int:
    """Perform what is due here and now, without the jobs engine. How many effects were looked at."""
    with transaction(None) as session:
        found = claim(session.connection(), jobs.HANDED_OVER, limit)
    for due in found:
        perform(due.tenant_id, due.effect_id, due.attempt)
    return len(found)


def perform(tenant_id: str, effect_id: str, attempt: int = 0) -> None:
    """Do it, if it has been begun `attempt` times until now, and neither more often nor with success."""
    patience = current_app.config["TAKE_OVER_SECONDS"]
    if tenant_id == PLATFORM:
        letters.send(effect_id, attempt, patience)
        return
    with current_app.app_context():  # with a session of its own: what is read for an effect is its tenant's
        enter_tenant(tenant_id)
        _perform(tenant_id, effect_id, attempt, patience)


def _perform(tenant_id: str, effect_id: str, attempt: int, patience: int) -> None:
    begun = time.monotonic()
    try:
        call = _begin(tenant_id, effect_id, attempt, patience)
        if call is None:
            return
        if time.monotonic() - begun > patience:
            return  # this process stood still meanwhile, and another has been told to make the call
        call()
        _finish(tenant_id, effect_id, attempt)
    except NotYet as wait:
        _wait(tenant_id, effect_id, attempt, wait.seconds)
    except CallFailed as failed:
        log.warning("effect %s of tenant %s: %s %s", effect_id, tenant_id, failed.code, failed.params)
        _postpone(tenant_id, effect_id, attempt, json.dumps(reason(failed.code, **failed.params), default=str))
    except Exception as error:
        log.exception("effect %s of tenant %s failed", effect_id, tenant_id)
        _postpone(tenant_id, effect_id, attempt, repr(error))


def _begin(tenant_id: str, effect_id: str, attempt: int, patience: int) -> Call | None:
    """Do what an effect does here. Answers the call that it makes outside, if any: no transaction may stay open for that.

    Whoever begins a call has `patience` seconds for it; after that somebody else is woken.
    """
    with transaction(tenant_id) as session:
        row = _row(session, effect_id)
        if row is not None and row.token is not None:  # a timer: the step that would cancel it goes first, or waits
            sql.hold(driver_of(session), tenant_id, ticket=row.ticket_id)
            session.refresh(row)
        if row is None and schedules.wake(session, effect_id):
            return None
        if row is None or row.state not in OPEN:
            _asleep(session, tenant_id, effect_id)
            return None
        if row.attempts != attempt:
            return None
        call = AFTER[row.kind](session, row)
        row.attempts = attempt + 1
        if call is None:
            row.state = "done"
            _asleep(session, tenant_id, effect_id)
        else:
            _wake_again(session, row, patience)
        return call


def _finish(tenant_id: str, effect_id: str, attempt: int) -> None:
    with transaction(tenant_id) as session:
        row = _row(session, effect_id)
        if row is not None and row.state in OPEN and row.attempts == attempt + 1:
            row.state = "done"
            _asleep(session, tenant_id, effect_id)


def _wait(tenant_id: str, effect_id: str, attempt: int, seconds: int) -> None:
    """Not its turn, which is no failure."""
    with transaction(tenant_id) as session:
        row = _row(session, effect_id)
        if row is not None and row.state in OPEN and row.attempts == attempt:
            _wake_again(session, row, seconds)


def _postpone(tenant_id: str, effect_id: str, attempt: int, error: str) -> None:
    with transaction(tenant_id) as session:
        row = _row(session, effect_id)
        if row is None or row.state not in OPEN or row.attempts not in (attempt, attempt + 1):
            return
        row.attempts, row.error = attempt + 1, error[:500]
        row.state = "dead" if row.attempts >= MAX_ATTEMPTS else "todo"
        _wake_again(session, row, pause(row.attempts) if row.state == "todo" else None)


def _row(session: Session, effect_id: str) -> EffectRow | None:
    return session.scalar(select(EffectRow).where(EffectRow.id == effect_id))


def _asleep(session: Session, tenant_id: str, effect_id: str) -> None:
    session.execute(delete(Wakeup).where(Wakeup.tenant_id == tenant_id, Wakeup.effect_id == effect_id))


def _wake_again(session: Session, row: EffectRow, seconds: float | None) -> None:
    due_at = None if seconds is None else moment(datetime.now(UTC) + timedelta(seconds=seconds))
    mine = (Wakeup.tenant_id == row.tenant_id, Wakeup.effect_id == row.id)
    session.execute(update(Wakeup).where(*mine).values(due_at=due_at, attempt=row.attempts))
