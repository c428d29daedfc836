"""For customers, without an account: file a ticket, follow it, rate it or confirm a statement, each by its signed link."""

import hashlib
from typing import Any

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from dougong.platform import files, links
from dougong.platform import regions as places
from dougong.platform.access import public
from dougong.platform.files import FileRefused
from dougong.platform.messages import language, t
from dougong.platform.once import of_form
from dougong.platform.scopes import EVERYTHING_SEEN
from dougong.platform.store import db, enter_tenant
from dougong.platform.tenancy import Tenant
from dougong.platform.web import limiter, problem
from dougong.runtime.definition import Definition
from dougong.runtime.form import Field, Form
from dougong.runtime.staffing import of_a_step

from .. import cards, definitions, filing, finding, queries, showing, tasks
from ..tables import Task, Ticket
from ..verbs import Actor, NotFound, NotStarted, Refused, StaleTask
from ._common import drawn, gathered, kept, present

pages = Blueprint("public", __name__)


@pages.get("/regions")
@public
def regions() -> Response:
    """What lies in a place: [{code, name}]; of no place the provinces."""
    parent = request.args.get("parent", "")[:9]
    return jsonify([{"code": code, "name": name} for code, name in places.children(parent, language())])


@pages.route("/p/file/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute;300/hour", methods=["POST"])
def file(token: str) -> Any:
    """The form of a workflow that customers may start."""
    opened = opened_link("file", token)
    return of_form(g.tenant.id, customer().upload_key, request.path, lambda: _file(token, opened["workflow"]))


def _file(token: str, workflow: str) -> Any:
    document = definitions.workflow(workflow) or abort(404)
    definition = definitions.compiled(g.tenant.id, document.id, document.active or 0)
    if not definition.start.config.get("public"):
        abort(404)
    form, rights = definition.form_of(definition.start) or abort(404), _public_rights(definition)
    raw = _allowed(form, gathered(form)) if request.method == "POST" else None
    errors: Any = {}
    if raw is not None and "draft" not in request.form:  # what a browser has kept is drawn to be filled in further
        try:
            done = filing.file(customer(), document, raw)
        except NotStarted:
            abort(404)
        if not isinstance(done, Refused):
            return redirect(url_for(".follow", token=links.sign("follow", tenant=g.tenant.id, ticket=done.ticket_id), filed=1))
        errors = done.errors
    typed = kept(form, raw, by=customer()) if raw is not None else None
    sections = drawn(form, form.defaults(customer().now()) if raw is None else {}, rights, typed, errors)
    shown = {"definition": definition, "sections": sections, "ports": _ports("file", token), "kept_as": customer().upload_key}
    page = render_template("public/file.html", **shown, refused=of_a_step(errors))
    return (page, 422) if errors else page


@pages.get("/p/follow/<token>")
@public
def follow(token: str) -> str:
    return _follow_page(token, **_follow(opened_link("follow", token)))


@pages.post("/p/follow/<token>/tasks/<task_id>")
@public
@limiter.limit("30/minute;300/hour")
def submit(token: str, task_id: str) -> Any:
    """Do what the ticket asks the customer for: a rating, a confirmation."""
    opened = opened_link("follow", token)
    task = db.session.scalar(
        select(Task).where(Task.id == task_id, Task.ticket_id == opened["ticket"], Task.customer)
    ) or abort(404)
    ticket = ticket_of(opened["ticket"])
    definition = definitions.compiled(g.tenant.id, ticket.workflow_id, ticket.version)
    form = definition.form_of(definition.node[task.node])
    raw = _allowed(form, gathered(form)) if form else {}
    if "draft" in request.form:  # as in `file`
        return _follow_page(token, **_follow(opened, task_id, raw, {}))
    revision = request.form.get("revision", "")
    try:
        done = tasks.submit(customer(), task_id, int(revision) if revision.isdecimal() and len(revision) < 9 else 0, raw)
    except NotFound:
        abort(404)
    except StaleTask as stale:
        db.session.rollback()
        page = _follow(opened, task_id, raw, None)
        unsent = cards.unsent(definition, task, raw, page["tasks"], present())
        return _follow_page(token, **page, stale=stale.reason, unsent=unsent), 409
    if isinstance(done, Refused):
        return _follow_page(token, **_follow(opened, task_id, raw, done.errors)), 422
    return redirect(url_for(".follow", token=token, thanks=1))


@pages.post("/p/<any(file, follow):purpose>/<token>/uploads")
@public
@limiter.limit("60/hour")
def upload(purpose: str, token: str) -> Any:
    opened_link(purpose, token)
    given = request.files.get("file")
    if given is None:
        return problem("file.none", 422)
    try:
        return jsonify(files.take(g.tenant.id, given, customer().uploads)), 201
    except FileRefused as refused:
        return problem(refused.code, 422, **refused.params)


@pages.get("/p/<any(file, follow):purpose>/<token>/choices/<kind>")
@public
@limiter.limit("120/minute")
def choices(purpose: str, token: str, kind: str) -> Response:
    """Names of records, only of fields whose designer has opened them to customers; never people or units."""
    opened = opened_link(purpose, token)
    entity, text = request.args.get("entity", "")[:40], request.args.get("q", "").strip()[:100]
    if kind != "record" or entity not in _open_entities(_form_of(purpose, opened)):
        abort(404)
    found = finding.records(EVERYTHING_SEEN, text, 20, entity)
    return jsonify([{"id": one.id, "title": one.title, "hint": "", "data": {}} for one in found])


def opened_link(purpose: str, token: str) -> dict[str, Any]:
    """What the link carries, with its tenant entered; 404 for a link that is wrong, of another purpose, or too old."""
    opened = links.opened(purpose, token) or abort(404)
    tenant = db.session.get(Tenant, opened["tenant"]) or abort(404)
    g.tenant = tenant
    g.pop("language", None)  # the company's languages are offered too
    enter_tenant(tenant.id)
    return opened


def customer() -> Actor:
    mine = hashlib.sha256(request.view_args["token"].encode()).hexdigest()[:20] if request.view_args else ""
    everybody = frozenset({"customer"})
    return Actor(g.tenant.id, g.tenant.zone, "customer", t("principal.customer"), everybody, upload_key=f"customer:{mine}")


def ticket_of(ticket_id: str) -> Ticket:
    return db.session.scalar(select(Ticket).where(Ticket.id == ticket_id)) or abort(404)


def _form_of(purpose: str, opened: dict[str, Any]) -> Form | None:
    if purpose == "file":
        document = definitions.workflow(opened["workflow"]) or abort(404)
        definition = definitions.compiled(g.tenant.id, document.id, document.active or 0)
    else:
        ticket = ticket_of(opened["ticket"])
        definition = definitions.compiled(g.tenant.id, ticket.workflow_id, ticket.version)
    return definition.form_of(definition.start)


def _open_entities(form: Form | None) -> set[str]:
    fields = form.every_field() if form else ()
    return {field.config["entity"] for field in fields if field.type.name == "record" and field.config.get("public")}


def _closed(form: Form) -> set[str]:
    """Fields that nobody outside may choose in: they would show the tenant's people, units and records."""
    return {key for key, field in form.fields.items() if _is_closed(field)}


def _is_closed(field: Field) -> bool:
    """A subform is, if one of its columns is: rows are filled in as a whole."""
    if field.columns is not None:
        return any(map(_is_closed, field.columns.fields.values()))
    return field.kind in ("person", "unit") or (field.kind == "record" and not field.config.get("public"))


def _public_rights(definition: Definition) -> dict[str, str]:
    form = definition.form_of(definition.start)
    return {**definition.rights_of(definition.start), **dict.fromkeys(_closed(form) if form else (), "hidden")}


def _allowed(form: Form, raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in _closed(form)}


def _follow(opened: dict[str, Any], task_id: str = "", raw: Any = None, errors: Any = None) -> dict[str, Any]:
    return showing.customer_page(g.tenant, ticket_of(opened["ticket"]), task_id, raw, errors)


def _follow_page(token: str, **found: Any) -> str:
    more = {
        "token": token,
        "statement": queries.shown_to_partner(found["ticket"]),
        "not_yet": queries.waits_for_us(found["ticket"]) and queries.statement_of(found["ticket"]) is not None,
        "unanswered": queries.unanswered_about(found["ticket"]) if found["tasks"] else [],
        "ports": _ports("follow", token),
        "kept_as": customer().upload_key,
    }
    return render_template("public/follow.html", **found, **more)


def _ports(purpose: str, token: str) -> dict[str, str]:
    return {
        "choose": url_for(".choices", purpose=purpose, token=token, kind="KIND"),
        "upload": url_for(".upload", purpose=purpose, token=token),
        "regions": url_for(".regions"),
    }
