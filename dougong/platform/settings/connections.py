"""Connections to other systems as a page: set, changed, removed; their headers are never shown again."""

from typing import Any

from flask import abort, flash, g, render_template, request
from werkzeug.wrappers import Response

from .. import connections as kept
from ..access import needs
from ..messages import t
from ..organisation import Refused
from ..store import db
from ._common import back, given, settings


@settings.get("/connections")
@needs("connections.manage")
def connections() -> str:
    return _page({"key": "", "title": "", "url": ""})


@settings.post("/connections")
@needs("connections.manage")
def save_connection() -> Any:
    draft = {"key": given("key", 40), "title": given("title", 100), "url": given("url", 500)}
    try:
        kept.save(g.who, draft["key"], draft["title"], draft["url"], request.form.get("headers", "")[:10_000])
    except Refused as refused:
        db.session.rollback()
        return _page(draft, refused.errors), 422
    flash(t("connection.saved", title=draft["title"]))
    return back(".connections")


@settings.post("/connections/<connection_id>/delete")
@needs("connections.manage")
def delete_connection(connection_id: str) -> Response:
    try:
        kept.remove(g.who, connection_id)
    except LookupError:
        abort(404)
    flash(t("org.removed"))
    return back(".connections")


def _page(draft: dict[str, str], errors: Any = None) -> str:
    return render_template("settings/connections.html", rows=kept.listed(db.session()), draft=draft, errors=errors or {})
