"""Backup and restore: all tenants or one, while others work, from either store to either.

A backup is one instant of the database (`snapshot.py`) in one file (`archive.py`). A restore looks the whole file through
before it writes, writes a tenant in one transaction, reads it back there, and commits only what is equal to what was saved.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import JSON, Connection, Table, delete, func, insert, null, or_, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from . import files, snapshot
from .archive import Kept, Manifest, Reader, Unusable, Writer, account_part, file_part, opened, part_of
from .engines import announce
from .snapshot import ACCOUNT, TENANT, Head
from .storage import storage
from .store import READS, WRITES, Base, db, moment, transaction

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
AT_ONCE = 500


def backup(path: Path, program: str, slug: str | None = None) -> Manifest:
    """Raises Unusable, LookupError where there is no such tenant."""
    with Writer(path) as writer, snapshot.snapshot() as connection:
        migration = _at_head(connection)
        heads = [head for head in snapshot.heads(connection) if slug in (None, head.slug)]
        if slug is not None and not heads:
            raise LookupError(slug)
        tenants = [_saved(writer, connection, head) for head in heads]
        if slug is None:
            _save_accounts(writer, connection, None)
        store = connection.dialect.name
        made = Manifest(program, migration, moment(), store, slug is None, tenants, writer.parts)
        writer.manifest(made)
    return made


def digests(slug: str | None = None) -> dict[str, str]:
    """The content hash of every tenant, all of one instant. Raises LookupError."""
    with snapshot.snapshot() as connection:
        found = {one.slug: snapshot.digest(connection, one) for one in snapshot.heads(connection) if slug in (None, one.slug)}
    if slug is not None and not found:
        raise LookupError(slug)
    return found


def restore(path: Path, slug: str | None = None, new_slug: str | None = None) -> list[Kept]:
    """Answers the tenants that now stand here. Raises Unusable, LookupError where the backup has no such tenant."""
    with opened(path) as reader:
        with db.engines[READS].connect() as connection:
            here = _at_head(connection)
            empty = not connection.scalar(select(func.count()).select_from(Base.metadata.tables[ACCOUNT]))
        if reader.manifest.migration != here:
            raise Unusable(
                f"the backup is of migration {reader.manifest.migration} (Dougong {reader.manifest.program}), the database "
                f"here of {here}: restore it with the version that made it, then run `upgrade`"
            )
        chosen = [_named(one, slug, new_slug) for one in reader.manifest.tenants if slug in (None, one.slug)]
        if slug is not None and not chosen:
            raise LookupError(slug)
        for one in chosen:
            _refuse_if_taken(one)
        whole = reader.manifest.whole and slug is None
        for one in chosen:
            _restore_tenant(reader, one, operators=whole and empty)
        if whole:
            with transaction(None) as session:
                _restore_accounts(reader, session.connection(), None, operators=empty)
    return chosen


def head() -> str:
    """The newest migration that this program knows."""
    return _newest(str(current_app.extensions["migrate"].directory))


@cache
def _newest(folder: str) -> str:
    """Looked up once: a process is as old as when it began, whatever is installed meanwhile."""
    return str(ScriptDirectory(folder).get_current_head())


def present(connection: Connection) -> str | None:
    """The migration that the database is at; None where it has no tables yet."""
    try:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        return None
    return found


def _at_head(connection: Connection) -> str:
    found, known = present(connection), head()
    if found != known:
        raise Unusable(
            f"the database is at migration {found}, this program at {known}: run `upgrade`, or the program that fits it"
        )
    return known


def _saved(writer: Writer, connection: Connection, one: Head) -> Kept:
    hashes = {TENANT: writer.rows(part_of(one.id, TENANT), snapshot.settings_of(connection, one))}
    for table in snapshot.tables_of_tenants():
        hashes[table.name] = writer.rows(part_of(one.id, table.name), snapshot.lines(connection, table, one.id))
    _save_accounts(writer, connection, one.id)
    return Kept(one.id, one.slug, snapshot.digest_of(hashes), list(_save_files(writer, connection, one)))


def _save_accounts(writer: Writer, connection: Connection, tenant_id: str | None) -> None:
    for table in snapshot.tables_of_accounts():
        writer.rows(account_part(tenant_id, table.name), snapshot.account_lines(connection, table, tenant_id))


def _save_files(writer: Writer, connection: Connection, one: Head) -> Iterator[str]:
    """Saves those that the snapshot knows; answers what was wrong with some."""
    announce(connection, one.id)
    wanted = select(files.File.id, files.File.sha256).where(files.File.tenant_id == one.id, files.File.owner != files.NOBODY)
    for file_id, sha256 in connection.execute(wanted.order_by(files.File.id), execution_options={"yield_per": AT_ONCE}):
        try:
            if writer.file(file_part(one.id, file_id), storage().get(files.key_of(one.id, file_id))) != sha256:
                yield f"file {file_id} is not what was uploaded"
        except LookupError:
            yield f"file {file_id} is missing"


def _named(one: Kept, slug: str | None, new_slug: str | None) -> Kept:
    found = Kept(one.id, new_slug if slug is not None and new_slug else one.slug, one.digest, one.faults)
    if not ID.fullmatch(found.id) or not SLUG.fullmatch(found.slug):
        raise Unusable(f"{found.slug[:60]!r} names no tenant: a slug is 2 to 40 of a-z, 0-9 and -, and begins with a letter")
    return found


def _refuse_if_taken(one: Kept) -> None:
    """Tried, and taken back: the foreign keys of all tables say whether anything of that tenant is here."""
    with db.engines[WRITES].connect() as connection, connection.begin() as trial:
        _make_room(connection, one)
        trial.rollback()


def _make_room(connection: Connection, one: Kept) -> None:
    """A tenant of that name without anything in it goes. Raises Unusable for one that is not empty."""
    tenant = Base.metadata.tables[TENANT]
    try:
        connection.execute(delete(tenant).where(or_(tenant.c.id == one.id, tenant.c.slug == one.slug)))
    except IntegrityError:
        raise Unusable(f"tenant {one.slug} (or the same tenant under another slug) is here, and is not empty") from None


def _restore_tenant(reader: Reader, one: Kept, *, operators: bool) -> None:
    with transaction(one.id) as session:
        connection = session.connection()
        _make_room(connection, one)
        _insert(connection, Base.metadata.tables[TENANT], reader.rows(part_of(one.id, TENANT)), slug=one.slug)
        accounts = _restore_accounts(reader, connection, one.id, operators=operators)
        for table in snapshot.tables_of_tenants():
            rows = _mapped(table, reader.rows(part_of(one.id, table.name)), accounts)
            _insert(connection, table, _parents_first(table, rows), tenant_id=one.id)
        if snapshot.digest(connection, Head(one.id, one.slug)) != one.digest:
            raise Unusable(f"tenant {one.slug} would not be what was saved: nothing of it was restored")
        _restore_files(reader, connection, one.id)


def _restore_accounts(reader: Reader, connection: Connection, tenant_id: str | None, *, operators: bool) -> dict[str, str]:
    """By e-mail: who is here already stays as he is, who is not comes with what is his. Answers the ids."""
    account = Base.metadata.tables[ACCOUNT]
    known: dict[str, str] = {}
    new: dict[str, str] = {}
    for row in reader.rows(account_part(tenant_id, ACCOUNT)):
        email = str(row.get("email"))
        here = connection.scalar(select(account.c.id).where(account.c.email == email))
        if here is None:
            _insert(connection, account, [{**row, "operator": operators and bool(row.get("operator"))}])
            new[email] = str(row.get("id"))
        else:
            known[email] = here
    for table in snapshot.tables_of_accounts()[1:]:
        (column,) = snapshot.account_columns(table)
        mine = (row for row in reader.rows(account_part(tenant_id, table.name)) if row.get(column) in new)
        _insert(connection, table, _mapped(table, mine, new))
    return known | new


def _restore_files(reader: Reader, connection: Connection, tenant_id: str) -> None:
    """Each is written whole: where a restore was killed, the next writes the same again."""
    for file_id in connection.scalars(select(files.File.id).where(files.File.tenant_id == tenant_id)):
        name = file_part(tenant_id, file_id)
        if reader.has(name) and ID.fullmatch(file_id):
            storage().put(files.key_of(tenant_id, file_id), b"".join(reader.blocks(name)))


def _mapped(table: Table, rows: Iterable[dict[str, Any]], accounts: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Accounts by the ids that they have here."""
    columns = snapshot.account_columns(table)
    for row in rows:
        try:
            yield {**row, **{name: accounts[row[name]] for name in columns & row.keys()}}
        except KeyError:
            raise Unusable(f"{table.name}: a row of an account that the backup does not have") from None


def _parents_first(table: Table, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where rows refer to rows of the same table: whoever is referred to comes first."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table and key.parent.name != "tenant_id"]
    if not own:
        yield from rows
        return
    waiting = list(rows)
    there: set[Any] = {None}
    while ready := [row for row in waiting if all(row.get(name) in there for name in own)]:
        yield from ready
        there |= {row.get("id") for row in ready}
        waiting = [row for row in waiting if row.get("id") not in there]
    if waiting:
        raise Unusable(f"{table.name}: rows that hang from nothing")


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]], **fixed: Any) -> None:
    empty = {column.name: null() if isinstance(column.type, JSON) else None for column in table.columns}
    todo = iter(rows)
    while batch := [{**empty, **row, **fixed} for row in islice(todo, AT_ONCE)]:
        if unknown := {name for row in batch for name in row} - empty.keys():
            raise Unusable(f"{table.name} has no column {', '.join(sorted(unknown))[:80]}")
        try:
            connection.execute(insert(table), batch)
        except SQLAlchemyError as error:
            raise Unusable(f"the database takes no rows of {table.name} from the backup ({type(error).__name__})") from None
