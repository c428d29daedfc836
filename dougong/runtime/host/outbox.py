"""The rows of the outbox, for the worker: what waits there, that it is done, that somebody is woken for it again.

Through the driver, as the rows of a step: an ORM here costs several times the effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dougong.platform.engines import Driver
from dougong.platform.store import loads, moment

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


_FIND = "SELECT ticket_id, token, kind, args, state, attempts FROM effect WHERE tenant_id = :tenant AND id = :id"
_MARK = "UPDATE effect SET state = :state, attempts = :attempts WHERE tenant_id = :tenant AND id = :id"
_FAILED = "UPDATE effect SET state = :state, attempts = :attempts, error = :error WHERE tenant_id = :tenant AND id = :id"
_ASLEEP = "DELETE FROM wakeup WHERE tenant_id = :tenant AND effect_id = :id"
_AGAIN = "UPDATE wakeup SET due_at = :due, attempt = :attempts WHERE tenant_id = :tenant AND effect_id = :id"

_HOLD_ALL = """
SELECT id FROM ticket WHERE tenant_id = :tenant AND id IN (
  SELECT ticket_id FROM effect WHERE tenant_id = :tenant AND id IN ({})
) ORDER BY id FOR NO KEY UPDATE
"""


def find(driver: Driver, tenant: str, effect_id: str) -> Errand | None:
    row = driver.execute(_FIND, {"tenant": tenant, "id": effect_id}).fetchone()
    return Errand(tenant, effect_id, row[0], row[1], row[2], loads(row[3]), row[4], row[5]) if row else None


def held(driver: Driver, tenant: str, effect_id: str) -> Errand | None:
    """The same. A timer is read once its ticket is held: the step that would cancel it goes first, or waits."""
    found = find(driver, tenant, effect_id)
    if found is None or found.token is None or not driver.locks_rows or found.ticket_id in driver.held:
        return found
    sql.hold(driver, tenant, ticket=found.ticket_id)
    return find(driver, tenant, effect_id)


def hold_all(driver: Driver, tenant: str, effect_ids: Sequence[str]) -> None:
    """Hold the tickets of all of them, always in the same order, before any of it is done: nobody waits in a circle."""
    if driver.locks_rows:
        names = {f"id_{index}": effect_id for index, effect_id in enumerate(effect_ids)}
        rows = driver.execute(_HOLD_ALL.format(", ".join(f":{name}" for name in names)), {"tenant": tenant, **names})
        driver.held.update(ticket_id for (ticket_id,) in rows)


def done(driver: Driver, errand: Errand) -> None:
    driver.execute(_MARK, {**_of(errand), "state": "done", "attempts": errand.attempts})
    asleep(driver, errand.tenant_id, errand.id)


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


def _of(errand: Errand) -> dict[str, Any]:
    return {"tenant": errand.tenant_id, "id": errand.id}
