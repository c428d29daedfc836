"""The front door: sign in and out, choose a tenant and a language."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from . import accounts, messages
from .access import operator_only, public, signed_in
from .people import Membership
from .store import db, new_id
from .tenancy import Tenant
from .web import limiter

front = Blueprint("front", __name__)


@front.get("/")
@public
def home() -> Response:
    if g.account is None:
        return redirect(url_for(".sign_in"))
    if g.account.operator:
        return redirect(url_for(".operator"))
    return redirect(url_for(".tenants"))


@front.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("10/minute;60/hour", methods=["POST"], deduct_when=lambda response: response.status_code == 422)
def sign_in() -> str | Response | tuple[str, int]:
    if request.method != "POST":
        return redirect(url_for(".home")) if g.account else render_template("front/sign_in.html", email="")
    email = request.form.get("email", "")[:200]
    account = accounts.checked(email, request.form.get("password", "")[:200])
    if account is None:
        return render_template("front/sign_in.html", email=email, wrong=True), 422
    language = session.get("language") or account.language
    session.clear()
    session.update(account=account.id, stamp=account.stamp, fresh=new_id())
    if language in messages.LANGUAGES:
        session["language"] = language
    return redirect(_local(request.args.get("next")) or url_for(".home"))


@front.post("/sign-out")
@signed_in
def sign_out() -> Response:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for(".sign_in"))


@front.post("/language")
@public
def set_language() -> Response:
    language = request.form.get("language", "")
    if language not in messages.LANGUAGES:
        abort(400)
    session["language"] = language
    if g.account:
        accounts.set_language(g.account.id, language)
    return redirect(_local(request.form.get("next")) or url_for(".home"))


@front.get("/tenants")
@signed_in
def tenants() -> str | Response:
    """The tenants one belongs to; straight on where it is only one."""
    found = tenants_of(g.account.id)
    if len(found) == 1 and "choose" not in request.args:
        return redirect(url_for("inbox.home", tenant=found[0].slug))
    return render_template("front/tenants.html", tenants=found)


@front.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> str | Response | tuple[str, int]:
    """Change one's password; other sessions end."""
    if request.method != "POST":
        return render_template("front/account.html", errors={})
    errors = {}
    if accounts.checked(g.account.email, request.form.get("old", "")[:200]) is None:
        errors["old"] = "account.wrong_password"
    new = request.form.get("new", "")[:200]
    if len(new) < accounts.LEAST_PASSWORD:
        errors["new"] = "account.password_too_short"
    if errors:
        return render_template("front/account.html", errors=errors), 422
    accounts.set_password(g.account.id, new)
    fresh = db.session.get(accounts.Account, g.account.id, populate_existing=True)
    session["stamp"] = fresh.stamp if fresh else None
    flash(messages.t("account.password_changed"))
    return redirect(url_for(".account"))


@front.get("/operator")
@operator_only
def operator() -> str:
    """The platform operator's page: which tenants there are. He does not see into them."""
    found = db.session.scalars(select(Tenant).order_by(Tenant.slug)).all()
    return render_template("front/operator.html", tenants=found)


def tenants_of(account_id: str) -> list[Tenant]:
    joined = select(Tenant).join(Membership, Membership.tenant_id == Tenant.id).order_by(Tenant.slug)
    return list(db.session.scalars(joined.where(Membership.account_id == account_id)))


def _local(address: str | None) -> str | None:
    """An address of our own to return to; never another site's."""
    if not address:
        return None
    parts = urlsplit(address.replace("\\", "/"))
    return (
        address if not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//") else None
    )
