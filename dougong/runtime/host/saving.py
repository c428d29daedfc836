"""Writes what a step has left behind: the ticket, tokens, tasks, effects, history. Within the transaction of the verb."""

from collections.abc import Mapping
from typing import Any

from dougong.platform import search
from dougong.platform.regions import Names
from dougong.runtime import interpreter
from dougong.runtime.definition import Definition
from dougong.runtime.form_view import shown
from dougong.runtime.nodes.call import SIGNAL as RETURNED
from dougong.runtime.step import Step
from dougong.runtime.texts import LANGUAGES, pick

from . import clocks, copying, effects, holding, kinship, notices, sql, webhooks
from .verbs import Actor

NAMES = Names()


def keep(
    connection: Any, actor: Actor, ticket_id: str, row: Mapping[str, Any], definition: Definition, step: Step, verb: str,
    at: str, *, node: str | None = None, changes: Mapping[str, Any] | None = None, said: Mapping[str, Any] | None = None,
    task: dict[str, Any] | None = None, undo: bool = False,
) -> None:  # fmt: skip
    """All that a step of a ticket that is there leaves behind. `row`: the ticket as it was (with the token
    of the task that was done, if one was); `undo`: it may be taken back."""
    data, told = step.case.data, dict[str, Any]()
    if step.was is None or sql.dump(step.was.data) != sql.dump(data):  # as JSON: in Python 1 is True
        told = named(definition, data, row["number"], row["initiator_name"])
        search.keep(connection, actor.tenant_id, "ticket", ticket_id, row["words"], told["words"])
    urgent = definition.is_urgent(data, actor.now())
    sql.update_ticket(connection, actor.tenant_id, ticket_id, step.case, at, urgent=urgent, **told)
    notices.of_lost(connection, actor, ticket_id, row, step, verb, at)
    let_go = write(connection, actor, ticket_id, definition, step, at, row["subject"], done=row.get("token"))
    if verb != RETURNED:
        kinship.leave(connection, actor.tenant_id, ticket_id, step, at)
    back = step.undo if undo and not (let_go or interpreter.is_lasting(step)) else None
    remember(
        connection, actor, ticket_id, verb, step, at,
        node=node, changes=changes or {}, number=row["steps"] + 1, said=said or {}, undo=back,
    )  # fmt: skip
    webhooks.tell(connection, actor.tenant_id, actor.principal, ticket_id, step, verb, at, task=task, subject=row["subject"])
    copying.follow(connection, actor.tenant_id, ticket_id, definition, step, row, at)


def write(
    connection: Any, actor: Actor, ticket_id: str, definition: Definition, step: Step, at: str, subject: str | None, *,
    done: int | None = None,
) -> bool:  # fmt: skip
    """Tokens, tasks, effects: what the step leaves behind. `done`: the token whose task was done with it. True: it has let go
    what the ticket had to itself."""
    sql.write_tokens(connection, actor.tenant_id, ticket_id, step, at, done)
    for token, effect in step.effects:
        effects.take(connection, actor, ticket_id, definition, token, effect, at)
    clocks.follow(connection, actor, ticket_id, definition, step.case, at)
    if step.case.status == "done":
        effects.ended(connection, actor.tenant_id, ticket_id, subject, step.case.result, at)
        if step.was and "revoking" in step.was.memo:
            effects.revocation_over(connection, actor, ticket_id, step.case, at)
    return holding.follow(connection, actor.tenant_id, ticket_id, definition, step)


def remember(
    connection: Any, actor: Actor, ticket_id: str, verb: str, step: Step, at: str, *, node: str | None,
    changes: Mapping[str, Any], number: int = 0, said: Mapping[str, Any] | None = None, undo: Any = None,
) -> None:  # fmt: skip
    told = {**(said or {}), **({"ended": step.ended} if step.ended else {})}
    sql.history(
        connection, actor.tenant_id, ticket_id, number, at,
        who=actor.principal, who_name=actor.name, verb=verb, node=node, changes=dict(changes), said=told, undo=undo,
        trail=[list(move) for move in step.trail], answers=[[list(asked), found] for asked, found in step.answers],
    )  # fmt: skip


def named(definition: Definition, data: Mapping[str, Any], number: str, initiator: str) -> dict[str, Any]:
    """What a ticket is called and found by. Both follow from its data, and change with nothing but these and its version."""
    title = title_of(definition, data)
    return {"title": title, "words": words_of(definition, data, title, number, initiator)}


def title_of(definition: Definition, data: Mapping[str, Any]) -> dict[str, str]:
    """What a ticket is called in lists, in every language: the workflow's template, else its title and what tells it apart."""
    templates, usual = definition.doc.get("ticket_title") or {}, definition.title
    tags = dict.fromkeys((*LANGUAGES, *(templates or usual)))
    if not templates and definition.telling and (line := data.get(definition.telling.key)):
        return {tag: f"{pick(usual, tag)} · {line}"[:200] for tag in tags}
    found = {tag: definition.worded(pick(templates, tag), data, tag, NAMES)[:200] for tag in tags}
    return {tag: title or pick(usual, tag) for tag, title in found.items()}


def words_of(definition: Definition, data: Mapping[str, Any], title: Mapping[str, str], number: str, initiator: str) -> str:
    """What a search looks through: only what everybody may read who may see the ticket."""
    read = [shown(field, data.get(field.key), tag, NAMES) for field in definition.open_summary for tag in LANGUAGES]
    return search.words(number, *title.values(), initiator, *read)
