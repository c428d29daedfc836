"""Where the lines of a batch come from: a Parquet file, or rows that are put into one; and how a cell is read.

A batch asks for a value once for each different cell of a column, and only in the columns that somebody asks for.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import duckdb

from ...reason import Reason
from .engine import Bench, Limits, name, opened, text

ID: Final = "#"  # no input is called so
ROW: Final = "row"  # where a line stood: the number it is told by
MOST_OF_A_LINE: Final = 16_000_000  # bytes
STOOD: Final = "#row"  # the column of it in a file of ours
AT_ONCE: Final = 30_720  # rows of a file of ours: so each thread has some of a hundred thousand, too


class Unreadable(Exception):
    """A cell that is no value of its input."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class Aside(NamedTuple):
    """A cell because of which its row is not counted."""

    row: int
    column: str
    value: str
    reason: Reason


class Figures(NamedTuple):
    """Which texts are taken for numbers without asking: so many places, within these; others are asked for one by one."""

    places: int = 9
    least: str | None = None
    most: str | None = None


def as_written(name: str, cell: str) -> Any:
    """A cell of a file of ours says the value itself; an empty one says nothing."""
    return cell or None


@dataclass(frozen=True)
class Reading:
    """`value(input, text)` may raise Unreadable. `figures`: by input. `commas`: 1,234.50 is a number. `needed`: inputs that
    must be filled in. `checked`: inputs that are read although nobody asks for them."""

    value: Callable[[str, str], Any] = as_written
    figures: Mapping[str, Figures] = field(default_factory=dict)
    commas: bool = False
    needed: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()


class Relation(NamedTuple):
    """`sql`: what is selected from; `types`: of its columns."""

    sql: str
    types: Mapping[str, str]


class NoTable(Exception):
    """A file that is no Parquet."""


class NoColumn(NoTable):
    """A file none of whose columns is an input."""


class Source(Protocol):
    """What a batch may be made of. `id`: the input that identifies a line; `files`: those the engine may read."""

    @property
    def id(self) -> str: ...
    @property
    def files(self) -> tuple[Path, ...]: ...
    @property
    def reading(self) -> Reading: ...
    def relation(self, bench: Bench, columns: Sequence[str]) -> Relation:
        """Raises NoTable."""


@dataclass(frozen=True)
class Parquet:
    """A file whose columns are named after the inputs, or as `named` knows them. Rows are numbered from 1. `id`: the input that
    identifies a line."""

    path: Path
    id: str = ""
    reading: Reading = field(default_factory=Reading)
    named: Callable[[str], str | None] = str

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def relation(self, bench: Bench, columns: Sequence[str]) -> Relation:
        """Raises NoTable."""
        try:
            found = relation_of(bench, self.path, columns, self.named)
        except duckdb.Error:
            raise NoTable(self.path.name) from None
        if not found.types:
            raise NoColumn(self.path.name)
        return found


@dataclass(frozen=True)
class Rows:
    """Rows from anywhere: (number, cells), the cells in the order of `columns`; they are put into a file first."""

    columns: Sequence[str]
    rows: Iterable[tuple[int, Sequence[str]]]
    id: str = ""
    reading: Reading = field(default_factory=Reading)
    files: tuple[Path, ...] = ()

    def relation(self, bench: Bench, columns: Sequence[str]) -> Relation:
        kept = [index for index, one in enumerate(self.columns) if one in columns]
        path = bench.folder / "lines"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            out.writerow([STOOD, *(self.columns[index] for index in kept)])
            out.writerows([number, *(_one_line(cells[index]) for index in kept)] for number, cells in self.rows)
        columns_read = ", ".join(f"{text(one)}: 'VARCHAR'" for one in [STOOD, *(self.columns[index] for index in kept)])
        read = (
            f"read_csv({text(str(path))}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            f"max_line_size = {MOST_OF_A_LINE}, columns = {{{columns_read}}})"
        )
        select = f"SELECT * REPLACE ({name(STOOD)}::BIGINT AS {name(STOOD)}) FROM {read}"
        return relation_of(bench, packed(bench, path, select), columns)


def packed(bench: Bench, path: Path, select: str) -> Path:
    """What is selected from a file of ours, put into Parquet in its place."""
    there = path.with_name(f"{path.name}.parquet")
    bench.sql.execute(f"COPY ({select}) TO {text(str(there))} (FORMAT parquet, ROW_GROUP_SIZE {AT_ONCE})")
    path.unlink()
    return there


def headings(path: Path) -> list[str]:
    """The names of a Parquet file's columns. Raises NoTable."""
    try:
        with opened([path], Limits()) as bench:
            return [row[0] for row in bench.sql.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(path)]).fetchall()]
    except duckdb.Error:
        raise NoTable(path.name) from None


def cells_of(path: Path) -> Iterator[Sequence[Any]]:
    """The names of a Parquet file's columns, then its rows. Raises NoTable."""
    try:
        with opened([path], Limits()) as bench:
            found = bench.sql.execute("SELECT * FROM read_parquet($1)", [str(path)])
            yield [column[0] for column in found.description or ()]
            while some := found.fetchmany(1_000):
                yield from some
    except duckdb.Error:
        raise NoTable(path.name) from None


def _one_line(cell: str) -> str:
    return cell.translate(_BREAKS) if "\n" in cell or "\r" in cell or "\0" in cell else cell


_BREAKS: Final = {ord("\n"): " ", ord("\r"): " ", 0: " "}


def relation_of(bench: Bench, path: Path, columns: Sequence[str], named: Callable[[str], str | None] = str) -> Relation:
    """Of a Parquet file the columns that are asked for."""
    read = f"read_parquet({text(str(path))}, file_row_number = true)"
    types = {row[0]: row[1] for row in bench.sql.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
    row = name(STOOD) if STOOD in types else "file_row_number + 1"
    there = {input: heading for heading in types if (input := named(heading)) in columns and input is not None}
    shown = ", ".join(
        [f"({row})::BIGINT AS {ROW}", *(f"{name(heading)} AS {column(input)}" for input, heading in there.items())]
    )
    return Relation(f"(SELECT {shown} FROM {read})", {input: types[heading] for input, heading in there.items()})


def column(input: str) -> str:
    """The column of an input in SQL."""
    return name(f"c_{input}")
