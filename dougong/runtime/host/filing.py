"""A new ticket: what was filled in is taken, the case begun, and all that is written with it.

A view parses and answers, a verb here owns the transaction, the interpreter only thinks.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from dougong.platform import logs, search
from dougong.platform.documents import Document
from dougong.platform.store import driver_transaction, moment, new_id
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition, Node
from dougong.runtime.nodes._chosen import Chosen, misfits, remembered
from dougong.runtime.reason import Reason
from dougong.runtime.staffing import unmanned
from dougong.runtime.step import Step

from . import answers, copying, definitions, numbers, oneself, references, saving, serials, sql, webhooks
from .verbs import Actor, Done, NotStarted, Refused

NOBODY: Final[Chosen] = {}
NOTHING: Final[Mapping[str, Reason]] = {}


def file(
    actor: Actor,
    document: Document,
    raw: Mapping[str, Any],
    subject: str | None = None,
    *,
    forced: Mapping[str, Any] | None = None,
    also: Callable[[Any, str, str], None] | None = None,
    chosen: Chosen = NOBODY,
    wrong: Mapping[str, Reason] = NOTHING,
    copies: Sequence[str] = (),
) -> Done | Refused:
    """A new ticket. `forced` are values that the platform itself puts in (a statement's), whatever the form's rights say;
    `chosen`: the members whom he chooses for steps; `wrong`: what is wrong already, told with whatever else is;
    `copies`: the members to whom he has copies sent.

    `also(connection, ticket id, moment)` writes what belongs with it, in the same transaction.
    """
    with driver_transaction(actor.tenant_id) as connection:
        return begin(
            connection, actor, document, raw, subject, forced=forced, also=also, chosen=chosen, wrong=wrong, copies=copies
        )


def begin(
    connection: Any, actor: Actor, document: Document, raw: Mapping[str, Any], subject: str | None, *,
    forced: Mapping[str, Any] | None = None, also: Callable[[Any, str, str], None] | None = None,
    version: int | None = None, memo: Mapping[str, Any] | None = None, chosen: Chosen = NOBODY,
    wrong: Mapping[str, Reason] = NOTHING, copies: Sequence[str] = (),
) -> Done | Refused:  # fmt: skip
    """The same within a transaction that is there already. `version`: where it is not that in force; `memo`: what the case
    remembers from its beginning."""
    assert document.active is not None
    definition = definitions.compiled(actor.tenant_id, document.id, version or document.active)
    node, form = definition.start, definition.form_of(definition.start)
    ticket_id, now = new_id(), actor.now()
    logs.about(ticket_id)
    if forced is None and not _may_start(actor, node):
        raise NotStarted
    rights = definition.rights_of(node)
    loaded = references.take(
        connection, actor.tenant_id, form, raw, {**(forced or {}), **oneself.told(form, actor.member_id)},
        rights, now, (actor.uploads,), actor.sees,
    )  # fmt: skip
    world = answers.world(connection, actor.tenant_id, actor.zone, actor.principal, now, workflow=definition.key)
    remembers = {**(memo or {}), **remembered(definition, chosen), **({interpreter.COPIES: list(copies)} if copies else {})}
    facts: dict[str, Any] = {"initiator": actor.principal, "unit": actor.unit_id, "memo": remembers}
    case = Case(definition.key, definition.version, {**(forced or {}), **loaded.values}, **facts)
    errors = {**wrong, **loaded.errors, **(misfits(definition, case, chosen, world) if forced is None else {})}
    errors = errors or {**copying.misfits(node, copies, world), **unmanned(definition, case, world)}
    if errors:
        return Refused(errors)
    loaded.values.update(serials.given(connection, actor.tenant_id, form, {**(forced or {}), **loaded.values}, now))
    step = interpreter.start(definition, {**(forced or {}), **loaded.values}, world, **facts)
    at = moment(now)
    number = _inserted(connection, actor, document, definition, ticket_id, step, now, subject)
    sql.involve(connection, actor.tenant_id, ticket_id, actor.principal, "initiator", at)
    if form:
        references.claim_files(connection, actor.tenant_id, form, loaded.values, f"ticket:{ticket_id}")
    if also:
        also(connection, ticket_id, at)
    saving.write(connection, actor, ticket_id, definition, step, at, subject)
    saving.remember(connection, actor, ticket_id, "filed", step, at, node=node.uid, changes=step.case.data)
    webhooks.tell(connection, actor.tenant_id, actor.principal, ticket_id, step, "filed", at, subject=subject)
    named = {"number": number, "initiator_name": actor.name}
    copying.follow(connection, actor.tenant_id, ticket_id, definition, step, named, at)
    return Done(ticket_id, number)


def _inserted(
    connection: Any, actor: Actor, document: Document, definition: Definition, ticket_id: str, step: Step, now: datetime,
    subject: str | None,
) -> str:  # fmt: skip
    """The row of a new ticket, found by its words. Its number."""
    number = numbers.next_number(connection, actor.tenant_id, definition.doc.get("number"), definition.key, now)
    told = saving.named(definition, step.case.data, number, actor.name)
    sql.insert_ticket(
        connection, actor.tenant_id, ticket_id, step.case, moment(now),
        number=number, workflow_id=document.id, workflow_key=definition.key, version=definition.version,
        urgent=definition.is_urgent(step.case.data, now), initiator_name=actor.name, subject=subject, **told,
    )  # fmt: skip
    search.keep(connection, actor.tenant_id, "ticket", ticket_id, "", told["words"])
    return number


def _may_start(actor: Actor, start: Node) -> bool:
    if actor.principal == "customer":
        return bool(start.config.get("public"))
    if start.config.get("who", "members") == "members":
        return True
    return any(f"role:{role}" in actor.principals for role in start.config.get("roles", ()))


def may_start(actor: Actor, document: Document) -> bool:
    definition = definitions.compiled(actor.tenant_id, document.id, document.active or 0)
    return _may_start(actor, definition.start)
