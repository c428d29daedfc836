"""What is done to several tickets at once: chosen, then done in batches, each a transaction. An administrator repairs them,
with one reason; anybody approves what waits for him.

Each ticket gets its line in the history, as if it had been done to it alone; what cannot be done to one is counted, with the
reason, and keeps none of the others back.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, ColumnElement, Integer, Select, String, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import audit
from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.platform.store import Base, TenantOwned, TenantTable, db, driver_of, moment, new_id, refers, transaction
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.texts import Text

from . import approving, definitions, held, reading, repairs, sql
from .held import Held
from .incidents import Incident, of_address
from .tables import StatementRow, Ticket
from .verbs import Actor, NotFound

MOST: Final = 10_000
BATCH: Final = 50
EXAMPLES: Final = 5
APPROVE: Final = "approve"


class How(NamedTuple):
    """What a verb is told besides. `node`: the step to which it is moved, `at`: the one where it stands ("": where it hangs);
    `incident`: only what hangs with that one; `keep`: nothing is given back."""

    node: str = ""
    at: str = ""
    incident: str = ""
    keep: bool = False

    @property
    def hung(self) -> Incident | None:
        return of_address(self.incident)


VERBS: Final[Mapping[str, Callable[[Held, str, How], None]]] = {
    "retry": lambda ticket, reason, how: repairs.retry_all(ticket, reason, how.hung),
    "skip": lambda ticket, reason, how: repairs.skip_all(ticket, reason, how.hung),
    "move": lambda ticket, reason, how: repairs.move_one(ticket, reason, how.node, how.at, how.hung, keep=how.keep),
    "suspend": lambda ticket, reason, how: repairs.put_by(ticket, reason, yes=True),
    "resume": lambda ticket, reason, how: repairs.put_by(ticket, reason, yes=False),
    "cancel": lambda ticket, reason, how: repairs.end(ticket, reason, keep=how.keep),
}


class Bulk(TenantOwned, Base):
    """`cursor`: the last ticket that was looked at. state: running, done, cancelled. `reasons`: why not, with numbers.
    `how`: a How."""

    __tablename__ = "bulk"

    verb: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(2000))
    how: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    cursor: Mapped[str] = mapped_column(String(36), default="")
    total: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer, default=0)
    refused: Mapped[int] = mapped_column(Integer, default=0)
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default="running")
    principal: Mapped[str] = mapped_column(String(60), default="")
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[str] = mapped_column(String(24), default=moment)


class BulkTicket(TenantTable, Base):
    """A ticket that it is done to. state: todo, done, refused."""

    __tablename__ = "bulk_ticket"
    __table_args__ = (refers("bulk_id", "bulk"), refers("ticket_id", "ticket"))

    bulk_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="todo")


def chosen(who: Who, ids: list[str]) -> Select[Any]:
    """Of these tickets those that he sees."""
    return select(Ticket).where(Ticket.id.in_(ids), reading.visible(who))


def about(statements: Select[Any]) -> Select[Any]:
    """The tickets of these statements."""
    return select(Ticket).where(Ticket.id.in_(statements.with_only_columns(StatementRow.ticket_id)))


def begin(actor: Actor, verb: str, reason: str, wanted: Select[Any], how: How = How()) -> str:  # noqa: B008 (frozen)
    """Answers its id; `batch` then does the work. Raises Refused."""
    if not reason and verb in VERBS:
        raise Refused("repair.reason_missing", "/reason")
    if verb == "move" and not how.node:
        raise Refused("repair.to_missing", "/node")
    ids = list(db.session.scalars(wanted.with_only_columns(Ticket.id).order_by(None).limit(MOST + 1)))
    if not 0 < len(ids) <= MOST:
        raise Refused("bulk.how_many", "/tickets" if verb in VERBS else "", limit=MOST)
    with transaction(actor.tenant_id) as session:
        who = {"principal": actor.principal, "by": actor.name}
        row = Bulk(id=new_id(), verb=verb, reason=reason, total=len(ids), how=how._asdict(), **who)
        session.add(row)
        session.flush()
        session.add_all(BulkTicket(bulk_id=row.id, ticket_id=one) for one in ids)
        audit.record(session, actor, f"bulk_{verb}", "bulk", row.id, reason[:200], tickets=len(ids))
        return row.id


def find(who: Who, bulk_id: str) -> Bulk | None:
    return db.session.scalar(select(Bulk).where(Bulk.id == bulk_id, _his(who)))


def target(row: Bulk) -> Text | None:
    """What the step is called to which they are moved, in the workflow of one that was."""
    if not row.how.get("node"):
        return None
    its = and_(BulkTicket.tenant_id == Ticket.tenant_id, BulkTicket.ticket_id == Ticket.id)
    tickets = select(Ticket).join(BulkTicket, its).where(BulkTicket.bulk_id == row.id).order_by(BulkTicket.state)
    ticket = db.session.scalars(tickets.limit(1)).one()
    node = definitions.compiled(ticket.tenant_id, ticket.workflow_id, ticket.version).node.get(row.how["node"])
    return node.title if node else None


def left(who: Who) -> list[Bulk]:
    """What is on its way, or was left on its way."""
    return list(db.session.scalars(select(Bulk).where(Bulk.state == "running", _his(who)).order_by(Bulk.id)))


def _his(who: Who) -> ColumnElement[bool]:
    """Nobody approves in another's name; what is repaired, anybody who repairs may go on with."""
    own = and_(Bulk.verb == APPROVE, Bulk.principal == (who.principal if who.may("tickets.work") else ""))
    return or_(own, Bulk.verb != APPROVE) if who.may("tickets.repair") else own


def stop(actor: Actor, bulk_id: str) -> None:
    """What has been done stays; the rest is left."""
    with transaction(actor.tenant_id) as session:
        running = update(Bulk).where(Bulk.tenant_id == actor.tenant_id, Bulk.id == bulk_id, Bulk.state == "running")
        session.execute(running.values(state="cancelled"))


def batch(actor: Actor, bulk_id: str) -> Bulk:
    """The next tickets, in one transaction. Raises LookupError."""
    with transaction(actor.tenant_id) as session:
        row = session.scalar(select(Bulk).where(Bulk.id == bulk_id).with_for_update())
        if row is None:
            raise LookupError(bulk_id)
        if row.state != "running":
            session.expunge(row)
            return row
        mine = select(BulkTicket.ticket_id).where(BulkTicket.bulk_id == bulk_id, BulkTicket.ticket_id > row.cursor)
        ids = list(session.scalars(mine.order_by(BulkTicket.ticket_id).limit(BATCH)))
        _hold(driver_of(session), actor.tenant_id, ids)
        for ticket_id in ids:
            _take(session, actor, row, ticket_id)
        row.cursor = ids[-1] if ids else row.cursor
        row.state = "running" if len(ids) == BATCH else "done"
        session.flush()
        session.expunge(row)
        return row


def _hold(driver: Driver, tenant_id: str, ids: list[str]) -> None:
    """All of them, always in the same order, before anything is done to one: nobody waits in a circle."""
    for ticket_id in ids:
        sql.hold(driver, tenant_id, ticket=ticket_id)
    driver.held.update(ids)


def _take(session: Session, actor: Actor, row: Bulk, ticket_id: str) -> None:
    number, refused = _done(session, actor, row, ticket_id)
    row.done, row.refused = row.done + (refused is None), row.refused + (refused is not None)
    if refused is not None:
        row.reasons = _with(row.reasons, number, refused)
    mine = (BulkTicket.tenant_id == actor.tenant_id, BulkTicket.bulk_id == row.id, BulkTicket.ticket_id == ticket_id)
    session.execute(update(BulkTicket).where(*mine).values(state="refused" if refused else "done"))


def _done(session: Session, actor: Actor, row: Bulk, ticket_id: str) -> tuple[str, Reason | None]:
    """The number of the ticket, and why it could not be done."""
    try:
        ticket = held.taken(driver_of(session), actor, ticket_id)
    except NotFound:
        return ticket_id, Reason("verb.no_such_ticket")
    try:
        if row.verb == APPROVE:
            approving.approve_all(session, ticket, row.at, row.reason)
        else:
            VERBS[row.verb](ticket, row.reason, How(**row.how))
    except Refused as refused:
        return ticket.row["number"], refused.reason
    return ticket.row["number"], None


def _with(reasons: list[Any], number: str, reason: Reason) -> list[Any]:
    """Alike ones are counted together, with a few numbers of tickets."""
    found = {one["reason"]["code"]: one for one in reasons}
    one = found.get(reason.code, {"reason": reason.to_json(), "count": 0, "numbers": []})
    found[reason.code] = {**one, "count": one["count"] + 1, "numbers": [*one["numbers"], number][:EXAMPLES]}
    return list(found.values())
