"""API tokens: one's own, and those of the tenant's services. The secret is shown once."""

from typing import Any

from flask import Blueprint, abort, flash, g, render_template, request
from werkzeug.wrappers import Response

from .. import issuing
from ..access import RIGHTS, ROLES, needs, signed_in
from ..messages import t
from ..once import sent_once
from ..organisation import Refused
from ..paging import asked_page, paged
from ._common import back, given, settings

mine = Blueprint("tokens", __name__, url_prefix="/t/<tenant>/tokens")


@mine.route("", methods=["GET", "POST"])
@signed_in
@sent_once(".index", "form.secret_sent")
def index() -> Any:
    """What one has let act in one's own name."""
    return _page(g.who.member_id) if request.method != "POST" else _made(g.who.member_id)


@mine.post("/<token_id>/revoke")
@signed_in
def revoke(token_id: str) -> Response:
    return _revoked(token_id, g.who.member_id, "tokens.index")


@settings.route("/tokens", methods=["GET", "POST"])
@needs("org.manage")
@sent_once("settings.tokens", "form.secret_sent")
def tokens() -> Any:
    """What acts for the tenant itself."""
    return _page(None) if request.method != "POST" else _made(None)


@settings.post("/tokens/<token_id>/revoke")
@needs("org.manage")
def revoke_service(token_id: str) -> Response:
    return _revoked(token_id, None, "settings.tokens")


def _made(member_id: str | None) -> Any:
    scopes, roles = request.form.getlist("scopes")[:100], request.form.getlist("roles")[:10]
    name, days = given("name"), int(given("days", 4)) if given("days", 4).isdecimal() else 0
    try:
        if member_id:
            _, secret = issuing.make_personal(g.who, name, scopes, days)
        else:
            _, secret = issuing.make_service(g.who, name, scopes, days, roles)
    except Refused as refused:
        draft = {"name": name, "days": given("days", 4), "scopes": scopes, "roles": roles}
        return _page(member_id, draft, refused.errors), 422
    return _page(member_id, secret=secret)


def _page(member_id: str | None, draft: dict[str, Any] | None = None, errors: Any = None, secret: str = "") -> str:
    offered = [right for right in RIGHTS if member_id is None or g.who.may(right)]
    return render_template(
        "settings/my_tokens.html" if member_id else "settings/tokens.html",
        page=paged(issuing.listed(member_id), asked_page()),
        draft=draft or {"name": "", "days": "90", "scopes": [], "roles": []},
        errors=errors or {},
        secret=secret,
        rights=offered,
        roles=ROLES,
        most=issuing.LONGEST_DAYS,
        revoke_at="tokens.revoke" if member_id else "settings.revoke_service",
    )


def _revoked(token_id: str, member_id: str | None, endpoint: str) -> Response:
    try:
        issuing.revoke(g.who, token_id, member_id)
    except LookupError:
        abort(404)
    flash(t("tokens.revoked"))
    return back(endpoint)
