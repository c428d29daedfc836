"""What one ticket at a time has to itself (独占), and who waits for it: a queue for each name and key.

Whoever takes a place, and whoever leaves one, does so under the lock of the mailbox, so that two never think that it is their
turn. The ticket whose turn it is is not touched then: an effect brings it the signal in a transaction of its own, and gives
the place up where the ticket has moved on meanwhile.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Index, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform.engines import Driver
from dougong.platform.store import Base, TenantTable, driver_of, moment, new_id, refers
from dougong.runtime.definition import Definition
from dougong.runtime.nodes._sections import HELD, section
from dougong.runtime.nodes.hold import GRANTED
from dougong.runtime.step import Step

from . import sql
from .outbox import Errand


class Holding(TenantTable, Base):
    """A place in the queue, the lowest first. `token`: that which waits for it; `granted`: it is the turn of its ticket."""

    __tablename__ = "holding"
    __table_args__ = (
        refers("ticket_id", "ticket"),
        Index("ix_holding_name", "tenant_id", "name", "key", "place"),
        Index("ix_holding_ticket", "tenant_id", "ticket_id"),
    )

    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    ticket_id: Mapped[str] = mapped_column(String(36))
    token: Mapped[int] = mapped_column(Integer)
    node: Mapped[str] = mapped_column(String(40))
    granted: Mapped[bool] = mapped_column(Boolean)


class Place(NamedTuple):
    place: int
    name: str
    key: str
    ticket_id: str
    token: int
    node: str
    granted: bool


_ALL = "SELECT place, name, key, ticket_id, token, node, granted FROM holding WHERE tenant_id = :tenant"
_OF_TICKET = f"{_ALL} AND ticket_id = :ticket"
_AT = f"{_ALL} AND place = :place"
_FIRST = f"{_ALL} AND name = :name AND key = :key ORDER BY place LIMIT 1"
_AHEAD = "SELECT count(*) FROM holding WHERE tenant_id = :tenant AND name = :name AND key = :key AND place < :place"
_BEHIND = "SELECT count(*) FROM holding WHERE tenant_id = :tenant AND name = :name AND key = :key AND place > :place"
_TAKE = """
INSERT INTO holding (tenant_id, place, name, key, ticket_id, token, node, granted)
VALUES (:tenant, :place, :name, :key, :ticket, :token, :node, :no)
"""
_LEAVE = "DELETE FROM holding WHERE tenant_id = :tenant AND place = :place"
_GRANT = "UPDATE holding SET granted = :yes WHERE tenant_id = :tenant AND place = :place"


def take(connection: Driver, tenant: str, ticket_id: str, token: int, node: str, wanted: Mapping[str, Any]) -> None:
    """The last place of the queue; the first is served at once."""
    place = sql.count(connection, tenant, "mailbox", "")
    values = {"tenant": tenant, "place": place, "ticket": ticket_id, "token": token, "node": node, "no": False}
    connection.execute(_TAKE, {**values, "name": wanted["name"], "key": wanted["key"]})
    _serve(connection, tenant, wanted["name"], wanted["key"])


def follow(connection: Driver, tenant: str, ticket_id: str, definition: Definition, step: Step) -> bool:
    """After a step: give up the places that the ticket has no token for any more. True where there was one."""
    concerned = any(name.startswith(HELD) for name in (*step.case.memo, *(step.was.memo if step.was else ())))
    if not concerned and not any(step.prior[one].signal == GRANTED for one in step.gone):
        return False
    tokens = step.case.everywhere()
    numbers, nodes = {token.id for token in tokens}, {token.node for token in tokens}
    rows = [Place(*row) for row in connection.execute(_OF_TICKET, {"tenant": tenant, "ticket": ticket_id}).fetchall()]
    left = [one for one in rows if one.token not in numbers and not (one.granted and nodes & section(definition, one.node))]
    if left:
        sql.count(connection, tenant, "mailbox", "")
    for one in left:
        _leave(connection, tenant, one)
    return bool(left)


class Held(NamedTuple):
    """What a ticket has to itself, and how many others wait for it."""

    name: str
    key: str
    waiting: int


def has(connection: Driver, tenant: str, ticket_id: str) -> list[Held]:
    return [
        Held(one.name, one.key, int(connection.execute(_BEHIND, {"tenant": tenant, **one._asdict()}).fetchone()[0]))
        for one in _had(connection, tenant, ticket_id)
    ]


def let_go(connection: Driver, tenant: str, ticket_id: str) -> list[str]:
    """Gives up what the ticket has to itself, whatever it is doing: it is the turn of the next. Answers what that was."""
    sql.count(connection, tenant, "mailbox", "")
    found = _had(connection, tenant, ticket_id)
    for one in found:
        _leave(connection, tenant, one)
    return [f"{one.name} {one.key}".strip() for one in found]


def _had(connection: Driver, tenant: str, ticket_id: str) -> list[Place]:
    """Its places but those of tokens that still wait: of one whose turn it is the ticket has not heard yet."""
    waiting = {token.id for token in sql.tokens(connection, tenant, ticket_id) if token.signal == GRANTED}
    rows = [Place(*row) for row in connection.execute(_OF_TICKET, {"tenant": tenant, "ticket": ticket_id}).fetchall()]
    return [one for one in rows if one.granted and one.token not in waiting]


def ahead(connection: Driver, tenant: str, ticket_id: str) -> dict[int, int]:
    """By the number of a token that waits: how many are before it."""
    rows = [Place(*row) for row in connection.execute(_OF_TICKET, {"tenant": tenant, "ticket": ticket_id}).fetchall()]
    return {one.token: int(connection.execute(_AHEAD, {"tenant": tenant, **one._asdict()}).fetchone()[0]) for one in rows}


def deliver(session: Session, row: Errand) -> None:
    """For the worker: it is the turn of the ticket. Where it waits no more, it is the turn of the next."""
    from . import held, waking  # they need the effects, and the effects need this

    connection, tenant = driver_of(session), row.tenant_id
    if held.signal(connection, waking.clock(session, tenant), row.ticket_id, row.args["token"], GRANTED, {}):
        return
    sql.count(connection, tenant, "mailbox", "")
    found = connection.execute(_AT, {"tenant": tenant, "place": row.args["place"]}).fetchone()
    if found is not None:
        _leave(connection, tenant, Place(*found))


def _leave(connection: Driver, tenant: str, one: Place) -> None:
    connection.execute(_LEAVE, {"tenant": tenant, "place": one.place})
    _serve(connection, tenant, one.name, one.key)


def _serve(connection: Driver, tenant: str, name: str, key: str) -> None:
    """Whoever stands first is told, once."""
    row = connection.execute(_FIRST, {"tenant": tenant, "name": name, "key": key}).fetchone()
    first = Place(*row) if row else None
    if first is None or first.granted:
        return
    connection.execute(_GRANT, {"tenant": tenant, "place": first.place, "yes": True})
    args = {"token": first.token, "place": first.place}
    sql.enqueue(connection, tenant, new_id(), first.ticket_id, GRANTED, args, moment())
