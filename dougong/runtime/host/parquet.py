"""A Parquet file as the rows of a table: read by the engine of the batches, which opens this file and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import duckdb

from dougong.platform.sheets import MAX_COLUMNS, SheetError, texts
from dougong.runtime.settlement.batch import Limits
from dougong.runtime.settlement.batch.engine import opened

MAGIC: Final = b"PAR1"
AT_ONCE: Final = 1_000


def rows(raw: bytes, name: str, most: int) -> Iterator[list[str]]:
    """As `sheets.read`: the columns' names first. Raises SheetError."""
    with NamedTemporaryFile(suffix=".parquet") as file:
        file.write(raw)
        file.flush()
        yield from texts(_rows(Path(file.name), name), most)


def _rows(path: Path, name: str) -> Iterator[list[Any]]:
    try:
        with opened([path], Limits()) as bench:
            found = bench.sql.execute("SELECT * FROM read_parquet($1)", [str(path)])
            yield [column[0] for column in (found.description or ())[:MAX_COLUMNS]]
            while some := found.fetchmany(AT_ONCE):
                yield from (list(row) for row in some)
    except (duckdb.Error, ValueError):
        raise SheetError("sheet.unreadable", name=name) from None
