"""Ways out of the page: the tenant's mail server and bots. What lets us in is never shown again."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy import select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .. import channels as ways
from .. import secrets
from ..access import needs
from ..channels import Channel, NotYet
from ..messages import say, t
from ..once import sent_once
from ..organisation import Refused, reason
from ..outbound import CallFailed
from ..people import Member
from ..secrets import Secret
from ..store import db, new_id, transaction
from ..web import limiter
from ._common import given, settings


@settings.get("/channels")
@needs("connections.manage")
def channels() -> str:
    return _page()


@settings.post("/channels")
@needs("connections.manage")
@sent_once(".channels")
def add_channel() -> Any:
    return _saved(None, "mail" if given("kind") == "mail" else "bot")


@settings.post("/channels/<channel_id>")
@needs("connections.manage")
def change_channel(channel_id: str) -> Any:
    return _saved(channel_id, _channel(channel_id).kind)


@settings.post("/channels/<channel_id>/test")
@needs("connections.manage")
@limiter.limit("6/minute")
def test_channel(channel_id: str) -> Response:
    """Send oneself a word, now. No transaction is open while the answer is waited for."""
    _channel(channel_id)
    try:
        with transaction(g.who.tenant_id) as session:
            row = session.scalars(select(Channel).where(Channel.id == channel_id)).one()
            to = session.scalars(select(Member.email).where(Member.id == g.who.member_id)).one()
            send = ways.sending(session, row, to, t("channels.test_title"), t("channels.test_text", name=g.who.name), new_id())
        send()
        flash(t("channels.test_done"))
    except NotYet as wait:
        flash(t("channels.not_yet", seconds=wait.seconds))
    except CallFailed as failed:
        flash(say(reason(failed.code, **failed.params)))
    return redirect(url_for(".channels"))


@settings.post("/channels/<channel_id>/delete")
@needs("connections.manage")
def delete_channel(channel_id: str) -> Response:
    ways.remove(g.who, _channel(channel_id).id)
    flash(t("org.removed"))
    return redirect(url_for(".channels"))


def _saved(channel_id: str | None, kind: str) -> Any:
    title, config = given("title", 100), {name: given(name) for name in ways.MAIL} if kind == "mail" else {}
    secret = request.form.get("secret", "").strip()[: secrets.LONGEST]
    try:
        ways.save(g.who, channel_id, kind, title, config, secret)
    except Refused as refused:
        db.session.rollback()
        draft = {"title": title, "kind": kind, "settings": {**ways.MAIL, **config}}
        return _page(channel_id or kind, draft, refused.errors), 422
    flash(t("webhooks.saved", title=title))
    return redirect(url_for(".channels"))


def _page(at: str = "", draft: Any = None, errors: Any = None) -> str:
    """`at`: the form that `draft` and `errors` belong to: a channel's id, or the kind of a new one."""
    rows = ways.listed(db.session())
    kept = {one.key: one for one in db.session.scalars(select(Secret).where(Secret.key.startswith("channel:")))}
    forms = {one.id: {"title": one.title, "kind": one.kind, "settings": one.settings} for one in rows}
    forms |= {kind: {"title": "", "kind": kind, "settings": dict(ways.MAIL)} for kind in ("bot", "mail")}
    if at:
        forms[at] = draft
    return render_template("settings/channels.html", rows=rows, forms=forms, kept=kept, at=at, errors=errors or {})


def _channel(channel_id: str) -> Channel:
    return db.session.scalar(select(Channel).where(Channel.id == channel_id)) or abort(404)
