"""Many tickets at once: overdue deadlines escalated, cases taken to a new version. Against the same rows in bare commits.

CPU of a ticket, on both stores: medians, measured in turn. What is written is recorded once; bare, the same is sent to a copy
of the database on which the work began.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import update

from dougong import create_app
from dougong.builder import documents
from dougong.platform import documents as store
from dougong.platform.store import db, driver_transaction, enter_tenant, transaction
from dougong.platform.wakeups import Wakeup
from dougong.runtime.canonical import content_hash
from dougong.runtime.host import definitions, filing, migrating, worker
from tests.stores import Postgres, serving

from ._figure import Figure, Once, cpu_ms, interleaved
from ._recorded import Statements, recording, writes
from ._scene import By, publish, set_up
from ._scene import text as words
from .step import _actor

CASES = 2_000  # what one costs does not depend on how many there are
GROUP = 50
ROUNDS = 5
BAR = 3.0
PAST = "2026-01-01T00:00:00.000Z"
Prepare = Callable[[str], Any]  # for a tenant; what `Work` needs
Work = Callable[[str, Any], None]

WORKFLOW: dict[str, Any] = {
    "format": 2, "uid": "late", "kind": "workflow", "key": "late", "title": words("late"), "form": "bench",
    "nodes": [
        {"uid": "start", "type": "start", "title": words("start")},
        {
            "uid": "work", "type": "user_task", "title": words("work"),
            "config": {"who": {"by": "initiator"}, "rights": {"*": "write"}, "deadlines": [
                {"uid": "d", "when": {"after": {"amount": 1, "unit": "hours"}}, "then": "escalate", "to": {"by": "initiator"}},
            ]},
        },
        {"uid": "end", "type": "end", "title": words("end")},
    ],
    "edges": [{"uid": "e1", "source": "start", "target": "work"}, {"uid": "e2", "source": "work", "target": "end"}],
}  # fmt: skip


def figures() -> Iterator[Figure]:
    with serving() as postgres:
        for scene in SCENES:
            yield _figure("SQLite", *scene, {}, dict)
            database = postgres.created()
            yield _figure("PostgreSQL", *scene, postgres.config(database), partial(_copied, postgres, database))


def _copied(postgres: Postgres, database: str) -> dict[str, Any]:
    return postgres.config(postgres.created(database))


def _figure(
    store: str, name: str, prepare: Prepare, work: Work, config: dict[str, Any], copied: Callable[[], dict[str, Any]]
) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "begun"
        app, tenant_id = set_up(home, **config)
        with app.app_context():
            prepared = prepare(tenant_id)
        _close(app)
        again = partial(_again, home, tenant_id, copied, app.extensions["dougong_statements"])
        ours = partial(work, tenant_id, prepared)
        with recording() as asked:
            again(ours)
        bare = partial(_send, tenant_id, writes(asked))
        one, other = interleaved(lambda: again(ours), lambda: again(bare), ROUNDS)
    return Figure(f"{name}, {store} / its rows in bare commits of {GROUP} (CPU)", one / CASES, "ms", other / CASES, BAR)


def _again(home: Path, tenant_id: str, copied: Callable[[], dict[str, Any]], statements: dict[str, Any], work: Once) -> float:
    """On a copy of how things stood. `statements`: the guard has read them before, as in any process that has run a while."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(home, Path(folder) / "copy")
        app = create_app({"HOME": copy, "RATELIMIT_ENABLED": False, **copied()})
        app.extensions["dougong_statements"] = statements
        with app.app_context():
            enter_tenant(tenant_id)
            spent = cpu_ms(work, 1)
        _close(app)
    return spent


def _overdue(tenant_id: str) -> None:
    """Tickets whose deadlines have passed."""
    _file(tenant_id)
    with transaction(None) as session:
        session.execute(update(Wakeup).values(due_at=PAST))


def _work_off(tenant_id: str, _: Any) -> None:
    while worker.sweep(500):
        pass


def _outdated(tenant_id: str) -> str:
    """Tickets on a version that is not the last. The id of the migration that is to take them there."""
    workflow_id = _file(tenant_id)
    with transaction(tenant_id) as session:
        by = By(tenant_id)
        document, later = documents.get(session, workflow_id), {**WORKFLOW, "title": words("later")}
        store.save(session, by, document, document.revision, later, content_hash(later))
        documents.publish_all(session, by, [document])
    return migrating.begin(_actor(tenant_id), workflow_id, 2, {})


def _migrate(tenant_id: str, migration: str) -> None:
    actor = _actor(tenant_id)
    while migrating.batch(actor, migration).state == "running":
        pass


def _file(tenant_id: str) -> str:
    (workflow_id,) = publish(tenant_id, WORKFLOW)
    actor, document = _actor(tenant_id), definitions.workflow("late")
    assert document is not None
    for _ in range(CASES):
        filing.file(actor, document, {"note": "a"})
    return workflow_id


SCENES: Sequence[tuple[str, Prepare, Work]] = (
    ("an overdue deadline escalated", _overdue, _work_off),
    ("a case taken to a new version", _outdated, _migrate),
)


def _send(tenant_id: str, written: Statements) -> None:
    group = len(written) // CASES * GROUP
    for at in range(0, len(written), group):
        with driver_transaction(tenant_id) as driver:
            for statement, asked in written[at : at + group]:
                driver.execute(statement, asked)


def _close(*apps: Flask) -> None:
    for app in apps:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
