"""Webhooks in: an address at which another system files tickets of a workflow, or sends messages to those that wait.

Each is signed, and taken once.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import audit, secrets, signing
from dougong.platform.organisation import Refused as NotSaved
from dougong.platform.organisation import reason
from dougong.platform.scopes import Sight
from dougong.platform.store import Base, TenantOwned, TenantTable, moment, new_id, refers, transaction
from dougong.runtime.form import Field, Form, Rights
from dougong.runtime.nodes._mapping import LONGEST_KEY
from dougong.runtime.reason import Reason
from dougong.runtime.reason import Refused as NotTaken

from . import definitions, filing, mailbox
from .arrivals import Arrival
from .importing import LookUp, finder
from .tables import Ticket
from .verbs import Actor, Done, Refused

MOST: Final = 20  # hooks of a tenant
EXAMPLES: Final[Mapping[str, Any]] = {
    "text": "A-1001", "textarea": "…", "number": "3", "money": "100.00", "date": "2026-01-31", "moment": "2026-01-31T09:30",
    "boolean": True, "phone": "13800138000", "email": "wang@example.com", "rating": 5,
    "region": {"region": "440305"},
}  # fmt: skip
NAMED: Final = {"unit", "person", "record", "choice", "choices"}
MESSAGE: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
REMEMBERED: Final = timedelta(days=7)  # senders try again for days, with a new time but the same id


class Hook(TenantOwned, Base):
    """Its secret is kept as "hook:<id>". It files tickets in its name; with a `message`, it sends those."""

    __tablename__ = "hook"

    title: Mapped[str] = mapped_column(String(100))
    workflow_key: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(40), default="", server_default="")
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


class Received(TenantTable, Base):
    """A message that was taken, by the id its sender gave it, and what came of it."""

    __tablename__ = "received"
    __table_args__ = (
        refers("hook_id", "hook"),
        refers("ticket_id", "ticket"),
        Index("ix_received_at", "tenant_id", "hook_id", "at"),
    )

    hook_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[str] = mapped_column(String(24))


_TAKE = """
INSERT INTO received (tenant_id, hook_id, message_id, ticket_id, at) VALUES (:tenant, :hook, :message, :ticket, :now)
ON CONFLICT DO NOTHING
"""
_FORGET = "DELETE FROM received WHERE tenant_id = :tenant AND hook_id = :hook AND at < :old"


class _TakenBefore(Exception):
    pass


def receive(session: Session, hook: Hook, zone: str, message_id: str, values: Mapping[str, Any]) -> Done | Refused:
    """File a ticket; of a message that was taken before, answer the ticket of that time. Raises LookupError: no workflow."""
    if (before := _before(session, hook, message_id)) is not None:
        return before
    document = definitions.workflow(hook.workflow_key)
    if document is None or document.active is None:
        raise LookupError(hook.workflow_key)
    definition = definitions.compiled(hook.tenant_id, document.id, document.active)
    form, rights = definition.form_of(definition.start), definition.rights_of(definition.start)
    unknown = {key: Reason("hook.unknown_field") for key in _unknown(form, rights, values)}
    actor = Actor(hook.tenant_id, zone, f"hook:{hook.id}", hook.title, frozenset())
    named = _named(session, form, values, actor.sees()) if form else values
    asked = {"tenant": hook.tenant_id, "hook": hook.id, "message": message_id}

    def take(connection: Any, ticket_id: str, at: str) -> None:
        if not connection.execute(_TAKE, {**asked, "ticket": ticket_id, "now": at}).rowcount:
            raise _TakenBefore
        connection.execute(_FORGET, {**asked, "old": moment(datetime.now(UTC) - REMEMBERED)})

    session.rollback()
    try:
        return filing.file(actor, document, named, forced={}, also=take, wrong=unknown)
    except _TakenBefore:
        session.rollback()  # what it read until now was before that
        found = _before(session, hook, message_id)
        assert found is not None
        return found


def _named(session: Session, form: Form, values: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    """Units, members, records and options may be named as in a file: by code or name. The rest stays as it came."""
    look_up, found = LookUp(finder(session, sight)), dict(values)
    for key, value in values.items():
        field = form.fields.get(key)
        if field and isinstance(value, str) and field.type.name in NAMED:
            with suppress(LookupError):
                found[key] = look_up.value(field, value)
    return found


def pass_on(session: Session, hook: Hook, message_id: str, values: Mapping[str, Any]) -> None:
    """Send what came as a message: `key` says whom it is for, `body` what it says. Raises Refused of the runtime."""
    key, body = values.get("key", ""), values.get("body", {})
    if not isinstance(key, str) or len(key) > LONGEST_KEY or not isinstance(body, dict):
        raise NotTaken("hook.no_message")
    tenant_id, source, name = hook.tenant_id, f"hook:{hook.id}", hook.message
    session.rollback()
    mailbox.post(tenant_id, source, message_id, name, key, body)


def wanted(hook: Hook) -> tuple[list[tuple[Field, bool]], dict[str, Any]]:
    """What may be sent to it: the fields of its form and whether each must be there; and a message as an example."""
    if hook.message:
        return [], {"key": "A-1001", "body": {}}
    document = definitions.workflow(hook.workflow_key)
    if document is None or document.active is None:
        return [], {}
    definition = definitions.compiled(hook.tenant_id, document.id, document.active)
    form, rights = definition.form_of(definition.start), definition.rights_of(definition.start)
    given = {key: form.right(key, rights) for key in form.fields} if form else {}
    found = (
        [(form.fields[key], right == "required") for key, right in given.items() if right in ("write", "required")]
        if form
        else []
    )
    found = [(one, must or one.required) for one, must in found if not one.type.computed]
    return found, {one.key: example for one, must in found if must and (example := _example(one)) is not None}


def _example(one: Field) -> Any:
    options = [option["key"] for option in one.config.get("options", ())]
    match one.type.name:
        case "choice" | "choices" if options:
            return options[0] if one.type.name == "choice" else options[:1]
        case name:
            return EXAMPLES.get(name)


def create(by: Any, title: str, workflow_key: str, message: str = "") -> tuple[str, str]:
    """A new one: its id and its secret. Raises Refused (of the organisation's verbs)."""
    errors: dict[str, Any] = {} if title else {"title": "field.required"}
    if message and not MESSAGE.fullmatch(message):
        errors["message"] = "hook.wrong_name"
    if not message and definitions.workflow(workflow_key) is None:
        errors["workflow"] = "hook.no_workflow"
    with transaction(by.tenant_id) as session:
        if len(session.scalars(select(Hook.id)).all()) >= MOST:
            errors["title"] = reason("webhooks.too_many", limit=MOST)
        if errors:
            raise NotSaved(**errors)
        row = Hook(id=new_id(), title=title, workflow_key="" if message else workflow_key, message=message)
        session.add(row)
        audit.record(session, by, "created", "hook", row.id, title)
        return row.id, _new_secret(session, by, row)


def renew(by: Any, hook_id: str) -> str:
    """Another secret; the one before stops at once. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        return _new_secret(session, by, _found(session, hook_id))


def remove(by: Any, hook_id: str) -> None:
    """Its address is gone with it; the tickets stay. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        row = _found(session, hook_id)
        for table in (Received, Arrival):
            session.execute(delete(table).where(table.hook_id == row.id))
        secrets.drop(session, by, f"hook:{row.id}")
        session.delete(row)
        audit.record(session, by, "deleted", "hook", row.id, row.title)


def _before(session: Session, hook: Hook, message_id: str) -> Done | None:
    wanted = (
        select(Ticket.id, Ticket.number)
        .join(Received, (Received.tenant_id == Ticket.tenant_id) & (Received.ticket_id == Ticket.id))
        .where(Received.hook_id == hook.id, Received.message_id == message_id)
    )
    row = session.execute(wanted).first()
    return Done(row[0], row[1]) if row else None


def _unknown(form: Form | None, rights: Rights, values: Mapping[str, Any]) -> list[str]:
    """What nobody could fill in at the start: it would be dropped without a word."""
    known = form.fields if form else {}
    return [key for key in values if form is None or key not in known or form.right(key, rights) not in ("write", "required")]


def _new_secret(session: Session, by: Any, row: Hook) -> str:
    secret = signing.new_secret()
    secrets.put(session, by, f"hook:{row.id}", row.title, secret)
    return secret


def _found(session: Session, hook_id: str) -> Hook:
    row = session.scalar(select(Hook).where(Hook.id == hook_id))
    if row is None:
        raise LookupError(hook_id)
    return row
