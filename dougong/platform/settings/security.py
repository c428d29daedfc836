"""How the members of this tenant sign in: whether everybody must use a second factor, and who has none yet."""

from flask import flash, g, redirect, render_template, url_for
from sqlalchemy import exists, select
from werkzeug.wrappers import Response

from .. import audit
from ..access import needs
from ..messages import t
from ..organisation import changes, reason
from ..paging import asked_page, paged
from ..people import Member
from ..second_factor import SecondFactor
from ..store import db, transaction
from ..tenancy import Tenant
from ._common import given, settings


@settings.get("/security")
@needs("org.manage")
def security() -> str:
    has = exists().where(SecondFactor.account_id == Member.account_id)
    without = paged(select(Member).where(Member.active, ~has).order_by(Member.name), asked_page())
    demanded = db.session.get_one(Tenant, g.who.tenant_id).second_factor
    return render_template("settings/security.html", demanded=demanded, without=without)


@settings.post("/security")
@needs("org.manage")
def set_security() -> Response:
    wanted = given("second_factor") == "1"
    with transaction(g.who.tenant_id) as session:
        tenant = session.get_one(Tenant, g.who.tenant_id)
        told = changes({"security.second_factor": _word(tenant.second_factor)}, {"security.second_factor": _word(wanted)})
        tenant.second_factor = wanted
        if told:
            audit.record(session, g.who, "changed", "tenant", tenant.id, tenant.name, changes=told)
    flash(t("security.saved"))
    return redirect(url_for(".security"))


def _word(demanded: bool) -> dict[str, object]:
    return reason("security.on" if demanded else "security.off")
