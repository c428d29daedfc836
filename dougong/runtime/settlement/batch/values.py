"""Lines as the interpreter takes them, as a source of a batch: the engine itself reads their JSON.

A number is the text that it is; every other value stays the JSON that it is, and so does what should be a number and is none,
after a sign that no number has.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from .engine import Bench, Limits, name, opened, text
from .sources import ID, MOST_OF_A_LINE, STOOD, Parquet, Reading, Relation, packed, relation_of


def _plain(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
OTHER: Final = "="  # what a cell begins with that is no number
_NUMBER: Final = r'-?[0-9]+|"-?[0-9]+(\.[0-9]+)?"'


@dataclass(frozen=True)
class Values:
    """`lines`: (id, values), or the JSON text of the values where one has that. `kinds`: of the inputs."""

    lines: Iterable[tuple[str, Mapping[str, Any] | str]]
    kinds: Mapping[str, str]
    id: str = ID
    files: tuple[Path, ...] = ()

    @property
    def reading(self) -> Reading:
        return Reading(value=lambda input, cell: _spoken(cell, self.kinds[input]))

    def relation(self, bench: Bench, columns: Sequence[str]) -> Relation:
        return relation_of(bench, self.written(bench, columns), columns)

    def written(self, bench: Bench, columns: Iterable[str]) -> Path:
        inputs = [one for one in columns if one in self.kinds]
        path = bench.folder / "lines"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(
                f'{{"row":{row},"id":{_JSON(id)},"values":{_written(values)}}}\n'
                for row, (id, values) in enumerate(self.lines, 1)
            )
        fields = ", ".join(f"{name(one)} JSON" for one in (ID, *inputs))
        read = (
            f"read_json({text(str(path))}, format = 'newline_delimited', maximum_object_size = {MOST_OF_A_LINE}, "
            f"columns = {{row: 'BIGINT', id: 'VARCHAR', values: {text(f'STRUCT({fields})')}}})"
        )
        cells = [f"{_cell(one, self.kinds[one])} AS {name(one)}" for one in inputs]
        select = ", ".join([f"row AS {name(STOOD)}", f"id AS {name(ID)}", *cells])
        return packed(bench, path, f"SELECT {select} FROM {read}")


@contextmanager
def kept(lines: Values) -> Iterator[Parquet]:
    """For more than one settlement: put down once. `kinds` are those of all."""
    with opened(lines.files, Limits()) as bench:
        yield Parquet(lines.written(bench, lines.kinds), lines.id, lines.reading)


def _written(values: Mapping[str, Any] | str) -> str:
    return values if isinstance(values, str) else _JSON(values)


def _cell(input: str, kind: str) -> str:
    found = f"values.{name(input)}::VARCHAR"
    if kind != "number":
        return found
    return (
        f"CASE WHEN regexp_full_match({found}, {text(_NUMBER)}) THEN trim({found}, '\"') "
        f"WHEN {found} <> '\"\"' THEN {text(OTHER)} || {found} END"
    )


def _spoken(cell: str, kind: str) -> Any:
    if not cell or (kind == "number" and not cell.startswith(OTHER)):
        return cell or None
    return json.loads(cell.removeprefix(OTHER))
