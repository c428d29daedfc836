"""Lines as values again, where the interpreter is asked: what is wrong with one, or what a statement comes to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from ...reason import Reason
from ..definition import Settlement
from .codes import cell_of
from .engine import Bench
from .sources import ROW, Aside, Reading, Relation, Unreadable


class Read(NamedTuple):
    """A line as it was read: values by input, or the cells that are none."""

    row: int
    id: str
    values: dict[str, Any]
    wrong: list[Aside]


Partner = tuple[tuple[str, ...], date]  # and the first day of a statement
Left = dict[Partner, list[Read]]


class Asking:
    """`columns`: the inputs that are read. What a cell means is remembered."""

    def __init__(self, bench: Bench, lines: Relation, reading: Reading, columns: Iterable[str], id: str) -> None:
        self.bench, self.lines, self.reading, self.id = bench, lines, reading, id
        self.columns = [one for one in columns if one in lines.types or one in reading.needed]
        self._known: dict[tuple[str, str], Any] = {}

    def read(self, rows: str) -> Iterator[Read]:
        """The lines whose number is among those that this query finds, in their order."""
        shown = [cell_of(self.lines, one) for one in self.columns]
        id = cell_of(self.lines, self.id) if self.id else "''"
        found = self.bench.sql.execute(
            f"SELECT {', '.join([ROW, id, *shown])} FROM {self.lines.sql} WHERE {ROW} IN ({rows}) ORDER BY {ROW}"
        ).fetchall()
        yield from (self._read(row, given or str(row), cells) for row, given, *cells in found)

    def _read(self, row: int, id: str, cells: Iterable[str]) -> Read:
        found = Read(row, id, {}, [])
        for input, cell in zip(self.columns, cells, strict=True):
            value = self._value(input, cell)
            if isinstance(value, Reason):
                found.wrong.append(Aside(row, input, cell, value))
            elif value is not None:
                found.values[input] = value
        return found

    def _value(self, input: str, cell: str) -> Any:
        if (input, cell) not in self._known:
            try:
                self._known[input, cell] = self.reading.value(input, cell)
            except Unreadable as wrong:
                self._known[input, cell] = wrong.reason
        return self._known[input, cell]


def together(settlement: Settlement, left: Left) -> list[list[Read]]:
    """What the interpreter is asked at once: the lines of a statement, or of a partner where something looks beyond; all where
    they draw from the same pools."""
    units: dict[Any, list[Read]] = defaultdict(list)
    beyond = settlement.looks_beyond or settlement.lines_look_beyond
    for (who, start), lines in left.items():
        units[None if settlement.pools else who if beyond else (who, start)] += lines
    return [sorted(lines, key=lambda one: one.row) for lines in units.values()]
