"""What the page of a ticket shows: the task at hand, the data as far as this person may see them, the route, the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from dougong.platform import links
from dougong.platform.access import Who
from dougong.platform.messages import language
from dougong.platform.store import db, driver_reading, moment, transaction
from dougong.platform.tenancy import Tenant
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form_view import form_view, shown
from dougong.runtime.nodes._giving import ENDS, GIVING
from dougong.runtime.nodes._recalled import beyond
from dougong.runtime.nodes._verbs import OPEN
from dougong.runtime.nodes.hold import GRANTED
from dougong.runtime.reason import Reason

from . import (
    approving,
    awaiting,
    definitions,
    going,
    holding,
    items,
    kinship,
    naming,
    oneself,
    queries,
    readable,
    reading,
    repairs,
    taking,
    ticket_verbs,
    timeline,
)
from .cards import filed_anew, task_card
from .saving import NAMES
from .tables import History, Involved, Record, Task, Ticket, TokenRow
from .telling import sentence_of


def ticket_page(
    who: Who,
    ticket: Ticket,
    task_id: str | None = None,
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, Reason] | None = None,
    stale: Reason | None = None,
    picked: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """The variables of the template. `raw`, `errors`, `picked` (people): of a submit of that task that was refused."""
    definition = definitions.compiled(who.tenant_id, ticket.workflow_id, ticket.version)
    tasks = reading.open_tasks(ticket.id)
    mine = [task for task in tasks if reading.addressed(who, task)]
    steps = reading.history(ticket.id)
    rights = readable.viewer_rights(who, definition, ticket, steps, mine)
    tokens, now = reading.tokens(ticket.id), datetime.now(ZoneInfo(who.zone))
    settled, again = reading.settled_by(who, ticket.id), (raw, errors, picked)
    return {
        "ticket": ticket,
        "definition": definition,
        "tasks": [task_card(who, definition, ticket, one, tokens, *(again if one.id == task_id else ())) for one in mine],
        "come_by": {one.number: _come_by(one.memo or {}) for one in tokens},
        "others": [(task, naming.who_may(task)) for task in tasks if task not in mine],
        "awaited": list(awaiting.awaited(who, definition, ticket, tokens, rights)),
        "sections": [
            section
            for form in readable.shown_forms(definition)
            for section in form_view(form, {**ticket.data, **oneself.told(form, who.member_id)}, rights, now, language(), NAMES)
        ],
        "route": going.route_of(definition, ticket, steps),
        "timeline": [timeline.entry(definition, step, rights) for step in reversed(steps)],
        "failed": [
            (token, definition.called(Reason.from_json(token.reason)))
            for token in tokens
            if token.state == "failed" and token.reason is not None
        ],
        "signing": approving.progress(definition, tokens),
        "lists": items.progress(who, definition, ticket, tokens, mine),
        "parent": kinship.parent(who, ticket.id),
        "children": kinship.children(who, ticket.id),
        "holds": _holds(who, definition, ticket),
        "queues": _queues(who, definition, ticket, tokens),
        "may_do": _may_do(who, definition, ticket, steps, tokens, waits=_others_wait(who, tasks)),
        "giving_back": any(GIVING in (token.memo or {}) for token in tokens),
        "ends": any(ENDS in (token.memo or {}) for token in tokens),
        "standing": [(token, definition.node.get(token.node)) for token in tokens if token.parent is None],
        "places": repairs.places(definition, ticket.memo or {}) if who.may("tickets.repair") else [],
        "anew": bool(filed_anew((task, ticket) for task in tasks)),
        "stale": stale,
        "clock": reading.clock(definition, ticket.id),
        "settled": settled,
        "statement": queries.statement_about(ticket) if who.may("settle.see") else None,
        "queried": queries.line_about(ticket) if who.may("settle.see") else None,
        "unanswered": queries.unanswered_about(ticket),
        "taken": taking.told(definition, ticket, tokens, settled),
        "sentence": sentence_of,
        "follow": links.sign("follow", tenant=ticket.tenant_id, ticket=ticket.id),
    }


def _come_by(memo: Mapping[str, Any]) -> str | None:
    """By which verb somebody has a task that was not his: asked what he thinks, or added as a signer."""
    return "delegate" if memo.get("lent_by") else "add" if memo.get("added_by") else None


def _queues(who: Who, definition: Definition, ticket: Ticket, tokens: list[TokenRow]) -> list[tuple[Node, int]]:
    """The steps at which it waits for its turn, and how many tickets are before it."""
    waiting = [token for token in tokens if token.signal == GRANTED and token.node in definition.node]
    if not waiting:
        return []
    with driver_reading(who.tenant_id) as connection:
        ahead = holding.ahead(connection, who.tenant_id, ticket.id)
    return [(definition.node[token.node], ahead.get(token.number, 0)) for token in waiting]


def _holds(who: Who, definition: Definition, ticket: Ticket) -> list[holding.Held]:
    """What it has to itself meanwhile."""
    if ticket.state == "done" or not any(node.type == "hold" for node in definition.nodes):
        return []
    with driver_reading(who.tenant_id) as connection:
        return holding.has(connection, who.tenant_id, ticket.id)


def _others_wait(who: Who, tasks: list[Task]) -> bool:
    """There is a task of it that others than he could do."""
    whose = reading.principals_of_tasks([task.id for task in tasks]).values()
    return any(principal != who.principal for principals in whose for principal in principals)


def _may_do(
    who: Who, definition: Definition, ticket: Ticket, steps: list[History], tokens: list[TokenRow], *, waits: bool
) -> dict[str, bool]:
    """What this person may do with the ticket as a whole. `waits`: others have a task of it."""
    mine, running = ticket.initiator == who.principal, ticket.state != "done"
    goes_on = running and not ticket.suspended
    rule, acted = definition.doc.get("recall", "first"), bool((ticket.memo or {}).get("acted"))
    again = [token for token in tokens if token.node == definition.start.uid]
    his_again = bool(again)
    last = next((step for step in reversed(steps) if step.verb not in ticket_verbs.QUIET), None)
    asker = next((step.who for step in reversed(steps) if step.verb == "revoke"), None)
    his = asker == who.principal if "revoking" in (ticket.memo or {}) else mine  # what he may recall
    late = acted if rule == "first" else rule == "never"
    late = late or (beyond(definition, ticket.memo or {}) is not None and "revoking" not in (ticket.memo or {}))
    recall = his and goes_on and not his_again and not late
    return {
        "recall": recall,
        "withdraw": mine and goes_on and any(token.signal == OPEN for token in again),
        "revoke": not running
        and ticket_verbs.may_revoke(definition, ticket.initiator, who)
        and ticket_verbs.revocable(definition, ticket.result, ticket.ended_at),
        "take_back": goes_on
        and last is not None
        and last.who == who.principal
        and not (recall and last.node == definition.start.uid)  # the same, under another name
        and _undone(last),
        "urge": mine and goes_on and waits and definition.doc.get("urge", True),
        "copy": running or reading.took_part(who.principal, ticket.id),
        "repair": who.may("tickets.repair"),
    }


def _undone(step: History) -> bool:
    """May it be taken back? What that needs is long: only whether it is there is read."""
    there = select(History.step).where(
        History.ticket_id == step.ticket_id, History.step == step.step, History.undo.is_not(None)
    )
    return db.session.scalar(there) is not None


def mark_seen(who: Who, ticket_id: str) -> None:
    """A copy that has been opened is not counted as new any more."""
    mine = [
        Involved.ticket_id == ticket_id,
        Involved.part == "copy",
        Involved.principal.in_(who.principals),
        Involved.seen_at.is_(None),
    ]
    if db.session.scalar(select(Involved.principal).where(*mine).limit(1)) is None:
        return
    with transaction(who.tenant_id) as session:
        session.execute(update(Involved).where(*mine).values(seen_at=moment()))


def record_choice(record: Record) -> dict[str, Any]:
    """A record as a chooser offers it: its data come along, with their words for what a page only shows."""
    found = definitions.entity(record.tenant_id, record.entity_key)
    form = found[0] if found else None
    known = form.fields if form else {}
    words = {key: shown(known[key], value, language(), NAMES) for key, value in record.data.items() if key in known}
    return {
        "id": record.id,
        "title": record.title,
        "hint": " · ".join(hint for hint in words.values() if hint and hint != record.title)[:80],
        "data": record.data,
        "words": words,
    }


def customer_page(tenant: Tenant, ticket: Ticket, task_id: str, raw: Any, errors: Any) -> dict[str, Any]:
    """What a customer sees of his ticket: the state, what he filled in, what he is asked for and shown for it, what is past."""
    definition = definitions.compiled(tenant.id, ticket.workflow_id, ticket.version)
    steps = reading.history(ticket.id)
    start = definition.rights_of(definition.start)
    form = definition.form_of(definition.start)
    own = {key: "read" for key in (form.fields if form else ()) if form and form.right(key, start) in ("write", "required")}
    who = Who("", "", "", tenant.id, tenant.zone)
    tasks = [task for task in reading.open_tasks(ticket.id) if task.customer]
    now = datetime.now(ZoneInfo(tenant.zone))
    return {
        "ticket": ticket,
        "definition": definition,
        "tasks": []
        if ticket.suspended
        else [
            _told(task_card(who, definition, ticket, one, [], raw if one.id == task_id else None, errors), own) for one in tasks
        ],
        "sections": form_view(form, ticket.data, {**own, "*": "hidden"}, now, language(), NAMES) if form else [],
        "steps": [
            (definition.node[step.node], step.at)
            for step in steps
            if step.verb in ("filed", "submitted") and step.node in definition.node
        ],
        "waiting": [task.title for task in reading.open_tasks(ticket.id)],
    }


def _told(card: dict[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """A customer has no other place to read what his step lets him read; what he filled in himself he sees anyway."""
    views = [view for section in card["sections"] for view in section.fields if not view.writable and view.visible]
    told = [(view.field.title, view.shown) for view in views if view.shown and view.field.key not in own]
    return {**card, "summary": told}
