"""Wall two: no statement reaches a tenant's table unless it binds the tenant, whoever wrote it and however it was built.

Each distinct statement is read once (sqlglot) and remembered: which of its parameters bind the tenant. At every execution the
values of those are held against the tenant of the connection. A table that is neither a tenant's nor the platform's, such as a
view, is refused as well: what stands behind it could not be told.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

PLATFORM_TABLES = frozenset({"alembic_version"})
SCOPES = (exp.Select, exp.Update, exp.Delete)
REMEMBERED = 5_000
_SAVEPOINT = re.compile(r"(|RELEASE |ROLLBACK TO )SAVEPOINT sa_savepoint_\d+")


class TenantWall(Exception):
    """A statement or a row that would cross the wall between tenants: a mistake in our code, never a user's."""


@dataclass(frozen=True)
class Pass:
    """A statement that may go through. `binds`: the names of the parameters that must be the connection's tenant."""

    binds: frozenset[str]

    def admit(self, tenant_id: str | None, asked: Mapping[str, Any]) -> None:
        for name in self.binds:
            if tenant_id is None or asked.get(name) != tenant_id:
                raise TenantWall(f"a statement of tenant {asked.get(name)} on the connection of tenant {tenant_id}")


_NOTHING = Pass(frozenset())


class Guard:
    """The statements that have been read. `owned` and `platform` are the names of the tables in the database."""

    def __init__(self, dialect: str, owned: frozenset[str], platform: frozenset[str]) -> None:
        # Loaded here, by one thread: sqlglot loads a dialect when first asked, and shows it to other threads half made.
        self.dialect = sqlglot.Dialect.get_or_raise({"postgresql": "postgres"}.get(dialect, dialect))
        self.owned = owned
        self.known = owned | platform | PLATFORM_TABLES
        self._passes: dict[str, Pass] = {}

    def read(self, statement: str) -> Pass:
        """Its pass. Raises TenantWall where it does not bind the tenant for every table that asks for one."""
        found = self._passes.get(statement)
        if found is None and _SAVEPOINT.fullmatch(statement):
            return _NOTHING  # numbered: not worth remembering
        if found is None:
            if len(self._passes) >= REMEMBERED:
                self._passes.clear()
            found = self._passes[statement] = self._judged(statement)
        return found

    def _judged(self, statement: str) -> Pass:
        try:
            parsed = [one for one in sqlglot.parse(statement, read=self.dialect) if one is not None]
        except SqlglotError as error:
            raise TenantWall(f"a statement that cannot be read: {statement}") from error
        binds: set[str] = set()
        for one in parsed:
            binds |= self._binds(one)
        return Pass(frozenset(binds))

    def _binds(self, statement: exp.Expr) -> set[str]:
        named = {cte.alias for cte in statement.find_all(exp.CTE)}
        tables = [table for table in statement.find_all(exp.Table) if table.name and table.name not in named]
        for table in tables:
            if table.name not in self.known and not isinstance(statement, exp.Command):
                raise TenantWall(f"neither a tenant's table nor the platform's: {table.name}")
        if any(_moves(node) for node in statement.find_all(exp.Update, exp.OnConflict)):
            raise TenantWall("a statement that gives a row to another tenant")
        binds = _inserted(statement, self.owned) if isinstance(statement, exp.Insert) else set()
        places = {_place(table): table for table in tables if table.name in self.owned and not _is_target(table)}
        tied, names = _tied(statement, set(places))
        for place in places:
            if place not in tied:
                raise TenantWall(f"{places[place].name} without its tenant in: {statement.sql(self.dialect)}")
        return binds | names


@cache
def guard_of(dialect: str, owned: frozenset[str], platform: frozenset[str]) -> Guard:
    """One for all applications of a process that have the same tables: what has been read need not be read again."""
    return Guard(dialect, owned, platform)


Place = tuple[int, str]  # (the id of its SELECT, UPDATE or DELETE, the name it goes by there)
Tie = tuple[Place | str, Place]  # a tied place or a parameter (its name) ties a place


def _scope(node: exp.Expr) -> exp.Expr | None:
    return node.find_ancestor(*SCOPES)


def _place(table: exp.Table) -> Place:
    return id(_scope(table)), table.alias_or_name


def _is_target(table: exp.Table) -> bool:
    """The table that an INSERT fills: its rows are bound by their values."""
    into = table.parent.parent if isinstance(table.parent, exp.Schema) else table.parent
    return isinstance(into, exp.Insert)


def _moves(update: exp.Expr) -> bool:
    """Does it set the tenant of a row that is there?"""
    return any(isinstance(one, exp.EQ) and one.this.name == "tenant_id" for one in update.expressions)


def _inserted(statement: exp.Insert, owned: frozenset[str]) -> set[str]:
    """The parameters that the rows' `tenant_id` come from."""
    schema = statement.this
    target = schema.this if isinstance(schema, exp.Schema) else schema
    if target.name not in owned:
        return set()
    columns = [column.name for column in schema.expressions] if isinstance(schema, exp.Schema) else []
    rows = statement.expression.expressions if isinstance(statement.expression, exp.Values) else [statement.expression]
    if "tenant_id" not in columns or not rows:
        raise TenantWall(f"rows of {target.name} without their tenant")
    at = columns.index("tenant_id")
    names = [_parameter(row.expressions[at]) for row in rows if row is not None and len(row.expressions) > at]
    if len(names) != len(rows) or None in names:
        raise TenantWall(f"rows of {target.name} whose tenant is not a parameter")
    return {name for name in names if name}


def _tied(statement: exp.Expr, wanted: set[Place]) -> tuple[set[Place], set[str]]:
    """Which places are tied to the tenant, straight by a parameter or over another place, and those parameters."""
    ties = [tie for equality in statement.find_all(exp.EQ) for tie in _ties(equality, wanted)]
    tied: set[Place] = set()
    names = {source for source, _ in ties if isinstance(source, str)}
    while more := {place for source, place in ties if place not in tied and (isinstance(source, str) or source in tied)}:
        tied |= more
    return tied, names


def _ties(equality: exp.EQ, wanted: set[Place]) -> Iterable[Tie]:
    joined = _condition_of(equality)
    if joined is None:
        return
    for one, other in ((equality.this, equality.expression), (equality.expression, equality.this)):
        place = _tenant_of(one, wanted)
        if place is None or (joined and place[1] != joined):
            continue
        source = _parameter(other) or _tenant_of(other, wanted)
        if source:
            yield source, place


def _condition_of(equality: exp.EQ) -> str | None:
    """Does it hold for every row? "" in a WHERE or an inner join; for a left join the name of what is joined; else None."""
    node: exp.Expr = equality
    while isinstance(node.parent, exp.And | exp.Paren):
        node = node.parent
    if isinstance(node.parent, exp.Where):
        return ""
    if isinstance(node.parent, exp.Join) and node.arg_key == "on":
        return {"": "", "LEFT": str(node.parent.this.alias_or_name)}.get(node.parent.side)
    return None


def _tenant_of(node: exp.Expr, wanted: set[Place]) -> Place | None:
    """The place whose `tenant_id` this is, looked for from the inside out."""
    if not isinstance(node, exp.Column) or node.name != "tenant_id":
        return None
    scope = _scope(node)
    while scope is not None:
        here = [place for place in wanted if place[0] == id(scope) and node.table in ("", place[1])]
        if here:
            return here[0]
        scope = _scope(scope)
    return None


def _parameter(node: exp.Expr) -> str | None:
    while isinstance(node, exp.Cast | exp.Paren):
        node = node.this
    return str(node.name) if isinstance(node, exp.Placeholder) and node.name else None
