"""The verbs of records: create, change, remove, put. Each owns its transaction and leaves a line in the audit trail.

The value of a type's unique field is kept apart, so that no two records share it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Text, cast, func, select, update
from sqlalchemy.orm import Session

from dougong.platform import audit, files, search
from dougong.platform.access import Who
from dougong.platform.audit import Audit
from dougong.platform.files import File
from dougong.platform.storage import StorageDown
from dougong.platform.store import db, driver_of, moment, new_id, transaction
from dougong.platform.tenancy import Tenant
from dougong.runtime.form import EVERYTHING, Field
from dougong.runtime.form_view import shown
from dougong.runtime.reason import Reason
from dougong.runtime.texts import LANGUAGES
from dougong.runtime.values import missing

from . import reading, references, serials
from .importing import LookUp, _Records
from .record_types import Data, RecordType, record_type
from .saving import NAMES
from .tables import LedgerLine, Record, Ticket
from .verbs import Actor, Refused

LONGEST_TOLD: Final = 200


@dataclass(frozen=True)
class Done:
    record_id: str
    title: str


@dataclass(frozen=True)
class Uses:
    """What still points at a record: other records, running tickets, lines of settlements."""

    records: int
    tickets: int
    lines: int

    def __bool__(self) -> bool:
        return bool(self.records or self.tickets or self.lines)


class Told(NamedTuple):
    """A change as the audit trail tells it: {"field", "was", "now"} of each value."""

    who: str
    at: str
    changes: list[dict[str, Any]]


class StaleRecord(Exception):
    """Somebody changed the record since its page was drawn. `since` says who and what."""

    def __init__(self, revision: int, since: list[Told]) -> None:
        super().__init__(f"the record is at revision {revision}")
        self.revision, self.since = revision, since


class InUse(Exception):
    def __init__(self, uses: Uses) -> None:
        super().__init__("the record is referred to")
        self.uses = uses


def listed(who: Who, kind: RecordType, text: str = "", chosen: Data | None = None) -> Select[Any]:
    """The records of a type that this person sees, which contain all these words and have these values in fields of choice."""
    narrowed = search.narrowed(db.session(), "record", Record.id, Record.words, text) if text.strip() else []
    narrowed += [Record.data[key].as_string() == value for key, value in (chosen or {}).items()]
    return reading.records(who).where(Record.entity_key == kind.key, *narrowed)


def create(actor: Actor, kind: RecordType, raw: Data, record_id: str) -> Done | Refused:
    """`record_id` was given with the empty form: sent twice, it is one record."""
    with transaction(actor.tenant_id) as session:
        there = session.scalar(select(Record).where(Record.id == record_id, Record.entity_key == kind.key))
        if there is not None and actor.sees().covers(there.created_by, there.unit_id):
            return Done(there.id, there.title)
        return add(session, actor, kind, made(actor, kind, record_id if there is None else new_id()), raw)


def change(actor: Actor, kind: RecordType, record_id: str, revision: int, raw: Data) -> Done | Refused:
    """Raises LookupError where it is gone, StaleRecord where it has moved on."""
    with transaction(actor.tenant_id) as session:
        row = _found(session, actor, kind, record_id)
        if row.revision != revision:
            raise StaleRecord(row.revision, since(session, row.id, revision))
        return alter(session, actor, kind, row, raw)


def add(session: Session, by: Actor, kind: RecordType, row: Record, raw: Data, **detail: Any) -> Done | Refused:
    """A new row, within a transaction that is there already. `detail`: what the trail says besides."""
    data, errors = _taken_in(session, by, kind, row, raw, {})
    if errors:
        return Refused(errors)
    keep(session, kind, row, data, by.name)
    session.add(row)
    session.flush()
    _claim(session, by.tenant_id, kind, row)
    audit.record(session, by, "created", "record", row.id, row.title, table=kind.doc["title"], revision=1, **detail)
    return Done(row.id, row.title)


def alter(session: Session, by: Actor, kind: RecordType, row: Record, raw: Data, **detail: Any) -> Done | Refused:
    """The same of one that is there."""
    data, errors = _taken_in(session, by, kind, row, raw, row.data)
    if errors:
        return Refused(errors)
    write_change(session, by, kind, row, data, **detail)
    _claim(session, by.tenant_id, kind, row)
    return Done(row.id, row.title)


def made(actor: Actor, kind: RecordType, record_id: str) -> Record:
    """A new row: his, and of his unit unless its data name another."""
    return Record(id=record_id, entity_key=kind.key, revision=1, created_by=actor.principal, unit_id=actor.unit_id)


def write_change(session: Session, by: Any, kind: RecordType, row: Record, data: Data, **detail: Any) -> bool:
    """New data over the old, told in the trail. False where nothing differs."""
    told = differences(kind, row.data, data)
    if not told:
        return False
    row.revision += 1
    keep(session, kind, row, data, by.name if by else "dougong")
    detail = {"table": kind.doc["title"], "revision": row.revision, "changes": told, **detail}
    audit.record(session, by, "changed", "record", row.id, row.title, **detail)
    return True


def remove(actor: Actor, kind: RecordType, record_id: str) -> str:
    """Answers its title. Raises LookupError where it is gone, InUse where something still points at it."""
    with transaction(actor.tenant_id) as session:
        row = _found(session, actor, kind, record_id)
        if uses := uses_of(session, row.id):
            raise InUse(uses)
        title, gone = row.title, update(File).where(File.owner == f"record:{row.id}").values(owner=files.NOBODY)
        attached = session.scalars(gone.returning(File.id)).all()
        say(session, row, "")
        session.delete(row)
        audit.record(session, actor, "deleted", "record", row.id, title, table=kind.doc["title"])
    with suppress(StorageDown):  # what stays is nobody's, and goes with the next tidying
        for file_id in attached:
            files.remove(actor.tenant_id, file_id)
    return title


def put(session: Session, tenant_id: str, entity_key: str, values: Data) -> str:
    """Keep a record from its values by field key, as an import would read them; one with the same unique value is changed.

    For seeds. Texts name what they point at: a record by its unique value or title, a person by name, a place by its names.
    Raises LookupError for what is not there, ValueError for what does not do.
    """
    kind, tenant = record_type(tenant_id, entity_key), session.get_one(Tenant, tenant_id)
    if kind is None:
        raise LookupError(entity_key)
    look_up, zone = LookUp(_Records(session).find), ZoneInfo(tenant.zone)
    fields = kind.form.fields
    raw = {key: look_up.value(fields[key], value) if isinstance(value, str) else value for key, value in values.items()}
    session.flush()
    loaded = references.take(driver_of(session), tenant_id, kind.form, raw, {}, EVERYTHING, datetime.now(zone), ())
    if loaded.errors:
        raise ValueError(f"{entity_key} {dict(values)}: {loaded.errors}")
    unique = kind.unique(loaded.values)
    same = select(Record).where(Record.entity_key == entity_key, Record.unique_value == unique)
    row = (session.scalar(same) if unique else None) or Record(id=new_id(), entity_key=entity_key, revision=1, data={})
    keep(session, kind, row, {**row.data, **loaded.values}, "dougong")
    session.add(row)
    session.flush()
    return row.id


def keep(session: Session, kind: RecordType, row: Record, data: Data, by: str) -> None:
    """Data into a row, with all that is derived from it."""
    row.data = {key: value for key, value in {**data, **_numbers(session, kind, data)}.items() if not missing(value)}
    row.title, row.unique_value = kind.title(row.data), kind.unique(row.data)
    say(session, row, kind.words(row.data))
    row.unit_id = kind.unit(row.data) or row.unit_id
    row.updated_at, row.updated_by = moment(), by


def _numbers(session: Session, kind: RecordType, data: Data) -> dict[str, Any]:
    """The serial numbers that are wanting."""
    if not any(field.type.name == "serial" for field in kind.fields):
        return {}
    tenant = session.get_one(Tenant, session.info["tenant_id"])
    return serials.given(driver_of(session), tenant.id, kind.form, data, datetime.now(ZoneInfo(tenant.zone)))


def say(session: Session, row: Record, words: str) -> None:
    """What a search finds the record by."""
    search.keep(driver_of(session), session.info["tenant_id"], "record", row.id, row.words or "", words)
    row.words = words


def differences(kind: RecordType, was: Data, now: Data) -> list[dict[str, Any]]:
    """What a change says in the trail, in words: {"field", "was", "now"}."""
    return [
        {"field": field.title, "was": _told(field, was.get(field.key)), "now": _told(field, now.get(field.key))}
        for field in kind.fields
        if _plain(was.get(field.key)) != _plain(now.get(field.key))
    ]


def since(session: Session, record_id: str, revision: int) -> list[Told]:
    """What has happened to a record after that revision, the latest first."""
    wanted = select(Audit).where(Audit.subject == "record", Audit.subject_id == record_id, Audit.verb == "changed")
    entries = session.scalars(wanted.order_by(Audit.id.desc()).limit(50)).all()
    return [Told(one.who, one.at, one.detail["changes"]) for one in entries if one.detail["revision"] > revision]


def uses_of(session: Session, record_id: str) -> Uses:
    """Ids are unique among all that is kept, so a text search in the data finds every reference and nothing else."""

    def count(table: Any, *where: Any) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    return Uses(
        count(Record, cast(Record.data, Text).contains(record_id)),
        count(Ticket, Ticket.state != "done", cast(Ticket.data, Text).contains(record_id)),
        count(LedgerLine, LedgerLine.partner_id == record_id),
    )


def taken(session: Session, actor: Actor, kind: RecordType, data: Data, record_id: str) -> dict[str, Reason]:
    """The error where another record has this unique value already. What one may not see is not named."""
    unique = kind.unique(data)
    if unique is None or kind.unique_field is None:
        return {}
    same = select(Record).where(Record.entity_key == kind.key, Record.unique_value == unique, Record.id != record_id)
    other = session.scalar(same)
    return {kind.unique_field: exists(actor, unique, other)} if other is not None else {}


def exists(actor: Actor, unique: str, other: Record) -> Reason:
    seen = actor.sees().covers(other.created_by, other.unit_id)
    return Reason("records.exists", {"found": unique[:60], "title": other.title if seen else "—"})


def _taken_in(
    session: Session, actor: Actor, kind: RecordType, row: Record, raw: Data, present: Data
) -> tuple[dict[str, Any], dict[str, Reason]]:
    """What the record would be after this, and what keeps it from being so."""
    owners = (actor.uploads, f"record:{row.id}")
    loaded = references.take(
        driver_of(session), actor.tenant_id, kind.form, raw, present, EVERYTHING, actor.now(), owners, actor.sees
    )
    data = {**present, **loaded.values}
    return data, {**taken(session, actor, kind, data, row.id), **loaded.errors}


def _claim(session: Session, tenant_id: str, kind: RecordType, row: Record) -> None:
    session.flush()
    references.claim_files(driver_of(session), tenant_id, kind.form, row.data, f"record:{row.id}")


def _found(session: Session, actor: Actor, kind: RecordType, record_id: str) -> Record:
    """One that he sees: foreign, missing and unseen are told alike."""
    seen = reading.visible_records(actor.sees())
    row = session.scalar(select(Record).where(Record.id == record_id, Record.entity_key == kind.key, seen))
    if row is None:
        raise LookupError(record_id)
    return row


def _told(field: Field, value: Any) -> Any:
    """A value in words, keyed by language where they differ."""
    words = {tag: shown(field, value, tag, NAMES)[:LONGEST_TOLD] for tag in LANGUAGES}
    return words if len(set(words.values())) > 1 else words[LANGUAGES[0]]


def _plain(value: Any) -> Any:
    """Titles of what a value points at may change without the value changing."""
    if missing(value):
        return None
    return value["id"] if isinstance(value, dict) and "id" in value else value
