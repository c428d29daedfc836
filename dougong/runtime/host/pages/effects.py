"""What the platform still has to do for a company's tickets, what failed, and what was given up: seen, and tried once more."""

import json
from typing import Any, Final

from flask import Blueprint, abort, flash, g, redirect, render_template, request
from sqlalchemy import case, select
from werkzeug.wrappers import Response

from dougong.platform import audit, wakeups
from dougong.platform.access import needs
from dougong.platform.messages import say, t
from dougong.platform.paging import asked_page, paged
from dougong.platform.store import db, transaction
from dougong.platform.wakeups import Wakeup
from dougong.platform.web import filtered

from .. import mailbox, reading, schedules
from ..effects import LATER
from ..tables import EffectRow, Ticket

pages = Blueprint("effects", __name__, url_prefix="/t/<tenant>/settings/effects")

STATES: Final = {
    "waiting": (EffectRow.state == "todo", EffectRow.attempts == 0),
    "failing": (EffectRow.state == "todo", EffectRow.attempts > 0),
    "dead": (EffectRow.state == "dead",),
    "done": (EffectRow.state == "done",),
    "void": (EffectRow.state == "void",),
}


@pages.get("")
@needs("connections.manage")
def index() -> str:
    asked = {"state": request.args.get("state", ""), "kind": request.args.get("kind", "")}
    queues = wakeups.backlog(db.session(), g.who.tenant_id)
    page = paged(_wanted(asked), asked_page(), 30)
    return render_template(
        "effects/index.html", page=page, asked=asked, queues=queues, states=STATES, kinds=sorted(LATER), state=_state, why=_why,
        schedules=schedules.listed(db.session()), unclaimed=mailbox.unclaimed(db.session()),
    )  # fmt: skip


@pages.post("/retry")
@needs("connections.manage")
def retry_all() -> Response:
    return _retried(None)


@pages.post("/<effect_id>/retry")
@needs("connections.manage")
def retry(effect_id: str) -> Response:
    if db.session.scalar(select(EffectRow.id).where(EffectRow.id == effect_id)) is None:
        abort(404)
    return _retried(effect_id)


def _retried(effect_id: str | None) -> Response:
    with transaction(g.who.tenant_id) as session:
        count = wakeups.replay(session, g.who.tenant_id, effect_id)
        if count:
            audit.record(session, g.who, "retried", "effect", effect_id, count=count)
    flash(t("effects.retried", n=count))
    return redirect(filtered(".index"))


def _wanted(asked: dict[str, str]) -> Any:
    """Whoever looks after connections sees what there is for every ticket, but which one only where he may see it."""
    wanted: Any = (
        select(EffectRow, case((reading.visible(g.who), Ticket.number)), Wakeup.due_at)
        .join(Ticket, (Ticket.tenant_id == EffectRow.tenant_id) & (Ticket.id == EffectRow.ticket_id))
        .outerjoin(Wakeup, (Wakeup.tenant_id == EffectRow.tenant_id) & (Wakeup.effect_id == EffectRow.id))
        .order_by(EffectRow.id.desc())
    )
    if asked["kind"]:
        wanted = wanted.where(EffectRow.kind == asked["kind"])
    return wanted.where(*STATES[asked["state"]]) if asked["state"] in STATES else wanted


def _why(row: EffectRow) -> str:
    """Why it failed last, in the reader's words where there are any."""
    try:
        return say(json.loads(row.error))
    except ValueError:
        return row.error


def _state(row: EffectRow) -> str:
    return ("failing" if row.attempts else "waiting") if row.state == "todo" else row.state
