"""The database: an engine for reads and one for writes, sessions that belong to one tenant, and the walls between tenants.

Reads go through `db.session`, writes through `transaction(tenant)`; the hot path speaks through `driver_transaction(tenant)`.

Wall one, here: every ORM statement on a tenant's table is filtered by the session's tenant, and every new row is stamped with
it. Without a tenant such a statement is refused. Wall two: `guard.py`. Wall three, on PostgreSQL: `walls.py`.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, current_app, g
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, ForeignKey, ForeignKeyConstraint, MetaData, String, Table, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.sql.visitors import iterate

from .engines import Driver, announce, driver_url, hook, hook_sqlite, one_writer, options
from .guard import TenantWall, guard_of
from .walls import faults, raise_walls
from .whole import Whole, present

READS, WRITES = None, "writes"
_writing = threading.RLock()


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class TenantSession(FlaskSession):
    """A session of one tenant, or of none, on the engine for reads or the one for writes."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Any:
        if self.info.get("writes"):
            return self.info["joins"] or self._db.engines[WRITES]
        whole = present()
        return (whole and whole.readable) or self._db.engines[READS]


# One that joins a transaction (`whole.py`) takes a savepoint of it for its own.
_SESSIONS: dict[str, Any] = {"class_": TenantSession, "autoflush": False, "join_transaction_mode": "create_savepoint"}
db = SQLAlchemy(model_class=Base, session_options=_SESSIONS)


class TenantTable:
    """Mixed into every table that belongs to a tenant: the tenant leads its key, so a foreign key cannot cross tenants."""

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True, sort_order=-2)


class TenantOwned(TenantTable):
    """One whose rows have an id of their own."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, sort_order=-1, default=lambda: new_id())


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key within the tenant. SET NULL would clear the tenant too, so a row that is referred to stays."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])


_last_tick = 0


def new_id() -> str:
    """A UUIDv7: unique, and sorted by the time it was made, in 1/4096 of a millisecond (RFC 9562, 6.2, method 3)."""
    global _last_tick
    tick = _last_tick = max(_last_tick + 1, (time.time_ns() << 12) // 1_000_000)
    number = tick >> 12 << 80 | 7 << 76 | (tick & 0xFFF) << 64 | 2 << 62 | int.from_bytes(os.urandom(8)) >> 2
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def moment(value: datetime | None = None) -> str:
    """A moment as we keep it: UTC, to the millisecond, a text that sorts by time."""
    if value is None:
        return _in_ms(time.time_ns() // 1_000_000)
    try:
        return _told(value.astimezone(UTC))
    except OverflowError:  # at an end of the calendar, seen from Greenwich beyond it
        return _told(value.replace(tzinfo=UTC))


@lru_cache(maxsize=1)
def _in_ms(milliseconds: int) -> str:
    """Of many that are asked for at once most are the same."""
    return _told(datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000))


def _told(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


_read = json.JSONDecoder().raw_decode  # orjson would round a whole number of more than 64 bits


def loads(value: Any) -> Any:
    """What stands in a JSON column, as a bare driver gives it: SQLite a text, PostgreSQL what it says."""
    return _read(value)[0] if isinstance(value, str) else value


def dumps(value: Any) -> str:
    """JSON as a text, the fast way; the slow one for what that cannot: a whole number of more than 64 bits, say."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def tenant_tables() -> set[str]:
    """The names of the tables that the walls stand around."""
    return {str(mapper.local_table.name) for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantTable)}  # type: ignore[attr-defined]


def init_store(app: Flask, url: str) -> None:
    url = driver_url(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_BINDS"] = {WRITES: {"url": url, **options(url)}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options(url)
    db.init_app(app)
    Migrate(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    with app.app_context():
        owned = frozenset(tenant_tables())
        guard = guard_of(db.engine.dialect.name, owned, frozenset(Base.metadata.tables) - owned)
        app.extensions["dougong_guard"] = guard
        app.extensions["dougong_statements"] = {}
        hook(db.engines[READS], "BEGIN", guard)
        hook(db.engines[WRITES], "BEGIN IMMEDIATE", guard)


def enter_tenant(tenant_id: str) -> None:
    """From here on this request reads as that tenant. One session, one tenant."""
    known = db.session.info.get("tenant_id")
    if known not in (None, tenant_id):
        raise TenantWall(f"the session of tenant {known} asked for tenant {tenant_id}")
    db.session.info["tenant_id"] = tenant_id
    if db.session().in_transaction():
        announce(db.session.connection(), tenant_id)


@contextmanager
def transaction(tenant_id: str | None) -> Iterator[Session]:
    """The one place where something is written: all or nothing. The request's reads see it afterwards."""
    with _read_anew(), _turn(), _part(tenant_id) as joins:
        info = {"tenant_id": tenant_id, "writes": True, "joins": joins}
        session: Session = db.session.session_factory(info=info, autoflush=True)
        with session, session.begin():
            yield session


@contextmanager
def in_one(tenant_id: str, first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """What this request writes for the tenant from here on is one transaction: all of it or nothing. `first`: begins it."""
    with ExitStack() as stack:
        whole = g.whole = Whole(tenant_id, first, stack)
        stack.callback(g.pop, "whole")
        yield
        db.session.rollback()
        if whole.connection is not None:
            whole.connection.commit()


@contextmanager
def _part(tenant_id: str | None) -> Iterator[Connection | None]:
    """The connection whose transaction a verb joins; none where each verb has its own."""
    whole = present()
    if whole is None:
        yield None
        return
    if tenant_id != whole.tenant_id or whole.writing:
        raise TenantWall(f"a transaction of tenant {tenant_id} within one of tenant {whole.tenant_id}")
    if whole.connection is None:
        _begin(whole)
    db.session.rollback()  # what was read until now is no savepoint that could take the writes back
    whole.writing = True
    try:
        yield whole.connection
    finally:
        whole.writing = False


def _begin(whole: Whole) -> None:
    whole.open.enter_context(_turn())
    whole.connection = whole.open.enter_context(db.engines[WRITES].connect())
    whole.open.callback(db.session.rollback)  # before the connection is given back
    whole.connection.begin()
    whole.first()


@contextmanager
def driver_reading(tenant_id: str | None = None) -> Iterator[Driver]:
    """The bare driver connection for reads."""
    pooled = db.engines[READS].raw_connection()
    try:
        yield _driver(pooled.driver_connection, tenant_id)
    finally:
        pooled.close()


def read(statement: str, **asked: Any) -> list[Any]:
    """Rows of one bare statement, for what every request asks. `tenant` says whose."""
    with driver_reading(asked.get("tenant")) as driver:
        return list(driver.execute(statement, asked))


@contextmanager
def driver_transaction(tenant_id: str) -> Iterator[Driver]:
    """A write transaction on the bare driver connection, for the few statements of a task step (`host/sql.py`)."""
    with _read_anew(), _turn(), _part(tenant_id) as joins:
        verb = _driver_alone(tenant_id) if joins is None else _verb(joins, tenant_id)
        with verb as driver:
            yield driver


@contextmanager
def _read_anew() -> Iterator[None]:
    """Whatever came of it, the request reads afterwards how things stand, not how they stood when it first read."""
    try:
        yield
    finally:
        db.session.rollback()


@contextmanager
def _verb(joins: Connection, tenant_id: str) -> Iterator[Driver]:
    """A verb of a request that is one transaction."""
    connection: Any = joins.connection.driver_connection
    connection.execute("SAVEPOINT verb")
    try:
        yield _driver(connection, tenant_id)
        connection.execute("RELEASE SAVEPOINT verb")
    except BaseException:
        connection.execute("ROLLBACK TO SAVEPOINT verb")
        raise


@contextmanager
def _driver_alone(tenant_id: str) -> Iterator[Driver]:
    with closing(db.engines[WRITES].raw_connection()) as pooled:
        connection: Any = pooled.driver_connection
        if db.engine.dialect.name == "sqlite":
            connection.execute("BEGIN IMMEDIATE")  # psycopg begins by itself
        try:
            yield _driver(connection, tenant_id)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


def _turn() -> AbstractContextManager[Any]:
    """SQLite lets one write at a time. The threads of a process wait here, woken at once, instead of asking the file again
    and again with longer and longer pauses."""
    return _writing if db.engine.dialect.name == "sqlite" else nullcontext()


def driver_of(session: Session) -> Driver:
    """The bare driver connection of a session, within its transaction and its tenant. A session that writes has but one."""
    info = session.info
    found: Driver | None = info.get("driver")
    if found is None:
        found = _driver(session.connection().connection.driver_connection, info.get("tenant_id"))
        if info.get("writes"):
            info["driver"] = found
    return found


def _driver(connection: Any, tenant_id: str | None) -> Driver:
    known = current_app.extensions
    return Driver(connection, db.engine.dialect.name, known["dougong_guard"], tenant_id, known["dougong_statements"])


@contextmanager
def owner_connection() -> Iterator[Connection]:
    """Who owns the tables, for migrations: outside of the walls. DATABASE_OWNER_URL, where it is not the application."""
    with _unguarded(current_app.config.get("DATABASE_OWNER_URL") or current_app.config["DATABASE_URL"]) as connection:
        yield connection


@contextmanager
def _unguarded(url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(url))
    if engine.dialect.name == "sqlite":
        hook_sqlite(engine, "BEGIN IMMEDIATE")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def secure() -> None:
    """After a migration, on PostgreSQL: raise wall three, and refuse to go on where it would not hold. Raises TenantWall."""
    if db.engine.dialect.name != "postgresql":
        return
    platform = set(Base.metadata.tables) - tenant_tables()
    with owner_connection() as connection:
        raise_walls(connection, platform, str(db.engine.url.username))
        connection.commit()
    with _unguarded(current_app.config["DATABASE_URL"]) as connection:
        if found := faults(connection, platform):
            raise TenantWall("; ".join(found))


@event.listens_for(TenantSession, "after_begin")
def _begun(session: Session, transaction: Any, connection: Connection) -> None:
    tenant_id = session.info.get("tenant_id")
    announce(connection, tenant_id)
    if session.info.get("writes"):
        one_writer(connection, tenant_id)


@event.listens_for(TenantSession, "do_orm_execute")
def _filtered(state: ORMExecuteState) -> None:
    if (driver := state.session.info.get("driver")) is not None:
        driver.send()
    if state.is_column_load or state.is_relationship_load:
        return
    tenant_id = state.session.info.get("tenant_id")
    if tenant_id is None:
        if _asks_a_tenants_table(state.statement):
            raise TenantWall("a tenant's table was asked for without a tenant")
        return
    state.statement = state.statement.options(
        with_loader_criteria(TenantTable, lambda table: table.tenant_id == tenant_id, include_aliases=True)
    )


def _asks_a_tenants_table(statement: Any) -> bool:
    """Anywhere in it: a count or an EXISTS names no entity, and a subquery hides its own."""
    owned = {mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantTable)}
    return any(isinstance(part, Table) and part in owned for part in iterate(statement))


@event.listens_for(TenantSession, "before_flush")
def _stamped(session: Session, context: Any, instances: Any) -> None:
    if not session.info.get("writes"):
        raise TenantWall("written outside of a transaction()")
    if (driver := session.info.get("driver")) is not None:
        driver.send()
    tenant_id = session.info.get("tenant_id")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantTable):
            continue
        if tenant_id is None or row.tenant_id not in (None, tenant_id):
            raise TenantWall(f"a row of {type(row).__name__} belongs to another tenant")
        row.tenant_id = tenant_id
