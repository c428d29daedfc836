"""What is settled in batches: the page shows how far it is and asks for the next; whoever closes it may go on later."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for

from dougong.platform.access import needs
from dougong.platform.messages import say
from dougong.runtime.reason import Refused

from .. import definitions
from ..acting import actor
from ..settlement import batches

pages = Blueprint("batches", __name__, url_prefix="/t/<tenant>/settlement/batches")


@pages.get("/<batch_id>")
@needs("settle.run")
def show(batch_id: str) -> str:
    me = actor()
    row = batches.find(me, batch_id) or abort(404)
    _, doc, _ = definitions.settlement(me.tenant_id, row.settlement_key) or abort(404)
    return render_template("settlement/batch.html", row=row, doc=doc, again=row.work in batches.AGAIN)


@pages.post("/<batch_id>/next")
@needs("settle.run")
def go_on(batch_id: str) -> Response:
    try:
        row = batches.go_on(actor(), batch_id)
    except LookupError:
        abort(404)
    answer = make_response(render_template("settlement/_progress.html", row=row))
    if row.work == "read" and row.state == "done":
        answer.headers["HX-Redirect"] = url_for("intake.review", intake_id=row.of)
    elif row.state != "running":
        answer.headers["HX-Refresh"] = "true"  # what can be done next is another
    return answer


@pages.post("/<batch_id>/again")
@needs("settle.run")
def again(batch_id: str) -> Any:
    """What it could not do, as a batch with a page of its own."""
    try:
        return redirect(url_for(".show", batch_id=batches.again(actor(), batch_id).id))
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".show", batch_id=batch_id))


@pages.post("/<batch_id>/cancel")
@needs("settle.run")
def cancel(batch_id: str) -> Any:
    try:
        batches.cancel(actor(), batch_id)
    except LookupError:
        abort(404)
    return redirect(url_for(".show", batch_id=batch_id))
