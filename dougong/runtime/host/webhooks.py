"""Webhooks out: which addresses are told of which events, and how each telling went.

`tell` runs in the transaction of the step: the delivery is written and enqueued with what it tells of, or not at all. The
worker delivers it at least once, signed (`platform/signing.py`), with the delivery's id as `webhook-id`: who gets it twice can
see so. A delivery tells what happened and where, not what was filled in: that is asked for by the API, with its rights.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import outbound, secrets, signing
from dougong.platform.organisation import reason
from dougong.platform.outbound import CallFailed, Limits
from dougong.platform.store import Base, TenantOwned, loads, moment, new_id, refers, transaction
from dougong.runtime.step import Step

from . import notices, sql, stopped
from .outbox import Errand

EVENTS: Final = ("ticket.filed", "ticket.done", "ticket.failed", "task.opened", "task.done", "statement.approved")
LIMITS: Final = Limits(seconds=10, size=100_000, redirects=0)


class Webhook(TenantOwned, Base):
    """An address that is told of `events`. Its secret is kept as "webhook:<id>"."""

    __tablename__ = "webhook"

    title: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(1000))
    events: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


class Delivery(TenantOwned, Base):
    """One telling. state: waiting, done, failed (the last try; another may follow). `status` is that of the answer."""

    __tablename__ = "delivery"
    __table_args__ = (
        refers("webhook_id", "webhook"),
        refers("ticket_id", "ticket"),
        Index("ix_delivery_webhook", "tenant_id", "webhook_id", "id"),
    )

    webhook_id: Mapped[str] = mapped_column(String(36))
    ticket_id: Mapped[str] = mapped_column(String(36))
    event: Mapped[str] = mapped_column(String(30))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[int | None] = mapped_column(Integer)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[str] = mapped_column(String(24), default=moment)
    tried_at: Mapped[str | None] = mapped_column(String(24))


_LISTENING = """
SELECT id, events FROM webhook WHERE tenant_id = :tenant AND active
UNION ALL SELECT '', NULL WHERE EXISTS (SELECT 1 FROM preference WHERE tenant_id = :tenant)
"""
_TICKET = "SELECT number, workflow_key, version, title, state, result FROM ticket WHERE tenant_id = :tenant AND id = :ticket"
_OPENED = "SELECT id, node FROM task WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :token AND state = 'open'"
_STATEMENT = "SELECT number FROM statement WHERE tenant_id = :tenant AND id = :id"
_INSERT = """
INSERT INTO delivery (tenant_id, id, webhook_id, ticket_id, event, body, state, attempts, at)
VALUES (:tenant, :id, :webhook, :ticket, :event, :body, 'waiting', 0, :now)
"""


def tell(
    connection: Any, tenant: str, by: str, ticket_id: str, step: Step, verb: str, at: str, *,
    task: dict[str, Any] | None = None, subject: str | None = None,
) -> None:  # fmt: skip
    """Enqueue what a step has to tell, to webhooks, to who may mend it where it has stopped, and of new tasks to members who
    want that elsewhere than in the page; all it costs where nobody listens is one look. `by`: who did the step."""
    stopped.enqueue(connection, tenant, ticket_id, step, at)
    found = connection.once(_LISTENING, {"tenant": tenant})
    listening = [(row[0], loads(row[1])) for row in found if row[0]]
    if len(listening) < len(found):
        notices.of_tasks(connection, tenant, by, ticket_id, step, at)
    if not listening:
        return
    asked = {"tenant": tenant, "ticket": ticket_id}
    number, workflow, version, title, state, result = connection.execute(_TICKET, asked).fetchone()
    about = {
        "id": ticket_id, "number": number, "workflow": workflow, "version": version, "title": loads(title),
        "state": state, "result": result,
    }  # fmt: skip
    for event, more in _events(connection, tenant, ticket_id, step, verb, task, subject):
        body = sql.dump({"type": event, "timestamp": at, "data": {"ticket": about, **more}})
        for webhook_id, events in listening:
            if event in events:
                row = {**asked, "id": new_id(), "webhook": webhook_id, "event": event, "body": body, "now": at}
                connection.execute(_INSERT, row)
                sql.enqueue(connection, tenant, new_id(), ticket_id, "webhook", {"delivery": row["id"]}, at)


def _events(
    connection: Any, tenant: str, ticket_id: str, step: Step, verb: str, task: dict[str, Any] | None, subject: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a step tells, in the order in which it happened."""
    if verb == "filed":
        yield "ticket.filed", {}
    if task:
        yield "task.done", {"task": task}
    for token in (token for token, effect in step.effects if effect.kind == "open_task"):
        for task_id, node in connection.execute(_OPENED, {"tenant": tenant, "ticket": ticket_id, "token": token.id}):
            yield "task.opened", {"task": {"id": task_id, "node": node}}
    if any(token.state == "failed" for token in (*step.born.values(), *step.changed.values())):
        yield "ticket.failed", {}
    if step.case.status == "done":
        yield "ticket.done", {}
        kind, _, subject_id = (subject or "").partition(":")
        if kind == "statement" and step.case.result == "approved":
            number = connection.execute(_STATEMENT, {"tenant": tenant, "id": subject_id}).fetchone()[0]
            yield "statement.approved", {"statement": {"id": subject_id, "number": number}}


def deliver(session: Session, row: Errand) -> Any:
    """For the worker: the call to be made once the transaction is over; none where there is nothing to tell any more."""
    delivery = session.scalar(select(Delivery).where(Delivery.id == row.args["delivery"]))
    webhook = session.scalar(select(Webhook).where(Webhook.id == delivery.webhook_id)) if delivery else None
    if delivery is None or webhook is None or not webhook.active or delivery.state == "done":
        return None
    secret = secrets.reveal(session, f"webhook:{webhook.id}")
    return partial(_call, delivery.tenant_id, delivery.id, webhook.url, secret, delivery.body.encode())


def _call(tenant_id: str, delivery_id: str, url: str, secret: str, body: bytes) -> None:
    status, failed = None, None
    try:
        status = post(url, secret, delivery_id, body)
    except CallFailed as error:
        status, failed = error.params.get("status"), error
    with transaction(tenant_id) as session:
        row = session.scalar(select(Delivery).where(Delivery.id == delivery_id))
        if row is not None and row.state != "done":  # it may have been told by another, who was thought needed
            row.state, row.attempts, row.tried_at = "failed" if failed else "done", row.attempts + 1, moment()
            row.status, row.problem = status, reason(failed.code, **failed.params) if failed else None
    if failed:
        raise failed


def post(url: str, secret: str, message_id: str, body: bytes) -> int:
    """Send one message, signed. Raises CallFailed, also where the answer is not a 2xx."""
    sent = {"content-type": "application/json", **signing.headers(secret, message_id, body)}
    answer = outbound.call("POST", url, sent, body, LIMITS)
    if not 200 <= answer.status < 300:
        raise CallFailed("webhooks.answered", status=answer.status)
    return answer.status
