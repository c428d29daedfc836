"""What one does with a task or a ticket besides filling it in: approve, send back, hand over, recall, urge; and repairs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for

from dougong.platform.access import needs
from dougong.platform.messages import say, t
from dougong.platform.once import sent_once
from dougong.runtime.nodes._verbs import ACTED
from dougong.runtime.reason import Refused as NotAllowed

from .. import approving, items, naming, reading, repairs, tasks, ticket_verbs
from ..acting import actor
from ..verbs import NotFound, Refused, StaleTask
from . import inbox
from ._common import gathered
from .tickets import again, revision

pages = Blueprint("verbs", __name__, url_prefix="/t/<tenant>")

ON_TASK = ", ".join(ACTED)
ON_TICKET = "recall, revoke, withdraw, take_back, urge, copy"
REPAIRS = "skip, move, reopen, cancel, suspend, resume, let_go"


@pages.post(f"/tasks/<task_id>/<any({ON_TASK}):verb>")
@needs("tickets.work")
def on_task(task_id: str, verb: str) -> Any:
    said = approving.said(request.form)
    try:
        done = tasks.act(actor(), task_id, revision(), verb, lambda form, _: gathered(form), said)
    except NotFound:
        abort(404)
    except StaleTask as stale:
        return again(task_id, 409, stale=stale.reason, said=_again(verb, said))
    if isinstance(done, Refused):
        return again(task_id, 422, errors=done.errors, said=_again(verb, said))
    flash(t("tickets.acted", number=done.number, verb=t(f"timeline.{verb}")))
    return redirect(url_for("tickets.show", ticket_id=done.ticket_id))


def _again(verb: str, said: dict[str, Any]) -> dict[str, Any]:
    """What was said, to stand on the page again: whom he chose with their names."""
    return {**said, "verb": verb, "chosen": [(one, naming.member_name(one)) for one in (said["to"], *said["persons"]) if one]}


@pages.post("/tasks/batch")
@needs("tickets.work")
def batch() -> Any:
    """批量审批: each in its own transaction; what could not be approved is said, and stays."""
    chosen = [one.rpartition(":") for one in request.form.getlist("task")[: approving.MOST_IN_BATCH]]
    if not chosen:
        flash(t("approval.batch_none"))
        return redirect(url_for("inbox.index"))
    opinion = request.form.get("opinion", "").strip()[: approving.MOST_SAID]
    results = {
        one: approving.in_batch(actor(), one, int(rev) if rev.isdecimal() and len(rev) < 9 else 0, opinion)
        for one, _, rev in chosen
    }
    refused = {one: reason for one, reason in results.items() if reason}
    done = t("approval.batch_done", n=len(results) - len(refused))
    flash(done + (" " + t("approval.batch_left", n=len(refused)) if refused else ""), "stays" if refused else "message")
    numbers = approving.numbers(refused)
    for why in dict.fromkeys(map(say, refused.values())):
        of = [numbers[one] for one, reason in refused.items() if say(reason) == why and one in numbers][:5]
        flash(f"{why} {', '.join(of)}".strip(), "stays")
    return inbox.again(opinion, refused) if refused else redirect(url_for("inbox.index"))


@pages.post(f"/tickets/<ticket_id>/<any({ON_TICKET}):verb>")
@needs("tickets.see")
def on_ticket(ticket_id: str, verb: str) -> Any:
    opinion = request.form.get("opinion", "").strip()[:2000]
    people = approving.persons(request.form)
    return _done(ticket_id, lambda: ticket_verbs.act(actor(), ticket_id, verb, opinion, people), t(f"done.{verb}"))


@pages.post("/tickets/<ticket_id>/items")
@needs("tickets.see")
@sent_once("tickets.index")
def add_item(ticket_id: str) -> Any:
    """One more for a list that is being worked through."""
    item, repairs = request.form.get("item", ""), g.who.may("tickets.repair")
    return _done(ticket_id, lambda: items.add(actor(), ticket_id, _number("token"), item, repairs=repairs), t("done.add_item"))


@pages.post(f"/tickets/<ticket_id>/repair/<any({REPAIRS}):verb>")
@needs("tickets.repair")
def repair(ticket_id: str, verb: str) -> Any:
    """What an administrator may do to a case; each asks for a reason, which stands in the history."""
    _ = reading.ticket(g.who, ticket_id) or abort(404)
    why = request.form.get("opinion", "").strip()[:2000]
    token, node, keep = _number("token"), request.form.get("node", "")[:40], request.form.get("keep") == "yes"
    missing = "reason_missing" if not why else "to_missing" if verb in ("move", "reopen") and not node else ""
    if missing:
        flash(t(f"repair.{missing}"))
        return redirect(url_for("tickets.show", ticket_id=ticket_id))
    return _done(ticket_id, lambda: repairs.act(actor(), ticket_id, verb, why, token, node, keep=keep), t(f"done.{verb}"))


def _number(name: str) -> int:
    given = request.form.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


def _done(ticket_id: str, do: Callable[[], None], told: str) -> Any:
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    try:
        do()
    except NotFound:
        abort(404)
    except NotAllowed as refused:
        told = say(refused.reason)
    flash(told)
    return redirect(url_for("tickets.show", ticket_id=ticket.id))
