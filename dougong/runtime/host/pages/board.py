"""The board: the running tickets of a workflow in columns, one a step."""

from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import Select, and_, func, select

from dougong.platform.access import needs
from dougong.platform.documents import Document
from dougong.platform.paging import count
from dougong.platform.store import db

from .. import definitions, reading
from ..tables import Task, Ticket

pages = Blueprint("board", __name__, url_prefix="/t/<tenant>")

SHOWN = 50  # cards of a column; the rest is counted
LOOKED_AT = 10_000  # running tickets of a workflow: those that stopped, then the oldest; what is younger is on no board
RUNNING = ("running", "failed")


@pages.get("/board")
@needs("tickets.see")
def index() -> str:
    workflows = _busiest_first(definitions.workflows())
    key = request.args.get("workflow", workflows[0].key if workflows else "")
    chosen = next((one for one in workflows if one.key == key), None)
    text = request.args.get("q", "")[:100]
    more: dict[str, Any] = {"columns": [], "cut": 0}
    if chosen:
        running = _running(chosen, text)
        more["columns"] = _columns(chosen, running.order_by(Ticket.state, Ticket.id).limit(LOOKED_AT))
        more["cut"] = LOOKED_AT if count(running, LOOKED_AT) > LOOKED_AT else 0
    return render_template("board/index.html", workflows=workflows, chosen=chosen, text=text, **more)


def _running(workflow: Document, text: str = "") -> Select[Any]:
    """The ids of its running tickets that this person sees."""
    wanted = reading.filtered(g.who, text=text).where(Ticket.workflow_id == workflow.id, Ticket.state.in_(RUNNING))
    return wanted.with_only_columns(Ticket.id)


def _busiest_first(workflows: list[Document]) -> list[Document]:
    """With the most running tickets that this person sees first: the one he most likely wants to look at."""
    counts = {one.id: count(_running(one), LOOKED_AT) for one in workflows}
    return sorted(workflows, key=lambda one: (-counts[one.id], one.key))


def _columns(document: Document, tickets: Select[Any]) -> list[dict[str, object]]:
    """Steps in the order of the workflow in force; steps of older versions that still hold tickets come after them."""
    joined = and_(Ticket.tenant_id == Task.tenant_id, Ticket.id == Task.ticket_id)
    mine = [Task.state == "open", Task.ticket_id.in_(tickets)]
    counts = dict(db.session.execute(select(Task.node, func.count()).where(*mine).group_by(Task.node)).all())
    definition = definitions.compiled(g.who.tenant_id, document.id, document.active or 0)
    steps = {node.uid: node.title for node in definition.nodes if node.type == "user_task"}
    for node in sorted(counts):
        if node not in steps:
            old = select(Task.title).where(*mine, Task.node == node).order_by(Task.id.desc()).limit(1)
            steps[node] = db.session.scalar(old) or {}
    found = []
    for node, title in steps.items():
        cards = select(Task, Ticket).join(Ticket, joined).where(*mine, Task.node == node)
        first = cards.order_by(Task.opened_at, Task.id).limit(SHOWN)
        rows = list(db.session.execute(first)) if counts.get(node) else []
        found.append({"node": node, "title": title, "count": counts.get(node, 0), "rows": rows})
    return found
