"""The rows of a table within a form. Each row is taken in as a small form of its own, the columns being its fields.

A row in which nothing was typed is left out. What is wrong with a cell is told under "<table>.<row>.<column>", rows counted
from 0 as they came; that is also the name of its input.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .fields._type import Getlist
from .fields.subform import MOST_ROWS, USUAL_ROWS
from .loaded import Loaded
from .reason import Reason
from .values import number, plain, untouched

if TYPE_CHECKING:
    from .field import Field
    from .form import Form

Rows = list[dict[str, Any]]
WRITE: Final = {"*": "write"}


def place(*parts: str | int) -> str:
    """The name of a cell: items.0.amount."""
    return ".".join(map(str, parts))


def field_of(key: str) -> str:
    """The field to which a name of a cell belongs; of a field, itself."""
    return key.partition(".")[0]


def pointer(key: str) -> str:
    """The place in a JSON document of what a name means: items/0/amount."""
    return key.replace(".", "/") if key.count(".") == 2 else key


def gathered(table: "Field", columns: "Form", getlist: Getlist) -> Rows:
    """From a browser's form data: the input of the table's own name says for each row by which mark its cells are called."""
    marks = getlist(table.key)[: MOST_ROWS + 1]
    return [
        {
            key: column.type.gather(getlist, place(table.key, mark, key))
            for key, column in columns.fields.items()
            if not column.type.computed
        }
        for mark in marks
    ]


def loaded(table: "Field", columns: "Form", raw: Any, zone: tzinfo, now: datetime) -> tuple[Rows, dict[str, Reason]]:
    """What was filled in, and what is wrong with it by name."""
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        return [], {table.key: Reason("field.rows.invalid")}
    most, least = table.config.get("max", USUAL_ROWS), table.config.get("min", 0)
    if len(raw) > MOST_ROWS:
        return [], {table.key: Reason("field.rows.too_many", {"max": most})}
    rows: Rows = []
    errors: dict[str, Reason] = {}
    for index in typed(columns, raw):
        taken = columns.taken(raw[index], {}, WRITE, zone, now)
        rows.append(_filled({**taken.values, **columns.computed(taken.values, now)}))
        errors.update({place(table.key, index, key): reason for key, reason in taken.errors.items()})
    if len(rows) > most:
        errors[table.key] = Reason("field.rows.too_many", {"max": most})
    if len(rows) < least:
        errors[table.key] = Reason("field.rows.too_few", {"min": least})
    return rows, errors


def judged(table: str, columns: "Form", raw: Any, kept: Any, now: datetime) -> tuple[Rows, dict[str, Reason]]:
    """The same rows with what they lack, told where it was to be typed, and calculated."""
    found = [columns.judged(Loaded(row), {}, {}, WRITE, now) for row in kept]
    names = typed(columns, raw)
    errors = {place(table, names[at], key): why for at, one in enumerate(found) for key, why in one.errors.items()}
    return [_filled(one.values) for one in found], errors


def typed(columns: "Form", raw: Any) -> list[int]:
    """Which rows something was typed into: those that are kept."""
    asked = [key for key, column in columns.fields.items() if not column.type.computed]
    return [index for index, row in enumerate(listed(raw)) if not all(untouched(row.get(key)) for key in asked)]


def as_typed(form: "Form", raw: Mapping[str, Any], name: str) -> str:
    """Of a cell of what is kept, its place in what was typed."""
    key, *cell = name.split(".")
    columns = form.fields[key].columns
    return place(key, typed(columns, raw.get(key))[int(cell[0])], *cell[1:]) if cell and columns is not None else name


def followed(columns: "Form", rows: Any, around: Mapping[str, Any], now: datetime) -> Rows:
    """The rows calculated anew with what stands around their table; a row's own field goes before one of the same name."""
    outer = {key: value for key, value in around.items() if key not in columns.fields}
    return [_filled({**row, **columns.computed({**outer, **row}, now)}) for row in listed(rows)]


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def totals(columns: "Form", rows: Any) -> dict[str, Any]:
    """What the columns that are added up come to, as a value of theirs."""
    found = {}
    for key, column in columns.fields.items():
        if column.totalled:
            kept = column.type.keep(sum((_amount(row.get(key)) for row in listed(rows)), Decimal(0)), column.config)
            found[key] = plain(kept) if isinstance(kept, Decimal) else kept
    return found


def listed(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a value that may be anything."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _amount(value: Any) -> Decimal:
    try:
        return number(value)
    except ValueError:
        return Decimal(0)
