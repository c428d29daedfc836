"""The database: two engines on one file, sessions that belong to one tenant, and the walls between tenants.

Reads go through `db.session`, writes through `transaction(tenant)`. On SQLite a write transaction begins IMMEDIATE, so that
it waits its turn instead of failing halfway; reads begin deferred and never wait behind a writer (WAL).

Wall one: every ORM statement on a tenant's table is filtered by the session's tenant, and every new row is stamped with it.
Without a tenant such a statement is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uuid6
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Engine, ForeignKey, ForeignKeyConstraint, MetaData, String, Table, event
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.sql.visitors import iterate

READS, WRITES = None, "writes"


class TenantWall(Exception):
    """A statement or a row that would cross the wall between tenants: a mistake in our code, never a user's."""


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
        return self._db.engines[WRITES if self.info.get("writes") else READS]


db = SQLAlchemy(model_class=Base, session_options={"class_": TenantSession, "autoflush": False})


class TenantTable:
    """Mixed into every table that belongs to a tenant: the tenant leads its key, so a foreign key cannot cross tenants."""

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True, sort_order=-2)


class TenantOwned(TenantTable):
    """One whose rows have an id of their own."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, sort_order=-1, default=lambda: new_id())


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key within the tenant. SET NULL would clear the tenant too, so a row that is referred to stays."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])


def new_id() -> str:
    """A UUIDv7: unique, and sorted by the time it was made."""
    return str(uuid6.uuid7())


def moment(value: datetime | None = None) -> str:
    """A moment as we keep it: UTC, to the millisecond, a text that sorts by time."""
    return (value or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def init_store(app: Flask, url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_BINDS"] = {WRITES: url}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 20, "max_overflow": 20}
    db.init_app(app)
    Migrate(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    with app.app_context():
        _hook(db.engines[READS], "BEGIN")
        _hook(db.engines[WRITES], "BEGIN IMMEDIATE")


def enter_tenant(tenant_id: str) -> None:
    """From here on this request reads as that tenant. One session, one tenant."""
    known = db.session.info.get("tenant_id")
    if known not in (None, tenant_id):
        raise TenantWall(f"the session of tenant {known} asked for tenant {tenant_id}")
    db.session.info["tenant_id"] = tenant_id


@contextmanager
def transaction(tenant_id: str | None) -> Iterator[Session]:
    """The one place where something is written: all or nothing. The request's reads see it afterwards."""
    session: Session = db.session.session_factory(info={"tenant_id": tenant_id, "writes": True}, autoflush=True)
    with session, session.begin():
        yield session
    db.session.rollback()


@contextmanager
def driver_reading() -> Iterator[Any]:
    """The bare driver connection for reads; each statement binds the tenant itself."""
    pooled = db.engines[READS].raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def read(statement: str, **asked: Any) -> list[Any]:
    """Rows of one bare statement, for what every request asks."""
    with driver_reading() as connection:
        return list(connection.execute(statement, asked))


@contextmanager
def driver_transaction() -> Iterator[Any]:
    """A write transaction on the bare driver connection, for the few statements of a task step (`host/sql.py`)."""
    pooled = db.engines[WRITES].raw_connection()
    try:
        connection: Any = pooled.driver_connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    finally:
        pooled.close()


def _hook(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we begin and commit ourselves
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"
        )

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)


@event.listens_for(TenantSession, "do_orm_execute")
def _filtered(state: ORMExecuteState) -> None:
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
    tenant_id = session.info.get("tenant_id")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantTable):
            continue
        if tenant_id is None or row.tenant_id not in (None, tenant_id):
            raise TenantWall(f"a row of {type(row).__name__} belongs to another tenant")
        row.tenant_id = tenant_id
