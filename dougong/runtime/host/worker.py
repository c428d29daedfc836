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
from collections.abc import Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from dougong.platform import jobs, letters
from dougong.platform.channels import NotYet
from dougong.platform.engines import Driver
from dougong.platform.organisation import reason
from dougong.platform.outbound import CallFailed
from dougong.platform.store import driver_of, enter_tenant, transaction
from dougong.platform.wakeups import MAX_ATTEMPTS, PLATFORM, claim, pause

from . import calling, children, outbox, schedules, stopped, waking, writing
from .effects import AFTER, Call
from .outbox import Errand
from .settlement import cutting

IDLE_SECONDS = 0.5

AFTER.update(  # not among the effects: they need the verbs, and those need the effects
    {
        "timer": waking.wake,
        "child": children.begin,
        "end_child": children.end,
        "begun": children.begun,
        "returned": children.tell,
        "call": calling.prepare,
        "write_record": writing.perform,
        "give_back": writing.perform,
    }
)

log = logging.getLogger(__name__)


def run(app: Flask, stop: threading.Event) -> None:
    """Until told to stop; then what has been begun is finished."""

    def perform_batch(tenant_id: str, batch: list[tuple[str, int]]) -> None:
        with app.app_context():
            perform_all(tenant_id, batch)

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
    for batch in jobs.jobs_of(found):
        perform_all(batch[0].tenant_id, [(due.effect_id, due.attempt) for due in batch])
    return len(found)


def perform_all(tenant_id: str, batch: Sequence[tuple[str, int]]) -> None:
    """Effects of one tenant, with the attempt of each: in one commit if all stay within our database, else one by one."""
    if len(batch) == 1 or tenant_id == PLATFORM or not _together(tenant_id, batch):
        for effect_id, attempt in batch:
            perform(tenant_id, effect_id, attempt)


def _together(tenant_id: str, batch: Sequence[tuple[str, int]]) -> bool:
    """All of them or none: where one fails, or calls outside, nothing has happened yet."""
    try:
        with current_app.app_context():
            enter_tenant(tenant_id)
            with transaction(tenant_id) as session:
                left = dict(batch)
                outbox.hold(driver_of(session), tenant_id, left)
                while left:
                    _do_round(session, _due(session, tenant_id, left))
    except _Outside:
        return False
    except Exception:
        log.info("a batch of tenant %s is done one by one", tenant_id, exc_info=True)
        return False
    return True


class _Outside(Exception):
    """One of a batch makes a call: that is never made within a transaction."""


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
        driver = driver_of(session)
        outbox.hold(driver, tenant_id, [effect_id])
        for errand in _due(session, tenant_id, {effect_id: attempt}):
            call = AFTER[errand.kind](session, errand)
            errand.attempts += 1
            if call is not None:
                outbox.begun(driver, errand, patience)
                return call
            outbox.done(driver, errand)
        return cutting.begin(session, effect_id, attempt, patience)


def _do_round(session: Session, errands: Sequence[Errand]) -> None:
    driver = driver_of(session)
    for errand in driver.apart(errands):
        if AFTER[errand.kind](session, errand) is not None:
            raise _Outside
        errand.attempts += 1
    outbox.done(driver, *errands)


def _due(session: Session, tenant_id: str, left: dict[str, int]) -> list[Errand]:
    """Those that are to be done now, no two of one ticket: what the first does may be the end of the second, which is left."""
    driver, due = driver_of(session), dict[str, Errand]()
    found = outbox.find_all(driver, tenant_id, left)
    for effect_id, attempt in tuple(left.items()):
        errand = found.get(effect_id)
        if errand is not None and errand.ticket_id in due:
            continue
        del left[effect_id]
        if errand is None and (schedules.wake(session, effect_id) or cutting.waits(session, effect_id)):
            continue
        if errand is None or errand.state not in outbox.OPEN:
            outbox.asleep(driver, tenant_id, effect_id)
        elif errand.attempts == attempt:
            due[errand.ticket_id] = errand
    return list(due.values())


def _finish(tenant_id: str, effect_id: str, attempt: int) -> None:
    with transaction(tenant_id) as session:
        driver = driver_of(session)
        if errand := _still(driver, tenant_id, effect_id, attempt + 1):
            outbox.done(driver, errand)


def _wait(tenant_id: str, effect_id: str, attempt: int, seconds: int) -> None:
    """Not its turn, which is no failure."""
    with transaction(tenant_id) as session:
        driver = driver_of(session)
        if errand := _still(driver, tenant_id, effect_id, attempt):
            outbox.wake_again(driver, errand, seconds)


def _postpone(tenant_id: str, effect_id: str, attempt: int, error: str) -> None:
    with transaction(tenant_id) as session:
        driver = driver_of(session)
        if errand := _still(driver, tenant_id, effect_id, attempt, attempt + 1):
            errand.attempts = attempt + 1
            again = pause(errand.attempts) if errand.attempts < MAX_ATTEMPTS else None
            outbox.failed(driver, errand, error, again)
            if again is None:
                stopped.given_up(session, errand)


def _still(driver: Driver, tenant_id: str, effect_id: str, *attempts: int) -> Errand | None:
    """The effect, if it is still to be done and was begun so often."""
    errand = outbox.find(driver, tenant_id, effect_id)
    return errand if errand is not None and errand.state in outbox.OPEN and errand.attempts in attempts else None
