"""A ticket, and a task, as the API tells them: as far as this caller may see them."""

from collections.abc import Mapping
from typing import Any

from dougong.platform.access import Who
from dougong.platform.messages import say
from dougong.runtime.definition import Definition
from dougong.runtime.form import Field, Form, Rights
from dougong.runtime.nodes._among import BY_ACT
from dougong.runtime.reason import Reason
from dougong.runtime.route import Route

from .. import approving, definitions, going, kinship, readable, reading, timeline
from ..tables import History, Task, Ticket
from ._common import told

HEAD = (
    "id", "number", "title", "workflow_key", "version", "state", "result", "urgent", "initiator_name",
    "started_at", "updated_at", "ended_at",
)  # fmt: skip
TASK = ("id", "ticket_id", "node", "title", "state", "revision", "assignee_id", "opened_at", "due_at", "done_at")


def ticket_told(who: Who, ticket: Ticket) -> dict[str, Any]:
    definition = definitions.compiled(who.tenant_id, ticket.workflow_id, ticket.version)
    tasks, steps = reading.open_tasks(ticket.id), reading.history(ticket.id)
    mine = [task for task in tasks if reading.addressed(who, task)]
    rights = readable.viewer_rights(who, definition, ticket, steps, mine)
    route = going.followed(definition, ticket, steps)
    return {
        **_picked(ticket, HEAD),
        "clock": reading.clock(definition, ticket.id),
        "parent": kinship.parent(who, ticket.id),
        "children": kinship.children(who, ticket.id),
        "values": _values(definition, ticket.data, rights),
        "tasks": [task_told(who, definition, ticket, task, mine=task in mine) for task in tasks],
        "route": _stops(definition, route),
        "timeline": [_moved(definition, step, rights) for step in steps],
        "failed": [
            {
                "token": one.number,
                "node": one.node,
                "code": one.reason["code"],
                "message": say(definition.called(Reason.from_json(one.reason))),
            }
            for one in reading.tokens(ticket.id)
            if one.state == "failed" and one.reason
        ],
    }


def route_told(who: Who, ticket: Ticket) -> dict[str, Any]:
    definition = definitions.compiled(who.tenant_id, ticket.workflow_id, ticket.version)
    steps = reading.history(ticket.id)
    found = going.followed(definition, ticket, steps)
    edges = [edge for edge in definition.edges if edge.uid in found.edges]
    return {
        "nodes": _stops(definition, found),
        "edges": [{"edge": one.uid, "from": one.source, "to": one.target, "state": found.edges[one.uid]} for one in edges],
        "ahead": [{"node": uid, "certain": certain} for uid, certain in found.ahead],
        "prospect": going.prospect(definition, ticket, steps, found),
    }


def _stops(definition: Definition, route: Route) -> list[dict[str, Any]]:
    stops = [node for node in definition.nodes if node.uid in route.nodes]
    return [{"node": one.uid, "title": one.title, "type": one.type, "state": route.nodes[one.uid]} for one in stops]


def task_told(who: Who, definition: Definition, ticket: Ticket, task: Task, *, mine: bool) -> dict[str, Any]:
    """The form of a task is told to whom the task is addressed."""
    node = definition.node.get(task.node)
    form = definition.form_of(node) if node and mine and task.state == "open" else None
    rights = definition.rights_of(node) if node else {}
    asked = [field for field in form.fields.values() if form.right(field.key, rights) != "hidden"] if form else []
    among = approving.among_whom(who, task) if mine and task.state == "open" else dict.fromkeys(BY_ACT)
    return {
        **_picked(task, TASK),
        "among": among,
        "mine": mine,
        "form": [_asked(form, one, rights, ticket.data) for one in asked if form],
    }


def _asked(form: Form, field: Field, rights: Rights, data: Mapping[str, Any]) -> dict[str, Any]:
    right = form.right(field.key, rights)
    needed = "required" if right == "write" and field.required else right
    inner = {name: list(field.config.get(name, ())) for name in ("options", "columns")}
    return {**told(field, data.get(field.key)), "right": needed, **inner}


def _values(definition: Definition, data: Mapping[str, Any], rights: Rights) -> list[dict[str, Any]]:
    return [
        told(field, data.get(field.key))
        for form in readable.shown_forms(definition)
        for field in form.fields.values()
        if field.kind != "none" and form.right(field.key, rights) != "hidden"
    ]


def _moved(definition: Definition, step: History, rights: Rights) -> dict[str, Any]:
    line = timeline.entry(definition, step, rights)
    changes = [told(field, value) for field, _, value in line["changes"]]
    itself = [{"node": one.node.uid, "code": one.code, "people": one.people} for one in line["itself"]]
    return {
        "at": step.at, "who": step.who_name, "verb": step.verb, "node": step.node,
        "changes": changes, "text": line["text"], "files": line["files"], "decided": line["decided"], "itself": itself,
    }  # fmt: skip


def _picked(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
