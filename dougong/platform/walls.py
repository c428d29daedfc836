"""Wall three, on PostgreSQL: a tenant's rows are not there for a transaction that is not his, whatever the statement says.

`raise_walls` runs after every migration, as the owner of the tables, and looks at the catalogue rather than at our models: a
table that has gained a `tenant_id` cannot be forgotten. `faults` says what would let somebody through: no server starts on it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

POLICY = "tenant_wall"
_MINE = "tenant_id = current_setting('app.tenant_id', true)"
_TABLES = """
SELECT class.relname FROM pg_class AS class
JOIN pg_namespace AS space ON space.oid = class.relnamespace
JOIN pg_attribute AS col ON col.attrelid = class.oid AND col.attname = 'tenant_id' AND NOT col.attisdropped
WHERE space.nspname = current_schema() AND class.relkind IN ('r', 'p')
"""
_OPEN = """
SELECT class.relname FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE space.nspname = current_schema() AND class.relname = ANY(:tables) AND NOT (
  class.relrowsecurity AND class.relforcerowsecurity AND EXISTS (
    SELECT 1 FROM pg_policy WHERE polrelid = class.oid AND polname = :policy AND polcmd = '*' AND polpermissive
      AND pg_get_expr(polqual, polrelid) LIKE '%tenant_id%app.tenant_id%'
      AND pg_get_expr(polwithcheck, polrelid) LIKE '%tenant_id%app.tenant_id%')
  AND (SELECT count(*) FROM pg_policy WHERE polrelid = class.oid AND polpermissive) = 1)
"""
_VIEWS = """
SELECT class.relname FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE space.nspname = current_schema() AND (class.relkind = 'm' OR class.relkind = 'v'
  AND NOT coalesce(class.reloptions::text LIKE '%security_invoker=true%', false))
"""
_UNGRANTED = """
SELECT 1 FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE space.nspname = current_schema() AND class.relkind IN ('r', 'p') AND NOT (
  has_table_privilege(:role, class.oid, 'SELECT') AND has_table_privilege(:role, class.oid, 'INSERT')
  AND has_table_privilege(:role, class.oid, 'UPDATE') AND has_table_privilege(:role, class.oid, 'DELETE'))
"""
_ROLE = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
               WHERE nspname = current_schema() AND relkind = 'r' AND pg_has_role(current_user, relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


def raise_walls(connection: Connection, platform_tables: Iterable[str], app_role: str) -> None:
    """On every table with a tenant: row security, forced on its owner too. The application's role may use the tables.

    Where all that is so already nothing is ordered: an order would wait for the steps of other processes, and they for it.
    """
    quote = connection.dialect.identifier_preparer.quote
    for table in _open(connection, _with_tenant(connection) - set(platform_tables)):
        name = quote(table)
        for order in (
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS {POLICY} ON {name}",
            f"CREATE POLICY {POLICY} ON {name} USING ({_MINE}) WITH CHECK ({_MINE})",
        ):
            connection.execute(text(order))
    if connection.execute(text(_UNGRANTED), {"role": app_role}).first():
        tables = f"ALL TABLES IN SCHEMA {_schema(connection)}"
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {quote(app_role)}"))


def faults(connection: Connection, platform_tables: Iterable[str]) -> list[str]:
    """What would let somebody through, as the application's own role sees it. Empty is good."""
    owned = _with_tenant(connection) - set(platform_tables)
    found = [f"table {name} has no row security that binds its owner too" for name in _open(connection, owned)]
    found += [f"view {name} shows what its owner sees" for (name,) in connection.execute(text(_VIEWS))]
    superuser, bypasses, owns = connection.execute(text(_ROLE)).one()
    if superuser or bypasses:
        found.append("the role of DATABASE_URL is a superuser or bypasses row security")
    if owns:
        found.append("the role of DATABASE_URL owns the tables: give the owner as DATABASE_OWNER_URL")
    return found


def _open(connection: Connection, tables: Iterable[str]) -> list[str]:
    """Of these those without a wall."""
    asked: dict[str, Any] = {"tables": sorted(tables), "policy": POLICY}
    return sorted(str(name) for (name,) in connection.execute(text(_OPEN), asked))


def _with_tenant(connection: Connection) -> set[str]:
    return {str(name) for (name,) in connection.execute(text(_TABLES))}


def _schema(connection: Connection) -> str:
    return connection.dialect.identifier_preparer.quote(str(connection.scalar(text("SELECT current_schema()"))))
