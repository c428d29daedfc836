"""A tenant crowded with open tasks: rows put in by bare statements of the database, the same on both stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, text

from dougong.platform.engines import driver_url

from ._scene import set_up

_EACH = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
_ID = "substr(CAST(100000000 + i AS VARCHAR), 2)"
_AT = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S.000Z', 1767225600 + i, 'unixepoch')",
    "postgresql": "to_char(to_timestamp(1767225600 + i) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.000\"Z\"')",
}
_WHOSE = "CASE WHEN i <= :mine THEN 'person:' || :member ELSE 'person:' || (i % 1000) END"
_TICKETS = """
INSERT INTO ticket (tenant_id, id, number, workflow_id, workflow_key, version, title, words, data, state, urgent, initiator,
                    initiator_name, handlers, live, failed, last_token, steps, started_at, updated_at)
{each}
SELECT :tenant, 'ticket-' || {id}, 'N' || {id}, :workflow, 'bench', 1, '{{"en": "t", "zh-Hans": "t"}}', ' n' || {id}, '{{}}',
       'running', false, {whose}, 'other', '{{}}', 1, 0, 1, 0, {at}, {at} FROM n
"""
_INVOLVED = """
INSERT INTO involved (tenant_id, ticket_id, principal, part, at)
{each}
SELECT :tenant, 'ticket-' || {id}, {whose}, :part, {at} FROM n {some}
"""
_TASKS = """
INSERT INTO task (tenant_id, id, ticket_id, token, node, title, state, revision, customer, assignee_id, opened_at, done_at,
                  done_by)
{each}
SELECT :tenant, :state || '-' || {id}, 'ticket-' || {id}, 1, 'work', '{{"en": "w", "zh-Hans": "w"}}', :state, 1, false,
       CASE WHEN i <= :mine THEN :member WHEN i % 2 = 1 THEN CAST(i % 1000 AS VARCHAR) END, {at},
       CASE WHEN :state = 'done' THEN {at} END, CASE WHEN :state = 'done' THEN {whose} END FROM n {some}
"""
_CANDIDATES = """
INSERT INTO candidate (tenant_id, task_id, principal)
{each}
SELECT :tenant, 'open-' || {id},
       CASE WHEN i > :many - 2 * :mine THEN 'admins' WHEN i % 2 = 1 THEN {whose} ELSE 'role:others' END FROM n
"""


_SOME = "WHERE i <= :mine OR i % 10 = 0"
_SWIFT = ("PRAGMA cache_size = -500000", "PRAGMA synchronous = OFF")


def crowded(home: Path, many: int, mine: int, config: dict[str, Any]) -> Flask:
    """So many tickets with an open task each; a tenth as many tasks are done and tickets copied. Of each, so many are of the
    one person there is: filed by him, copied to him, his to do, done by him, and for him to claim. `config`: of the store.
    """
    app, tenant_id = set_up(home, WTF_CSRF_ENABLED=False, **config)
    with _owner(config.get("DATABASE_OWNER_URL") or f"sqlite:///{home}/dougong.db") as connection:
        if config:
            connection.execute(text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": tenant_id})
        for order in () if config else _SWIFT:
            connection.exec_driver_sql(order)
        _fill(connection, {"tenant": tenant_id, "many": many, "mine": mine})
        connection.commit()
    counted(config)
    return app


def counted(config: dict[str, Any]) -> None:
    """PostgreSQL has looked at what there is, as it does by itself after a while. On SQLite nobody does."""
    if config:
        with _owner(config["DATABASE_OWNER_URL"]) as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


@contextmanager
def _owner(url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _fill(connection: Connection, asked: dict[str, Any]) -> None:
    known = {
        "member": connection.scalar(text("SELECT id FROM member WHERE tenant_id = :tenant"), asked),
        "workflow": connection.scalar(text("SELECT id FROM document WHERE tenant_id = :tenant AND kind = 'workflow'"), asked),
    }
    words = {"each": _EACH, "id": _ID, "whose": _WHOSE, "at": _AT[connection.dialect.name].replace(":", "\\:")}
    for statement, some, more in (
        (_TICKETS, "", {}), (_INVOLVED, "", {"part": "initiator"}), (_INVOLVED, _SOME, {"part": "copy"}),
        (_TASKS, _SOME, {"state": "done"}), (_TASKS, "", {"state": "open"}), (_CANDIDATES, "", {}),
    ):  # fmt: skip
        connection.execute(text(statement.format(**words, some=some)), {**asked, **known, **more})
