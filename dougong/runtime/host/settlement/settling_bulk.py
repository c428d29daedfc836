"""A file of any number of lines settled on the command line: CSV (UTF-8 or GB18030), Excel and Parquet, read as imports are.

A cell is read once, however often it comes. Statements are explained as ever; of a line only the amount is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from dougong.platform.sheets import BY_COMMAND, BY_HAND, SheetError
from dougong.runtime.form import Field, Form
from dougong.runtime.reason import Reason
from dougong.runtime.settlement import Settlement, inputs_form
from dougong.runtime.settlement.batch import Aside, Figures, NoColumn, NoTable, Parquet, Reading, Rows, Unreadable, settle_lines
from dougong.runtime.settlement.batch.sources import headings
from dougong.runtime.settlement.run import Run
from dougong.runtime.upgrades import upgraded

from ..importing import LookUp, Row, as_written, columns_of, key_of, no_known_column, rows_of
from ..parquet import MAGIC as PARQUET
from .settling import Doc, Outcome, must_bring

Told = Callable[[str, int, int], None]
ONE_BY_ONE: Final = BY_HAND.size
IN_WORDS: Final = ("choice", "choices", "boolean", "date", "datetime", "region")  # read even where no rule asks


def is_bulk(path: Path) -> bool:
    """Too much to be explained line by line: a Parquet file, or one beyond what is taken by hand."""
    with path.open("rb") as file:
        return file.read(4) == PARQUET or path.stat().st_size > ONE_BY_ONE


def settled(doc: Doc, path: Path, period: str, told: Told, lines_to: Path | None = None) -> Outcome:
    """As `settling.settled`. Raises SheetError for a file that is no table."""
    form = inputs_form(doc)
    if any(one.calculated or one.visible_when for one in form.fields.values()):  # such rows must be read whole
        raise SheetError("sheet.too_large", limit=ONE_BY_ONE // 1_000_000)
    try:
        with path.open("rb") as file:
            settlement, source = Settlement.from_json(upgraded(doc)), _source(file, path, form, doc.get("line_id", ""))
            must_bring(settlement, doc, source.columns if isinstance(source, Rows) else _keys(form, path))
            found = settle_lines(settlement, source, told=told, lines_to=lines_to)
    except NoColumn:
        raise no_known_column(form.fields.values()) from None
    except NoTable:
        raise SheetError("sheet.unreadable", name=path.name) from None
    mine = [one for one in found.settled if one.start.isoformat().startswith(period)]
    return Outcome(doc, _refused(found.aside), Run((), found.settled, found.faults, {}), mine)


def _keys(form: Form, path: Path) -> list[str | None]:
    return [key_of(form, heading) for heading in headings(path)]


def _source(file: BinaryIO, path: Path, form: Form, line_id: str) -> Parquet | Rows:
    reading = reading_of(form)
    if file.read(4) == PARQUET:
        if path.stat().st_size > BY_COMMAND.size:
            raise SheetError("sheet.too_large", limit=BY_COMMAND.size // 1_000_000)
        return Parquet(path, line_id, reading, lambda heading: key_of(form, heading))
    rows = rows_of(file, path.name, BY_COMMAND, form)
    keys = [key or "" for key in columns_of(rows, form).keys]
    return Rows(keys, ((number, cells + [""] * (len(keys) - len(cells))) for number, cells in rows), line_id, reading)


def reading_of(form: Form) -> Reading:
    """How the cells of a form's fields are read: as an import reads them, one at a time."""
    fields = form.fields
    return Reading(
        value=_Cells(form).value,
        figures={key: _figures(one) for key, one in fields.items() if one.kind == "number"},
        commas=True,
        needed=frozenset(key for key, one in fields.items() if one.required),
        checked=frozenset(key for key, one in fields.items() if one.kind in IN_WORDS),
    )


def _figures(one: Field) -> Figures:
    """Of other types than these every cell is asked for: they may want more of a number."""
    if one.type.name not in ("number", "money"):
        return Figures(least="1", most="0")
    config = {**one.type.standard, **one.config}
    return Figures(config.get("places", 0), config.get("min"), config.get("max"))


@dataclass
class _Cells:
    form: Form
    look_up: LookUp = field(default_factory=lambda: LookUp(as_written))
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def value(self, input: str, cell: str) -> Any:
        """Raises Unreadable."""
        one = self.form.fields[input]
        cell = cell.strip()
        try:
            raw = self.look_up.value(one, cell) if cell else None
        except LookupError:
            raise Unreadable(Reason("field.region.unknown", {"found": cell[:40]})) from None
        loaded = self.form.load({input: raw}, {}, {input: "write"}, UTC, self.now)
        if input in loaded.errors:
            raise Unreadable(loaded.errors[input])
        return self.look_up.titled(one, loaded.values.get(input))


def _refused(aside: tuple[Aside, ...]) -> list[Row]:
    rows: dict[int, Row] = {}
    for one in aside:
        row = rows.get(one.row) or Row(one.row, {}, {}, {})
        rows[one.row] = Row(one.row, {**row.cells, one.column: one.value}, {}, {**row.errors, one.column: one.reason})
    return list(rows.values())
