"""The pages of webhooks, out and in: who is told, how each telling went, and where others file tickets."""

import json
from typing import Any, Final

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response

from dougong.platform import links
from dougong.platform.access import needs
from dougong.platform.messages import say, t
from dougong.platform.once import sent_once
from dougong.platform.organisation import Refused, reason
from dougong.platform.outbound import CallFailed
from dougong.platform.paging import asked_page, paged
from dougong.platform.store import db
from dougong.platform.web import limiter

from .. import definitions, hooks, listeners, reading
from ..arrivals import Arrival
from ..hooks import Hook
from ..tables import Ticket
from ..webhooks import EVENTS, Delivery, Webhook, post
from .hook import address

COMMAND: Final = """SECRET='{secret}'
BODY='{body}'
ID="msg-$(date +%s)"; AT="$(date +%s)"
KEY="$(printf %s "${{SECRET#whsec_}}" | base64 -d | od -An -tx1 -v | tr -d ' \\n')"
SIGN="$(printf %s "$ID.$AT.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)"
curl '{address}' -H 'content-type: application/json' \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $AT" -H "webhook-signature: v1,$SIGN" -d "$BODY"
"""
pages = Blueprint("webhooks", __name__, url_prefix="/t/<tenant>/settings")


@pages.get("/webhooks")
@needs("connections.manage")
def index() -> str:
    return _index()


@pages.post("/webhooks")
@needs("connections.manage")
@sent_once(".index", "form.secret_sent")
def create() -> Any:
    draft = _draft()
    try:
        secret = listeners.save(g.who, None, **draft)
    except Refused as refused:
        db.session.rollback()
        return _index(draft, refused.errors), 422
    return render_template("webhooks/secret.html", title=draft["title"], secret=secret, address=None)


@pages.route("/webhooks/<webhook_id>", methods=["GET", "POST"])
@needs("connections.manage")
def show(webhook_id: str) -> Any:
    """One, with the log of its deliveries."""
    row = _webhook(webhook_id)
    if request.method != "POST":
        return _show(row, {"title": row.title, "url": row.url, "events": row.events, "active": row.active})
    draft = _draft()
    try:
        listeners.save(g.who, webhook_id, **draft)
    except Refused as refused:
        db.session.rollback()
        return _show(_webhook(webhook_id), draft, refused.errors), 422
    flash(t("webhooks.saved", title=draft["title"]))
    return redirect(url_for(".show", webhook_id=webhook_id))


@pages.post("/webhooks/<webhook_id>/renew")
@needs("connections.manage")
def renew(webhook_id: str) -> str:
    row = _webhook(webhook_id)
    return render_template("webhooks/secret.html", title=row.title, secret=listeners.renew(g.who, row.id), address=None)


@pages.post("/webhooks/<webhook_id>/test")
@needs("connections.manage")
@limiter.limit("6/minute")
def test(webhook_id: str) -> Response:
    """Say hello now, and tell how it went. No transaction is open while the answer is waited for."""
    said = listeners.hello(db.session(), _webhook(webhook_id))
    db.session.rollback()
    try:
        flash(t("webhooks.test_done", status=post(*said)))
    except CallFailed as failed:
        flash(say(reason(failed.code, **failed.params)))
    return redirect(url_for(".show", webhook_id=webhook_id))


@pages.post("/webhooks/<webhook_id>/delete")
@needs("connections.manage")
def delete(webhook_id: str) -> Response:
    listeners.remove(g.who, _webhook(webhook_id).id)
    flash(t("org.removed"))
    return redirect(url_for(".index"))


@pages.post("/webhooks/<webhook_id>/deliveries/<delivery_id>/replay")
@needs("connections.manage")
def replay(webhook_id: str, delivery_id: str) -> Response:
    try:
        listeners.replay(g.who, webhook_id, delivery_id)
    except LookupError:
        abort(404)
    flash(t("webhooks.replayed"))
    return redirect(url_for(".show", webhook_id=webhook_id))


@pages.post("/hooks")
@needs("connections.manage")
@sent_once(".index", "form.secret_sent")
def create_hook() -> Any:
    draft = {"title": _given("title", 100), "workflow": _given("workflow", 40), "message": _given("message", 40)}
    try:
        hook_id, secret = hooks.create(g.who, draft["title"], draft["workflow"], draft["message"])
    except Refused as refused:
        db.session.rollback()
        return _index(hook_draft=draft, hook_errors=refused.errors), 422
    return _hook_secret(_hook(hook_id), secret)


@pages.get("/hooks/<hook_id>")
@needs("connections.manage")
def show_hook(hook_id: str) -> str:
    """How to send to it, and what has come."""
    row = _hook(hook_id)
    seen = reading.visible(g.who)
    of = (Ticket.tenant_id == Arrival.tenant_id) & (Ticket.id == Arrival.ticket_id) & seen
    log: Any = select(Arrival, Ticket.number).outerjoin(Ticket, of).where(Arrival.hook_id == row.id)
    page = paged(log.order_by(Arrival.id.desc()), asked_page(), 30)
    fields, _ = hooks.wanted(row)
    return render_template("webhooks/hook.html", row=row, fields=fields, page=page, **_how(row, "whsec_…"))


@pages.post("/hooks/<hook_id>/renew")
@needs("connections.manage")
def renew_hook(hook_id: str) -> str:
    row = _hook(hook_id)
    secret = hooks.renew(g.who, row.id)
    return _hook_secret(_hook(hook_id), secret)


@pages.post("/hooks/<hook_id>/delete")
@needs("connections.manage")
def delete_hook(hook_id: str) -> Response:
    hooks.remove(g.who, _hook(hook_id).id)
    flash(t("org.removed"))
    return redirect(url_for(".index"))


def _index(draft: Any = None, errors: Any = None, hook_draft: Any = None, hook_errors: Any = None) -> str:
    failed = select(Delivery.webhook_id, func.count()).where(Delivery.state == "failed").group_by(Delivery.webhook_id)
    workflows = {one.key: one.title for one in definitions.workflows()}
    bad = func.sum(case((Arrival.status < 400, 0), else_=1))
    came = select(Arrival.hook_id, func.max(Arrival.at), bad).group_by(Arrival.hook_id)
    incoming = db.session.scalars(select(Hook).order_by(Hook.id)).all()
    return render_template(
        "webhooks/index.html",
        rows=db.session.scalars(select(Webhook).order_by(Webhook.id)).all(),
        failed=dict(iter(db.session.execute(failed))),
        draft=draft or {"title": "", "url": "", "events": list(EVENTS), "active": True},
        errors=errors or {},
        events=EVENTS,
        hooks=incoming,
        came={hook_id: (at, wrong) for hook_id, at, wrong in db.session.execute(came)},
        addresses={one.id: _address(one.id) for one in incoming},
        workflows=workflows,
        hook_draft=hook_draft or {"title": "", "workflow": ""},
        hook_errors=hook_errors or {},
    )


def _show(row: Webhook, draft: dict[str, Any], errors: Any = None) -> str:
    of = (Ticket.tenant_id == Delivery.tenant_id) & (Ticket.id == Delivery.ticket_id)
    log: Any = select(Delivery, reading.visible(g.who)).join(Ticket, of).where(Delivery.webhook_id == row.id)
    page = paged(log.order_by(Delivery.id.desc()), asked_page(), 30)
    return render_template("webhooks/show.html", row=row, draft=draft, errors=errors or {}, events=EVENTS, page=page)


def _hook_secret(row: Hook, secret: str) -> str:
    return render_template("webhooks/secret.html", title=row.title, secret=secret, **_how(row, secret))


def _how(row: Hook, secret: str) -> dict[str, Any]:
    """Its address, and a message as a shell sends it."""
    body = json.dumps(hooks.wanted(row)[1], ensure_ascii=False).replace("'", "’")
    where = _address(row.id)
    return {"address": where, "command": COMMAND.format(secret=secret, body=body, address=where)}


def _address(hook_id: str) -> str:
    return links.address("hook.receive", token=address(g.who.tenant_id, hook_id))


def _draft() -> dict[str, Any]:
    events = [event for event in EVENTS if event in request.form.getlist("events")]
    active = request.form.get("active") == "1"
    return {"title": _given("title", 100), "url": _given("url", 1000), "events": events, "active": active}


def _given(name: str, longest: int) -> str:
    return request.form.get(name, "").strip()[:longest]


def _webhook(webhook_id: str) -> Webhook:
    return db.session.scalar(select(Webhook).where(Webhook.id == webhook_id)) or abort(404)


def _hook(hook_id: str) -> Hook:
    return db.session.scalar(select(Hook).where(Hook.id == hook_id)) or abort(404)
