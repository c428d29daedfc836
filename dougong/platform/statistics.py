"""What SQLite is told of our tables. Of itself it takes a tenant for ten rows and reads them all, however many they are.

It is told once, after a migration, what a large house looks like: the same for everybody, so that a plan which is good here is
good there. PostgreSQL counts for itself.
"""

from sqlalchemy import Connection

from .store import db, owner_connection, tenant_tables

ROWS = 1_000_000
VALUES = {
    "tenant_id": 5, "state": 4, "part": 4, "kind": 10, "entity_key": 20, "workflow_id": 20, "workflow_key": 20,
    "settlement_key": 5, "period": 50,
}  # fmt: skip
MANY = 20_000  # a column has so many values, unless it is named above

_INDEXES = """
SELECT one.name, one."unique", one.origin = 'pk' AND own.wr AS in_its_key
FROM pragma_table_list AS own, pragma_index_list(own.name) AS one WHERE own.schema = 'main' AND own.name = ?
"""
_COLUMNS = "SELECT name FROM pragma_index_info(?)"


def tell() -> None:
    """Of every index of a tenant's table: how many rows there are to a value of its first column, of its first two, ..."""
    if db.engine.dialect.name != "sqlite":
        return
    with owner_connection() as connection:
        connection.exec_driver_sql("ANALYZE alembic_version")  # makes the table for what is told
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for table in sorted(tenant_tables()):
            _tell_of(connection, table)
        connection.commit()


def _tell_of(connection: Connection, table: str) -> None:
    for index, unique, in_its_key in connection.exec_driver_sql(_INDEXES, (table,)).all():
        columns = connection.exec_driver_sql(_COLUMNS, (index,)).scalars()
        told = " ".join(str(rows) for rows in (ROWS, *rows_to(list(columns), bool(unique))))
        name = table if in_its_key else index
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, name, told))


def rows_to(columns: list[str], unique: bool) -> list[int]:
    """As if the columns had nothing to do with each other."""
    left, found = ROWS, []
    for column in columns:
        left = max(2, left // VALUES.get(column, MANY))
        found.append(left)
    return [*found[:-1], 1] if unique else found
