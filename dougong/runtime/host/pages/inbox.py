"""The inbox: 我的待办, 待认领, 已办, 我发起的, 抄送我的; the bell; and the search over what one may see."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from htmx_flask import request
from sqlalchemy import update
from werkzeug.wrappers import Response

from dougong.platform import channels
from dougong.platform.access import needs
from dougong.platform.messages import t
from dougong.platform.paging import asked_page, count
from dougong.platform.store import db, moment, transaction

from .. import approving, bulk, cards, definitions, finding, reading, standing_in
from ..tables import Notice

pages = Blueprint("inbox", __name__, url_prefix="/t/<tenant>")

TABS = ("todo", "queue", "done", "mine", "copies")


@pages.get("/")
@needs("tickets.see")
def home() -> Response:
    return redirect(url_for(".index"))


@pages.get("/inbox")
@needs("tickets.see")
def index() -> str:
    tab = request.args.get("tab", "todo")
    asked = {"text": request.args.get("q", "")[:100], "workflow": request.args.get("workflow", "")[:40]}
    return _shown(tab if tab in TABS else "todo", asked)


def again(opinion: str, ticked: Collection[str] = (), text: str = "", workflow: str = "") -> tuple[str, int]:
    """The to-dos once more, where not all could be approved: what was said stays, and those that are left are ticked."""
    return _shown("todo", {"text": text, "workflow": workflow}, opinion=opinion, ticked=ticked), 422


def _shown(tab: str, asked: dict[str, Any], **said: Any) -> str:
    asked = {**asked, "page": asked_page()}
    if tab in ("mine", "copies"):
        rows = reading.tickets(g.who, part={"mine": "initiator", "copies": "copy"}[tab], **asked)
    else:
        rows = {"todo": reading.todo, "queue": reading.queue, "done": reading.done}[tab](g.who, **asked)
    workflows = {one.key: one.title for one in definitions.workflows()}
    todo = rows.rows if tab == "todo" else []
    batch = approving.batchable(g.who.tenant_id, todo)
    for_whom = standing_in.for_whom(db.session(), g.who.member_id, (task for task, _ in todo))
    where = reading.under_way(rows.rows) if tab in ("mine", "copies") else {}
    standing = [(where[one.id].Task, one) for one in rows.rows if one.id in where] if where else todo
    more: dict[str, Any] = {
        "for_whom": for_whom, "under_way": where, "counts": reading.counts(g.who), "workflows": workflows, "summaries": {},
        "anew": cards.filed_anew(standing),
    }  # fmt: skip
    if tab in ("todo", "queue"):
        more["summaries"] = cards.in_lists(g.who.tenant_id, (row.Ticket for row in rows.rows))
    if tab == "todo":
        more["all"] = count(approving.mine(g.who, asked["text"], asked["workflow"]), bulk.MOST) if batch else 0
        more["left"] = [one for one in bulk.left(g.who) if one.verb == bulk.APPROVE]
    return render_template("inbox/index.html", tab=tab, tabs=TABS, page=rows, asked=asked, batch=batch, **more, **said)


@pages.get("/notices")
@needs("tickets.see")
def notices() -> str:
    """Seen is read: opening the page empties the bell."""
    page = reading.notices(g.who, asked_page())
    ways = channels.listed(db.session())
    chosen = channels.chosen(db.session(), g.who.member_id)
    drawn = render_template("inbox/notices.html", page=page, channels=ways, chosen=chosen)
    with transaction(g.who.tenant_id) as session:
        unread = update(Notice).where(Notice.member_id == g.who.member_id, Notice.read_at.is_(None))
        session.execute(unread.values(read_at=moment()))
    return drawn


@pages.post("/notices/channel")
@needs("tickets.see")
def choose_channel() -> Response:
    """Where one wants one's notices besides the page."""
    try:
        channels.choose(g.who, request.form.get("channel", "")[:36])
    except LookupError:
        abort(404)
    flash(t("channels.chosen"))
    return redirect(url_for(".notices"))


@pages.get("/bell")
@needs("tickets.see")
def bell() -> str:
    """The badges of the frame: what is unread, and how many to-dos there are."""
    return render_template("inbox/bell.html", count=reading.unread(g.who), todo=reading.count_of_todo(g.who))


@pages.get("/search")
@needs("tickets.see")
def search() -> str:
    """Tickets, records, definitions, people: whatever contains the words, within one's rights."""
    text = request.args.get("q", "").strip()[:100]
    found = finding.everything(g.who, text)
    template = "inbox/found.html" if request.htmx else "inbox/search.html"
    return render_template(template, found=found, text=text, newest=finding.NEWEST)
