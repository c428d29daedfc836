"""What each line of a batch is worth, as a CSV file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from .codes import cell_of
from .engine import Bench, table, text
from .pricing import Worths
from .scaled import written
from .sources import ROW, Relation

SINGLE: Final = {"row": "BIGINT", "amount": "VARCHAR", "currency": "VARCHAR", "rule": "VARCHAR"}


def listed(
    bench: Bench, lines: Relation, line_id: str, worth: Worths | None, single: Sequence[Sequence[Any]], path: Path
) -> None:
    """Of those that were counted, in the order of the lines. `single`: what the engine gave no worth."""
    table(bench, "single", SINGLE, single)
    priced = ""
    if worth is not None:
        groups = [(n, group.terms.currency, group.scale) for n, group in enumerate(worth.groups)]
        table(bench, "groups", {"grp": "INTEGER", "currency": "VARCHAR", "scale": "INTEGER"}, groups)
        uids = [(n, one.uid) for n, one in enumerate(worth.rules)]
        table(bench, "uids", {"rule": "INTEGER", "uid": "VARCHAR"}, uids)
        amount = written("worth", "scale")
        priced = (
            f"UNION ALL SELECT row, {amount}, currency, uid FROM worths JOIN groups USING (grp) LEFT JOIN uids USING (rule)"
        )
    id = f"nullif({cell_of(lines, line_id)}, '')"
    bench.sql.execute(
        f"COPY (SELECT coalesce({id}, {ROW}::VARCHAR) AS line, amount, currency, rule FROM {lines.sql} "
        f"JOIN (FROM single {priced}) USING ({ROW}) ORDER BY {ROW}) TO {text(str(path))} (FORMAT csv, HEADER)"
    )
