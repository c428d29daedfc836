"""The board: the running tickets of a workflow in columns, one a step."""

from flask import Blueprint, g, render_template, request
from sqlalchemy import and_, func, select

from dougong.platform.access import needs
from dougong.platform.documents import Document
from dougong.platform.store import db

from .. import definitions, reading
from ..tables import Task, Ticket

pages = Blueprint("board", __name__, url_prefix="/t/<tenant>")

SHOWN = 50  # cards of a column; the rest is counted


@pages.get("/board")
@needs("tickets.see")
def index() -> str:
    workflows = _busiest_first(definitions.workflows())
    key = request.args.get("workflow", workflows[0].key if workflows else "")
    chosen = next((one for one in workflows if one.key == key), None)
    text = request.args.get("q", "")[:100]
    columns = _columns(chosen.id, text) if chosen else []
    return render_template("board/index.html", workflows=workflows, chosen=chosen, columns=columns, text=text)


def _busiest_first(workflows: list[Document]) -> list[Document]:
    """With the most running tickets that this person sees first: the one he most likely wants to look at."""
    running = (
        select(Ticket.workflow_id, func.count())
        .where(Ticket.state != "done", reading.visible(g.who))
        .group_by(Ticket.workflow_id)
    )
    counts = dict(db.session.execute(running).all())
    return sorted(workflows, key=lambda one: (-counts.get(one.id, 0), one.key))


def _columns(workflow_id: str, text: str) -> list[dict[str, object]]:
    """Steps in the order of the workflow in force; steps of older versions that still hold tickets come after them."""
    joined = and_(Ticket.tenant_id == Task.tenant_id, Ticket.id == Task.ticket_id)
    mine = [Task.state == "open", Ticket.workflow_id == workflow_id, reading.visible(g.who)]
    if text.strip():
        mine.append(reading.says(text.strip()))
    counted = select(Task.node, func.count()).join(Ticket, joined).where(*mine).group_by(Task.node)
    counts = dict(db.session.execute(counted).all())
    document = next(one for one in definitions.workflows() if one.id == workflow_id)
    definition = definitions.compiled(g.who.tenant_id, workflow_id, document.active or 0)
    steps = {node.uid: node.title for node in definition.nodes if node.type == "user_task"}
    for node in sorted(counts):
        if node not in steps:
            old = select(Task.title).join(Ticket, joined).where(*mine, Task.node == node).order_by(Task.id.desc()).limit(1)
            steps[node] = db.session.scalar(old) or {}
    found = []
    for node, title in steps.items():
        cards = select(Task, Ticket).join(Ticket, joined).where(*mine, Task.node == node)
        first = cards.order_by(Task.opened_at, Task.id).limit(SHOWN)
        rows = list(db.session.execute(first)) if counts.get(node) else []
        found.append({"node": node, "title": title, "count": counts.get(node, 0), "rows": rows})
    return found
