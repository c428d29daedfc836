"""The engines of both stores, and the bare driver connections of the hot path.

SQLite: one file, WAL; a write transaction begins IMMEDIATE, so that it waits its turn instead of failing halfway; reads begin
deferred and never wait behind a writer. PostgreSQL: writers of a tenant's administration wait for each other (an advisory lock
that ends with the transaction), a step of a ticket locks its ticket.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from .guard import Guard, Pass, TenantWall

_NAMED = re.compile(r"(?<![:\w]):(\w+)")
_ANNOUNCE = "SELECT set_config('app.tenant_id', %s, true)"
_ONE_WRITER = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
# The log is taken into the file every 16 MB, not every 4: a page that many steps write is copied once for them all.
PRAGMAS = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;
PRAGMA wal_autocheckpoint=4000;
"""


def driver_url(url: str) -> str:
    """The address with the driver that we use: postgres://… and postgresql://… mean psycopg."""
    found = make_url(url)
    if found.drivername in ("postgres", "postgresql"):
        found = found.set(drivername="postgresql+psycopg")
    return found.render_as_string(hide_password=False)


def options(url: str) -> dict[str, Any]:
    """What `create_engine` is told. Parameters have names on both stores, so that the guard finds the tenant among them.

    Many rows are one statement executed many times, not one statement as long as they are many: it is read but once. What an
    error says goes into logs: it does not quote the parameters. PostgreSQL stands on disks without heads: a page here is as
    near as one there.
    """
    found: dict[str, Any] = {"pool_size": 20, "max_overflow": 20, "use_insertmanyvalues": False, "hide_parameters": True}
    if url.startswith("sqlite"):
        return {**found, "paramstyle": "named"}
    settings = "-c jit=off -c random_page_cost=1.1 -c idle_in_transaction_session_timeout=60000"
    return {**found, "pool_pre_ping": True, "connect_args": {"options": settings}}


def hook(engine: Engine, begin: str, guard: Guard) -> None:
    """Begin as told, and let nothing through that the guard does not."""
    if engine.dialect.name == "sqlite":
        hook_sqlite(engine, begin)

    @event.listens_for(engine, "before_cursor_execute")
    def guarded(connection: Connection, cursor: Any, statement: str, asked: Any, context: Any, many: bool) -> None:
        found = guard.read(statement)
        if found.binds:
            for one in asked if many else (asked,):
                found.admit(connection.info.get("tenant"), one)


def hook_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we begin and commit ourselves
        connection.executescript(PRAGMAS)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def announce(connection: Connection, tenant_id: str | None) -> None:
    """From here on this transaction is that tenant's: the guard knows it, and on PostgreSQL the policies of the rows."""
    connection.info["tenant"] = tenant_id
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_ANNOUNCE, (tenant_id or "",))


def one_writer(connection: Connection, tenant_id: str | None) -> None:
    """What SQLite does by itself: who administers this tenant waits until the other has done."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_ONE_WRITER, (f"tenant:{tenant_id or ''}",))


Part = TypeVar("Part")
Statement = tuple[str, Mapping[str, Any]]  # with its parameters


class Driver:
    """A bare driver connection. Statements are written once for both stores, with `:named` parameters; the tenant is `:tenant`.

    `locks_rows`: whether a row that is read must be locked, since others may write at the same time; `held`: the ids of those
    that are, until the transaction ends. `ahead`: what has been read ahead, for who asks for it first.
    """

    def __init__(self, connection: Any, dialect: str, guard: Guard, tenant_id: str | None, ready: dict[str, Any]) -> None:
        self._execute: Callable[..., Any] = connection.execute
        self._cursor: Callable[[], Any] = connection.cursor
        self._guard, self._tenant, self._ready = guard, tenant_id, ready
        self.locks_rows = dialect == "postgresql"
        self.held: set[str] = set()
        self.ahead: dict[str, Any] = {}
        self._known: dict[tuple[Any, ...], list[Any]] = {}
        self._waiting: list[list[Statement]] | None = None
        if tenant_id is not None:
            self.enter(tenant_id)

    def enter(self, tenant_id: str) -> None:
        """Who belongs to no tenant yet, belongs to this one. Raises TenantWall for who belongs to another."""
        if self._tenant not in (None, tenant_id):
            raise TenantWall(f"the connection of tenant {self._tenant} asked for tenant {tenant_id}")
        self._tenant = tenant_id
        if self.locks_rows:
            self._execute(_ANNOUNCE, (tenant_id,))

    def execute(self, statement: str, asked: Mapping[str, Any]) -> Any:
        """A cursor: iterate over it, or `fetchone`, `rowcount`. Raises TenantWall."""
        if self._waiting:
            self.send()
        text, found = self._ready.get(statement) or self._learnt(statement)
        if found.binds and asked["tenant"] != self._tenant:
            found.admit(self._tenant, asked)
        return self._execute(text, asked)

    def turn(self, of: str) -> None:
        """Nobody else has it until this transaction ends; who comes second waits here, and then reads what the first has left.
        On SQLite the whole transaction has waited already."""
        if self.locks_rows:
            self._execute(_ONE_WRITER, (of,))

    def every(self, statement: str, asked: Sequence[Mapping[str, Any]]) -> int:
        """The same with many rows, sent together. How many rows it has written. Raises TenantWall."""
        if self._waiting:
            self.send()
        text, found = self._ready.get(statement) or self._learnt(statement)
        for one in asked:
            if found.binds and one["tenant"] != self._tenant:
                found.admit(self._tenant, one)
        cursor = self._cursor()
        try:
            cursor.executemany(text, asked)
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def write(self, statement: str, asked: Mapping[str, Any]) -> None:
        """What nobody needs an answer to. Within `apart` it waits until something is asked, or the end."""
        if self._waiting is None:
            self.execute(statement, asked)
        else:
            self._waiting[-1].append((statement, asked))

    def apart(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Goes through parts of a work of which none touches rows of another: what they write alike is sent together, the
        statements of each in their order."""
        self._waiting = []
        for part in parts:
            self._waiting.append([])
            yield part
        self.send()
        self._waiting = None

    def send(self) -> None:
        """What waits, now: whoever asks sees what has been written."""
        if not self._waiting or not any(self._waiting):
            return
        alike: dict[tuple[str, ...], list[list[Statement]]] = {}
        for part in self._waiting:
            alike.setdefault(tuple(statement for statement, _ in part), []).append(part)
        self._waiting = [[]]
        for statements, parts in alike.items():
            for at, statement in enumerate(statements):
                self.every(statement, [part[at][1] for part in parts])

    def once(self, statement: str, asked: Mapping[str, Any]) -> list[Any]:
        """Rows of what steps read and never write (who somebody is, who listens): asked once in a transaction of many steps."""
        key = (statement, *asked.values())
        if key not in self._known:
            self._known[key] = self.execute(statement, asked).fetchall()
        return self._known[key]

    def _learnt(self, statement: str) -> tuple[str, Pass]:
        text = _NAMED.sub(r"%(\1)s", statement.replace("%", "%%")) if self.locks_rows else statement
        found = self._ready[statement] = (text, self._guard.read(statement))
        return found
