"""Compiled definitions, cached by tenant, document and version: a version never changes, so neither does its compilate."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from dougong.platform.documents import Document, Version, active_version
from dougong.platform.engines import Driver
from dougong.platform.store import db
from dougong.runtime.calendar import Calendar, standard
from dougong.runtime.definition import Definition
from dougong.runtime.form import Form
from dougong.runtime.settlement import Settlement


def compiled(tenant_id: str, workflow_id: str, number: int) -> Definition:
    """A published workflow with the forms and settlements it was published with. The session must be this tenant's."""
    return _compiled(tenant_id, workflow_id, number)


@lru_cache(maxsize=500)
def _compiled(tenant_id: str, workflow_id: str, number: int) -> Definition:
    session = db.session()
    wanted = select(Version).where(Version.document_id == workflow_id, Version.number == number)
    version = session.scalars(wanted).one()
    refs = [body for name, locked in version.lock.items() if (body := _body(*_kind_and_key(name), locked)) is not None]
    return Definition.from_json(version.body, refs, number, version.lock)


def _kind_and_key(name: str) -> tuple[str, str]:
    kind, _, key = name.partition("/")
    return kind, key


def _body(kind: str, key: str, number: int) -> dict[str, Any] | None:
    wanted = select(Version).where(Version.kind == kind, Version.key == key, Version.number == number)
    found = db.session.scalar(wanted)
    return found.body if found else None


def workflows() -> list[Document]:
    """The workflows in force in this tenant."""
    wanted = select(Document).where(Document.kind == "workflow", Document.active.is_not(None), ~Document.archived)
    return list(db.session.scalars(wanted.order_by(Document.key)))


def settlements() -> list[Document]:
    """The settlements in force in this tenant."""
    wanted = select(Document).where(Document.kind == "settlement", Document.active.is_not(None), ~Document.archived)
    return list(db.session.scalars(wanted.order_by(Document.key)))


def workflow(key: str) -> Document | None:
    wanted = select(Document).where(Document.kind == "workflow", Document.key == key, ~Document.archived)
    found = db.session.scalar(wanted)
    return found if found and found.active else None


@lru_cache(maxsize=500)
def _form(tenant_id: str, kind: str, key: str, number: int) -> tuple[Form, dict[str, Any]]:
    body = _body(kind, key, number) or {}
    return Form.from_json(body), body


def entity(tenant_id: str, key: str) -> tuple[Form, dict[str, Any]] | None:
    """The record type in force: its form, and its document. None where there is none (yet)."""
    found = active_version(db.session(), "entity", key)
    return _form(tenant_id, "entity", key, found.number) if found else None


@lru_cache(maxsize=200)
def _settlement(tenant_id: str, key: str, number: int) -> tuple[Settlement, dict[str, Any]]:
    body = _body("settlement", key, number) or {}
    return Settlement.from_json(body, number), body


def settlement(tenant_id: str, key: str, number: int | None = None) -> tuple[Settlement, dict[str, Any], int] | None:
    """The settlement in force, or that version of it."""
    if number is None:
        found = active_version(db.session(), "settlement", key)
        if found is None:
            return None
        number = found.number
    return (*_settlement(tenant_id, key, number), number)


def settlement_on(tenant_id: str, key: str, day: date | None) -> tuple[Settlement, dict[str, Any], int] | None:
    """The newest version up to the active one that is valid on that business day; the active one where no day is known."""
    if day is None:
        return settlement(tenant_id, key)
    return next((one for one in settlement_versions(tenant_id, key) if one[0].in_force(day)), None)


def settlement_versions(tenant_id: str, key: str) -> Iterator[tuple[Settlement, dict[str, Any], int]]:
    """The active one and those before it, the newest first."""
    present = active_version(db.session(), "settlement", key)
    if present is not None:
        wanted = select(Version.number).where(
            Version.kind == "settlement", Version.key == key, Version.number <= present.number
        )
        for number in db.session.scalars(wanted.order_by(Version.number.desc())):
            yield (*_settlement(tenant_id, key, number), number)


_OWN_CALENDAR = """
SELECT document.key, document.active FROM tenant
JOIN document ON document.tenant_id = :tenant AND document.kind = 'calendar' AND document.key = tenant.calendar
WHERE tenant.id = :tenant AND document.active IS NOT NULL
"""


def own_calendar(connection: Driver, tenant_id: str, zone: str) -> Calendar:
    """By which this tenant reckons working time where a step names no calendar."""
    found = own_calendar_key(connection, tenant_id)
    return calendar(tenant_id, *found) if found else standard(zone)


def own_calendar_key(connection: Driver, tenant_id: str) -> tuple[str, int] | None:
    """Its key, and the version in force."""
    row = connection.execute(_OWN_CALENDAR, {"tenant": tenant_id}).fetchone()
    return (row[0], row[1]) if row else None


@lru_cache(maxsize=500)
def calendar(tenant_id: str, key: str, number: int) -> Calendar:
    return Calendar.from_json(_body("calendar", key, number) or {}, number)


def forget() -> None:
    """For tests that make tenants anew."""
    for cache in (_compiled, _form, _settlement, calendar):
        cache.cache_clear()
