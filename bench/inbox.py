"""The inbox with 1,000,000 open tasks in the tenant against 100, of which as many are mine: the whole page, warm. CPU.

Both on SQLite; the rows are put in by bare statements. Half of the pages is 我的待办, half 待认领.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from dougong.platform.store import db

from ._figure import Figure, Once, cpu_ms, interleaved
from ._scene import EMAIL, PASSWORD, set_up

MANY, FEW, MINE = 1_000_000, 100, 50
PAGES = 20
BAR = 2.0

_TICKETS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
INSERT INTO ticket (tenant_id, id, number, workflow_id, workflow_key, version, title, data, state, urgent, initiator,
                    initiator_name, handlers, live, failed, last_token, steps, started_at, updated_at)
SELECT :tenant, printf('ticket-%08d', i), printf('N%08d', i), :workflow, 'bench', 1, '{"en":"t","zh-Hans":"t"}', '{}',
       'running', 0, 'person:other', 'other', '{}', 1, 0, 1, 0, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n
"""
_TASKS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
INSERT INTO task (tenant_id, id, ticket_id, token, node, title, state, revision, customer, assignee_id, opened_at)
SELECT :tenant, printf('task-%08d', i), printf('ticket-%08d', i), 1, 'work', '{"en":"w","zh-Hans":"w"}', 'open', 1, 0,
       CASE WHEN i <= :mine THEN :member WHEN i % 2 THEN 'other' END,
       strftime('%Y-%m-%dT%H:%M:%S.000Z', 1767225600 + i, 'unixepoch') FROM n
"""
_CANDIDATES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
INSERT INTO candidate (tenant_id, task_id, principal)
SELECT :tenant, printf('task-%08d', i),
       CASE WHEN i <= :mine THEN 'person:' || :member WHEN i > :many - :mine THEN 'admins' ELSE 'role:others' END FROM n
"""


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        many, few = (_filled(Path(folder) / name, rows) for name, rows in (("many", MANY), ("few", FEW)))
        one, other = interleaved(lambda: cpu_ms(_pages(many), PAGES), lambda: cpu_ms(_pages(few), PAGES))
        for client in (many, few):
            with client.application.app_context():
                for engine in db.engines.values():
                    engine.dispose()
    yield Figure(f"inbox page with {MANY:,} open tasks / with {FEW} (CPU, SQLite)", one, "ms", other, BAR)


def _filled(home: Path, rows: int) -> FlaskClient:
    app, tenant_id = set_up(home, WTF_CSRF_ENABLED=False)
    connection = sqlite3.connect(home / "dougong.db", isolation_level=None)
    asked = _asked(connection, tenant_id) | {"many": rows, "mine": MINE}
    connection.execute("BEGIN")
    for statement in (_TICKETS, _TASKS, _CANDIDATES):
        connection.execute(statement, asked)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
    return _signed_in(app)


def _asked(connection: Any, tenant_id: str) -> dict[str, Any]:
    (member,) = connection.execute("SELECT id FROM member").fetchone()
    (workflow,) = connection.execute("SELECT id FROM document WHERE kind = 'workflow'").fetchone()
    return {"tenant": tenant_id, "member": member, "workflow": workflow}


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 302
    return client


def _pages(client: FlaskClient) -> Once:
    tabs = iter(("todo", "queue") * PAGES)

    def once() -> None:
        answer = client.get(f"/t/bench/inbox?tab={next(tabs)}")
        assert answer.status_code == 200 and answer.text.count("N0") >= 20, answer.status_code

    return once
