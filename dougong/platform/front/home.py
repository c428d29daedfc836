"""Where one goes from the door: a tenant, a language, the operator's page."""

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import accounts, messages, wakeups
from ..access import operator_only, public, signed_in
from ..jobs import Executor
from ..languages import NAMES
from ..paging import asked_page, paged
from ..people import tenants_of
from ..store import db, transaction
from ..tenancy import Tenant
from ..wakeups import PLATFORM, Backlog
from ._common import front, given, local


@front.get("/")
@public
def home() -> Response:
    if g.account is None:
        return redirect(url_for(".sign_in"))
    if g.account.operator:
        return redirect(url_for(".operator"))
    return redirect(url_for(".tenants"))


@front.post("/language")
@public
def set_language() -> Response:
    language = request.form.get("language", "")
    if language not in NAMES:
        abort(400)
    session["language"] = language
    if g.account:
        accounts.set_language(g.account.id, language)
    return redirect(local(request.form.get("next")) or url_for(".home"))


@front.get("/tenants")
@signed_in
def tenants() -> str | Response:
    """The tenants one belongs to; straight on where it is only one."""
    found = tenants_of(g.account.id)
    if len(found) == 1 and "choose" not in request.args:
        return redirect(url_for("inbox.home", tenant=found[0].slug))
    return render_template("front/tenants.html", tenants=found)


@front.get("/operator")
@operator_only
def operator() -> str:
    """The platform operator's page: which tenants there are, what waits for them and how long. He does not see into them."""
    session = db.session()
    page = paged(select(Tenant).order_by(Tenant.slug), asked_page(), 50)
    waits: dict[str, list[Backlog]] = {}
    for one in wakeups.backlog(session):
        waits.setdefault(one.tenant_id, []).append(one)
    executors = session.scalars(select(Executor).order_by(Executor.id)).all()
    return render_template("front/operator.html", page=page, waits=waits, platform=PLATFORM, executors=executors)


@front.post("/operator/retry")
@operator_only
def retry() -> Response:
    """What was given up is tried once more: one tenant's, or everybody's."""
    tenant_id = given("tenant")
    with transaction(None) as session:
        count = wakeups.replay(session, tenant_id or None)
    flash(messages.t("effects.retried", n=count))
    return redirect(url_for(".operator"))
