"""Lines with an id that an earlier line has: none of them is counted twice."""

from typing import Final

from .codes import cell_of
from .engine import Bench
from .sources import ROW, Relation

SHARE: Final = 1_500_000  # lines


def any_repeated(bench: Bench, lines: Relation, id: str, rows: int) -> bool:
    """On a connection of its own, so that it is found out beside other work. Asked of a share of the lines at a time: all their
    ids never stand in memory."""
    shares = rows // SHARE + 1 if id else 0
    hashed = f"SELECT hash({cell_of(lines, id)}) AS id FROM {lines.sql}"
    sql = bench.sql.cursor()
    found = (
        sql.execute(f"SELECT count(*) > count(DISTINCT id) FROM ({hashed}) WHERE id % {shares} = {share}").fetchall()
        for share in range(shares)
    )
    return any(repeated for [(repeated,)] in found)


def repeated_rows(bench: Bench, lines: Relation, id: str) -> set[int]:
    """The numbers of these lines."""
    cell = cell_of(lines, id)
    place = f"row_number() OVER (PARTITION BY {cell} ORDER BY {ROW})"
    numbered = f"SELECT {ROW}, {place} AS place FROM {lines.sql} WHERE {cell} <> ''"
    return {row for (row,) in bench.sql.execute(f"SELECT {ROW} FROM ({numbered}) WHERE place > 1").fetchall()}
