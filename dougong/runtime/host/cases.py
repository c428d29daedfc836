"""The verbs of a ticket: file, submit, claim, release, comment, retry. Each owns its transaction: all or nothing.

A view parses and answers, a verb here owns the transaction, the interpreter only thinks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dougong.platform import logs, search
from dougong.platform.documents import Document
from dougong.platform.regions import Names
from dougong.platform.scopes import EVERYTHING_SEEN, Sight
from dougong.platform.store import driver_transaction, loads, moment, new_id
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form import Form, Rights
from dougong.runtime.form_view import shown
from dougong.runtime.interpreter import Step
from dougong.runtime.reason import Reason
from dougong.runtime.texts import LANGUAGES, pick

from . import answers, definitions, effects, numbers, references, sql, webhooks

NAMES = Names()


@dataclass(frozen=True)
class Actor:
    """Who does it: a member ("person:<id>") or, over a signed link, the customer ("customer")."""

    tenant_id: str
    zone: str
    principal: str
    name: str
    principals: frozenset[str]
    unit_id: str | None = None
    upload_key: str = ""  # whose uploads these are, where many share a principal (customers, by their link)
    sees: Callable[[], Sight] = lambda: EVERYTHING_SEEN  # which records he may point at and change

    @property
    def member_id(self) -> str | None:
        return self.principal.removeprefix("person:") if self.principal.startswith("person:") else None

    @property
    def uploads(self) -> str:
        return f"upload:{self.upload_key or self.principal}"

    def now(self) -> datetime:
        return datetime.now(ZoneInfo(self.zone))


class NotFound(Exception):
    """No such ticket or task for this person: foreign, missing and forbidden are told alike."""


class NotStarted(Exception):
    """This person may not file this ticket."""


class StaleTask(Exception):
    """The task has moved on since its page was drawn. `code` says how, `who` by whom."""

    def __init__(self, code: str, who: str = "") -> None:
        super().__init__(code)
        self.reason = Reason(code, {"who": who or "—"})


@dataclass(frozen=True)
class Refused:
    """What was filled in does not do; nothing was saved. By field key."""

    errors: Mapping[str, Reason]


@dataclass(frozen=True)
class Done:
    ticket_id: str
    number: str


def file(
    actor: Actor,
    document: Document,
    raw: Mapping[str, Any],
    subject: str | None = None,
    *,
    forced: Mapping[str, Any] | None = None,
    also: Callable[[Any, str, str], None] | None = None,
) -> Done | Refused:
    """A new ticket. `forced` are values that the platform itself puts in (a statement's), whatever the form's rights say.

    `also(connection, ticket id, moment)` writes what belongs with it, in the same transaction.
    """
    assert document.active is not None
    definition = definitions.compiled(actor.tenant_id, document.id, document.active)
    node, form = definition.start, definition.form_of(definition.start)
    ticket_id, now = new_id(), actor.now()
    logs.about(ticket_id)
    with driver_transaction(actor.tenant_id) as connection:
        if forced is None and not _may_start(actor, node):
            raise NotStarted
        rights = definition.rights_of(node)
        loaded = references.take(
            connection, actor.tenant_id, form, raw, forced or {}, rights, now, (actor.uploads,), actor.sees
        )
        if loaded.errors:
            return Refused(loaded.errors)
        world = answers.world(connection, actor.tenant_id, actor.zone, actor.principal, now)
        facts = {"initiator": actor.principal, "unit": actor.unit_id}
        step = interpreter.start(definition, {**(forced or {}), **loaded.values}, world, **facts)
        at = moment(now)
        number = numbers.next_number(connection, actor.tenant_id, definition.doc.get("number"), definition.key, now)
        title = title_of(definition, step.case.data)
        words = words_of(definition, step.case.data, title, number, actor.name)
        sql.insert_ticket(
            connection, actor.tenant_id, ticket_id, step.case, at,
            number=number, workflow_id=document.id, workflow_key=definition.key, version=definition.version,
            title=title, words=words, urgent=definition.is_urgent(step.case.data),
            initiator_name=actor.name, subject=subject,
        )  # fmt: skip
        search.keep(connection, actor.tenant_id, "ticket", ticket_id, "", words)
        sql.involve(connection, actor.tenant_id, ticket_id, actor.principal, "initiator", at)
        if form:
            references.claim_files(connection, actor.tenant_id, form, loaded.values, f"ticket:{ticket_id}")
        if also:
            also(connection, ticket_id, at)
        _write(connection, actor, ticket_id, definition, step, at, subject)
        _remember(connection, actor, ticket_id, "filed", node.uid, step, step.case.data, at)
        webhooks.tell(connection, actor.tenant_id, ticket_id, step, "filed", at, subject=subject)
    return Done(ticket_id, number)


Raw = Mapping[str, Any] | Callable[[Form, Rights], Mapping[str, Any]]


def submit(actor: Actor, task_id: str, revision: int, raw: Raw) -> Done | Refused:
    """Do a task. `raw` is what was filled in, or what reads it once form and rights are known. Raises NotFound, StaleTask."""
    with driver_transaction(actor.tenant_id) as connection:
        row = _open_task(connection, actor, task_id, revision)
        definition = definitions.compiled(actor.tenant_id, row.workflow_id, row.version)
        case = sql.case_of_task(connection, actor.tenant_id, row, definition.key)
        node, now = definition.node[row.node], actor.now()
        form, rights = definition.form_of(node), definition.rights_of(node)
        filled = raw if isinstance(raw, Mapping) else raw(form, rights) if form else {}
        owners = (actor.uploads, f"ticket:{row.ticket_id}")
        loaded = references.take(connection, actor.tenant_id, form, filled, case.data, rights, now, owners, actor.sees)
        if loaded.errors:
            return Refused(loaded.errors)
        changes = {key: value for key, value in loaded.values.items() if case.data.get(key) != value}
        world = answers.world(connection, actor.tenant_id, actor.zone, actor.principal, now)
        step = interpreter.resume(definition, case, row.token, row.token_signal or "", loaded.values, world)
        at = moment(now)
        if not sql.finish_task(connection, actor.tenant_id, row, actor.principal, at):
            raise StaleTask("task.done_meanwhile")
        sql.involve(connection, actor.tenant_id, row.ticket_id, actor.principal, "handler", at)
        if form:
            references.claim_files(connection, actor.tenant_id, form, changes, f"ticket:{row.ticket_id}")
        _save(connection, actor, row.ticket_id, definition, step, at, row._asdict())
        _remember(connection, actor, row.ticket_id, "submitted", node.uid, step, changes, at, row.steps + 1)
        task = {"id": task_id, "node": node.uid}
        webhooks.tell(connection, actor.tenant_id, row.ticket_id, step, "submitted", at, task=task, subject=row.subject)
    return Done(row.ticket_id, row.number)


def claim(actor: Actor, task_id: str, revision: int) -> None:
    """Take a task from the queue. Of many who try at once one wins; the others are told who."""
    _assign(actor, task_id, revision, actor.member_id, "claimed")


def release(actor: Actor, task_id: str, revision: int) -> None:
    """Give a claimed task back to the queue."""
    _assign(actor, task_id, revision, None, "released")


def comment(actor: Actor, ticket_id: str, text: str, uploads: Sequence[str]) -> None:
    """Say something in the timeline, with one's own uploads. That the ticket may be seen has been checked by the caller."""
    with driver_transaction(actor.tenant_id) as connection:
        files = references.hand_over(connection, actor.tenant_id, uploads, actor.uploads, f"ticket:{ticket_id}")
        if not text and not files:
            return
        at = moment()
        step = sql.next_step(connection, actor.tenant_id, ticket_id, at)
        who = {"who": actor.principal, "who_name": actor.name}
        sql.history(
            connection,
            actor.tenant_id,
            ticket_id,
            step,
            at,
            verb="commented",
            changes={"text": text, "files": files},
            **who,
        )


def retry(actor: Actor, ticket_id: str, token_id: int) -> None:
    """Try a failed step once more. Raises NotFound where it has not failed (any more)."""
    with driver_transaction(actor.tenant_id) as connection:
        sql.hold(connection, actor.tenant_id, ticket=ticket_id)
        row = sql.ticket(connection, actor.tenant_id, ticket_id)
        if row is None:
            raise NotFound
        definition = definitions.compiled(actor.tenant_id, row["workflow_id"], row["version"])
        case = _case(connection, actor.tenant_id, row, definition.key)
        node = case.tokens[token_id].node if token_id in case.tokens else None
        world = answers.world(connection, actor.tenant_id, actor.zone, actor.principal)
        try:
            step = interpreter.retry(definition, case, token_id, world)
        except interpreter.Fault:
            raise NotFound from None
        at = moment()
        _save(connection, actor, ticket_id, definition, step, at, row)
        _remember(connection, actor, ticket_id, "retried", node, step, {}, at, row["steps"] + 1)
        webhooks.tell(connection, actor.tenant_id, ticket_id, step, "retried", at, subject=row["subject"])


def title_of(definition: Definition, data: Mapping[str, Any]) -> dict[str, str]:
    """What a ticket is called in lists, in every language: the workflow's template, else its title."""
    templates = definition.doc.get("ticket_title") or {}
    found = {tag: definition.worded(pick(templates, tag), data, tag, NAMES)[:200] for tag in LANGUAGES}
    return {tag: title or pick(definition.title, tag) for tag, title in found.items()}


def words_of(definition: Definition, data: Mapping[str, Any], title: Mapping[str, str], number: str, initiator: str) -> str:
    """What a search looks through: only what everybody may read who may see the ticket."""
    read = [shown(field, data.get(field.key), tag, NAMES) for field in definition.open_summary for tag in LANGUAGES]
    return search.words(number, *title.values(), initiator, *read)


def _may_start(actor: Actor, start: Node) -> bool:
    if actor.principal == "customer":
        return bool(start.config.get("public"))
    if start.config.get("who", "members") == "members":
        return True
    return any(f"role:{role}" in actor.principals for role in start.config.get("roles", ()))


def may_start(actor: Actor, document: Document) -> bool:
    definition = definitions.compiled(actor.tenant_id, document.id, document.active or 0)
    return _may_start(actor, definition.start)


def _open_task(connection: Any, actor: Actor, task_id: str, revision: int) -> sql.TaskRow:
    """The task, if it is open, this person may do it, and the page it was done on is of its present revision."""
    sql.hold(connection, actor.tenant_id, task=task_id)
    row = sql.task(connection, actor.tenant_id, task_id)
    if row is None:
        raise NotFound
    logs.about(row.ticket_id)
    if row.state != "open":
        if row.done_by not in actor.principals and not _was_addressed(connection, actor, row):
            raise NotFound
        raise StaleTask("task.done_meanwhile", _name(connection, actor.tenant_id, row.done_by))
    alone = row.assignee_id is not None and row.assignee_id == actor.member_id
    if not alone and not actor.principals & sql.candidates(connection, actor.tenant_id, task_id):
        raise NotFound
    if row.assignee_id and f"person:{row.assignee_id}" != actor.principal:
        raise StaleTask("task.claimed_meanwhile", _name(connection, actor.tenant_id, f"person:{row.assignee_id}"))
    if row.revision != revision:
        raise StaleTask("task.changed_meanwhile")
    return row


def _was_addressed(connection: Any, actor: Actor, row: sql.TaskRow) -> bool:
    asked = {"tenant": actor.tenant_id, "ticket": row.ticket_id}
    found = connection.execute("SELECT principal FROM involved WHERE tenant_id = :tenant AND ticket_id = :ticket", asked)
    return any(principal in actor.principals for (principal,) in found)


def _assign(actor: Actor, task_id: str, revision: int, assignee: str | None, verb: str) -> None:
    with driver_transaction(actor.tenant_id) as connection:
        row = _open_task(connection, actor, task_id, revision)
        if not sql.assign(connection, actor.tenant_id, task_id, revision, assignee):
            raise StaleTask("task.changed_meanwhile")
        at = moment()
        step = sql.next_step(connection, actor.tenant_id, row.ticket_id, at)
        who = {"who": actor.principal, "who_name": actor.name}
        sql.history(connection, actor.tenant_id, row.ticket_id, step, at, verb=verb, node=row.node, **who)


def _save(
    connection: Any, actor: Actor, ticket_id: str, definition: Definition, step: Step, at: str, row: Mapping[str, Any]
) -> None:
    data = step.case.data
    title = title_of(definition, data)
    words = words_of(definition, data, title, row["number"], row["initiator_name"])
    more = {"title": title, "words": words, "urgent": definition.is_urgent(data)}
    sql.update_ticket(connection, actor.tenant_id, ticket_id, step.case, at, **more)
    search.keep(connection, actor.tenant_id, "ticket", ticket_id, row["words"], words)
    _write(connection, actor, ticket_id, definition, step, at, row["subject"])


def _write(
    connection: Any, actor: Actor, ticket_id: str, definition: Definition, step: Step, at: str, subject: str | None
) -> None:
    """Tokens, tasks, effects: what the step leaves behind."""
    sql.write_tokens(connection, actor.tenant_id, ticket_id, step)
    for token, effect in step.effects:
        effects.take(connection, actor, ticket_id, definition, token, effect, at)
    if subject and step.case.status == "done":
        effects.ended(connection, actor.tenant_id, subject, step.case.result)


def _remember(
    connection: Any,
    actor: Actor,
    ticket_id: str,
    verb: str,
    node: str | None,
    step: Step,
    changes: Mapping[str, Any],
    at: str,
    number: int = 0,
) -> None:
    sql.history(
        connection, actor.tenant_id, ticket_id, number, at,
        who=actor.principal, who_name=actor.name, verb=verb, node=node, changes=dict(changes),
        trail=[list(move) for move in step.trail], answers=[[list(asked), found] for asked, found in step.answers],
    )  # fmt: skip


def _case(connection: Any, tenant: str, row: Mapping[str, Any], key: str) -> Case:
    tokens = sql.tokens(connection, tenant, row["id"])
    return Case(
        workflow=key,
        version=row["version"],
        data=loads(row["data"]),
        tokens={token.id: token for token in tokens},
        last_token=row["last_token"],
        live=row["live"],
        failed=row["failed"],
        result=row["result"],
        initiator=row["initiator"],
        unit=row["unit_id"],
        handlers=loads(row["handlers"]),
    )


def _name(connection: Any, tenant: str, principal: str | None) -> str:
    if not principal or not principal.startswith("person:"):
        return ""
    asked = {"tenant": tenant, "id": principal.removeprefix("person:")}
    row = connection.execute("SELECT name FROM member WHERE tenant_id = :tenant AND id = :id", asked).fetchone()
    return row[0] if row else ""
