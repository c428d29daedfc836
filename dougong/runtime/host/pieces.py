"""A file that is cut into pieces of so many rows, which are read one after the other: whoever goes on opens only his piece.

Pieces are files of the company (`platform/files.py`) that belong to the import, named by the row that they begin with. So are
the parts of a file that waits to be cut.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, NamedTuple

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dougong.platform import files
from dougong.platform.files import File
from dougong.platform.sheets import BY_THE_MILLION, SheetError
from dougong.platform.storage import storage
from dougong.runtime.form import Form

from .importing import Columns, columns_of, comes_in, rows_of

ROWS: Final = 5_000
SIZE: Final = 4_000_000  # characters of a piece, where its rows are long
TYPE: Final = "application/gzip"
PART: Final = 8_000_000  # bytes of a file that waits
WHOLE: Final = "part:"  # begins the names of its parts

Rows = list[tuple[int, list[str]]]


class Cut(NamedTuple):
    """`ids`: the pieces, which are nobody's yet; `unknown`: headings."""

    ids: list[str]
    rows: int
    unknown: list[str]


def keep(tenant_id: str, file: BinaryIO) -> list[str]:
    """A file as it came, until it is cut. Its parts are nobody's yet."""
    file.seek(0)
    parts = enumerate(iter(lambda: file.read(PART), b""))
    return [files.put(tenant_id, f"{WHOLE}{number:06}", "application/octet-stream", raw)["id"] for number, raw in parts]


@contextmanager
def kept(session: Session, owner: str) -> Iterator[BinaryIO]:
    """The same again. Raises LookupError where a part is gone."""
    with TemporaryFile() as whole:
        mine = select(File).where(File.owner == owner, File.name.startswith(WHOLE)).order_by(File.name)
        for part in session.scalars(mine):
            whole.write(storage().get(part.key))
        yield whole


def cut(tenant_id: str, file: BinaryIO, name: str, form: Form, told: Callable[[int], None] = lambda rows: None) -> Cut:
    """Only columns that are known are kept; `told` with each piece of how many rows there are until now. Raises SheetError,
    also where a column that every row needs is not there; what came before is nobody's, and goes."""
    rows = rows_of(file, name, BY_THE_MILLION, form)
    columns = columns_of(rows, form)
    if lacking := [one.title or one.key for one in comes_in(form) if one.required and one.key not in columns.keys]:
        raise SheetError("sheet.no_column_of", wanted=lacking)
    kept = [index for index, key in enumerate(columns.keys) if key]
    found = ((number, [cells[index] if index < len(cells) else "" for index in kept]) for number, cells in rows)
    ids, size = put(tenant_id, columns.known, found, told)
    return Cut(ids, size, columns.unknown)


def put(
    tenant_id: str, known: list[str], rows: Iterable[tuple[int, list[str]]], told: Callable[[int], None] = lambda rows: None
) -> tuple[list[str], int]:
    """Numbered rows with the cells of the columns that are known, as pieces, which are nobody's yet; how many rows."""
    ids, begun = list[str](), 0
    for piece in _pieces(rows):
        raw = gzip.compress(orjson.dumps([known, piece]), 1)
        ids.append(files.put(tenant_id, f"{begun:09}", TYPE, raw)["id"])
        begun += len(piece)
        told(begun)
    return ids, begun


def _pieces(rows: Iterable[tuple[int, list[str]]]) -> Iterator[Rows]:
    piece, size = Rows(), 0
    for number, cells in rows:
        piece.append((number, cells))
        size += sum(map(len, cells))
        if len(piece) == ROWS or size > SIZE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def are_there(session: Session, owner: str) -> bool:
    return session.scalar(select(File.id).where(File.owner == owner).limit(1)) is not None


def following(session: Session, owner: str, taken: int, most: int) -> tuple[Columns, Sequence[Any]]:
    """No more than so many rows, after those that have been taken. Raises LookupError where they are gone."""
    mine = select(File).where(File.owner == owner, File.name <= f"{taken:09}").order_by(File.name.desc()).limit(1)
    piece = session.scalar(mine)
    if piece is None:
        raise LookupError(owner)
    known, rows = orjson.loads(gzip.decompress(storage().get(piece.key)))
    begin = taken - int(piece.name)
    return Columns(known, []), rows[begin : begin + most]


def whole_is_cut(session: Session, owner: str) -> None:
    """Its parts go."""
    mine = update(File).where(File.owner == owner, File.name.startswith(WHOLE))
    session.execute(mine.values(owner=files.NOBODY))


def done(session: Session, owner: str) -> None:
    """All is read, or never will be: the pieces go."""
    session.execute(update(File).where(File.owner == owner).values(owner=files.NOBODY))
