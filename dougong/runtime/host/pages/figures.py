"""How a workflow runs (流程概况): its figures, the drawing with what stands where, the steps and the people."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, render_template, request

from dougong.platform import scopes
from dougong.platform.access import needs
from dougong.platform.documents import Document
from dougong.platform.messages import t
from dougong.platform.web import span
from dougong.runtime.past import LEAST, Past
from dougong.runtime.picture import drawing

from .. import definitions, figures, going
from ._common import present
from .board import asked_for

pages = Blueprint("figures", __name__, url_prefix="/t/<tenant>")

PERIODS: Final = (7, 30, 90)  # days


@pages.get("/figures")
@needs("tickets.see")
def index() -> str:
    workflows, chosen = asked_for()
    days = next((one for one in PERIODS if request.args.get("days") == str(one)), 30)
    more: dict[str, Any] = _figures(chosen, days) if chosen else {}
    return render_template("board/figures.html", workflows=workflows, chosen=chosen, days=days, periods=PERIODS, **more)


@pages.get("/figures/past")
@needs("design.see")
def past() -> Response:
    """What those that were done tell, for a walk through a draft: {tickets, took: {step: ms}, taken: {line: times}}."""
    workflow = definitions.workflow(request.args.get("workflow", ""))
    found = going.past_of(workflow.id) if workflow else Past()
    took = {node: round(time / timedelta(milliseconds=1)) for node, time in found.took.items()}
    return jsonify({"tickets": found.tickets, "took": took, "taken": found.taken})


def _figures(workflow: Document, days: int) -> dict[str, Any]:
    definition = definitions.compiled(g.who.tenant_id, workflow.id, workflow.active or 0)
    found = figures.figures(g.who, workflow.id, days, present())
    order = {node.uid: number for number, node in enumerate(definition.nodes)}
    steps = sorted(found.steps.items(), key=lambda one: order.get(one[0], len(order)))
    return {
        "found": found,
        "steps": [step for _, step in steps],
        "drawn": drawing(definition, {uid: "failed" if step.late else "current" for uid, step in steps if step.open}),
        "held": {uid: step.open for uid, step in steps},
        "longest": max((step.usual for _, step in steps if step.usual), default=None),
        "most": max(max(day.filed, day.ended) for day in found.days),
        "people": found.people if _sees_others() else [],
        "lasted": _lasted,
        "least": LEAST,
    }


def _sees_others() -> bool:
    """How much each does is for who looks after others: he sees more than what he has a part in."""
    sight = scopes.sight(g.who, "tickets")
    return sight.all or bool(sight.units)


def _lasted(time: timedelta | None) -> str:
    """In days from two of them on."""
    if time is None:
        return "–"
    days = time / timedelta(days=1)
    return t("figures.days", n=f"{days:.1f}") if days >= 2 else span(round(time / timedelta(milliseconds=1)))
