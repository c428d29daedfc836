"""Values that point at something: people, units, records, places, files. Only the tenant's own, and only what is there.

`resolve` is called within the transaction of the step, after the form has been loaded: it puts the titles in, brings along
what a chosen record fills in, and answers the errors by field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from dougong.platform import regions
from dougong.platform.files import MOST_OF_ONE, FileRefused
from dougong.platform.scopes import EVERYTHING_SEEN, Sight
from dougong.platform.store import loads
from dougong.runtime import rows
from dougong.runtime.form import EVERYTHING, Field, Form, Loaded, Rights
from dougong.runtime.reason import Reason
from dougong.runtime.values import missing

_MEMBER = "SELECT name FROM member WHERE tenant_id = :tenant AND id = :id"
_UNIT = "SELECT name FROM unit WHERE tenant_id = :tenant AND id = :id"
_RECORD = "SELECT title, data, created_by, unit_id FROM record WHERE tenant_id = :tenant AND id = :id AND entity_key = :entity"
_FILE = "SELECT id, name, size, type, owner FROM file WHERE tenant_id = :tenant AND id = :id"
_COUNT_FILES = "SELECT count(*) FROM file WHERE tenant_id = :tenant AND owner = :owner"
_OWN_FILE = "UPDATE file SET owner = :owner WHERE tenant_id = :tenant AND id = :id AND owner LIKE 'upload:%'"
_HAND_OVER = """
UPDATE file SET owner = :owner WHERE tenant_id = :tenant AND id = :id AND owner = :giver RETURNING id, name, size, type
"""


def take(
    connection: Any,
    tenant: str,
    form: Form | None,
    raw: Mapping[str, Any],
    data: Mapping[str, Any],
    rights: Rights,
    now: datetime,
    owners: tuple[str, ...],
    sees: Callable[[], Sight] = lambda: EVERYTHING_SEEN,
) -> Loaded:
    """What was filled in: taken, what it points at looked up, what a record brings along put in, and then judged.

    `now` is the moment in the zone of the tenant; `owners` and `sees` as for `resolve`.
    """
    if form is None:
        return Loaded({})
    assert now.tzinfo is not None
    taken = form.taken(raw, data, rights, now.tzinfo, now)
    wrong = resolve(connection, tenant, form, taken.values, rights, owners, sees, data)
    errors = {**taken.errors, **{rows.as_typed(form, raw, key): one for key, one in wrong.items()}}
    return form.judged(Loaded(taken.values, errors), raw, data, rights, now)


def resolve(
    connection: Any,
    tenant: str,
    form: Form,
    values: dict[str, Any],
    rights: Rights,
    owners: tuple[str, ...],
    sees: Callable[[], Sight] = lambda: EVERYTHING_SEEN,
    data: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Reason]:
    """Changes `values` in place. `owners`: to whom a file may belong to be used here ("upload:<who>", "ticket:<id>").

    `sees`: which records may be chosen; one that stands in `data` already may stay, whoever sees it.
    """
    return _resolve(_Within(connection, tenant, owners, sees), form, values, rights, data)


@dataclass(frozen=True)
class _Within:
    """Where values are looked up. A row that was read is remembered, since the rows of a table repeat themselves."""

    connection: Any
    tenant: str
    owners: tuple[str, ...]
    sees: Callable[[], Sight]
    known: dict[tuple[str, ...], Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)  # that came with this form

    def row(self, statement: str, row_id: str, **more: str) -> Any:
        """Raises LookupError where there is none."""
        asked = (statement, row_id, *more.values())
        if asked not in self.known:
            self.known[asked] = _row(self.connection, statement, self.tenant, row_id, **more)
        return self.known[asked]

    def record(self, part: Field, record_id: str) -> Any:
        return self.row(_RECORD, record_id, entity=part.config["entity"])

    def file(self, file_id: str) -> dict[str, Any]:
        found = self.row(_FILE, file_id)
        if found[4] not in self.owners:
            raise LookupError(file_id)
        return {"id": found[0], "name": found[1], "size": found[2], "type": found[3]}

    def fits(self, files: Sequence[Mapping[str, Any]]) -> bool:
        """Is there room for these and all that came before them in the form?"""
        self.files.extend(one["id"] for one in files if self.row(_FILE, one["id"])[4] != self.owners[-1])
        return _has_room(self.connection, self.tenant, self.owners[-1], self.files)


def _resolve(within: _Within, form: Form, values: dict[str, Any], rights: Rights, data: Mapping[str, Any]) -> dict[str, Reason]:
    errors: dict[str, Reason] = {}
    for part in form.references(list(values)):
        if missing(values[part.key]):
            continue
        if part.columns is not None:
            errors |= _resolve_rows(within, part.key, part.columns, values[part.key], data.get(part.key))
            continue
        try:
            if part.kind == "record" and not _same(data.get(part.key), values[part.key]):
                _seen(within.record(part, values[part.key]["id"]), within.sees())
            values[part.key] = _resolved(within, part, values[part.key])
        except LookupError:
            errors[part.key] = Reason("field.unknown_reference")
            continue
        if part.kind == "files" and not within.fits(values[part.key]):
            errors[part.key] = Reason("file.too_many", {"limit": MOST_OF_ONE})
        if part.kind == "record":
            _fill(within, form, part, values, rights)
    return errors


def _resolve_rows(within: _Within, table: str, columns: Form, kept: list[dict[str, Any]], before: Any) -> dict[str, Reason]:
    """A record that stood in any row of the table may stand in any."""
    errors = {}
    for index, row in enumerate(kept):
        stood = {key: row[key] for key in row if any(_same(one.get(key), row[key]) for one in rows.listed(before))}
        for key, reason in _resolve(within, columns, row, EVERYTHING, stood).items():
            errors[rows.place(table, index, key)] = reason
    return errors


def claim_files(connection: Any, tenant: str, form: Form, values: Mapping[str, Any], owner: str) -> None:
    """Uploads that are saved with a ticket or record belong to it from now on."""
    for part in form.references(list(values)):
        for row in rows.listed(values[part.key]) if part.columns is not None else ():
            claim_files(connection, tenant, part.columns, row, owner)  # type: ignore[arg-type]
        for file in values[part.key] or () if part.kind == "files" else ():
            connection.execute(_OWN_FILE, {"tenant": tenant, "id": file["id"], "owner": owner})


def hand_over(connection: Any, tenant: str, ids: Sequence[str], giver: str, owner: str) -> list[dict[str, Any]]:
    """Of these files those that are still the giver's uploads: they belong to `owner` from now on."""
    if not _has_room(connection, tenant, owner, ids):
        raise FileRefused("file.too_many", limit=MOST_OF_ONE)
    rows = [
        row
        for file_id in dict.fromkeys(ids)
        for row in connection.execute(_HAND_OVER, {"tenant": tenant, "id": file_id, "giver": giver, "owner": owner}).fetchall()
    ]
    return [dict(zip(("id", "name", "size", "type"), row, strict=True)) for row in rows]


def _resolved(within: _Within, part: Field, value: Any) -> Any:
    match part.kind:
        case "person" | "unit":
            name = within.row(_MEMBER if part.kind == "person" else _UNIT, value["id"])[0]
            return {"id": value["id"], "title": name if part.kind == "person" else loads(name)}
        case "record":
            return {"id": value["id"], "title": within.record(part, value["id"])[0]}
        case "region":
            wanted = part.config.get("levels", 3)
            if not regions.known(value["region"]) or len(regions.chain(value["region"])) > wanted:
                raise LookupError(value["region"])
            return value
        case _:
            return [within.file(one["id"]) for one in value]


def _fill(within: _Within, form: Form, part: Field, values: dict[str, Any], rights: Rights) -> None:
    """His data come along: into what this step may not write, and into what it left out."""
    record = loads(within.record(part, values[part.key]["id"])[1])
    for fill in part.config.get("fill", ()):
        target = fill["to"]
        if target not in form.fields:
            continue
        writable = form.right(target, rights) in ("write", "required")
        if not writable or target not in values:
            values[target] = record.get(fill["from"])


def _seen(record: Any, sight: Sight) -> None:
    """What may not be seen is told like what is not there."""
    if not sight.covers(record[2], record[3]):
        raise LookupError


def _same(was: Any, now: Any) -> bool:
    return isinstance(was, dict) and isinstance(now, dict) and was.get("id") == now.get("id")


def _has_room(connection: Any, tenant: str, owner: str, more: Sequence[Any]) -> bool:
    """May so many more files belong to a ticket or record?"""
    if not more or owner.startswith("upload:"):
        return True
    (there,) = connection.execute(_COUNT_FILES, {"tenant": tenant, "owner": owner}).fetchone()
    return int(there) + len(more) <= MOST_OF_ONE


def _row(connection: Any, statement: str, tenant: str, row_id: str, **more: Any) -> Any:
    row = connection.execute(statement, {"tenant": tenant, "id": row_id, **more}).fetchone()
    if row is None:
        raise LookupError(row_id)
    return row
