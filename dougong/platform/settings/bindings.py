"""Who stands behind the roles that the definitions name, and which calendar the company keeps."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import audit, documents, organisation
from ..access import needs
from ..documents import Document
from ..messages import t
from ..organisation import Refused, changes
from ..people import Binding, Member, Unit, UnitMember, units_of
from ..store import db, transaction
from ..tenancy import Tenant
from ._common import back, given, settings


@dataclass(frozen=True)
class Standing:
    """One who stands behind a role; `people` are those who can answer: none of a unit that nobody works in."""

    binding: Binding
    who: Member | Unit
    people: int


@settings.get("/bindings")
@needs("org.manage")
def bindings() -> str:
    return _page()


@settings.post("/bindings/<role_key>")
@needs("org.manage")
def bind(role_key: str) -> Any:
    who = given("who")
    role = documents.find(db.session(), "role", role_key)
    if role is None or role.archived:
        abort(404)
    try:
        organisation.bind(g.who, role_key, organisation.called(db.session(), who))
    except Refused as refused:
        db.session.rollback()
        return _page(role_key, who, refused.errors["who"]), 422
    except LookupError:
        abort(404)
    return back(".bindings", _anchor=role_key)


@settings.post("/bindings/<binding_id>/remove")
@needs("org.manage")
def unbind(binding_id: str) -> Response:
    try:
        organisation.unbind(g.who, binding_id)
    except LookupError:
        abort(404)
    return back(".bindings")


@settings.post("/calendar")
@needs("org.manage")
def set_calendar() -> Response:
    """By which calendar working time is reckoned where a step names none."""
    key = given("calendar") or None
    with transaction(g.who.tenant_id) as session:
        found = documents.find(session, "calendar", key) if key else None
        if key and (found is None or found.archived or found.active is None):
            abort(404)
        tenant = session.get_one(Tenant, g.who.tenant_id)
        told = changes({"bindings.calendar": tenant.calendar or "—"}, {"bindings.calendar": key or "—"})
        tenant.calendar = key
        if told:
            audit.record(session, g.who, "changed", "tenant", tenant.id, tenant.name, changes=told)
    flash(t("bindings.calendar.saved"))
    return back(".bindings")


def _page(role_key: str = "", asked: str = "", wrong: Any = None) -> str:
    session = db.session()
    roles = documents.listed(session, "role", drafts=True)
    behind = _behind()
    return render_template(
        "settings/bindings.html",
        roles=roles,
        behind=behind,
        uses=_uses(roles),
        orphans=sorted(set(behind) - {role.key for role in roles}),
        people=session.scalars(select(Member).where(Member.active).order_by(Member.name, Member.id)).all(),
        units=units_of(session),
        calendars=[one for one in documents.listed(session, "calendar") if one.active],
        calendar=session.get_one(Tenant, g.who.tenant_id).calendar,
        role_key=role_key,
        asked=asked,
        wrong=wrong,
    )


def _behind() -> dict[str, list[Standing]]:
    """By role: who stands behind it, people first."""
    session = db.session()
    members = {one.id: one for one in session.scalars(select(Member))}
    units = {one.id: one for one in units_of(session)}
    working = [row for row in session.scalars(select(UnitMember)) if members[row.member_id].active]
    found: dict[str, list[Standing]] = {}
    for row in session.scalars(select(Binding).order_by(Binding.role_key, Binding.unit_id.is_not(None), Binding.id)):
        if row.unit_id:
            one = Standing(row, units[row.unit_id], sum(1 for place in working if place.unit_id == row.unit_id))
        else:
            member = members[row.member_id or ""]
            one = Standing(row, member, int(member.active))
        found.setdefault(row.role_key, []).append(one)
    return found


def _uses(roles: list[Document]) -> dict[str, list[Document]]:
    """By role: the workflows in force that were published with it."""
    found: dict[str, list[Document]] = {role.key: [] for role in roles}
    for workflow, lock in documents.in_force(db.session(), "workflow"):
        for name in lock:
            kind, _, key = name.partition("/")
            if kind == "role" and key in found:
                found[key].append(workflow)
    return found
