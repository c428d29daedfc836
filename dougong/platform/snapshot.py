"""A tenant as it stood at one instant: every row that is his, in one order and one form on both stores.

No table is named here. What has a `tenant_id` is the tenant's, what refers to an account goes with the account, and what is
neither must stand in LEFT_OUT; a test walks the metadata. A row is one line of JSON without its `tenant_id`; an account is
written as its e-mail address, so that the same content gives the same lines in a place where accounts have other ids.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, ColumnElement, Connection, FromClause, String, Table, Text, cast, select

from .engines import announce
from .people import Membership
from .store import READS, Base, db, loads

# Who is signed in, what was tried, who works, which links are on their way: true here and now.
LEFT_OUT: Final = frozenset({"session", "attempt", "executor", "letter"})
ACCOUNT = "account"
TENANT = "tenant"
AT_ONCE = 500


class Head(NamedTuple):
    """A tenant, by the name that people know it by."""

    id: str
    slug: str


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile; for reads, behind the walls."""
    with db.engines[READS].connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.exec_driver_sql("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        try:
            yield connection
        finally:
            connection.info.pop("tenant", None)


def tables_of_tenants() -> list[Table]:
    """Those with rows of a tenant, what is referred to first."""
    return [table for table in Base.metadata.sorted_tables if "tenant_id" in table.columns]


def tables_of_accounts() -> list[Table]:
    """The accounts, and what belongs to one of them and to no tenant."""
    bound = [table for table in Base.metadata.sorted_tables if account_columns(table) and "tenant_id" not in table.columns]
    return [Base.metadata.tables[ACCOUNT], *(table for table in bound if table.name not in LEFT_OUT)]


def account_columns(table: Table) -> set[str]:
    return {key.parent.name for key in table.foreign_keys if key.column.table.name == ACCOUNT}


def heads(connection: Connection) -> list[Head]:
    tenant = Base.metadata.tables[TENANT]
    return [Head(*row) for row in connection.execute(select(tenant.c.id, tenant.c.slug).order_by(tenant.c.slug))]


def settings_of(connection: Connection, head: Head) -> Iterator[bytes]:
    """The tenant's own row; its slug is what it goes by in one place, and may be another elsewhere."""
    table = Base.metadata.tables[TENANT]
    return _lines(connection, table, table.c.id == head.id, but="slug")


def lines(connection: Connection, table: Table, tenant_id: str) -> Iterator[bytes]:
    """The tenant's rows of this table. The connection is the tenant's from here on."""
    announce(connection, tenant_id)
    return _lines(connection, table, table.c.tenant_id == tenant_id, but="tenant_id")


def account_lines(connection: Connection, table: Table, tenant_id: str | None) -> Iterator[bytes]:
    """The rows of this table for the accounts of a tenant, or for those that belong to none."""
    members = select(Membership.account_id)
    account_id = table.c.id if table.name == ACCOUNT else table.c.account_id
    if tenant_id is None:
        return _lines(connection, table, account_id.not_in(members))
    return _lines(connection, table, account_id.in_(members.where(Membership.tenant_id == tenant_id)))


def digest(connection: Connection, head: Head) -> str:
    """The content hash of a tenant: equal exactly where every row is."""
    parts = {TENANT: hashed(settings_of(connection, head))}
    parts |= {table.name: hashed(lines(connection, table, head.id)) for table in tables_of_tenants()}
    return digest_of(parts)


def digest_of(parts: dict[str, str]) -> str:
    """From the SHA-256 of the lines of each table. A table without rows counts as if it were not there."""
    nothing = hashlib.sha256().hexdigest()
    told = "".join(f"{name} {found}\n" for name, found in sorted(parts.items()) if found != nothing)
    return hashlib.sha256(told.encode()).hexdigest()


def hashed(found: Iterator[bytes]) -> str:
    total = hashlib.sha256()
    for line in found:
        total.update(line)
    return total.hexdigest()


def _lines(connection: Connection, table: Table, where: ColumnElement[bool], but: str = "") -> Iterator[bytes]:
    """Read as they are asked for. What is NULL is left out; a JSON null is written."""
    source: FromClause = table
    written: dict[str, ColumnElement[Any]] = {}
    for column in table.columns:
        written[column.name] = cast(column, Text) if isinstance(column.type, JSON) else column
        if column.name in account_columns(table):
            account = Base.metadata.tables[ACCOUNT].alias(f"{column.name}_of")
            source = source.outerjoin(account, account.c.id == column)
            written[column.name] = account.c.email
    order = [_sorted(connection, written[column.name]) for column in table.primary_key if column.name != but]
    names = [name for name in written if name != but]
    in_json = {column.name for column in table.columns if isinstance(column.type, JSON)}
    wanted = select(*(written[name].label(f"v_{name}") for name in names)).select_from(source).where(where).order_by(*order)
    for row in connection.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        pairs = zip(names, row, strict=True)
        values = {name: loads(value) if name in in_json else value for name, value in pairs if value is not None}
        yield (json.dumps(values, separators=(",", ":")) + "\n").encode()


def _sorted(connection: Connection, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """By bytes on both stores, whatever the language of the database."""
    plain = "C" if connection.dialect.name == "postgresql" else "BINARY"
    return value.collate(plain) if isinstance(value.type, String) else value
