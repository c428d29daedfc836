"""Members: the list, what each may do, where he works, leaving and coming back."""

from typing import Any

from flask import abort, flash, g, render_template, request
from sqlalchemy import Select, exists, select

from .. import documents, joining, mail, second_factor
from ..access import ROLES, needs
from ..messages import t
from ..organisation import Refused
from ..paging import asked_page, paged
from ..people import Binding, Member, MemberRole, Unit, UnitMember, roles_of, tree, units_of
from ..store import db
from ._common import back, given, settings


@settings.get("/members")
@needs("org.manage")
def members() -> str:
    return _page({})


@settings.route("/members/<member_id>", methods=["GET", "POST"])
@needs("org.manage")
def member(member_id: str) -> Any:
    one = _member(member_id)
    draft: dict[str, Any] = {"name": one.name, "roles": roles_of(db.session(), one.id)}
    if request.method != "POST":
        return _one(one, draft, {})
    draft = {"name": given("name"), "roles": given_roles()}
    try:
        joining.change(g.who, member_id, draft["name"], draft["roles"])
    except Refused as refused:
        db.session.rollback()
        return _one(_member(member_id), draft, refused.errors), 422
    flash(t("members.saved", name=draft["name"]))
    return back(".member", member_id=member_id)


@settings.post("/members/<member_id>/deactivate")
@needs("org.manage")
def deactivate(member_id: str) -> Any:
    try:
        joining.deactivate(g.who, member_id)
    except Refused as refused:
        db.session.rollback()
        return page_of(member_id, refused.errors), 422
    except LookupError:
        abort(404)
    flash(t("members.deactivated"))
    return back(".member", member_id=member_id)


@settings.post("/members/<member_id>/reactivate")
@needs("org.manage")
def reactivate(member_id: str) -> Any:
    try:
        joining.reactivate(g.who, member_id)
    except LookupError:
        abort(404)
    flash(t("members.reactivated"))
    return back(".member", member_id=member_id)


def _page(errors: dict[str, Any]) -> str:
    asked = {
        "text": request.args.get("q", "").strip()[:100],
        "role": request.args.get("role", ""),
        "state": request.args.get("state", ""),
    }
    page = paged(_wanted(asked).order_by(Member.active.desc(), Member.name), asked_page())
    ids = [one.id for one in page.rows]
    return render_template(
        "settings/members.html", page=page, asked=asked, roles=ROLES, held=_held(ids), places=places_of(ids), errors=errors,
        draft={"email": "", "name": "", "roles": ["staff"]},
    )  # fmt: skip


def _wanted(asked: dict[str, str]) -> Select[Any]:
    wanted = select(Member)
    if text := asked["text"]:
        wanted = wanted.where(Member.name.icontains(text, autoescape=True) | Member.email.icontains(text, autoescape=True))
    if asked["role"] in ROLES:
        has = (MemberRole.tenant_id == Member.tenant_id, MemberRole.member_id == Member.id, MemberRole.role == asked["role"])
        wanted = wanted.where(exists().where(*has))
    match asked["state"]:
        case "active":
            return wanted.where(Member.active)
        case "left":
            return wanted.where(~Member.active)
    return wanted


def _held(ids: list[str]) -> dict[str, list[str]]:
    """The platform roles of these members."""
    found: dict[str, list[str]] = {one: [] for one in ids}
    for row in db.session.scalars(select(MemberRole).where(MemberRole.member_id.in_(ids))):
        found[row.member_id].append(row.role)
    return {one: [role for role in ROLES if role in held] for one, held in found.items()}


def places_of(ids: list[str]) -> dict[str, list[tuple[UnitMember, Unit]]]:
    """Where these members work."""
    found: dict[str, list[tuple[UnitMember, Unit]]] = {one: [] for one in ids}
    joined = select(UnitMember, Unit).join(Unit, (Unit.tenant_id == UnitMember.tenant_id) & (Unit.id == UnitMember.unit_id))
    for row, unit in db.session.execute(joined.where(UnitMember.member_id.in_(ids)).order_by(Unit.code)):
        found[row.member_id].append((row, unit))
    return found


def page_of(member_id: str, errors: dict[str, Any]) -> str:
    one = _member(member_id)
    return _one(one, {"name": one.name, "roles": roles_of(db.session(), one.id)}, errors)


def _one(one: Member, draft: dict[str, Any], errors: dict[str, Any]) -> str:
    places = places_of([one.id])[one.id]
    taken = {unit.id for _, unit in places}
    free = [(unit, depth) for unit, depth in tree(units_of(db.session())) if unit.id not in taken]
    titles = {role.key: role.title for role in documents.listed(db.session(), "role")}
    behind = db.session.scalars(select(Binding.role_key).where(Binding.member_id == one.id).order_by(Binding.role_key))
    return render_template(
        "settings/member.html",
        member=one,
        draft=draft,
        errors=errors,
        roles=ROLES,
        places=places,
        free=free,
        behind={key: titles.get(key, key) for key in behind},
        by_mail=mail.is_configured(),
        factor_had=second_factor.is_had(one.account_id),
    )


def _member(member_id: str) -> Member:
    return db.session.scalar(select(Member).where(Member.id == member_id)) or abort(404)


def given_roles() -> list[str]:
    return [role for role in ROLES if role in request.form.getlist("roles")]
