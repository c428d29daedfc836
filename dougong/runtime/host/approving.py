"""Approvals as pages and the API see them: what was said, who has signed, what whoever has the task may do."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dougong.platform.access import Who
from dougong.platform.store import db, driver_reading
from dougong.runtime.definition import Definition, Node
from dougong.runtime.nodes._among import BY_ACT, among
from dougong.runtime.nodes._type import At
from dougong.runtime.nodes._verbs import allowed
from dougong.runtime.reason import Reason
from dougong.runtime.reason import Refused as NotAllowed

from . import answers, definitions, reading, sql, tasks
from .held import Held
from .tables import StatementRow, Task, Ticket, TokenRow
from .verbs import Actor, NotFound, Refused, StaleTask

MOST_SAID = 2000
MOST_IN_BATCH = 100


def said(form: MultiDict[str, str]) -> dict[str, Any]:
    """What a browser sent with a verb: an opinion, a signature, to whom, to where."""
    number = form.get("token", "")
    found = {
        "opinion": _words(form, "opinion"),
        "signature": form.get("signature", "")[:36],
        "to": form.get("to", "")[:40],
        "straight": form.get("straight") == "yes",
        "persons": persons(form),
        "token": int(number) if number.isdecimal() and len(number) < 9 else 0,
    }
    if form.get("after") == "yes":
        found |= {"add": found["persons"], "opinion": found["opinion"] or own(form)}
    return found


def own(form: MultiDict[str, str]) -> str:
    """What stands in the task itself, which comes along with its dialogs."""
    return _words(form, "own_opinion" if "own_opinion" in form else "opinion")


def _words(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").strip()[:MOST_SAID]


def persons(form: MultiDict[str, str]) -> list[str]:
    return [one[:36] for one in form.getlist("persons") if one][:21]


def node_of_task(tenant_id: str, task_id: str) -> tuple[Definition, Node]:
    """The step that a task belongs to. Raises LookupError where there is no such task."""
    ticket = (Ticket.tenant_id == Task.tenant_id) & (Ticket.id == Task.ticket_id)
    wanted = select(Ticket.workflow_id, Ticket.version, Task.node).join(Ticket, ticket).where(Task.id == task_id)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise LookupError(task_id)
    definition = definitions.compiled(tenant_id, found[0], found[1])
    return definition, definition.node[found[2]]


def batchable(tenant_id: str, rows: Iterable[tuple[Task, Ticket]]) -> dict[str, bool]:
    """Of these tasks, by id, those that may be approved together: the step allows it and asks for nothing to be filled in. And
    whether it wants an opinion."""
    found = {}
    for task, ticket in rows:
        definition = definitions.compiled(tenant_id, ticket.workflow_id, ticket.version)
        node = definition.node.get(task.node)
        if node is not None and _batch(definition, node) and not ticket.suspended:
            found[task.id] = node.config.get("opinion") == "always"
    return found


def _batch(definition: Definition, node: Node) -> bool:
    form, rights = definition.form_of(node), definition.rights_of(node)
    fills = form is not None and any(form.right(key, rights) == "required" for key in form.fields)
    return node.type == "approval" and bool(node.config.get("batch")) and not node.config.get("signature") and not fills


def mine(who: Who, text: str = "", workflow: str = "") -> Select[Any]:
    """The ids of the tickets of his inbox, as its filters find them, in which something waits that may be approved together."""
    todo = reading.tasks(who, "todo", text, workflow)
    steps = db.session.execute(todo.with_only_columns(Ticket.workflow_id, Ticket.version, Task.node).distinct())
    found = [(flow, version, node) for flow, version, node in steps if _batch_at(who.tenant_id, flow, version, node)]
    step = tuple_(Ticket.workflow_id, Ticket.version, Task.node)
    return todo.with_only_columns(Ticket.id).where(step.in_(found), ~Ticket.suspended).distinct()


def speaks(who: Who, statements: Select[Any]) -> bool:
    """Whether a step wants an opinion at which the ticket of one of these statements waits for him."""
    theirs = Ticket.id.in_(statements.with_only_columns(StatementRow.ticket_id))
    todo = reading.tasks(who, "todo").where(theirs)
    steps = db.session.execute(todo.with_only_columns(Ticket.workflow_id, Ticket.version, Task.node).distinct())
    found = [_batch_at(who.tenant_id, flow, version, node) for flow, version, node in steps]
    return any(node.config.get("opinion") == "always" for node in found if node)


def _batch_at(tenant_id: str, workflow_id: str, version: int, uid: str) -> Node | None:
    """The step, if what waits there may be approved together."""
    definition = definitions.compiled(tenant_id, workflow_id, version)
    node = definition.node.get(uid)
    return node if node is not None and _batch(definition, node) else None


def approve_all(session: Session, ticket: Held, by: str, opinion: str) -> None:
    """What waited for him in a ticket by that moment and may be approved together. Raises Refused (of the runtime)."""
    his = select(Task.id, Task.revision, Task.node).where(Task.ticket_id == ticket.id, reading.his_todo(ticket.actor))
    found = session.execute(his.where(Task.opened_at <= by).order_by(Task.id)).all()
    waiting = [one for one in found if _batch(ticket.definition, ticket.definition.node[one.node])]
    if not waiting:
        raise NotAllowed("task.gone_meanwhile")
    for task_id, revision, _ in waiting:
        try:
            done = tasks.act_within(ticket.connection, ticket.actor, task_id, revision, "approve", {}, {"opinion": opinion})
        except StaleTask as stale:
            raise NotAllowed(stale.reason.code, **stale.reason.params) from None
        if isinstance(done, Refused):
            reason = next(iter(done.errors.values()))
            raise NotAllowed(reason.code, **reason.params)


def numbers(task_ids: Iterable[str]) -> dict[str, str]:
    """The numbers of their tickets."""
    ticket = (Ticket.tenant_id == Task.tenant_id) & (Ticket.id == Task.ticket_id)
    wanted = select(Task.id, Ticket.number).join(Ticket, ticket).where(Task.id.in_(task_ids))
    return dict(db.session.execute(wanted).all())


def in_batch(actor: Actor, task_id: str, revision: int, opinion: str) -> Reason | None:
    """Approve, where the step allows it; else why not."""
    try:
        definition, node = node_of_task(actor.tenant_id, task_id)
        if not _batch(definition, node):
            return Reason("approval.no_batch")
        done = tasks.act(actor, task_id, revision, "approve", {}, {"opinion": opinion})
    except (NotFound, LookupError):
        return Reason("task.gone_meanwhile")
    except StaleTask as stale:
        return stale.reason
    return next(iter(done.errors.values())) if isinstance(done, Refused) else None


def verbs_of(definition: Definition, node: Node, ticket: Ticket, token: TokenRow | None) -> dict[str, Any]:
    """What whoever has this task may do with it besides doing it."""
    found = allowed(definition, node, ticket.handlers, token.memo if token else {})
    return {**found, "back": [definition.node[uid] for uid in found["back"]], "phrases": node.config.get("phrases", ())}


def among_whom(who: Who, task: Task) -> dict[str, list[str] | None]:
    """The members who may be chosen when this task is handed over, lent, or others are added, by act. None: all of them."""
    definition, node = node_of_task(who.tenant_id, task.id)
    if not node.config.get("among"):
        return dict.fromkeys(BY_ACT)
    with driver_reading(who.tenant_id) as connection:
        row = sql.ticket(connection, who.tenant_id, task.ticket_id)
        case = sql.case_of(connection, who.tenant_id, row, definition.key) if row else None
        token = case.token(task.token) if case else None
        if case is None or token is None:
            return {act: [] for act in BY_ACT}
        at = At(definition, node, case, token, answers.world(connection, who.tenant_id, who.zone, who.principal))
        return {act: among(at, act) for act in BY_ACT}


def progress(definition: Definition, tokens: list[TokenRow]) -> list[dict[str, Any]]:
    """Each approval under way: how many have agreed, of how many."""
    found = []
    for token in tokens:
        votes: Mapping[str, Any] | None = (token.memo or {}).get("votes")
        node = definition.node.get(token.node)
        if votes and node:
            found.append({"node": node, "mode": votes["mode"], "yes": votes["yes"], "no": votes["no"], "seats": votes["seats"]})
    return found


def mine_to_remove(task: Task, tokens: list[TokenRow], principal: str) -> list[TokenRow]:
    """减签: those whom I have added beside myself and who have not signed."""
    own = next((one for one in tokens if one.number == task.token), None)
    return [one for one in tokens if own and one.parent == own.parent and one.memo.get("added_by") == principal]
