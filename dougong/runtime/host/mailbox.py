"""Messages by name and key: each is taken once, by whoever waits for it first, or kept until somebody does.

Who sends and who begins to wait look for each other under one lock of the tenant, so that neither misses the other. The ticket
that waits is not touched then: an effect brings it the message in a transaction of its own, and puts it back where the ticket
has moved on meanwhile.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, Index, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform.engines import Driver
from dougong.platform.store import Base, TenantOwned, TenantTable, driver_of, driver_transaction, loads, moment, new_id, refers
from dougong.runtime.reason import Refused

from . import sql
from .outbox import Errand

MOST: Final = 10_000  # messages of a tenant that nobody has waited for yet
REMEMBERED: Final = timedelta(days=7)
SHOWN: Final = 20


class Message(TenantOwned, Base):
    """One that nobody has waited for yet."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_name", "tenant_id", "name", "key", "id"),)

    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[str] = mapped_column(String(24), default=moment)


class Awaiting(TenantTable, Base):
    """A token that waits for a message. With an empty key it takes any of that name."""

    __tablename__ = "awaiting"
    __table_args__ = (refers("ticket_id", "ticket"), Index("ix_awaiting_name", "tenant_id", "name", "key", "ticket_id"))

    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))


class Posted(TenantTable, Base):
    """A message from outside that was taken, by its source and the id that its sender gave it."""

    __tablename__ = "posted"
    __table_args__ = (Index("ix_posted_at", "tenant_id", "source", "at"),)

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[str] = mapped_column(String(24))


_TAKE = """
DELETE FROM message WHERE tenant_id = :tenant AND id = (
  SELECT min(other.id) FROM message AS other
  WHERE other.tenant_id = :tenant AND other.name = :name AND (other.key = :key OR :key = '')
) RETURNING body
"""
_AWAIT = """
INSERT INTO awaiting (tenant_id, ticket_id, token, name, key) VALUES (:tenant, :ticket, :token, :name, :key)
ON CONFLICT DO NOTHING
"""
_WHO = """
SELECT ticket_id, token FROM awaiting WHERE tenant_id = :tenant AND name = :name AND key IN (:key, '')
ORDER BY ticket_id, token LIMIT 1
"""
_NO_MORE = "DELETE FROM awaiting WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :token"
_KEEP = "INSERT INTO message (tenant_id, id, name, key, body, at) VALUES (:tenant, :id, :name, :key, :body, :now)"
_COUNT = "SELECT count(*) FROM message WHERE tenant_id = :tenant"
_POSTED = """
INSERT INTO posted (tenant_id, source, message_id, at) VALUES (:tenant, :source, :message, :now) ON CONFLICT DO NOTHING
"""
_FORGET = "DELETE FROM posted WHERE tenant_id = :tenant AND source = :source AND at < :old"


def wait(connection: Driver, tenant: str, ticket_id: str, token: int, name: str, key: str) -> None:
    """It waits from now on; what is there already is on its way."""
    _alone(connection, tenant)
    found = connection.execute(_TAKE, {"tenant": tenant, "name": name, "key": key}).fetchone()
    if found is None:
        connection.execute(_AWAIT, {"tenant": tenant, "ticket": ticket_id, "token": token, "name": name, "key": key})
    else:
        _bring(connection, tenant, ticket_id, token, name, key, loads(found[0]))


def no_more(connection: Driver, tenant: str, ticket_id: str, token: int) -> None:
    connection.execute(_NO_MORE, {"tenant": tenant, "ticket": ticket_id, "token": token})


def send(connection: Driver, tenant: str, name: str, key: str, body: Any) -> None:
    """To who waits longest, or kept."""
    _alone(connection, tenant)
    asked = {"tenant": tenant, "name": name, "key": key}
    while (row := connection.execute(_WHO, asked).fetchone()) is not None:
        ticket_id, token = row
        if connection.execute(_NO_MORE, {"tenant": tenant, "ticket": ticket_id, "token": token}).rowcount:
            _bring(connection, tenant, ticket_id, token, name, key, body)
            return
    connection.execute(_KEEP, {**asked, "id": new_id(), "body": sql.dump(body), "now": moment()})


def post(tenant: str, source: str, message_id: str, name: str, key: str, body: Any) -> None:
    """From outside: taken once, whatever its sender repeats. Raises Refused where too many are kept already."""
    asked = {"tenant": tenant, "source": source, "message": message_id, "now": moment()}
    with driver_transaction(tenant) as connection:
        if message_id and not connection.execute(_POSTED, asked).rowcount:
            return
        connection.execute(_FORGET, {"tenant": tenant, "source": source, "old": moment(datetime.now(UTC) - REMEMBERED)})
        if connection.execute(_COUNT, {"tenant": tenant}).fetchone()[0] >= MOST:
            raise Refused("message.too_many", limit=MOST)
        send(connection, tenant, name, key, body)


def unclaimed(session: Session) -> tuple[int, list[Message]]:
    """What is kept until somebody waits for it: how many, and the latest."""
    count = session.scalar(select(func.count()).select_from(Message)) or 0
    return count, list(session.scalars(select(Message).order_by(Message.id.desc()).limit(SHOWN)))


def deliver(session: Session, row: Errand) -> None:
    """For the worker. Where the ticket has moved on, the message is sent anew."""
    from . import held, waking  # they need the effects, and the effects need this

    actor, args, connection = waking.clock(session, row.tenant_id), row.args, driver_of(session)
    if not held.signal(connection, actor, row.ticket_id, args["token"], "message", {"body": args["body"]}):
        send(connection, row.tenant_id, args["name"], args["key"], args["body"])


def _bring(connection: Driver, tenant: str, ticket_id: str, token: int, name: str, key: str, body: Any) -> None:
    args = {"token": token, "name": name, "key": key, "body": body}
    sql.enqueue(connection, tenant, new_id(), ticket_id, "message", args, moment())


def _alone(connection: Driver, tenant: str) -> None:
    sql.count(connection, tenant, "mailbox", "")
