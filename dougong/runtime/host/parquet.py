"""A Parquet file as the rows of a table: read by the engine of the batches, which opens this file and nothing else."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final

from dougong.platform.sheets import Limits, SheetError, texts
from dougong.runtime.settlement.batch.sources import NoTable, cells_of

MAGIC: Final = b"PAR1"
PACKED: Final = 10  # times as much as a text


def numbered(file: BinaryIO, name: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """As `sheets.numbered`: the columns' names first. Raises SheetError."""
    with NamedTemporaryFile(suffix=".parquet") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        if copy.tell() > limits.size:
            raise SheetError("sheet.too_large", limit=limits.size // 1_000_000)
        try:
            yield from texts(enumerate(cells_of(Path(copy.name)), 1), limits.rows)
        except NoTable:
            raise SheetError("sheet.unreadable", name=name) from None
