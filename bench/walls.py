"""What the walls cost: a persisted task step and a page of the inbox with them against without, on both stores. Wall time.

Without: no statement is read by the guard, and on PostgreSQL the tables have no row security. The filters stay.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from flask import Flask

from dougong.platform import store
from dougong.platform.guard import Guard, Pass
from dougong.platform.people import Member, principals_of
from dougong.platform.store import db, enter_tenant, read
from dougong.runtime.host import definitions, filing, tasks
from dougong.runtime.host.verbs import Actor, Done
from tests.stores import serving

from ._figure import Figure, Once, interleaved
from ._scene import EMAIL, PASSWORD, set_up

TIMES, ROUNDS = 60, 9
_TASK = "SELECT id, revision FROM task WHERE tenant_id = :tenant AND state = 'open'"
BAR = 1.3


class _Open(Guard):
    def read(self, statement: str) -> Pass:
        return Pass(frozenset())


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield _figure("SQLite", Path(folder), {}, {})
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        yield _figure("PostgreSQL", Path(folder), *(postgres.config(postgres.created()) for _ in range(2)))


def _figure(name: str, folder: Path, walled: dict[str, Any], bare: dict[str, Any]) -> Figure:
    with_walls = _work(*set_up(folder / "walled", WTF_CSRF_ENABLED=False, **walled))
    with patch.object(store, "guard_of", _Open):
        without = _work(*set_up(folder / "bare", WTF_CSRF_ENABLED=False, **bare))
    _open(bare)
    one, other = interleaved(lambda: _ms(with_walls), lambda: _ms(without), ROUNDS)
    return Figure(f"a task step and an inbox page with the walls / without (wall, {name})", one, "ms", other, BAR)


def _work(app: Flask, tenant_id: str) -> Once:
    client = app.test_client()
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 302
    with app.app_context():
        enter_tenant(tenant_id)
        member_id = db.session.query(Member.id).scalar()
        principals = principals_of(tenant_id, member_id, [])
        actor = Actor(tenant_id, "Asia/Shanghai", f"person:{member_id}", "bench", principals)
        document = definitions.workflow("bench")
        assert document is not None
        assert isinstance(filing.file(actor, document, {"note": "a", "amount": "1", "more": True}), Done)

    def once() -> None:
        with app.app_context():
            enter_tenant(tenant_id)
            ((task_id, revision),) = read(_TASK, tenant=tenant_id)
            tasks.submit(actor, task_id, revision, {"note": "again", "amount": "12.50", "more": True})
        assert client.get("/t/bench/inbox").status_code == 200

    return once


def _open(config: dict[str, Any]) -> None:
    """Take the rows' policies away."""
    if config:
        with psycopg.connect(config["DATABASE_OWNER_URL"], autocommit=True) as owner:
            tables = [name for (name,) in owner.execute("SELECT relname FROM pg_class WHERE relrowsecurity").fetchall()]
            for name in tables:
                owner.execute(f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY')  # type: ignore[arg-type]


def _ms(work: Once) -> float:
    begun = time.perf_counter()
    for _ in range(TIMES):
        work()
    return (time.perf_counter() - begun) / TIMES * 1000
