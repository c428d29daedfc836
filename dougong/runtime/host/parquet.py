"""A Parquet file as the rows of a table: read by the engine of the batches, which opens this file and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from dougong.platform.sheets import SheetError, texts
from dougong.runtime.settlement.batch.sources import NoTable, cells_of

MAGIC: Final = b"PAR1"


def rows(raw: bytes, name: str, most: int) -> Iterator[list[str]]:
    """As `sheets.read`: the columns' names first. Raises SheetError."""
    with NamedTemporaryFile(suffix=".parquet") as file:
        file.write(raw)
        file.flush()
        try:
            yield from texts(cells_of(Path(file.name)), most)
        except NoTable:
            raise SheetError("sheet.unreadable", name=name) from None
