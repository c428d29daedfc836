"""Tables of records taken in: good rows are written, one with a known unique value changes its record, the rest is told apart.

What would become of each row can be seen before anything is written. A second import of the same file changes what it changed
before, which is nothing, and adds none. Empty cells change nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform import audit
from dougong.platform.store import driver_of, new_id, transaction
from dougong.runtime.form import EVERYTHING, Loaded
from dougong.runtime.reason import Reason
from dougong.runtime.values import missing

from . import references
from .importing import Row, Table
from .record_types import RecordType
from .records import differences, exists, keep, made, write_change
from .tables import Record
from .verbs import Actor

AT_ONCE = 500
BECOMES = ("written", "updated", "same", "wrong")


@dataclass(frozen=True)
class Judged:
    """What becomes of a row: written, updated, same or wrong. `data`: what its record would be, or the one that is there is."""

    row: Row
    becomes: str
    data: Mapping[str, Any]
    present: Record | None = None
    errors: Mapping[str, Reason] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Imported:
    """How an import goes, or went."""

    rows: list[Judged]

    @cached_property
    def counts(self) -> dict[str, int]:
        return {**dict.fromkeys(BECOMES, 0), **Counter(one.becomes for one in self.rows)}

    @cached_property
    def wrong(self) -> list[tuple[Row, Mapping[str, Reason]]]:
        """The rows that are left out, each with its errors by field."""
        return [(one.row, one.errors) for one in self.rows if one.becomes == "wrong"]

    @property
    def writes(self) -> int:
        """Rows that are written or updated."""
        return self.counts["written"] + self.counts["updated"]

    @property
    def good(self) -> list[Judged]:
        return [one for one in self.rows if one.becomes != "wrong"]


@dataclass
class _Present:
    """What is there before the first row: records by unique value, and how many have exactly this content."""

    by_unique: dict[str, Record]
    contents: Counter[str]
    rows: dict[str, int] = field(default_factory=dict)  # unique value -> the row of the file that had it first


def import_table(actor: Actor, kind: RecordType, table: Table, source: str) -> Imported:
    """All good rows in one transaction."""
    with transaction(actor.tenant_id) as session:
        done = judged(session, actor, kind, table)
        for count, one in enumerate(done.rows):
            _write(session, actor, kind, one)
            if count % AT_ONCE == AT_ONCE - 1:
                session.flush()
        audit.record(session, actor, "imported", "record", kind.key, kind.doc["title"], **done.counts, file=source)
    return done


def judged(session: Session, actor: Actor, kind: RecordType, table: Table) -> Imported:
    """What an import would do now. Writes nothing."""
    there = _present(session, kind, table.rows)
    return Imported([_judged(session, actor, kind, there, row) for row in table.rows])


def _judged(session: Session, actor: Actor, kind: RecordType, there: _Present, row: Row) -> Judged:
    unique = kind.unique(row.values)
    present = there.by_unique.get(unique) if unique else None
    data, errors = _checked(session, actor, kind, row, present)
    if unique and not errors and kind.unique_field:
        first = there.rows.setdefault(unique, row.number)
        if first != row.number:
            errors[kind.unique_field] = Reason("records.twice_in_file", {"row": first})
    if errors:
        return Judged(row, "wrong", {}, errors=errors)
    if present is not None:
        changes = differences(kind, present.data, data)
        return Judged(row, "updated" if changes else "same", data, present, changes=changes)
    if unique is None and there.contents[_content(data)] > 0:
        there.contents[_content(data)] -= 1
        return Judged(row, "same", data)
    return Judged(row, "written", data)


def _write(session: Session, actor: Actor, kind: RecordType, one: Judged) -> None:
    if one.becomes == "updated" and one.present is not None:
        write_change(session, actor, kind, one.present, one.data)
    elif one.becomes == "written":
        fresh = made(actor, kind, new_id())
        keep(session, kind, fresh, one.data, actor.name)
        session.add(fresh)


def _checked(
    session: Session, actor: Actor, kind: RecordType, row: Row, present: Record | None
) -> tuple[dict[str, Any], dict[str, Reason]]:
    """What the record would be, seen as a whole: what a partial file does not bring stands there already."""
    given = {key: value for key, value in row.values.items() if not missing(value)}
    errors = dict(row.errors)
    if present is not None:
        errors = {key: one for key, one in errors.items() if one.code != "field.required" or missing(present.data.get(key))}
    if present is not None and kind.unique_field and not actor.sees().covers(present.created_by, present.unit_id):
        errors[kind.unique_field] = exists(actor, present.unique_value or "", present)
    if errors:
        return {}, errors
    now = actor.now()
    stands = {key: value for key, value in present.data.items() if key not in given} if present else {}
    whole = {**stands, **given}
    again = kind.form.load(whole, {}, EVERYTHING, now.tzinfo, now) if stands else Loaded(given)  # type: ignore[arg-type]
    computed = {key: value for key, value in again.values.items() if kind.form.fields[key].type.computed}
    wrong = references.resolve(
        driver_of(session), actor.tenant_id, kind.form, given, EVERYTHING, (), actor.sees, present.data if present else {}
    )
    data = {key: value for key, value in {**whole, **given, **computed}.items() if not missing(value)}
    late = {key: one for key, one in again.errors.items() if key in given or one.code == "field.required"}
    return data, {**late, **wrong}


def _present(session: Session, kind: RecordType, rows: Iterable[Row]) -> _Present:
    mine = select(Record).where(Record.entity_key == kind.key)
    wanted = sorted({unique for row in rows if (unique := kind.unique(row.values))})
    found = [
        record
        for start in range(0, len(wanted), AT_ONCE)
        for record in session.scalars(mine.where(Record.unique_value.in_(wanted[start : start + AT_ONCE])))
    ]
    loose = (
        session.scalars(mine.where(Record.unique_value.is_(None))) if any(not kind.unique(row.values) for row in rows) else ()
    )
    return _Present({one.unique_value or "": one for one in found}, Counter(_content(one.data) for one in loose))


def _content(data: Mapping[str, Any]) -> str:
    return json.dumps({key: value for key, value in data.items() if not missing(value)}, sort_keys=True)
