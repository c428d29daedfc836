"""Which fields of a ticket a person may read, and which of its files: the one place that decides it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select

from dougong.platform import scopes
from dougong.platform.access import Who
from dougong.platform.files import File
from dougong.platform.store import db
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form import Form, Rights
from dougong.runtime.nodes._verbs import ACTED
from dougong.runtime.readers import role_rights

from . import definitions, reading
from .tables import History, Involved, Task, Ticket

ALL: Rights = {"*": "read"}
TOOK_PART: Final = frozenset({"filed", "submitted", *ACTED})


def viewer_rights(who: Who, definition: Definition, ticket: Ticket, steps: list[History], mine: list[Task]) -> Rights:
    """What somebody may read of a ticket: what his roles read by the workflow's `readers`, and whatever is not hidden at one of
    the steps that he took or takes part in, or that a colleague has done for both.

    Where the workflow says nothing of his roles, who may see all, heads the unit, or was sent a copy reads everything.
    """
    me = who.principal
    given = role_rights(definition.doc, {*who.principals, *(f"platform:{role}" for role in who.roles)})
    nodes = {step.node for step in steps if step.who == me and step.verb in TOOK_PART} | {task.node for task in mine}
    known = [definition.node[uid] for uid in nodes if uid in definition.node]
    if given is None and not known and not who.may("tickets.see_all"):
        known = _done_by_others(who, definition, ticket)
    if given is None and (who.may("tickets.see_all") or not known):
        return ALL
    found: dict[str, str] = {"*": "hidden", **(given or {})}
    for rights in (definition.rights_of(node) for node in known):
        for form in shown_forms(definition):
            found.update({key: "read" for key in form.fields if form.right(key, rights) != "hidden"})
    return found


def _done_by_others(who: Who, definition: Definition, ticket: Ticket) -> list[Node]:
    """The steps that were addressed to him as well, where he sees the ticket for no other reason."""
    mine = select(Involved.principal, Involved.part).where(
        Involved.ticket_id == ticket.id, Involved.principal.in_(who.principals)
    )
    parts = db.session.execute(mine).all()
    more = {part for _, part in parts} - {"candidate", "handler"}
    if not parts or more or ticket.unit_id in scopes.sight(who, "tickets").units:
        return []
    tasks = db.session.scalars(select(Task.node).where(Task.ticket_id == ticket.id).distinct())
    steps = [definition.node[uid] for uid in tasks if uid in definition.node]
    return [node for node in steps if _is_for(node, [one for one, _ in parts])] or steps


def _is_for(node: Node, principals: Sequence[str]) -> bool:
    """As far as it says so by itself: a role, or people and units. A ticket that came back to its start is a person's."""
    who = node.config.get("who")
    role = who.get("role") if isinstance(who, dict) else None
    if role is None:
        return any(not one.startswith("role:") for one in principals)
    return any(one.partition("@")[0] == f"role:{role}" for one in principals)


def rights(who: Who, ticket: Ticket) -> Rights:
    """What he may read of a ticket that he may see."""
    definition = definitions.compiled(who.tenant_id, ticket.workflow_id, ticket.version)
    mine = [task for task in reading.open_tasks(ticket.id) if reading.addressed(who, task)]
    return viewer_rights(who, definition, ticket, reading.history(ticket.id), mine)


def shown_forms(definition: Definition) -> list[Form]:
    """The ticket's own form first, then those that single steps bring."""
    keys = dict.fromkeys(str(key) for key in (definition.form_key, *(node.config.get("form") for node in definition.nodes)))
    return [definition.forms[key] for key in keys if key in definition.forms]


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
    """Whoever sees the ticket sees what was said about it, and who has signed."""
    steps = reading.history(ticket.id)
    said = (step.changes.get("files") if step.verb == "commented" else (step.said or {}).get("signature") for step in steps)
    return any(_holds(one, file_id) for one in said)


def _holds(value: Any, file_id: str) -> bool:
    """Among its files, or in a row of a table."""
    listed = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return any(one.get("id") == file_id or any(_holds(cell, file_id) for cell in one.values()) for one in listed)
