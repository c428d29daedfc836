"""Who stands behind the roles that the definitions name, and which calendar the company keeps."""

from typing import Any, NamedTuple

from flask import abort, flash, g, render_template, request
from sqlalchemy import func, or_, select
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

SHOWN = 20  # of those behind a role; all of them where one asks for it alone
OFFERED = 20


class Standing(NamedTuple):
    """One who stands behind a role; `people` are those who can answer: none of a unit that nobody works in. `all`: how many
    stand there."""

    binding: Binding
    who: Member | Unit
    people: int
    all: int


@settings.get("/bindings")
@needs("org.manage")
def bindings() -> str:
    return _page()


@settings.get("/bindings/who")
@needs("org.manage")
def offered() -> str:
    """Whom somebody may mean who has begun to write, as the options of a field."""
    text = request.args.get("who", "").strip()[:100]
    says = or_(Member.name.icontains(text, autoescape=True), Member.email.icontains(text, autoescape=True))
    wanted = select(Member).where(Member.active, says).order_by(Member.name, Member.id).limit(OFFERED)
    known = units_of(db.session()) if request.args.get("units") else ()
    units = [one for one in known if any(text.casefold() in name.casefold() for name in (one.code, *one.name.values()))]
    return render_template("settings/_offered.html", people=db.session.scalars(wanted).all(), units=units[:OFFERED])


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
    session, only = db.session(), request.args.get("role", "")
    roles = documents.listed(session, "role", drafts=True)
    behind = _behind(only)
    return render_template(
        "settings/bindings.html",
        roles=[role for role in roles if only in ("", role.key)],
        behind=behind,
        uses=_uses(roles),
        orphans=sorted(set(behind) - {role.key for role in roles}),
        calendars=[one for one in documents.listed(session, "calendar") if one.active],
        calendar=session.get_one(Tenant, g.who.tenant_id).calendar,
        role_key=role_key,
        asked=asked,
        wrong=wrong,
        only=only,
    )


def _behind(only: str) -> dict[str, list[Standing]]:
    """By role: who stands behind it, people who can answer first; a few of each role, or all of the only one."""
    order = (Binding.unit_id.is_not(None), Member.active.desc(), Binding.id)
    place, every = (
        func.row_number().over(partition_by=Binding.role_key, order_by=order).label("place"),
        func.count().over(partition_by=Binding.role_key).label("every"),
    )
    ranked = select(Binding.id, place, every).outerjoin(Member, Member.id == Binding.member_id)
    few = ranked.where(Binding.role_key == only).subquery() if only else ranked.subquery()
    working = select(UnitMember.unit_id, func.count().label("people")).join(Member, Member.id == UnitMember.member_id)
    at = working.where(Member.active).group_by(UnitMember.unit_id).subquery()
    wanted = (
        select(Binding, Member, Unit, at.c.people, few.c.every)
        .join(few, few.c.id == Binding.id)
        .outerjoin(Member, Member.id == Binding.member_id)
        .outerjoin(Unit, Unit.id == Binding.unit_id)
        .outerjoin(at, at.c.unit_id == Binding.unit_id)
    )
    wanted = wanted if only else wanted.where(few.c.place <= SHOWN)
    found: dict[str, list[Standing]] = {}
    for row, member, unit, people, every in db.session.execute(wanted.order_by(Binding.role_key, few.c.place)):
        one = Standing(row, unit or member, people or 0 if unit else int(member.active), every)
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
