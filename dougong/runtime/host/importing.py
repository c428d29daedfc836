"""Tables that people bring (CSV, Excel) as the values of a form's fields: columns by key or title, cells in words.

A column is found by the field's key or its title in any language. A choice may be given by its title, a place by its names, a
record by its unique value or its name, a day as 2026/1/5, a moment as 2026/1/5 8:30. What does not fit is told
by row and column; nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from io import SEEK_END, BytesIO
from typing import Any, BinaryIO

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dougong.platform import regions
from dougong.platform.people import Member, Unit
from dougong.platform.scopes import EVERYTHING_SEEN, Sight
from dougong.platform.sheets import BY_HAND, MAX_CELL, TITLES, Limits, SheetError, numbered, unpacked
from dougong.runtime.fields.cascade import path
from dougong.runtime.form import EVERYTHING, Field, Form
from dougong.runtime.reason import Reason
from dougong.runtime.texts import pick

from . import parquet
from .reading import visible_records
from .tables import Record

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")
_MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?$")
Finder = Callable[[Field, str], tuple[str, Any]]
_LIST = re.compile(r"[、，,;；|]")


class SeveralOfName(LookupError):
    """A cell names more than one."""


@dataclass(frozen=True)
class Row:
    """One row of the file. `number` is its line, the header being 1. `values` are ready to be kept where `errors` is empty."""

    number: int
    cells: Mapping[str, str]
    values: Mapping[str, Any]
    errors: Mapping[str, Reason]


@dataclass
class Table:
    """`columns` are the fields that were found, `unknown` the headings that are nobody's."""

    columns: list[str]
    unknown: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.errors]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.errors]


def read_table(
    session: Session,
    raw: bytes,
    name: str,
    form: Form,
    zone: tzinfo,
    now: datetime,
    sight: Sight = EVERYTHING_SEEN,
    most: int = BY_HAND.rows,
) -> Table:
    """`sight`: the records that its cells may name; `most`: rows of the file.

    Raises SheetError for a file that is no table, or one in which no column is known.
    """
    rows = rows_of(BytesIO(raw), name, BY_HAND._replace(rows=most), form)
    return table_of(rows, form, finder(session, sight), zone, now)


def rows_of(file: BinaryIO, name: str, limits: Limits, form: Form) -> Iterator[tuple[int, list[str]]]:
    """Of a CSV, Excel or Parquet file, each with its number, the header first. Raises SheetError."""
    file.seek(0)
    if file.read(4) == parquet.MAGIC:
        return parquet.numbered(file, name, limits)
    return numbered(file, name, limits, lambda cells: len({key_of(form, one) for one in cells} - {None}))


def weight(file: BinaryIO, name: str, limits: Limits) -> int:
    """About how many bytes there are to be read of such a file. Raises SheetError for what can be told at once."""
    file.seek(0)
    if file.read(4) != parquet.MAGIC:
        return unpacked(file, name, limits)
    return file.seek(0, SEEK_END) * parquet.PACKED


def table_of(rows: Iterator[tuple[int, list[str]]], form: Form, find: Finder, zone: tzinfo, now: datetime) -> Table:
    """Numbered rows of cells, the header first. `find` knows what a cell refers to (`as_written` where nobody does)."""
    columns = columns_of(rows, form)
    return Table(columns.known, columns.unknown, list(columns.read(rows, form, LookUp(find), zone, now)))


@dataclass(frozen=True)
class Columns:
    """What a file's columns are of: the key of a field each, or nobody's."""

    keys: list[str | None]
    unknown: list[str]

    @property
    def known(self) -> list[str]:
        return [key for key in self.keys if key]

    def read(
        self, rows: Iterable[tuple[int, Sequence[str]]], form: Form, look_up: "LookUp", zone: tzinfo, now: datetime
    ) -> Iterator[Row]:
        for number, cells in rows:
            named = {key: cell for key, cell in zip(self.keys, cells, strict=False) if key}
            yield _row(number, named, form, look_up, zone, now)


def columns_of(rows: Iterator[tuple[int, list[str]]], form: Form) -> Columns:
    """By the header, the first of the rows. Raises SheetError."""
    _, header = next(rows, (0, None))
    if header is None:
        raise SheetError("sheet.empty")
    keys = [key_of(form, heading) for heading in header]
    if not any(keys):
        raise no_known_column(comes_in(form))
    return Columns(keys, [heading for heading, key in zip(header, keys, strict=True) if heading and not key])


def no_known_column(fields: Iterable[Field]) -> SheetError:
    return SheetError("sheet.no_known_column", rows=TITLES, known=[one.title or one.key for one in fields])


def _row(number: int, cells: Mapping[str, str], form: Form, look_up: "LookUp", zone: tzinfo, now: datetime) -> Row:
    raw, errors = dict[str, Any](), dict[str, Reason]()
    for key, cell in cells.items():
        try:
            raw[key] = look_up.value(form.fields[key], cell) if cell else None
        except SeveralOfName:
            errors[key] = Reason("sheet.several_of_name", {"found": cell[:40]})
        except LookupError:
            place = form.fields[key].type.name == "region"
            errors[key] = Reason("field.region.unknown" if place else "sheet.none_of_name", {"found": cell[:40]})
        if len(cell) > MAX_CELL:
            errors[key] = Reason("sheet.cell_too_long", {"limit": MAX_CELL})
    loaded = form.load(raw, {}, EVERYTHING, zone, now)
    values = {key: look_up.titled(form.fields[key], value) for key, value in loaded.values.items()}
    return Row(number, cells, values, {**loaded.errors, **errors})


def comes_in(form: Form) -> list[Field]:
    """What the cells of a file may fill in."""
    return [one for one in form.fields.values() if not one.type.computed and one.kind not in ("files", "rows", "none")]


def key_of(form: Form, heading: str) -> str | None:
    wanted = heading.strip().rstrip("*").strip().casefold()
    known = (one.key for one in comes_in(form) if wanted in (one.key, *(title.casefold() for title in one.title.values())))
    return next(known, None)


def _moment(cell: str) -> str:
    """As spreadsheets write it, 2026/11/1 0:05."""
    found = _MOMENT.match(cell)
    if found is None:
        return cell
    year, *rest = (int(one or 0) for one in found.groups())
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(year, *rest)


class LookUp:
    """Cells in words as what the field loads. Remembers what it has looked up, since columns repeat themselves."""

    def __init__(self, find: Finder) -> None:
        self.find = find
        self.known: dict[tuple[str, str], tuple[str, Any]] = {}
        self.titles: dict[str, Any] = {}

    def value(self, one: Field, cell: str) -> Any:
        """Raises LookupError where the cell names something that is not there."""
        match one.type.name:
            case "choice":
                return _option(one, cell)
            case "cascade":
                return _branch(one, cell)
            case "choices":
                return [_option(one, part.strip()) for part in _LIST.split(cell) if part.strip()]
            case "boolean":
                return _yes(cell)
            case "region":
                return _place(one, cell)
            case "date":
                day = _DAY.match(cell)
                return f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}" if day else cell
            case "moment":
                return _moment(cell)
            case "record" | "person" | "unit":
                return self._reference(one, cell)
        return cell

    def titled(self, one: Field, value: Any) -> Any:
        """References get the title of what was found."""
        if one.type.name in ("record", "person", "unit") and isinstance(value, dict):
            return {**value, "title": self.titles.get(value["id"], "")}
        return value

    def _reference(self, one: Field, cell: str) -> str:
        name = (one.config.get("entity", one.type.name), cell)
        if name not in self.known:
            self.known[name] = self.find(one, cell)
            self.titles[self.known[name][0]] = self.known[name][1]
        return self.known[name][0]


def as_written(one: Field, cell: str) -> tuple[str, Any]:
    """What a cell names is what it says."""
    return cell, cell


def finder(session: Session, sight: Sight) -> Finder:
    """What a cell may name: the tenant's own, those that may be seen."""
    return _Records(session, sight).find


@dataclass(frozen=True)
class _Records:
    session: Session
    sight: Sight = EVERYTHING_SEEN

    def find(self, one: Field, cell: str) -> tuple[str, Any]:
        """(id, title). Raises LookupError where there is none, SeveralOfName where there are two."""
        if one.type.name == "record":
            same = or_(Record.unique_value == cell, Record.title == cell, Record.id == cell)
            wanted = select(Record).where(Record.entity_key == one.config["entity"], same, visible_records(self.sight))
            rows: Any = self.session.scalars(wanted.limit(2)).all()
            found = [(row.id, row.title) for row in rows]
        elif one.type.name == "person":
            people = self.session.scalars(select(Member).where(or_(Member.name == cell, Member.email == cell)).limit(2))
            found = [(row.id, row.name) for row in people]
        else:
            units = self.session.scalars(select(Unit))
            found = [(row.id, row.name) for row in units if cell in (row.code, *row.name.values())]
        if len(found) != 1:
            raise SeveralOfName(cell) if found else LookupError(cell)
        return found[0]


def _option(one: Field, cell: str) -> str:
    for option in one.config.get("options", ()):
        if cell.casefold() in (option["key"].casefold(), *(title.casefold() for title in option["title"].values())):
            return str(option["key"])
    return cell


def _branch(one: Field, cell: str) -> str:
    """An option of a tree by its path (家电/冰箱), or by its own title where only one is called so."""
    wanted = [part.strip().casefold() for part in re.split(r"[/／>]", cell)]
    found = []
    for option in one.config.get("options", ()):
        names = [{*part["title"].values(), part["key"]} for part in path(one.config, option["key"])][-len(wanted) :]
        if len(names) == len(wanted) and all(
            word in {name.casefold() for name in known} for word, known in zip(wanted, names, strict=True)
        ):
            found.append(str(option["key"]))
    return found[0] if len(found) == 1 else cell


def _yes(cell: str) -> Any:
    words = cell.strip().casefold()
    if words in ("是", "y", "yes", "true", "1", "√", "有"):
        return True
    return False if words in ("否", "n", "no", "false", "0", "×", "无") else cell


def _place(one: Field, cell: str) -> dict[str, str]:
    """A place by its names, with the address behind them where the field asks for one."""
    found = regions.read(cell)
    if found is None or (found[1] and not one.config.get("detail")):
        raise LookupError(cell)
    return {"region": found[0], "detail": found[1]}


def headings(form: Form, language: str) -> list[str]:
    """The header of a template file to fill in: titles, the required ones with an asterisk."""
    return [f"{pick(one.title, language)}{'*' if one.required else ''}" for one in comes_in(form)]
