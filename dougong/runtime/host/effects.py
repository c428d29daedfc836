"""What the world has to do for a step. Those within the database happen with it; the others wait in the outbox.

A new kind of effect needs one function: in WITHIN if it only touches our own rows, in AFTER, and named in LATER, if it is
performed by the worker, at least once, with the effect's id as its idempotency key. What it has to do outside it answers as a
call. One that says after how many `hours` is a timer: it belongs to its token, and is void once that has moved on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform.messages import pick, t
from dougong.platform.store import driver_of, moment, new_id
from dougong.runtime.case import Case, Token
from dougong.runtime.definition import Definition
from dougong.runtime.nodes.revoke import REVOKED
from dougong.runtime.outcome import Effect
from dougong.runtime.texts import LANGUAGES

from . import answers, holding, mailbox, notices, sql, stopped, webhooks
from .outbox import Errand
from .settlement import ledger, reversing
from .tables import Candidate, Clock, Task, Ticket, TokenRow

Call = Callable[[], None]  # to the world outside, made when no transaction is open
After = Callable[[Session, Errand], Call | None]
Within = Callable[[Any, Any, str, Definition, Token, dict[str, Any], str], None]


_ASKED: Final = """
SELECT who FROM history WHERE tenant_id = :tenant AND ticket_id = :ticket AND verb = 'revoke' ORDER BY step DESC LIMIT 1
"""
LATER: Final = frozenset(  # what the worker performs: written by whoever brings it, whether or not he has a worker beside him
    {
        "notify", "remind", "todo", "stopped", "send", "webhook", "overdue", "clock", "message", "granted", "timer",
        "child", "end_child", "begun", "returned", "call", "write_record", "give_back",
    }
)  # fmt: skip
OF_TOKEN: Final = frozenset({"child", "call", "write_record", "give_back"})  # what comes of them is told to the token


def take(connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, effect: Effect, at: str) -> None:
    within = WITHIN.get(effect.kind)
    if within is not None:
        within(connection, actor, ticket_id, definition, token, effect.args, at)
    if effect.kind in LATER:
        hours, due = effect.args.get("hours"), effect.args.get("due")
        due = later(at, hours) if hours else due
        of = token.id if due else None
        args = {**effect.args, "token": token.id} if effect.kind in OF_TOKEN else effect.args
        sql.enqueue(connection, actor.tenant_id, new_id(), ticket_id, effect.kind, args, at, due=due, token=of)


def _open_task(
    connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, args: dict[str, Any], at: str
) -> None:
    node = definition.node[token.node]
    if args.get("again"):
        sql.cancel_task(connection, actor.tenant_id, ticket_id, token.id, at)
    sql.open_task(
        connection, actor.tenant_id, args["principals"],
        id=new_id(), ticket=ticket_id, token=token.id, node=node.uid, title=sql.dump(args.get("title", node.title)),
        customer=args["customer"], now=at, due=token.memo.get("due"),
    )  # fmt: skip
    for principal in args["principals"]:
        sql.involve(connection, actor.tenant_id, ticket_id, principal, "candidate", at)


def _copy(
    connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, args: dict[str, Any], at: str
) -> None:
    """抄送: whoever is told may see the ticket from now on."""
    for principal in args["principals"] if args["copy"] else ():
        sql.involve(connection, actor.tenant_id, ticket_id, principal, "copy", at)


def _settle(
    connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, args: dict[str, Any], at: str
) -> None:
    row = f":{args['row']}" if "row" in args else ""
    source = f"ticket:{ticket_id}:{token.node}:{token.id}{row}"
    ledger.write(connection, actor.tenant_id, args, source, ticket_id, at)


def _await(
    connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, args: dict[str, Any], at: str
) -> None:
    mailbox.wait(connection, actor.tenant_id, ticket_id, token.id, args["name"], args["key"])


def _send_message(
    connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, args: dict[str, Any], at: str
) -> None:
    mailbox.send(connection, actor.tenant_id, args["name"], args["key"], args["body"])


def _hold(
    connection: Any, actor: Any, ticket_id: str, definition: Definition, token: Token, args: dict[str, Any], at: str
) -> None:
    holding.take(connection, actor.tenant_id, ticket_id, token.id, token.node, args)


WITHIN: dict[str, Within] = {
    "hold": _hold,
    "open_task": _open_task,
    "notify": _copy,
    "settle": _settle,
    "await": _await,
    "send_message": _send_message,
}


_NOTICE = """
INSERT INTO notice (tenant_id, id, member_id, ticket_id, effect_id, text, leads, count, at)
VALUES (:tenant, :id, :member, :ticket, :effect, :text, :leads, 1, :now) ON CONFLICT DO NOTHING
"""


def notify(session: Session, row: Errand) -> None:
    """A notice for everybody behind the principals: written with the mark that this is done, so each is told once."""
    driver, now, text = driver_of(session), moment(), sql.dump(row.args["text"])
    told = {"tenant": row.tenant_id, "ticket": row.ticket_id, "effect": row.id, "text": text, "now": now}
    told["leads"] = row.args.get("leads", "")
    behind = sorted(answers.members_behind(driver, row.tenant_id, row.args["principals"]))
    for one in behind:
        driver.write(_NOTICE, {**told, "id": new_id(), "member": one})
    notices.send_on(driver, row, behind)


def remind(session: Session, row: Errand) -> None:
    """To everybody who could do the task: it is still open. The token has not moved on, or this would be void."""
    mine = (Candidate.tenant_id == Task.tenant_id) & (Candidate.task_id == Task.id)
    waiting = select(Candidate.principal).join(Task, mine).where(Task.ticket_id == row.ticket_id, Task.token == row.token)
    principals = list(session.scalars(waiting.where(Task.state == "open")))
    text = {tag: t("remind.text", tag, task=pick(row.args["title"], tag), hours=row.args["hours"]) for tag in LANGUAGES}
    row.args = {**row.args, "principals": principals, "text": text}
    notify(session, row)


def todo(session: Session, row: Errand) -> None:
    """Whoever a new task is addressed to is told elsewhere than in the page, if he wants that: there it stands among his tasks.
    Not who opened it himself; nobody where it has been done meanwhile."""
    driver = driver_of(session)
    of = (Ticket.tenant_id == Task.tenant_id) & (Ticket.id == Task.ticket_id)
    here = (Task.ticket_id == row.ticket_id, Task.token == row.args["token"], Task.state == "open")
    found = session.execute(select(Task.title, Ticket.number, Ticket.title).join(Ticket, of).where(*here).limit(1)).first()
    if found is None:
        return
    task, number, title = found
    text = {tag: t("todo.text", tag, task=pick(task, tag), number=number, title=pick(title, tag)) for tag in LANGUAGES}
    behind = answers.members_behind(driver, row.tenant_id, _who_has_it(session, row)) - {row.args["by"].removeprefix("person:")}
    row.args = {**row.args, "text": text}
    notices.send_on(driver, row, sorted(behind))


def overdue(session: Session, row: Errand) -> None:
    """A deadline has passed: `principals` are told, and may see the ticket from now on; or else whoever has the task."""
    _may_see(session, row)
    principals = row.args.get("principals") or _who_has_it(session, row)
    words = row.args.get("text") or {
        tag: t(f"overdue.{row.args['then']}", tag, task=pick(row.args["title"], tag)) for tag in LANGUAGES
    }
    row.args = {**row.args, "principals": principals, "text": words}
    notify(session, row)


def _may_see(session: Session, row: Errand) -> None:
    for principal in row.args.get("principals", ()):
        sql.involve(driver_of(session), row.tenant_id, row.ticket_id, principal, "copy", moment())


def _who_has_it(session: Session, row: Errand) -> list[str]:
    """All to whom the open tasks of a token, or of its children, are addressed."""
    mine = (Candidate.tenant_id == Task.tenant_id) & (Candidate.task_id == Task.id)
    under = (TokenRow.tenant_id == Task.tenant_id) & (TokenRow.ticket_id == Task.ticket_id) & (TokenRow.number == Task.token)
    here = (TokenRow.number == row.args["token"]) | (TokenRow.parent == row.args["token"])
    asked = select(Candidate.principal).distinct().join(Task, mine).join(TokenRow, under)
    return list(session.scalars(asked.where(Task.ticket_id == row.ticket_id, Task.state == "open", here)))


def clock(session: Session, row: Errand) -> None:
    """The time that a ticket was to take is over, if its clock still says so: who is to know is told once."""
    found = session.scalar(select(Clock).where(Clock.ticket_id == row.ticket_id))
    if found is None or found.state != "running" or found.due_at != row.args["over"] or found.told_at:
        return
    found.told_at = moment()
    row.args = {**row.args, "text": {tag: t("overdue.ticket", tag) for tag in LANGUAGES}}
    if row.args.get("principals"):
        _may_see(session, row)
        notify(session, row)


def later(at: str, hours: int) -> str:
    return moment(datetime.fromisoformat(at) + timedelta(hours=hours))


AFTER: dict[str, After] = {
    "notify": notify,
    "remind": remind,
    "todo": todo,
    "stopped": stopped.tell,
    "send": notices.send,
    "webhook": webhooks.deliver,
    "overdue": overdue,
    "clock": clock,
    "message": mailbox.deliver,
    "granted": holding.deliver,
}


def ended(connection: Any, tenant: str, ticket_id: str, subject: str | None, result: str | None, at: str) -> None:
    """A ticket has ended. Revoked, it takes back what it has settled; one about something else tells that what came of it."""
    if result == REVOKED:
        reversing.reverse(connection, tenant, ticket_id, at)
    if not subject:
        return
    kind, _, subject_id = subject.partition(":")
    if kind == "statement":
        ledger.decided(connection, tenant, subject_id, result)
    if kind == "call":
        parent, _, token = subject_id.rpartition(":")
        args = {"token": int(token), "child": ticket_id, "result": result}
        sql.enqueue(connection, tenant, new_id(), parent, "returned", args, moment())


def revocation_asked_by(connection: Any, tenant: str, ticket_id: str) -> str | None:
    found = connection.execute(_ASKED, {"tenant": tenant, "ticket": ticket_id}).fetchone()
    return found[0] if found else None


def revocation_over(connection: Any, actor: Any, ticket_id: str, case: Case, at: str) -> None:
    """Who asked for it is told what came of it; where that was another, whoever filed it is told that it is revoked."""
    revoked, asker = case.result == REVOKED, revocation_asked_by(connection, actor.tenant_id, ticket_id)
    told = {asker or case.initiator: "revoke.done" if revoked else "revoke.kept"}
    for principal, code in ({case.initiator: "revoke.by_another"} | told if revoked else told).items():
        args = {"principals": [principal], "text": {tag: t(code, tag) for tag in LANGUAGES}}
        sql.enqueue(connection, actor.tenant_id, new_id(), ticket_id, "notify", args, at)
