"""A file of any number of lines settled on the command line: CSV (UTF-8 or GB18030) and Parquet, read as imports are read.

A cell is read once, however often it comes. Statements are explained as ever; of a line only the amount is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from dougong.platform.sheets import MAX_BYTES, MAX_STREAMED, SheetError, stream
from dougong.runtime.form import Field, Form
from dougong.runtime.reason import Reason
from dougong.runtime.settlement import Settlement, inputs_form
from dougong.runtime.settlement.batch import Aside, Figures, NoColumn, NoTable, Parquet, Reading, Rows, Unreadable, settle_lines
from dougong.runtime.settlement.run import Run
from dougong.runtime.upgrades import upgraded

from .importing import LookUp, Row, as_written, key_of
from .parquet import MAGIC as PARQUET
from .settling import Doc, Outcome

Told = Callable[[str, int, int], None]
IN_WORDS: Final = ("choice", "choices", "boolean", "date", "datetime", "region")  # read even where no rule asks


def is_bulk(path: Path) -> bool:
    """Too much to be explained line by line: a Parquet file, or a CSV file beyond what is taken by hand."""
    with path.open("rb") as file:
        head = file.read(4)
    return head == PARQUET or (path.stat().st_size > MAX_BYTES and head != b"PK\x03\x04")


def settled(doc: Doc, path: Path, period: str, told: Told, lines_to: Path | None = None) -> Outcome:
    """As `settling.settled`. Raises SheetError for a file that is no table."""
    form = inputs_form(doc)
    known = "、".join(next(iter(one.title.values()), one.key) for one in form.fields.values())
    if any(one.calculated or one.visible_when for one in form.fields.values()):  # such rows must be read whole
        raise SheetError("sheet.too_large", limit=MAX_BYTES // 1_000_000)
    try:
        settlement, source = Settlement.from_json(upgraded(doc)), _source(path, form, doc.get("line_id", ""), known)
        found = settle_lines(settlement, source, told=told, lines_to=lines_to)
    except NoColumn:
        raise SheetError("sheet.no_known_column", known=known) from None
    except NoTable:
        raise SheetError("sheet.unreadable", name=path.name) from None
    mine = [one for one in found.settled if one.start.isoformat().startswith(period)]
    return Outcome(doc, _refused(found.aside), Run((), found.settled, found.faults, {}), mine)


def _source(path: Path, form: Form, line_id: str, known: str) -> Parquet | Rows:
    def named(heading: str) -> str | None:
        return key_of(form, heading)

    reading = reading_of(form)
    with path.open("rb") as file:
        if file.read(4) == PARQUET:
            if path.stat().st_size > MAX_STREAMED:
                raise SheetError("sheet.too_large", limit=MAX_STREAMED // 1_000_000)
            return Parquet(path, line_id, reading, named)
    rows = stream(path)
    columns = [named(heading) or "" for heading in next(rows, [])]
    if not any(columns):
        raise SheetError("sheet.no_known_column", known=known)
    cells = (row + [""] * (len(columns) - len(row)) for row in rows)
    return Rows(columns, enumerate(cells, start=2), line_id, reading)


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
