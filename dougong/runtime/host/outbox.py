"""The rows of the outbox, for the worker: what waits there, that it is done, that somebody is woken for it again.

Through the driver, as the rows of a step: an ORM here costs several times the effect.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dougong.platform.engines import Driver
from dougong.platform.jobs import BATCH
from dougong.platform.store import loads, moment
from dougong.platform.wakeups import EFFECTS

from . import sql

OPEN: Final = ("todo", "dead")  # a dead letter that is due again is tried once more


@dataclass
class Errand:
    """An effect as it waits. `token`: a timer's, which is void once that has moved on. `attempts`: how often it was begun."""

    tenant_id: str
    id: str
    ticket_id: str
    token: int | None
    kind: str
    args: dict[str, Any]
    state: str
    attempts: int


AT_ONCE: Final = BATCH[EFFECTS]
_THESE = f"IN ({', '.join(f':id_{index}' for index in range(AT_ONCE))})"
_READ = "SELECT id, ticket_id, token, kind, args, state, attempts FROM effect WHERE tenant_id = :tenant AND id "
_FIND = f"{_READ} = :id"
_FIND_ALL = f"{_READ} {_THESE}"
_TIMED = f"{sql.TIMED} {_THESE}"
_HOLD = f"""
SELECT id FROM ticket WHERE tenant_id = :tenant AND id IN (
  SELECT ticket_id FROM effect WHERE tenant_id = :tenant AND id {_THESE}
) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 (our own words)
_MARK = "UPDATE effect SET state = :state, attempts = :attempts WHERE tenant_id = :tenant AND id = :id"
_FAILED = "UPDATE effect SET state = :state, attempts = :attempts, error = :error WHERE tenant_id = :tenant AND id = :id"
_ASLEEP = "DELETE FROM wakeup WHERE tenant_id = :tenant AND effect_id = :id"
_AGAIN = "UPDATE wakeup SET due_at = :due, attempt = :attempts WHERE tenant_id = :tenant AND effect_id = :id"


def find(driver: Driver, tenant: str, effect_id: str) -> Errand | None:
    row = driver.execute(_FIND, {"tenant": tenant, "id": effect_id}).fetchone()
    return _errand(tenant, row) if row else None


def find_all(driver: Driver, tenant: str, effect_ids: Iterable[str]) -> dict[str, Errand]:
    """By id, at most AT_ONCE of different tickets; of timers, their tickets and tokens are read ahead."""
    these = _these(tenant, effect_ids)
    sql.read_ahead(driver, _TIMED, these)
    return {row[0]: _errand(tenant, row) for row in driver.execute(_FIND_ALL, these).fetchall()}


def hold(driver: Driver, tenant: str, effect_ids: Iterable[str]) -> None:
    """Hold the tickets of all of them, always in the same order, before any of it is read or done: nobody waits in a circle,
    and a step that would cancel a timer goes first, or waits."""
    if driver.locks_rows:
        rows = driver.execute(_HOLD, _these(tenant, effect_ids))
        driver.held.update(ticket_id for (ticket_id,) in rows)


def done(driver: Driver, *errands: Errand) -> None:
    rows = [{**_of(one), "state": "done", "attempts": one.attempts} for one in errands]
    driver.every(_MARK, rows)
    driver.every(_ASLEEP, rows)


def begun(driver: Driver, errand: Errand, patience: float) -> None:
    """Somebody has so many seconds for it; after that somebody else is woken."""
    driver.execute(_MARK, {**_of(errand), "state": errand.state, "attempts": errand.attempts})
    wake_again(driver, errand, patience)


def failed(driver: Driver, errand: Errand, error: str, seconds: float | None) -> None:
    """It is tried again in so many seconds; never, if None: a dead letter."""
    state = "dead" if seconds is None else "todo"
    driver.execute(_FAILED, {**_of(errand), "state": state, "attempts": errand.attempts, "error": error[:500]})
    wake_again(driver, errand, seconds)


def wake_again(driver: Driver, errand: Errand, seconds: float | None) -> None:
    due = None if seconds is None else moment(datetime.now(UTC) + timedelta(seconds=seconds))
    driver.execute(_AGAIN, {**_of(errand), "due": due, "attempts": errand.attempts})


def asleep(driver: Driver, tenant: str, effect_id: str) -> None:
    driver.execute(_ASLEEP, {"tenant": tenant, "id": effect_id})


def _errand(tenant: str, row: Any) -> Errand:
    effect_id, ticket_id, token, kind, args, state, attempts = row
    return Errand(tenant, effect_id, ticket_id, token, kind, loads(args), state, attempts)


def _these(tenant: str, effect_ids: Iterable[str]) -> Mapping[str, str]:
    """A fixed number, so that the statement is always the same one: the last is repeated."""
    ids = list(effect_ids)
    return {"tenant": tenant} | {f"id_{index}": ids[min(index, len(ids) - 1)] for index in range(AT_ONCE)}


def _of(errand: Errand) -> dict[str, Any]:
    return {"tenant": errand.tenant_id, "id": errand.id}
