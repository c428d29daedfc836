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
    workflows, chosen = asked_for()
    text = request.args.get("q", "")[:100]
    more: dict[str, Any] = {"columns": [], "cut": 0}
    if chosen:
        running = _running(text).where(Ticket.workflow_id == chosen.id)
        more["columns"] = _columns(chosen, running.limit(LOOKED_AT))
        more["cut"] = LOOKED_AT if count(running, LOOKED_AT) > LOOKED_AT else 0
    return render_template("board/index.html", workflows=workflows, chosen=chosen, text=text, **more)


def asked_for() -> tuple[list[Document], Document | None]:
    """The workflows, and the one that is asked for; the busiest where none is."""
    workflows = _busiest_first(definitions.workflows())
    key = request.args.get("workflow", workflows[0].key if workflows else "")
    return workflows, next((one for one in workflows if one.key == key), None)


def _running(text: str = "") -> Select[Any]:
    """The ids of the running tickets that this person sees, those first that stopped, then the oldest."""
    wanted = reading.filtered(g.who, text=text).where(Ticket.state.in_(RUNNING))
    return wanted.with_only_columns(Ticket.id).order_by(Ticket.state, Ticket.id)


def _busiest_first(workflows: list[Document]) -> list[Document]:
    """Of which this person sees the most running tickets among the oldest: what he most likely wants to look at."""
    oldest = _running().add_columns(Ticket.workflow_id).limit(LOOKED_AT).subquery()
    counts: dict[str, int] = dict(
        db.session.execute(select(oldest.c.workflow_id, func.count()).group_by(oldest.c.workflow_id)).all()
    )
    return sorted(workflows, key=lambda one: (-counts.get(one.id, 0), one.key))


def _columns(document: Document, tickets: Select[Any]) -> list[dict[str, object]]:
    """Steps in the order of the workflow in force; steps of older versions that still hold tickets come after them."""
    counts, cards = _cards(tickets)
    definition = definitions.compiled(g.who.tenant_id, document.id, document.active or 0)
    steps = {node.uid: node.title for node in definition.nodes if node.type == "user_task"}
    for node in sorted(cards.keys() - steps.keys()):
        steps[node] = max((task for task, _ in cards[node]), key=lambda one: one.id).title
    return [
        {"node": node, "title": title, "count": counts.get(node, 0), "rows": cards.get(node, [])}
        for node, title in steps.items()
    ]


def _cards(tickets: Select[Any]) -> tuple[dict[str, int], dict[str, list[Any]]]:
    """By step: how many open tasks it holds, and the oldest of them with their tickets."""
    place = func.row_number().over(partition_by=Task.node, order_by=(Task.opened_at, Task.id)).label("place")
    held = func.count().over(partition_by=Task.node).label("held")
    open_ones = select(Task.id, Task.node, held, place).where(Task.state == "open", Task.ticket_id.in_(tickets)).subquery()
    first = db.session.execute(select(open_ones).where(open_ones.c.place <= SHOWN)).all()
    joined = and_(Ticket.tenant_id == Task.tenant_id, Ticket.id == Task.ticket_id)
    these = select(Task, Ticket).join(Ticket, joined).where(Task.id.in_([one.id for one in first]))
    cards: dict[str, list[Any]] = {}
    for task, ticket in db.session.execute(these.order_by(Task.opened_at, Task.id)):
        cards.setdefault(task.node, []).append((task, ticket))
    return {one.node: one.held for one in first}, cards
