"""A task as a card: its form, its buttons, and whether it must be claimed first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dougong.platform.access import Who
from dougong.platform.messages import language
from dougong.platform.store import db
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form_view import SectionView, form_view, shown
from dougong.runtime.nodes._chosen import choosing as steps_chosen_for
from dougong.runtime.nodes._items import row_in_words
from dougong.runtime.staffing import of_a_step

from . import acting, approving, choosing, definitions, naming, oneself, reading, standing_in, tasks
from .saving import NAMES
from .tables import Task, Ticket, TokenRow


def task_card(
    who: Who,
    definition: Definition,
    ticket: Ticket,
    task: Task,
    tokens: list[TokenRow],
    raw: Any = None,
    errors: Any = None,
    picked: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """A task to be done here: its form, its buttons, and whether it must be claimed first."""
    node = definition.node[task.node]
    form, buttons = definition.form_of(node), node.config.get("buttons")
    sections = _sections(who, definition, node, ticket, raw, errors)
    chosen = {one.uid: ticket.memo.get(f"chosen:{one.uid}", []) for one in steps_chosen_for(definition)}
    chosen |= picked or {}
    mine = node is definition.start and chosen
    options = form.fields[buttons].config["options"] if form and buttons in form.fields else None
    token = next((one for one in tokens if one.number == task.token), None)
    verbs = approving.verbs_of(definition, node, ticket, token)
    return {
        "task": task,
        "node": node,
        "sections": sections,
        "summary": [*_row(definition, node, task, tokens), *_summary(definition, sections)],
        "buttons": buttons if options else None,
        "pickers": choosing.pickers(acting.actor(), definition, chosen, ticket.data, errors or {}) if mine else [],
        "options": options,
        "claimed_by_other": task.assignee_id is not None and task.assignee_id != who.member_id,
        "assignee": naming.member_name(task.assignee_id),
        "claim": _claim(who, node, ticket, task),
        "straight": definition.node.get((token.memo if token else {}).get("back_to", "")),
        "for_whom": standing_in.for_whom(db.session(), who.member_id, [task]).get(task.id),
        "verbs": verbs,
        "does": "reply" if verbs["lent"] else "approve" if verbs["approval"] else None,
        "removable": [
            (one, naming.member_name(one.memo["person"])) for one in approving.mine_to_remove(task, tokens, who.principal)
        ],
        "errors": [
            reason for key, reason in (errors or {}).items() if raw is not None and (not form or key not in form.fields)
        ],
        "refused": of_a_step(errors or {}),
        "button_error": (errors or {}).get(buttons) if raw is not None and buttons else None,
    }


def _claim(who: Who, node: Node, ticket: Ticket, task: Task) -> str | None:
    """Whether he may claim it, or release what he has claimed."""
    if ticket.suspended or not tasks.is_claimed(node):
        return None
    if task.assignee_id is None:
        return "claim"
    others = set(reading.principals_of_tasks([task.id])[task.id]) - {who.principal}
    return "release" if others and task.assignee_id == who.member_id else None


def _sections(who: Who, definition: Definition, node: Node, ticket: Ticket, raw: Any, errors: Any) -> list[SectionView]:
    """The form of a step, with what the ticket holds, or else what its fields begin with."""
    form, now = definition.form_of(node), datetime.now(ZoneInfo(who.zone))
    if form is None:
        return []
    data = {**form.defaults(now), **_filled(ticket.data), **oneself.told(form, who.member_id)}
    refused = errors if raw is not None else None
    return form_view(form, data, definition.rights_of(node), now, language(), NAMES, raw, refused)


def _row(definition: Definition, node: Node, task: Task, tokens: list[TokenRow]) -> list[tuple[Any, str]]:
    """What stands in the row of a table that the task is for."""
    columns = definition.row_of(node)
    item = next((one.memo.get("item") for one in tokens if one.number == task.token), None)
    return row_in_words(columns, item, language(), NAMES) if columns is not None and isinstance(item, dict) else []


def in_lists(tenant_id: str, tickets: Iterable[Ticket]) -> dict[str, list[tuple[Any, str]]]:
    """By ticket what a list tells of it: the fields of its summary that whoever sees it may read, with their titles."""
    of = {ticket.id: definitions.compiled(tenant_id, ticket.workflow_id, ticket.version) for ticket in tickets}
    found = {}
    for ticket_id, data in db.session.execute(select(Ticket.id, Ticket.data).where(Ticket.id.in_(of))):
        told = [(field.title, shown(field, data.get(field.key), language(), NAMES)) for field in of[ticket_id].open_summary]
        found[ticket_id] = [(title, words) for title, words in told if words]
    return found


def filed_anew(found: Iterable[tuple[Task, Ticket]]) -> set[str]:
    """Which of these tasks are the start's own: the ticket was sent back or recalled, and is to be submitted once more."""
    known = ((task, definitions.compiled(one.tenant_id, one.workflow_id, one.version)) for task, one in found)
    return {task.id for task, definition in known if task.node == definition.start.uid}


def _summary(definition: Definition, sections: list[SectionView]) -> list[tuple[Any, str]]:
    """摘要: what one has to know of the ticket before doing the task, as far as the step may read it."""
    read = {view.field.key: view for section in sections for view in section.fields if not view.writable and view.shown}
    return [(read[key].field.title, read[key].shown) for key in definition.doc.get("summary_fields", ()) if key in read]


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def unsent(
    definition: Definition, task: Task, raw: Mapping[str, Any], cards: list[dict[str, Any]], now: datetime
) -> list[SectionView]:
    """What was typed into a task that cannot be done here any more, to be copied; nothing where its form still stands."""
    node = definition.node[task.node]
    form, rights = definition.form_of(node), definition.rights_of(node)
    if form is None or any(card["task"].id == task.id and not card["claimed_by_other"] for card in cards):
        return []
    typed = {key: "read" for key, value in raw.items() if value and form.right(key, rights) in ("write", "required")}
    return form_view(form, {}, {**typed, "*": "hidden"}, now, language(), NAMES, raw)
