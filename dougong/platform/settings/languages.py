"""The further languages in which this company writes what it designs: whoever reads one may choose it."""

from flask import abort, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from .. import audit
from ..access import needs
from ..languages import FURTHER, MOST, NAMES, nearest
from ..messages import t
from ..organisation import changes
from ..store import transaction
from ..tenancy import Tenant
from ._common import given, settings


@settings.get("/languages")
@needs("org.manage")
def languages() -> str:
    known = {tag: NAMES[tag] for tag in g.tenant.languages if tag in FURTHER}
    others = {tag: name for tag, name in FURTHER.items() if tag not in known}
    return render_template("settings/languages.html", known=known, others=others, nearest=nearest, full=len(known) >= MOST)


@settings.post("/languages")
@needs("org.manage")
def add_language() -> Response:
    tag = given("tag", 10)
    if tag not in FURTHER:
        abort(400)
    with transaction(g.who.tenant_id) as session:
        tenant = session.get_one(Tenant, g.who.tenant_id)
        if len(tenant.languages) >= MOST:
            abort(400)
        _kept(session, tenant, [*(one for one in tenant.languages if one != tag), tag])
    flash(t("languages.added", language=NAMES[tag]))
    return redirect(url_for(".languages"))


@settings.post("/languages/remove")
@needs("org.manage")
def remove_language() -> Response:
    """What is written in it stays in the definitions, and is there when the language is added again."""
    tag = given("tag", 10)
    with transaction(g.who.tenant_id) as session:
        tenant = session.get_one(Tenant, g.who.tenant_id)
        if tag not in tenant.languages:
            abort(404)
        _kept(session, tenant, [one for one in tenant.languages if one != tag])
    flash(t("languages.removed", language=NAMES.get(tag, tag)))
    return redirect(url_for(".languages"))


def _kept(session: Session, tenant: Tenant, tags: list[str]) -> None:
    told = changes({"settings.languages": _words(tenant.languages)}, {"settings.languages": _words(tags)})
    tenant.languages = tags
    audit.record(session, g.who, "changed", "tenant", tenant.id, tenant.name, changes=told)


def _words(tags: list[str]) -> list[str]:
    return [NAMES.get(tag, tag) for tag in tags]
