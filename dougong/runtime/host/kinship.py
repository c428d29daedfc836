"""Which ticket has begun which: told on the pages of both, and known to whoever ends one that nobody waits for any more."""

from typing import Final

from sqlalchemy import Boolean, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.platform.store import Base, TenantTable, db, new_id, refers
from dougong.runtime.nodes.call import SIGNAL
from dougong.runtime.step import Step

from . import reading, sql
from .tables import Ticket

MOST: Final = 50  # that a page tells of


class Child(TenantTable, Base):
    """A ticket that was begun by another. `token`: that of the parent; `awaited`: it waits for what comes of it."""

    __tablename__ = "child"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        refers("parent_id", "ticket"),
        Index("ix_child_parent", "tenant_id", "parent_id", "ticket_id"),
    )

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    parent_id: Mapped[str] = mapped_column(String(36))
    token: Mapped[int] = mapped_column(Integer)
    awaited: Mapped[bool] = mapped_column(Boolean)


_BORN = """
INSERT INTO child (tenant_id, ticket_id, parent_id, token, awaited) VALUES (:tenant, :ticket, :parent, :token, :awaited)
"""
_AWAITED = "SELECT ticket_id FROM child WHERE tenant_id = :tenant AND parent_id = :parent AND token = :token AND awaited"


def born(connection: Driver, tenant: str, ticket_id: str, parent_id: str, token: int, *, awaited: bool) -> None:
    values = {"tenant": tenant, "ticket": ticket_id, "parent": parent_id, "token": token, "awaited": awaited}
    connection.execute(_BORN, values)


def leave(connection: Driver, tenant: str, ticket_id: str, step: Step, at: str) -> None:
    """The tokens that have gone wait for nobody any more: what they had begun is ended, by an effect of its own."""
    for number in step.gone:
        if step.prior[number].signal == SIGNAL:
            asked = {"tenant": tenant, "parent": ticket_id, "token": number}
            for (child,) in connection.execute(_AWAITED, asked).fetchall():
                sql.enqueue(connection, tenant, new_id(), child, "end_child", {}, at)


def parent(who: Who, ticket_id: str) -> Ticket | None:
    """The ticket that has begun it, where this person may see that."""
    its = select(Child.parent_id).where(Child.ticket_id == ticket_id)
    return db.session.scalars(select(Ticket).where(Ticket.id.in_(its), reading.visible(who))).first()


def children(who: Who, ticket_id: str) -> list[Ticket]:
    """The tickets that it has begun, as far as this person may see them."""
    mine = select(Child.ticket_id).where(Child.parent_id == ticket_id)
    wanted = select(Ticket).where(Ticket.id.in_(mine), reading.visible(who)).order_by(Ticket.id).limit(MOST)
    return list(db.session.scalars(wanted))
