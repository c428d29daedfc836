"""Several tickets at once: chosen on the list, or all that its filter finds; done in batches while the page shows how far."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for

from dougong.platform.access import needs
from dougong.platform.messages import say
from dougong.platform.once import sent_once
from dougong.runtime.reason import Refused

from .. import approving, bulk, reading
from ..acting import actor
from . import inbox

pages = Blueprint("bulk", __name__, url_prefix="/t/<tenant>/bulk")


@pages.post("/")
@needs("tickets.repair")
@sent_once("tickets.index")
def begin() -> Any:
    asked = {name: request.form.get(name, "")[:100] for name in ("text", "workflow", "state", "incident")}
    every = request.form.get("of") == "all"
    wanted = reading.filtered(g.who, **asked) if every else bulk.chosen(g.who, request.form.getlist("ticket")[:500])
    verb = request.form.get("verb", "")
    if verb not in bulk.VERBS:
        abort(404)
    places = {name: request.form.get(name, "")[:40] for name in ("node", "at")}
    how = bulk.How(**places, incident=asked["incident"], keep=request.form.get("keep") == "yes")
    try:
        made = bulk.begin(actor(), verb, request.form.get("reason", "").strip()[:2000], wanted, how)
    except Refused as refused:
        flash(say(refused.reason))
        back = {"q": asked["text"], **{name: asked[name] for name in ("workflow", "state", "incident") if asked[name]}}
        return redirect(f"{url_for('tickets.index')}?{urlencode(back)}")
    return redirect(url_for(".show", bulk_id=made))


@pages.post("/approve")
@needs("tickets.work")
@sent_once("inbox.index")
def approve() -> Any:
    """全部同意: all of the inbox that the filter finds and that may be approved together."""
    asked = {name: request.form.get(name, "")[:100] for name in ("text", "workflow")}
    opinion = request.form.get("opinion", "").strip()[: approving.MOST_SAID]
    try:
        made = bulk.begin(actor(), bulk.APPROVE, opinion, approving.mine(g.who, **asked))
    except Refused as refused:
        flash(say(refused.reason))
        return inbox.again(opinion, **asked)
    return redirect(url_for(".show", bulk_id=made))


@pages.get("/<bulk_id>")
@needs("tickets.work")
def show(bulk_id: str) -> str:
    row = bulk.find(g.who, bulk_id) or abort(404)
    return render_template("bulk/show.html", row=row, target=bulk.target(row))


@pages.post("/<bulk_id>/batch")
@needs("tickets.work")
def batch(bulk_id: str) -> Any:
    """The next batch; the answer asks for the one after it. Whoever closes the page goes on where it stopped."""
    _ = bulk.find(g.who, bulk_id) or abort(404)
    row = bulk.batch(actor(), bulk_id)
    answer = make_response(render_template("bulk/_progress.html", row=row))
    if row.state != "running":
        answer.headers["HX-Refresh"] = "true"  # there is nothing to stop any more
    return answer


@pages.post("/<bulk_id>/stop")
@needs("tickets.work")
def stop(bulk_id: str) -> Any:
    _ = bulk.find(g.who, bulk_id) or abort(404)
    bulk.stop(actor(), bulk_id)
    return redirect(url_for(".show", bulk_id=bulk_id))
