"""Tickets: the list, filing one, the page of one, doing a task, files."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from htmx_flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from dougong.platform import documents, links
from dougong.platform.access import needs
from dougong.platform.files import FileRefused
from dougong.platform.messages import t
from dougong.platform.once import sent_once
from dougong.platform.paging import asked_page
from dougong.platform.store import db, driver_reading, moment
from dougong.runtime.interpreter import COPIES
from dougong.runtime.nodes._chosen import PREFIX
from dougong.runtime.print_layout import PrintLayout
from dougong.runtime.staffing import of_a_step

from .. import (
    approving,
    bulk,
    cards,
    choosing,
    definitions,
    filing,
    going,
    incidents,
    naming,
    oneself,
    reading,
    references,
    repairs,
    showing,
    tasks,
    ticket_verbs,
)
from ..acting import actor
from ..copying import MOST
from ..tables import Task
from ..verbs import NotFound, NotStarted, Refused, StaleTask
from . import rows
from ._common import drawn, gathered, kept, ports, present

pages = Blueprint("tickets", __name__, url_prefix="/t/<tenant>")


@pages.get("/tickets")
@needs("tickets.see")
def index() -> str:
    asked: dict[str, Any] = {
        "text": request.args.get("q", "")[:100],
        "workflow": request.args.get("workflow", "")[:40],
        "state": request.args.get("state", "")[:10],
        "incident": request.args.get("incident", "")[:100],
        "sort": request.args.get("sort", "new")[:10],
        "page": asked_page(),
    }
    workflows = {one.key: one.title for one in definitions.workflows()}
    page = reading.tickets(g.who, **asked)
    where = reading.under_way(page.rows)
    anew = cards.filed_anew((where[one.id].Task, one) for one in page.rows if one.id in where)
    mending = _mending(asked) if g.who.may("tickets.repair") else {}
    return render_template(
        "tickets/index.html", page=page, under_way=where, anew=anew, asked=asked, workflows=workflows, **mending
    )


def _mending(asked: dict[str, Any]) -> dict[str, Any]:
    """For who repairs: what was left on its way, what tickets hang with, where those of one workflow may be moved."""
    document = definitions.workflow(asked["workflow"]) if asked["workflow"] else None
    definition = definitions.compiled(g.who.tenant_id, document.id, document.active or 0) if document else None
    return {
        "left": bulk.left(g.who),
        "hanging": incidents.hanging(reading.visible(g.who)) if asked["state"] == "failed" else [],
        "places": repairs.places(definition, {}) if definition else [],
    }


@pages.get("/tickets/new")
@needs("tickets.file")
def choose() -> str:
    """Which ticket: the workflows in force that this person may start."""
    me = actor()
    found = [one for one in definitions.workflows() if filing.may_start(me, one)]
    public = {one.key: _public_link(one.key) for one in found if _is_public(one)}
    said = documents.descriptions(db.session(), "workflow")
    return render_template("tickets/choose.html", workflows=found, public=public, descriptions=said)


@pages.route("/tickets/new/<key>", methods=["GET", "POST"])
@needs("tickets.file")
@sent_once(".index")
def new(key: str) -> str | Response | tuple[str, int]:
    document = definitions.workflow(key) or abort(404)
    definition = definitions.compiled(g.who.tenant_id, document.id, document.active or 0)
    form, rights = definition.form_of(definition.start), definition.rights_of(definition.start)
    me = actor()
    if form is None or not filing.may_start(me, document):
        abort(404)
    if rows.asked():
        return rows.brought(form, rights)
    raw = gathered(form) if request.method == "POST" else None
    errors: Any = {}
    if raw is not None and "draft" not in request.form:  # what a browser has kept is drawn to be filled in further
        try:
            chosen, copies = choosing.asked(request.form, definition), _copies()
            done = filing.file(me, document, raw, chosen=chosen, copies=copies)
        except NotStarted:
            abort(404)
        if not isinstance(done, Refused):
            flash(t("tickets.filed", number=done.number))
            return redirect(url_for(".show", ticket_id=done.ticket_id))
        errors = done.errors
    typed = kept(form, raw) if raw is not None else None
    sections = drawn(form, form.defaults(me.now()) if raw is None else {}, rights, typed, errors)
    route = going.foretold(definition, document.id, {k: v for k, v in (raw or {}).items() if k in form.fields})
    picks = choosing.pickers(me, definition, choosing.asked(request.form, definition), {}, errors)
    shown = {"document": document, "sections": sections, "ports": ports(), "route": route, "pickers_asked": picks}
    sends = definition.start.config.get("copies", "no")
    shown |= {"refused": of_a_step(errors), "copy_error": errors.get(COPIES), "sends_copies": sends if sends != "no" else ""}
    shown["copies"] = [(one, naming.member_name(one)) for one in _copies()] if raw is not None else []
    page = render_template("tickets/new.html", **shown)
    return (page, 422) if errors else page


def _copies() -> list[str]:
    return list(dict.fromkeys(one[:36] for one in request.form.getlist(COPIES)[: MOST + 1] if one))


@pages.post("/tickets/new/<key>/route")
@needs("tickets.file")
def foretell(key: str) -> str:
    """The route that the ticket would take with what has been filled in so far."""
    document = definitions.workflow(key) or abort(404)
    definition = definitions.compiled(g.who.tenant_id, document.id, document.active or 0)
    form = definition.form_of(definition.start) or abort(404)
    me = actor()
    rights = definition.rights_of(definition.start)
    with driver_reading(g.who.tenant_id) as connection:
        mine = oneself.told(form, me.member_id)
        loaded = references.take(
            connection, g.who.tenant_id, form, gathered(form), mine, rights, me.now(), (me.uploads,), me.sees
        )
    known = {key: value for key, value in loaded.values.items() if value is not None}
    return render_template("tickets/_route.html", route=going.foretold(definition, document.id, known))


@pages.get("/tickets/<ticket_id>")
@needs("tickets.see")
def show(ticket_id: str) -> str:
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    showing.mark_seen(g.who, ticket_id)
    panel = request.htmx.target == "side"
    return render_template(
        "tickets/panel.html" if panel else "tickets/show.html", **showing.ticket_page(g.who, ticket), ports=ports()
    )


@pages.get("/tickets/<ticket_id>/print")
@needs("tickets.see")
def on_paper(ticket_id: str) -> str:
    """The ticket with its form and who decided what, laid out for printing: as much of it as this person may see."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    page = showing.ticket_page(g.who, ticket)
    form = page["definition"].form
    layout = PrintLayout.from_json(form.paper if form else {})
    page["sections"] = list(layout.printed(page["sections"]))
    address = links.address("tickets.show", tenant=g.tenant.slug, ticket_id=ticket.id)
    return render_template("tickets/print.html", **page, layout=layout, address=address, printed_at=moment())


@pages.post("/tasks/<task_id>")
@needs("tickets.work")
def submit(task_id: str) -> Any:
    if "draft" in request.form:  # as in `new`
        return again(task_id, 200)
    if rows.asked():
        return _brought(task_id)
    try:
        done = tasks.submit(actor(), task_id, revision(), lambda form, _: gathered(form), _chosen(task_id))
    except NotFound:
        abort(404)
    except StaleTask as stale:
        return again(task_id, 409, stale=stale.reason)
    if isinstance(done, Refused):
        return again(task_id, 422, errors=done.errors)
    flash(t("tickets.submitted", number=done.number))
    return redirect(url_for(".show", ticket_id=done.ticket_id))


def _brought(task_id: str) -> tuple[str, int]:
    task = _task(task_id)
    ticket = reading.ticket(g.who, task.ticket_id) or abort(404)
    definition = definitions.compiled(g.who.tenant_id, ticket.workflow_id, ticket.version)
    node = definition.node[task.node]
    return rows.brought(definition.form_of(node) or abort(404), definition.rights_of(node))


def _chosen(task_id: str) -> dict[str, list[str]]:
    """Whom he chooses for steps, where the ticket is his own again."""
    if not any(name.startswith(PREFIX) for name in request.form):
        return {}
    try:
        return choosing.asked(request.form, approving.node_of_task(g.who.tenant_id, task_id)[0])
    except LookupError:
        abort(404)


def again(task_id: str, status: int, **found: Any) -> tuple[str, int]:
    """The page of the ticket once more, with what was typed and why it was not taken."""
    task = _task(task_id)
    ticket = reading.ticket(g.who, task.ticket_id) or abort(404)
    definition = definitions.compiled(g.who.tenant_id, ticket.workflow_id, ticket.version)
    form = definition.form_of(definition.node[task.node])
    raw = kept(form, gathered(form), f"ticket:{ticket.id}") if form else {}
    said = found.pop("said", approving.said(request.form)) | {"task": task_id, "own": approving.own(request.form)}
    said["signature"] = said["signature"] if reading.file(g.who, said["signature"]) else ""
    picked = choosing.asked(request.form, definition) if any(name.startswith(PREFIX) for name in request.form) else None
    page = showing.ticket_page(g.who, ticket, task_id=task_id, raw=raw, picked=picked, **found)
    unsent = cards.unsent(definition, task, raw, page["tasks"], present())
    return render_template("tickets/show.html", **page, ports=ports(), unsent=unsent, said=said), status


@pages.post("/tasks/<task_id>/<any(claim, release):verb>")
@needs("tickets.work")
def assign(task_id: str, verb: str) -> Any:
    task = _task(task_id)
    try:
        (tasks.claim if verb == "claim" else tasks.release)(actor(), task_id, revision())
    except NotFound:
        abort(404)
    except StaleTask as stale:
        return again(task_id, 409, stale=stale.reason)
    return redirect(url_for(".show", ticket_id=task.ticket_id))


@pages.post("/tickets/<ticket_id>/comments")
@needs("tickets.see")
@sent_once(".index")
def comment(ticket_id: str) -> Any:
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    try:
        ticket_verbs.comment(
            actor(), ticket.id, request.form.get("text", "").strip()[:5000], request.form.getlist("f.files")[:20]
        )
    except FileRefused as refused:
        flash(t(refused.code, **refused.params))
    return redirect(url_for(".show", ticket_id=ticket.id, _anchor="timeline"))


@pages.post("/tickets/<ticket_id>/retry/<int:token>")
@needs("tickets.repair")
def retry(ticket_id: str, token: int) -> Any:
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    try:
        repairs.retry(actor(), ticket.id, token)
    except NotFound:
        abort(404)
    flash(t("done.retry"))
    return redirect(url_for(".show", ticket_id=ticket.id))


def _task(task_id: str) -> Task:
    return db.session.scalar(select(Task).where(Task.id == task_id)) or abort(404)


def revision() -> int:
    value = request.form.get("revision", "0")
    return int(value) if value.isdecimal() and len(value) < 9 else 0


def _is_public(document: Any) -> bool:
    return bool(definitions.compiled(g.who.tenant_id, document.id, document.active).start.config.get("public"))


def _public_link(key: str) -> str:
    return links.address("public.file", token=links.sign("file", tenant=g.who.tenant_id, workflow=key))
