"""Values that point at something: people, units, records, places, files. Only the tenant's own, and only what is there.

`resolve` is called within the transaction of the step, after the form has been loaded: it puts the titles in, brings along
what a chosen record fills in, and answers the errors by field.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from dougong.platform import regions
from dougong.platform.files import MOST_OF_ONE, FileRefused
from dougong.platform.scopes import EVERYTHING_SEEN, Sight
from dougong.platform.store import loads
from dougong.runtime.form import Field, Form, Loaded, Rights
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
    """What was filled in: loaded, what it points at looked up, what a record brings along put in, and then calculated.

    `now` is the moment in the zone of the tenant; `owners` and `sees` as for `resolve`.
    """
    if form is None:
        return Loaded({})
    assert now.tzinfo is not None
    loaded = form.load(raw, data, rights, now.tzinfo, now)
    wrong = resolve(connection, tenant, form, loaded.values, rights, owners, sees, data)
    done = form.completed(loaded, data, now)
    return Loaded(done.values, {**done.errors, **wrong})


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
    errors: dict[str, Reason] = {}
    for field in form.references(list(values)):
        if missing(values[field.key]):
            continue
        try:
            if field.kind == "record" and not _same(data.get(field.key), values[field.key]):
                _seen(_record(connection, tenant, field, values[field.key]["id"]), sees())
            values[field.key] = _resolved(connection, tenant, field, values[field.key], owners)
        except LookupError:
            errors[field.key] = Reason("field.unknown_reference")
            continue
        if field.kind == "files" and not _fits(connection, tenant, owners[-1], values[field.key]):
            errors[field.key] = Reason("file.too_many", {"limit": MOST_OF_ONE})
        if field.kind == "record":
            _fill(connection, tenant, form, field, values, rights)
    return errors


def claim_files(connection: Any, tenant: str, form: Form, values: dict[str, Any], owner: str) -> None:
    """Uploads that are saved with a ticket or record belong to it from now on."""
    for field in form.references(list(values)):
        for file in values[field.key] or () if field.kind == "files" else ():
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


def _resolved(connection: Any, tenant: str, field: Field, value: Any, owners: tuple[str, ...]) -> Any:
    match field.kind:
        case "person" | "unit":
            name = _row(connection, _MEMBER if field.kind == "person" else _UNIT, tenant, value["id"])[0]
            return {"id": value["id"], "title": name if field.kind == "person" else loads(name)}
        case "record":
            title = _record(connection, tenant, field, value["id"])[0]
            return {"id": value["id"], "title": title}
        case "region":
            wanted = field.config.get("levels", 3)
            if not regions.known(value["region"]) or len(regions.chain(value["region"])) > wanted:
                raise LookupError(value["region"])
            return value
        case _:
            return [_file(connection, tenant, one["id"], owners) for one in value]


def _fill(connection: Any, tenant: str, form: Form, field: Field, values: dict[str, Any], rights: Rights) -> None:
    """His data come along: into what this step may not write, and into what it left out."""
    record = loads(_record(connection, tenant, field, values[field.key]["id"])[1])
    for fill in field.config.get("fill", ()):
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
    return isinstance(was, dict) and was.get("id") == now["id"]


def _record(connection: Any, tenant: str, field: Field, record_id: str) -> Any:
    return _row(connection, _RECORD, tenant, record_id, entity=field.config["entity"])


def _file(connection: Any, tenant: str, file_id: str, owners: tuple[str, ...]) -> dict[str, Any]:
    found = _row(connection, _FILE, tenant, file_id)
    if found[4] not in owners:
        raise LookupError(file_id)
    return {"id": found[0], "name": found[1], "size": found[2], "type": found[3]}


def _fits(connection: Any, tenant: str, owner: str, files: Sequence[Mapping[str, Any]]) -> bool:
    """Is there room for those that do not belong to it yet?"""
    fresh = [one for one in files if _row(connection, _FILE, tenant, one["id"])[4] != owner]
    return _has_room(connection, tenant, owner, fresh)


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
