"""What the page of a ticket shows: the task at hand, the data as far as this person may see them, the route, the timeline."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from dougong.platform import links
from dougong.platform.access import Who
from dougong.platform.documents import find
from dougong.platform.files import File
from dougong.platform.messages import language, pick, t
from dougong.platform.people import Member, Unit
from dougong.platform.store import db, moment, transaction
from dougong.platform.tenancy import Tenant
from dougong.runtime import picture, route
from dougong.runtime.definition import Definition
from dougong.runtime.form import Form, Rights
from dougong.runtime.form_view import SectionView, form_view, shown
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.readers import role_rights
from dougong.runtime.reason import Reason

from . import approving, definitions, items, reading, ticket_verbs
from .cases import NAMES
from .tables import History, Involved, Record, Task, Ticket, TokenRow

ALL: Rights = {"*": "read"}


def ticket_page(
    who: Who,
    ticket: Ticket,
    task_id: str | None = None,
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, Reason] | None = None,
    stale: Reason | None = None,
) -> dict[str, Any]:
    """The variables of the template. `raw` and `errors` are those of a submit of that task that was refused."""
    definition = definitions.compiled(who.tenant_id, ticket.workflow_id, ticket.version)
    tasks = reading.open_tasks(ticket.id)
    mine = [task for task in tasks if reading.addressed(who, task)]
    steps = reading.history(ticket.id)
    rights = viewer_rights(who, definition, ticket, steps, mine)
    tokens = reading.tokens(ticket.id)
    return {
        "ticket": ticket,
        "definition": definition,
        "tasks": [task_card(who, definition, ticket, one, tokens, raw if one.id == task_id else None, errors) for one in mine],
        "others": [(task, who_may(task)) for task in tasks if task not in mine],
        "sections": [
            section for form in shown_forms(definition) for section in form_view(form, ticket.data, rights, language(), NAMES)
        ],
        "route": route_of(definition, ticket, steps),
        "timeline": [entry(definition, step, rights) for step in reversed(steps)],
        "failed": [token for token in tokens if token.state == "failed"],
        "signing": approving.progress(definition, tokens),
        "lists": items.progress(definition, tokens),
        "may_do": _may_do(who, definition, ticket, steps, tokens),
        "standing": [(token, definition.node.get(token.node)) for token in tokens if token.parent is None],
        "stale": stale,
        "clock": reading.clock(definition, ticket.id),
        "follow": links.sign("follow", tenant=ticket.tenant_id, ticket=ticket.id),
    }


def task_card(
    who: Who, definition: Definition, ticket: Ticket, task: Task, tokens: list[TokenRow], raw: Any = None, errors: Any = None
) -> dict[str, Any]:
    """A task to be done here: its form, its buttons, and whether it must be claimed first."""
    node = definition.node[task.node]
    form, buttons = definition.form_of(node), node.config.get("buttons")
    data = ticket.data
    if form is not None:
        defaults = form.defaults(datetime.now(ZoneInfo(who.zone)))
        data = {**{key: value for key, value in defaults.items() if ticket.data.get(key) is None}, **_filled(ticket.data)}
    sections = (
        form_view(form, data, definition.rights_of(node), language(), NAMES, raw, errors if raw is not None else None)
        if form
        else []
    )
    options = form.fields[buttons].config["options"] if form and buttons in form.fields else None
    return {
        "task": task,
        "node": node,
        "sections": sections,
        "summary": _summary(definition, sections),
        "buttons": buttons if options else None,
        "options": options,
        "claimed_by_other": task.assignee_id is not None and task.assignee_id != who.member_id,
        "assignee": _member_name(task.assignee_id),
        "shared": task.assignee_id is None,
        "verbs": approving.verbs_of(definition, node, ticket, next((one for one in tokens if one.number == task.token), None)),
        "removable": [(one, _member_name(one.memo["person"])) for one in approving.mine_to_remove(task, tokens, who.principal)],
        "errors": [
            reason for key, reason in (errors or {}).items() if raw is not None and (not form or key not in form.fields)
        ],
        "button_error": (errors or {}).get(buttons) if raw is not None and buttons else None,
    }


def _may_do(who: Who, definition: Definition, ticket: Ticket, steps: list[History], tokens: list[TokenRow]) -> dict[str, bool]:
    """What this person may do with the ticket as a whole."""
    mine, running = ticket.initiator == who.principal, ticket.state != "done"
    rule, acted = definition.doc.get("recall", "first"), bool((ticket.memo or {}).get("acted"))
    his_again = any(token.node == definition.start.uid for token in tokens)
    last = next((step for step in reversed(steps) if step.verb not in ticket_verbs.QUIET), None)
    return {
        "recall": mine and running and not his_again and rule != "never" and not (rule == "first" and acted),
        "withdraw": mine and running and his_again,
        "take_back": running and last is not None and last.who == who.principal and last.verb in ("submitted", "approve"),
        "urge": mine and running and not his_again,
        "copy": running,
        "repair": who.may("tickets.repair"),
    }


def _summary(definition: Definition, sections: list[SectionView]) -> list[tuple[Any, str]]:
    """摘要: what one has to know of the ticket before doing the task, as far as the step may read it."""
    read = {view.field.key: view for section in sections for view in section.fields if not view.writable and view.shown}
    return [(read[key].field.title, read[key].shown) for key in definition.doc.get("summary_fields", ()) if key in read]


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def shown_forms(definition: Definition) -> list[Form]:
    """The ticket's own form first, then those that single steps bring."""
    keys = dict.fromkeys(str(key) for key in (definition.form_key, *(node.config.get("form") for node in definition.nodes)))
    return [definition.forms[key] for key in keys if key in definition.forms]


def viewer_rights(who: Who, definition: Definition, ticket: Ticket, steps: list[History], mine: list[Task]) -> Rights:
    """What somebody may read of a ticket: what his roles read by the workflow's `readers`, and whatever is not hidden at one of
    the steps that he took or takes part in.

    Where the workflow says nothing of his roles, who may see all, heads the unit, or was sent a copy reads everything.
    """
    me = who.principal
    given = role_rights(definition.doc, {*who.principals, *(f"platform:{role}" for role in who.roles)})
    nodes = {step.node for step in steps if step.who == me and step.verb in ("filed", "submitted", "approve", "reject")} | {
        task.node for task in mine
    }
    known = [definition.node[uid] for uid in nodes if uid in definition.node]
    if given is None and (who.may("tickets.see_all") or not known):
        return ALL
    found: dict[str, str] = {"*": "hidden", **(given or {})}
    for rights in (definition.rights_of(node) for node in known):
        for form in shown_forms(definition):
            found.update({key: "read" for key in form.fields if form.right(key, rights) != "hidden"})
    return found


def rights(who: Who, ticket: Ticket) -> Rights:
    """What he may read of a ticket that he may see."""
    definition = definitions.compiled(who.tenant_id, ticket.workflow_id, ticket.version)
    mine = [task for task in reading.open_tasks(ticket.id) if reading.addressed(who, task)]
    return viewer_rights(who, definition, ticket, reading.history(ticket.id), mine)


def file(who: Who, file_id: str) -> File | None:
    """A file, where this person may see what it belongs to and, of a ticket, read one of the fields that it was filled into."""
    found = reading.file(who, file_id)
    kind, _, owner_id = found.owner.partition(":") if found else ("", "", "")
    ticket = reading.ticket(who, owner_id) if kind == "ticket" else None
    if ticket is None:
        return found
    may = rights(who, ticket)
    read = (
        key for key, value in _filled_in(ticket) if may.get(key, may.get("*", "read")) != "hidden" and _holds(value, file_id)
    )
    return found if next(read, None) is not None or _said_with(ticket, file_id) else None


def _filled_in(ticket: Ticket) -> Iterator[tuple[str, Any]]:
    """What stands in the ticket, and what was filled in before."""
    yield from ticket.data.items()
    for step in reading.history(ticket.id):
        yield from step.changes.items() if step.verb != "commented" else ()


def _said_with(ticket: Ticket, file_id: str) -> bool:
    """Whoever sees the ticket sees what was said about it."""
    comments = (step for step in reading.history(ticket.id) if step.verb == "commented")
    return any(_holds(step.changes.get("files"), file_id) for step in comments)


def _holds(value: Any, file_id: str) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) and one.get("id") == file_id for one in value)


def route_of(definition: Definition, ticket: Ticket, steps: list[History]) -> dict[str, Any]:
    standing = [(token.node, token.state) for token in reading.tokens(ticket.id)]
    moves = [move for step in steps for move in step.trail]
    taken = [edge for move in moves for edge in move[3]]
    visited = [move[1] for move in moves]
    return _drawn(definition, route.route(definition, ticket.data, standing, visited, taken), visited)


def foretold(definition: Definition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The route of a ticket that has not been filed yet."""
    return _drawn(definition, route.foretell(definition, data))


def _drawn(definition: Definition, found: route.Route, visited: Iterable[str] = ()) -> dict[str, Any]:
    """The drawing, and `trail`: what people do in order, each with its state; and whatever is stopped."""
    past = [(uid, "done") for uid in dict.fromkeys(visited) if found.nodes.get(uid) == "done"]
    here = [(uid, state) for uid, state in found.nodes.items() if state in ("current", "failed")]
    ahead = [(uid, "ahead" if sure else "possible") for uid, sure in found.ahead]
    people = ("start", "user_task", "approval")
    steps = [(definition.node[uid], state) for uid, state in (*past, *here, *ahead)]
    trail = [(node, state) for node, state in steps if node.type in people or state == "failed"]
    families = {node.uid: NODE_TYPES[node.type].family for node in definition.nodes if node.type in NODE_TYPES}
    drawing = picture.picture(definition)
    return {"picture": drawing, "route": found, "definition": definition, "trail": trail, "families": families}


def entry(definition: Definition, step: History, rights: Rights) -> dict[str, Any]:
    """One line of the timeline: who did what where, what was filled in (as far as it may be seen), what went wrong."""
    known = {key: field for form in shown_forms(definition) for key, field in form.fields.items()}
    changes = [
        (known[key], shown(known[key], value, language(), NAMES), value)
        for key, value in step.changes.items()
        if key in known and value is not None and rights.get(key, rights.get("*", "read")) != "hidden"
    ]
    node = definition.node.get(step.node or "")
    return {
        "step": step,
        "node": node,
        "changes": changes if step.verb in ("filed", "submitted", "approve") else [],
        "said": _said(definition, step),
        "text": step.changes.get("text", "") if step.verb == "commented" else "",
        "files": step.changes.get("files", []) if step.verb == "commented" else [],
        "failed": [definition.node.get(move[1]) for move in step.trail if move[2] == "fail"],
        "nobody": any(found.get("nobody") for _, found in step.answers if isinstance(found, dict)),
    }


def _said(definition: Definition, step: History) -> dict[str, Any]:
    """What was said with a verb, in words: the opinion, to whom, to which step, for whom."""
    said = step.said or {}
    target = definition.node.get(str(said.get("to", "")))
    people = [*said.get("persons", ()), *([said["to"]] if isinstance(said.get("to"), str) and target is None else [])]
    if isinstance(said.get("to"), list):
        people += said["to"]
    for_whom = said.get("for")
    return {
        "opinion": said.get("opinion", ""),
        "people": [name for name in map(_member_name, people) if name],
        "target": target,
        "for": _member_name(for_whom) if for_whom and f"person:{for_whom}" != step.who else "",
        "signature": said.get("signature") or [],
    }


def who_may(task: Task) -> list[str]:
    """In words, to whom an open task is addressed."""
    if task.assignee_id:
        return [_member_name(task.assignee_id)]
    return [principal_name(one) for one in reading.principals_of_tasks([task.id])[task.id]]


def principal_name(principal: str) -> str:
    """A principal in words: the name of the person or unit, the title of the role."""
    kind, _, rest = principal.partition(":")
    role, _, unit_id = rest.partition("@")
    match kind:
        case "person":
            return _member_name(rest)
        case "unit":
            return _unit_name(rest)
        case "role":
            document = find(db.session(), "role", role)
            title = pick(document.title) if document else role
            return f"{title} · {_unit_name(unit_id)}" if unit_id else title
    return t(f"principal.{principal}")


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


def _member_name(member_id: str | None) -> str:
    return (db.session.scalar(select(Member.name).where(Member.id == member_id)) or "") if member_id else ""


def _unit_name(unit_id: str) -> str:
    found = db.session.scalar(select(Unit).where(Unit.id == unit_id))
    return pick(found.name) if found else ""


def customer_page(tenant: Tenant, ticket: Ticket, task_id: str, raw: Any, errors: Any) -> dict[str, Any]:
    """What a customer sees of his ticket: the state, what he filled in, what he is asked for and shown for it, what is past."""
    definition = definitions.compiled(tenant.id, ticket.workflow_id, ticket.version)
    steps = reading.history(ticket.id)
    start = definition.rights_of(definition.start)
    form = definition.form_of(definition.start)
    own = {key: "read" for key in (form.fields if form else ()) if form and form.right(key, start) in ("write", "required")}
    who = Who("", "", "", tenant.id, tenant.zone)
    tasks = [task for task in reading.open_tasks(ticket.id) if task.customer]
    return {
        "ticket": ticket,
        "definition": definition,
        "tasks": [
            _told(task_card(who, definition, ticket, one, [], raw if one.id == task_id else None, errors), own) for one in tasks
        ],
        "sections": form_view(form, ticket.data, {**own, "*": "hidden"}, language(), NAMES) if form else [],
        "steps": [
            (definition.node[step.node], step.at)
            for step in steps
            if step.verb in ("filed", "submitted") and step.node in definition.node
        ],
        "waiting": [task.title for task in reading.open_tasks(ticket.id)],
    }


def unsent(definition: Definition, task: Task, raw: Mapping[str, Any], cards: list[dict[str, Any]]) -> list[SectionView]:
    """What was typed into a task that cannot be done here any more, to be copied; nothing where its form still stands."""
    node = definition.node[task.node]
    form, rights = definition.form_of(node), definition.rights_of(node)
    if form is None or any(card["task"].id == task.id and not card["claimed_by_other"] for card in cards):
        return []
    typed = {key: "read" for key, value in raw.items() if value and form.right(key, rights) in ("write", "required")}
    return form_view(form, {}, {**typed, "*": "hidden"}, language(), NAMES, raw)


def _told(card: dict[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """A customer has no other place to read what his step lets him read; what he filled in himself he sees anyway."""
    views = [view for section in card["sections"] for view in section.fields if not view.writable and view.visible]
    told = [(view.field.title, view.shown) for view in views if view.shown and view.field.key not in own]
    return {**card, "summary": told}
