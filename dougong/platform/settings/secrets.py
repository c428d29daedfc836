"""Secrets of the tenant as a page: set, replaced, deleted; what one is, no page ever shows."""

from typing import Any

from flask import abort, flash, g, render_template, request
from werkzeug.wrappers import Response

from .. import secrets as kept
from ..access import needs
from ..messages import t
from ..organisation import Refused
from ..store import db, transaction
from ._common import back, given, settings


@settings.get("/secrets")
@needs("connections.manage")
def secrets() -> str:
    return _page({"key": "", "title": ""})


@settings.post("/secrets")
@needs("connections.manage")
def set_secret() -> Any:
    """A new one, or another value for one that is there."""
    draft = {"key": given("key", 80), "title": given("title", 100)}
    value = request.form.get("value", "").strip()[: kept.LONGEST]
    if errors := kept.wrong(draft["key"], draft["title"], value):
        return _page(draft, Refused(**errors).errors), 422
    with transaction(g.who.tenant_id) as session:
        kept.put(session, g.who, draft["key"], draft["title"], value)
    flash(t("secrets.saved", title=draft["title"]))
    return back(".secrets")


@settings.post("/secrets/<secret_key>/delete")
@needs("connections.manage")
def delete_secret(secret_key: str) -> Response:
    if not kept.KEY.fullmatch(secret_key):
        abort(404)
    try:
        with transaction(g.who.tenant_id) as session:
            kept.drop(session, g.who, secret_key)
    except LookupError:
        abort(404)
    flash(t("org.removed"))
    return back(".secrets")


def _page(draft: dict[str, str], errors: Any = None) -> str:
    return render_template("settings/secrets.html", rows=kept.listed(db.session()), draft=draft, errors=errors or {})
