"""The verbs of who administers webhooks: made, changed, renewed, tried, replayed, removed."""

from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dougong.platform import audit, outbound, secrets, signing
from dougong.platform.organisation import Refused, reason
from dougong.platform.outbound import CallFailed
from dougong.platform.store import driver_transaction, moment, new_id, transaction

from . import sql
from .webhooks import EVENTS, Delivery, Webhook

MOST: Final = 20  # webhooks of a tenant
_WAIT_AGAIN = """
UPDATE delivery SET state = 'waiting' WHERE tenant_id = :tenant AND webhook_id = :webhook AND id = :id RETURNING ticket_id
"""


def hello(session: Session, webhook: Webhook) -> tuple[str, str, str, bytes]:
    """What `post` needs for a message that only says hello; the call is made when the session is closed."""
    body = sql.dump({"type": "ping", "timestamp": moment(), "data": {"webhook": webhook.title}}).encode()
    return webhook.url, secrets.reveal(session, f"webhook:{webhook.id}"), new_id(), body


def save(by: Any, webhook_id: str | None, title: str, url: str, events: list[str], active: bool) -> str | None:
    """A new webhook, or one that is there. Answers the secret of a new one. Raises Refused, LookupError."""
    _check(title, url, events)
    with transaction(by.tenant_id) as session:
        row = session.scalar(select(Webhook).where(Webhook.id == webhook_id)) if webhook_id else None
        if webhook_id and row is None:
            raise LookupError(webhook_id)
        if row is not None:
            row.title, row.url, row.events, row.active = title, url, events, active
            audit.record(session, by, "changed", "webhook", row.id, title)
            return None
        if len(session.scalars(select(Webhook.id)).all()) >= MOST:
            raise Refused(title=reason("webhooks.too_many", limit=MOST))
        row = Webhook(id=new_id(), title=title, url=url, events=events)
        session.add(row)
        audit.record(session, by, "created", "webhook", row.id, title)
        return _new_secret(session, by, row)


def renew(by: Any, webhook_id: str) -> str:
    """Another secret; the one before stops at once. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        return _new_secret(session, by, _found(session, webhook_id))


def remove(by: Any, webhook_id: str) -> None:
    """With its secret and the log of its deliveries. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        row = _found(session, webhook_id)
        session.execute(delete(Delivery).where(Delivery.webhook_id == row.id))
        secrets.drop(session, by, f"webhook:{row.id}")
        session.delete(row)
        audit.record(session, by, "deleted", "webhook", row.id, row.title)


def replay(by: Any, webhook_id: str, delivery_id: str) -> None:
    """Tell it once more, under the same id. Raises LookupError."""
    with driver_transaction(by.tenant_id) as connection:
        asked = {"tenant": by.tenant_id, "webhook": webhook_id, "id": delivery_id}
        found = connection.execute(_WAIT_AGAIN, asked).fetchone()
        if found is None:
            raise LookupError(delivery_id)
        sql.enqueue(connection, by.tenant_id, new_id(), found[0], "webhook", {"delivery": delivery_id}, moment())


def _check(title: str, url: str, events: list[str]) -> None:
    errors: dict[str, Any] = {}
    if not title:
        errors["title"] = "field.required"
    if not events or not set(events) <= set(EVENTS):
        errors["events"] = "webhooks.no_event"
    try:
        outbound.check(url)
    except CallFailed as failed:
        errors["url"] = reason(failed.code, **failed.params)
    if errors:
        raise Refused(**errors)


def _new_secret(session: Session, by: Any, row: Webhook) -> str:
    secret = signing.new_secret()
    secrets.put(session, by, f"webhook:{row.id}", row.title, secret)
    return secret


def _found(session: Session, webhook_id: str) -> Webhook:
    row = session.scalar(select(Webhook).where(Webhook.id == webhook_id))
    if row is None:
        raise LookupError(webhook_id)
    return row
