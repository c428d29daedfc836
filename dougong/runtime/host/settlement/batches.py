"""Settling in batches: slices, each a transaction, while the page shows how far it is. Killed anywhere, it goes on from there.

Of one settlement and period (or import) one batch runs at a time: the table itself says so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO, Final, NamedTuple

from sqlalchemy import JSON, Index, Integer, String, select, text, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import audit
from dougong.platform.store import Base, TenantOwned, db, moment, new_id, transaction
from dougong.runtime.reason import Refused

from .. import definitions
from ..importing import Row
from ..sql import dump
from ..verbs import Actor
from . import drawing_up, intake, sending
from .intake import Intake
from .slices import Slice

FAULTS: Final = 200  # that are told; all are counted
RUNNING: Final = text("state = 'running'")


class Batch(TenantOwned, Base):
    """`work`: what is done. `of`: the period, or the import. `cursor`: the last one that was looked at, of `total`.

    state: running, done, cancelled. `faults`: [whose, reason].
    """

    __tablename__ = "settle_batch"
    __table_args__ = (
        Index(
            "uq_settle_batch_running", "tenant_id", "settlement_key", "of",
            unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING,
        ),
    )  # fmt: skip

    work: Mapped[str] = mapped_column(String(10))
    settlement_key: Mapped[str] = mapped_column(String(40))
    of: Mapped[str] = mapped_column(String(36))
    cursor: Mapped[str] = mapped_column(String(80), default="")
    total: Mapped[int] = mapped_column(Integer)
    seen: Mapped[int] = mapped_column(Integer, default=0)
    made: Mapped[int] = mapped_column(Integer, default=0)
    kept: Mapped[int] = mapped_column(Integer, default=0)
    faulty: Mapped[int] = mapped_column(Integer, default=0)
    faults: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default="running")
    principal: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[str] = mapped_column(String(24), default=moment)

    def by_reason(self) -> list[tuple[Any, list[str]]]:
        """Each reason that is told, with whose it is."""
        found = dict[str, tuple[Any, list[str]]]()
        for whose, reason in self.faults:
            found.setdefault(dump(reason), (reason, []))[1].append(whose)
        return list(found.values())


class Work(NamedTuple):
    """`size`: how much there is to do (settlement, `of`); `slice`: do what comes after that; `verb`: as the audit has it."""

    size: Callable[[Session, Actor, str, str], int]
    slice: Callable[[Session, Actor, str, str, str], Slice]
    verb: str


WORKS: Final[Mapping[str, Work]] = {
    "draw_up": Work(drawing_up.count, drawing_up.draw, "drawn_up"),
    "redraw": Work(
        partial(drawing_up.count, concerned=drawing_up.whoever_is_left),
        partial(drawing_up.draw, concerned=drawing_up.whoever_is_left),
        "drawn_up",
    ),
    "send": Work(sending.count, sending.send_drafts, "sent"),
    "read": Work(intake.unread, intake.read, "read"),
    "count": Work(intake.size, intake.count, "imported"),
}
AGAIN: Final[Mapping[str, str]] = {"draw_up": "redraw", "redraw": "redraw", "send": "send"}  # what does whatever one has left


def begin(actor: Actor, work: str, key: str, of: str) -> Batch:
    """Begin, and do the first slice: for most that is all. Raises Refused where one is running already, LookupError."""
    if definitions.settlement(actor.tenant_id, key) is None:
        raise LookupError(key)
    try:
        with transaction(actor.tenant_id) as session:
            total = WORKS[work].size(session, actor, key, of)
            row = Batch(
                id=new_id(), work=work, settlement_key=key, of=of, total=total, principal=actor.principal, by=actor.name
            )
            session.add(row)
            session.flush()
            batch_id = row.id
    except IntegrityError:
        raise Refused("settle.running", "/period", of=of, by=_by(key, of)) from None
    return go_on(actor, batch_id)


def again(actor: Actor, batch_id: str) -> Batch:
    """A new batch of what this one could not do; where it was cancelled, it goes on where it was. Raises as `begin` does, and
    Refused where nothing can be tried again."""
    row = find(actor, batch_id)
    if row is None:
        raise LookupError(batch_id)
    if row.work not in AGAIN:
        raise Refused("settle.not_again", "")
    return _reopened(actor, row) if row.state == "cancelled" else begin(actor, AGAIN[row.work], row.settlement_key, row.of)


def _reopened(actor: Actor, row: Batch) -> Batch:
    """Raises Refused where another is running by now."""
    batch_id, key, of = row.id, row.settlement_key, row.of
    try:
        with transaction(actor.tenant_id) as session:
            _held(session, actor, batch_id).state = "running"
    except IntegrityError:
        raise Refused("settle.running", "/period", of=of, by=_by(key, of)) from None
    return go_on(actor, batch_id)


def go_on(actor: Actor, batch_id: str) -> Batch:
    """The next slice, in one transaction. Raises LookupError."""
    with transaction(actor.tenant_id) as session:
        row = _held(session, actor, batch_id)
        if row.state == "running":
            work = WORKS[row.work]
            _add(row, work.slice(session, actor, row.settlement_key, row.of, row.cursor))
            if row.state == "done":
                title = (definitions.settlement(actor.tenant_id, row.settlement_key) or ({}, {"title": {}}))[1]["title"]
                detail = {"of": row.of, "made": row.made, "kept": row.kept, "faults": row.faulty}
                audit.record(session, actor, work.verb, "settlement", row.settlement_key, title, **detail)
        session.flush()
        session.expunge(row)
        return row


def import_file(actor: Actor, key: str, file: BinaryIO, name: str) -> Intake:
    """Without a review: read, and all good lines counted. Raises LookupError, Refused, SheetError, or FileRefused."""
    intake_id = intake.bring(actor, key, file, name)
    return _counted(actor, key, intake_id)


def import_lines(actor: Actor, key: str, rows: Sequence[Row], file: str) -> Intake:
    """The same of rows that have been read. Raises LookupError, or Refused."""
    return _counted(actor, key, intake.stage(actor, key, rows, file))


def _counted(actor: Actor, key: str, intake_id: str) -> Intake:
    wanted = select(Intake).where(Intake.id == intake_id)
    works = ("read", "count") if db.session.scalars(wanted).one().state == "reading" else ("count",)
    for work in works:
        done = begin(actor, work, key, intake_id)
        while done.state == "running":
            done = go_on(actor, done.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def cancel(actor: Actor, batch_id: str) -> Batch:
    """What has been done stays; the rest is left. Raises LookupError."""
    with transaction(actor.tenant_id) as session:
        row = _held(session, actor, batch_id)
        row.state = "cancelled" if row.state == "running" else row.state
        session.flush()
        session.expunge(row)
        return row


def find(actor: Actor, batch_id: str) -> Batch | None:
    found: Batch | None = db.session.scalar(select(Batch).where(Batch.id == batch_id, _may_go_on(actor)))
    return found


def running(key: str) -> list[Batch]:
    """Of a settlement: what is on its way, or was left on its way."""
    return list(
        db.session.scalars(select(Batch).where(Batch.settlement_key == key, Batch.state == "running").order_by(Batch.id))
    )


def running_of(row: Intake) -> Batch | None:
    """What is on its way of an import."""
    return next((one for one in running(row.settlement_key) if one.of == row.id), None)


def read_on(actor: Actor, row: Intake) -> Batch:
    """The batch that reads it: the one on its way, or a new one. Raises Refused where it has been read."""
    return running_of(row) or begin(actor, "read", row.settlement_key, row.id)


def _held(session: Session, actor: Actor, batch_id: str) -> Batch:
    row = session.scalar(select(Batch).where(Batch.id == batch_id, _may_go_on(actor)).with_for_update())
    if row is None:
        raise LookupError(batch_id)
    return row


def _may_go_on(actor: Actor) -> Any:
    """Whoever began it, and who sees all: anybody else would do less of it than was begun."""
    return true() if actor.sees().all else Batch.principal == actor.principal


def _add(row: Batch, done: Slice) -> None:
    row.cursor, row.seen = done.cursor, row.seen + done.seen
    row.made, row.kept, row.faulty = row.made + done.made, row.kept + done.kept, row.faulty + len(done.faults)
    told = [[whose, reason.to_json()] for whose, reason in done.faults]
    row.faults = [*row.faults, *told][:FAULTS] if told else row.faults
    row.state = "done" if done.over else "running"


def _by(key: str, of: str) -> str:
    found = next((one for one in running(key) if one.of == of), None)
    return found.by if found else ""
