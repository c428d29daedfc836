"""Workflows that begin by themselves: a row for each, and a wake-up of the same id at its next hour.

The ticket, the next hour and the wake-up are one transaction, and only who finds the row at the hour that he came for writes
it: whatever is killed or begun twice, there is one ticket a period. Of hours that passed while nothing ran, one is made up for.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import documents
from dougong.platform.documents import Document
from dougong.platform.store import Base, TenantTable, driver_of, moment, new_id, refers
from dougong.platform.tenancy import Tenant
from dougong.platform.wakeups import EFFECTS, Wakeup
from dougong.runtime.calendar import Calendar, standard
from dougong.runtime.nodes._schedule import next_time

from . import definitions, filing
from .held import CLOCK
from .verbs import Actor, Refused

log = logging.getLogger(__name__)


class Schedule(TenantTable, Base):
    """`due_at`: when it begins next. `id` is that of its wake-up. `tried_at`: when it did last;
    `wrong`: why no ticket came of that, by field."""

    __tablename__ = "schedule"
    __table_args__ = (refers("document_id", "document"),)

    document_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    id: Mapped[str] = mapped_column(String(36))
    due_at: Mapped[str] = mapped_column(String(24))
    tried_at: Mapped[str | None] = mapped_column(String(24))
    wrong: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


def follow(session: Session, document: Document, body: dict[str, Any]) -> None:
    """A workflow has been published: its next hour is as it says now."""
    if document.kind != "workflow":
        return
    row = session.scalar(select(Schedule).where(Schedule.document_id == document.id))
    start: dict[str, Any] = next((node for node in body["nodes"] if node["type"] == "start"), {})
    due = _next(session, start.get("config", {}))
    if row is not None:
        _sleep(session, row)
    if due is not None:
        row = Schedule(document_id=document.id, id=new_id(), due_at=moment(due))
        tenant_id = session.info["tenant_id"]
        wakeup = Wakeup(tenant_id=tenant_id, effect_id=row.id, queue=EFFECTS, since=row.due_at, due_at=row.due_at)
        session.add_all((row, wakeup))


def init_schedules() -> None:
    """Whatever is published from here on is followed, whether or not this process has a worker."""
    if follow not in documents.PUBLISHED:
        documents.PUBLISHED.append(follow)


def wake(session: Session, schedule_id: str) -> bool:
    """For the worker: begin the ticket of a period. False: that is no schedule's wake-up."""
    row = session.scalar(select(Schedule).where(Schedule.id == schedule_id))
    if row is None:
        return False
    if row.due_at > moment():
        return True  # somebody else has done it
    document = session.scalars(select(Document).where(Document.id == row.document_id)).one()
    start = definitions.compiled(row.tenant_id, document.id, document.active or 0).start
    due = None if document.archived else _next(session, start.config)
    if due is None:
        _sleep(session, row)
    elif _taken(session, row, moment(due)) and _still_open(session, start.config, row.due_at):
        _file(session, row, document)
    return True


def _next(session: Session, config: Mapping[str, Any]) -> datetime | None:
    return next_time(config, datetime.now(_zone(session)), _calendar(session, config))


def _still_open(session: Session, config: Mapping[str, Any], due: str) -> bool:
    """A day that has become a holiday since is none to begin on."""
    day = datetime.fromisoformat(due).astimezone(_zone(session)).date()
    return config.get("every") != "workday" or bool(_calendar(session, config).shifts(day))


def _calendar(session: Session, config: Mapping[str, Any]) -> Calendar:
    """The company's, where it is asked for."""
    tenant = select(Tenant.calendar).where(Tenant.id == session.info["tenant_id"])
    key = session.scalar(tenant) if config.get("every") == "workday" else None
    version = documents.active_version(session, "calendar", key) if key else None
    return Calendar.from_json(version.body) if version else standard(str(_zone(session)))


def listed(session: Session) -> list[tuple[Schedule, dict[str, str]]]:
    """All of the tenant, with what their workflows are called, the next first."""
    of = (Document.tenant_id == Schedule.tenant_id) & (Document.id == Schedule.document_id)
    return [
        (row, title)
        for row, title in session.execute(select(Schedule, Document.title).join(Document, of).order_by(Schedule.due_at))
    ]


def _taken(session: Session, row: Schedule, due: str) -> bool:
    """One who comes for the same hour is the first."""
    mine = (Schedule.id == row.id, Schedule.due_at == row.due_at)
    found: Any = session.execute(update(Schedule).where(*mine).values(due_at=due).execution_options(synchronize_session=False))
    wakeup = (Wakeup.tenant_id == row.tenant_id, Wakeup.effect_id == row.id)
    session.execute(update(Wakeup).where(*wakeup).values(due_at=due, since=due))
    return bool(found.rowcount)


def _file(session: Session, row: Schedule, document: Document) -> None:
    """Where no ticket comes of it, why stands with the next hour."""
    tenant_id = row.tenant_id
    actor = Actor(tenant_id=tenant_id, zone=str(_zone(session)), principal=CLOCK, name="", principals=frozenset())
    definition = definitions.compiled(tenant_id, document.id, document.active or 0)
    form = definition.form_of(definition.start)
    values = {key: value for key, value in form.defaults(actor.now()).items() if value is not None} if form else {}
    done = filing.begin(driver_of(session), actor, document, {}, None, forced=values)
    wrong = {key: reason.to_json() for key, reason in done.errors.items()} if isinstance(done, Refused) else {}
    mine = update(Schedule).where(Schedule.id == row.id).execution_options(synchronize_session=False)
    session.execute(mine.values(tried_at=moment(), wrong=wrong))
    if wrong:
        log.warning("workflow %s of tenant %s could not begin by itself: %s", document.key, tenant_id, sorted(wrong))


def _sleep(session: Session, row: Schedule) -> None:
    session.execute(delete(Wakeup).where(Wakeup.tenant_id == session.info["tenant_id"], Wakeup.effect_id == row.id))
    session.delete(row)
    session.flush()


def _zone(session: Session) -> ZoneInfo:
    return ZoneInfo(session.scalar(select(Tenant.zone).where(Tenant.id == session.info["tenant_id"])) or "UTC")
