"""The verbs of a task: do it, or whatever else its step lets one do; claim and release. Each owns its transaction: all or
nothing.

A view parses and answers, a verb here owns the transaction, the interpreter only thinks.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dougong.platform import logs
from dougong.platform.store import driver_transaction, moment
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form import Form, Loaded, Rights
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._chosen import Chosen, misfits, remembered
from dougong.runtime.nodes._verbs import OPEN
from dougong.runtime.reason import Reason
from dougong.runtime.reason import Refused as NotAllowed
from dougong.runtime.staffing import unmanned
from dougong.runtime.step import Step
from dougong.runtime.world import World

from . import answers, definitions, naming, oneself, references, saving, serials, sql, standing_in
from .verbs import Actor, Done, NotFound, Refused, StaleTask

Raw = Mapping[str, Any] | Callable[[Form, Rights], Mapping[str, Any]]


def submit(actor: Actor, task_id: str, revision: int, raw: Raw, chosen: Chosen | None = None) -> Done | Refused:
    """Do a task. `raw` is what was filled in, or what reads it once form and rights are known; `chosen`: whom he chooses for
    steps, where it is his own again. Raises NotFound, StaleTask."""
    return act(actor, task_id, revision, OPEN, raw, {"chosen": chosen} if chosen else None)


def act(
    actor: Actor, task_id: str, revision: int, signal: str, raw: Raw | None = None, said: Mapping[str, Any] | None = None
) -> Done | Refused:
    """Whatever whoever has a task does with it: do it, approve, refuse, send back, hand over, add signers.

    `said`: what belongs to the verb (an opinion, to whom, to where); what is wrong with it is refused by the name of the part.
    """
    try:
        with driver_transaction(actor.tenant_id) as connection:
            return act_within(connection, actor, task_id, revision, signal, raw, dict(said or {}))
    except NotAllowed as refused:  # out here: of what is refused nothing stays, a signature that was handed over neither
        return Refused({refused.path.removeprefix("/") or "verb": naming.with_names(refused.reason)})


def act_within(
    connection: Any, actor: Actor, task_id: str, revision: int, signal: str, raw: Raw | None, said: dict[str, Any]
) -> Done | Refused:
    """The same in a transaction that is there already. What is wrong with `said` is raised: runtime.reason.Refused."""
    row, asked = _open_task(connection, actor, task_id, revision)
    definition = definitions.compiled(actor.tenant_id, row.workflow_id, row.version)
    case = sql.case_of_task(connection, actor.tenant_id, row, definition.key)
    node, now, ticket = definition.node[row.node], actor.now(), f"ticket:{row.ticket_id}"
    if signal not in NODE_TYPES[node.type].signals or row.suspended:
        raise StaleTask("ticket.suspended" if row.suspended else "task.changed_meanwhile")
    form = definition.form_of(node)
    loaded = _filled(connection, actor, definition, case, node, raw, now, ticket) if signal in FILLS else Loaded({})
    world = answers.world(connection, actor.tenant_id, actor.zone, actor.principal, now, workflow=definition.key)
    wrong = loaded.errors or _filed_anew(definition, case, node, loaded, said, world)
    if wrong:
        return Refused(wrong)
    if said.get("signature"):
        uploads = [str(said["signature"])]
        said["signature"] = references.hand_over(connection, actor.tenant_id, uploads, actor.uploads, ticket)
    if signal in FILLS:
        loaded.values.update(serials.given(connection, actor.tenant_id, form, {**case.data, **loaded.values}, now))
    values = loaded.values if signal == OPEN else {**said, "fields": loaded.values}
    step = interpreter.resume(definition, case, row.token, signal, values, world)
    at, for_whom = moment(now), _for_whom(connection, actor, row, case, asked)
    if not _closed(connection, actor, row, step, at):
        raise StaleTask("task.done_meanwhile")
    sql.involve(connection, actor.tenant_id, row.ticket_id, actor.principal, "handler", at)
    changes = {key: value for key, value in loaded.values.items() if case.data.get(key) != value}
    if form:
        references.claim_files(connection, actor.tenant_id, form, changes, ticket)
    saving.keep(
        connection, actor, row.ticket_id, row._asdict(), definition, step, "submitted" if signal == OPEN else signal, at,
        node=node.uid, changes=changes, said=_told(said, case, for_whom), task={"id": task_id, "node": node.uid}, undo=True,
    )  # fmt: skip
    return Done(row.ticket_id, row.number)


def _filled(
    connection: Any, actor: Actor, definition: Definition, case: Case, node: Node, raw: Raw | None, now: datetime, ticket: str
) -> Loaded:
    """What came with the verb, as the step's form and rights take it."""
    form, rights = definition.form_of(node), definition.rights_of(node)
    filled = raw if isinstance(raw, Mapping) else raw(form, rights) if form and raw else {}
    owners = (actor.uploads, ticket)
    data = {**case.data, **oneself.told(form, actor.member_id)}
    return references.take(connection, actor.tenant_id, form, filled, data, rights, now, owners, actor.sees)


def _filed_anew(
    definition: Definition, case: Case, node: Node, loaded: Loaded, said: Mapping[str, Any], world: World
) -> dict[str, Reason]:
    """Where it is the initiator's again: whom he has chosen (自选审批人), which the case remembers; that no step is without
    an approver."""
    if node is not definition.start:
        return {}
    then = replace(case, data={**case.data, **loaded.values})
    if chosen := said.get("chosen"):
        if wrong := misfits(definition, then, chosen, world):
            return wrong
        case.memo |= remembered(definition, chosen)
    return unmanned(definition, then, world)


FILLS = frozenset({OPEN, "approve"})  # the verbs that come with the form


def _for_whom(connection: Any, actor: Actor, row: sql.TaskRow, case: Case, asked: set[str]) -> str | None:
    """Whose it is: of a signature who signs; of what was addressed to several, the one for whom he stands in."""
    token = case.tokens.get(row.token)
    if token and token.memo.get("person"):
        return str(token.memo["person"])
    persons = any(one.startswith("person:") for one in asked)
    return standing_in.stands_in_for(connection, actor, row.id, case.workflow) if persons else None


def _told(said: Mapping[str, Any], case: Case, for_whom: str | None) -> dict[str, Any]:
    """What the timeline keeps of it, and for whom it was done where somebody stands in."""
    removed = case.token(said["token"]) if said.get("token") else None  # as it was: whom a signer has been removed
    whom = {"persons": [removed.memo["person"]]} if removed and removed.memo.get("person") else {}
    return {**{key: value for key, value in said.items() if value}, **whom, **({"for": for_whom} if for_whom else {})}


def _closed(connection: Any, actor: Actor, row: sql.TaskRow, step: Step, at: str) -> bool:
    """The task is done, unless its token goes on waiting for it just as before."""
    token = step.case.tokens.get(row.token)
    anew = any(effect.kind == "open_task" and of.id == row.token for of, effect in step.effects)
    if token is not None and token.signal == OPEN and not anew:
        return sql.touch_task(connection, actor.tenant_id, row)
    return sql.finish_task(connection, actor.tenant_id, row, actor.principal, at)


def claim(actor: Actor, task_id: str, revision: int) -> None:
    """Take a task from the queue. Of many who try at once one wins; the others are told who."""
    _assign(actor, task_id, revision, actor.member_id, "claimed")


def release(actor: Actor, task_id: str, revision: int) -> None:
    """Give a claimed task back to the queue."""
    _assign(actor, task_id, revision, None, "released")


def _open_task(connection: Any, actor: Actor, task_id: str, revision: int) -> tuple[sql.TaskRow, set[str]]:
    """The task, if it is open, this person may do it, and the page it was done on is of its present revision; and to whom it is
    addressed, unless it is his alone."""
    sql.hold(connection, actor.tenant_id, task=task_id)
    row = sql.task(connection, actor.tenant_id, task_id)
    if row is None:
        raise NotFound
    logs.about(row.ticket_id)
    if row.state != "open":
        if not _has_part(connection, actor, row):
            raise NotFound
        who = _name(connection, actor.tenant_id, row.done_by)
        raise StaleTask("task.done_meanwhile" if who else "task.gone_meanwhile", who)
    alone = row.assignee_id is not None and row.assignee_id == actor.member_id
    asked = set() if alone else sql.candidates(connection, actor.tenant_id, task_id)
    if not alone and not actor.principals & asked:
        raise NotFound
    if row.assignee_id and f"person:{row.assignee_id}" != actor.principal:
        raise StaleTask("task.claimed_meanwhile", _name(connection, actor.tenant_id, f"person:{row.assignee_id}"))
    if row.revision != revision:
        raise StaleTask("task.changed_meanwhile")
    return row, asked


def _has_part(connection: Any, actor: Actor, row: sql.TaskRow) -> bool:
    """It was addressed to him, or he has done it."""
    asked = {"tenant": actor.tenant_id, "ticket": row.ticket_id}
    found = connection.execute("SELECT principal FROM involved WHERE tenant_id = :tenant AND ticket_id = :ticket", asked)
    return any(principal in actor.principals for (principal,) in found)


def is_claimed(node: Node) -> bool:
    """One of those whom it is addressed to takes it, and the others cannot do it any more."""
    return node.type != "approval" or node.config.get("mode") == "claim"


def _assign(actor: Actor, task_id: str, revision: int, assignee: str | None, verb: str) -> None:
    with driver_transaction(actor.tenant_id) as connection:
        row, _ = _open_task(connection, actor, task_id, revision)
        if row.suspended:
            raise StaleTask("ticket.suspended")
        if not _may_be(connection, actor, row, assignee) or not sql.assign(
            connection, actor.tenant_id, task_id, revision, assignee
        ):
            raise StaleTask("task.changed_meanwhile")
        at = moment()
        step = sql.next_step(connection, actor.tenant_id, row.ticket_id, at)
        who = {"who": actor.principal, "who_name": actor.name}
        sql.history(connection, actor.tenant_id, row.ticket_id, step, at, verb=verb, node=row.node, **who)


def _may_be(connection: Any, actor: Actor, row: sql.TaskRow, assignee: str | None) -> bool:
    """Claimed by somebody while nobody has; released by one who has it and could leave it to others."""
    node = definitions.compiled(actor.tenant_id, row.workflow_id, row.version).node[row.node]
    if assignee:
        return is_claimed(node) and row.assignee_id is None
    others = sql.candidates(connection, actor.tenant_id, row.id) - {actor.principal}
    return is_claimed(node) and row.assignee_id is not None and bool(others)


def _name(connection: Any, tenant: str, principal: str | None) -> str:
    if not principal or not principal.startswith("person:"):
        return ""
    asked = {"tenant": tenant, "id": principal.removeprefix("person:")}
    row = connection.execute("SELECT name FROM member WHERE tenant_id = :tenant AND id = :id", asked).fetchone()
    return row[0] if row else ""
