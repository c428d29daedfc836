"""数据权限: the page where the company says how far each role and, as an exception, a member sees; with what that comes to."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Select, func, select

from dougong.platform import scopes
from dougong.platform.access import ROLES, Who, needs
from dougong.platform.messages import t
from dougong.platform.organisation import Refused
from dougong.platform.paging import COUNTED, asked_page, count, paged
from dougong.platform.people import Member, MemberRole, roles_of, tree, units_of
from dougong.platform.scopes import AREAS, DEFAULTS, REACHES
from dougong.platform.store import db

from .. import reading
from ..tables import Record, Ticket

pages = Blueprint("scopes", __name__, url_prefix="/t/<tenant>/settings/scopes")


@pages.get("/")
@needs("org.manage")
def index() -> str:
    return _page()


@pages.get("/units")
@needs("org.manage")
def units() -> str:
    """What a ladder offers where somebody sees these units."""
    area = request.args.get("area", "")
    row = scopes.kept(db.session(), area).get(request.args.get("subject", "")[:60])
    every = tree(units_of(db.session()))
    return render_template("settings/_scope_units.html", units=every, area=area, chosen=row.units if row else [])


@pages.post("/role/<any(tenant_admin, designer, staff, finance, viewer):role>")
@needs("org.manage")
def set_role(role: str) -> Any:
    return _keep(f"role:{role}")


@pages.post("/member/<member_id>")
@needs("org.manage")
def set_member(member_id: str) -> Any:
    return _keep(f"member:{member_id}")


def _keep(subject: str) -> Any:
    given = {area: (request.form.get(area, "")[:10], request.form.getlist(f"{area}_units")[:500]) for area in AREAS}
    try:
        scopes.keep(g.who, subject, given)
    except LookupError:
        abort(404)
    except Refused as refused:
        db.session.rollback()
        return _page(subject, given, refused.errors), 422
    flash(t("scope.saved"))
    return redirect(url_for(".index", page=asked_page(), _anchor=subject))


def _page(subject: str = "", given: Any = None, errors: Any = None) -> str:
    """With what was just asked for `subject` and does not do."""
    known = {area: scopes.kept(db.session(), area) for area in AREAS}
    wanted = select(Member).where(Member.active).order_by(Member.name, Member.id)
    page = paged(wanted, asked_page())
    set_here = {
        one: {area: (row.reach, row.units) for area, kept in known.items() if (row := kept.get(one))}
        for one in _subjects(page.rows)
    }
    return render_template(
        "settings/scopes.html", roles=ROLES, holders=_holders(), page=page, areas=AREAS, reaches=REACHES, defaults=DEFAULTS,
        units=tree(units_of(db.session())), kept={**set_here, **({subject: given} if subject else {})}, wrong=subject,
        errors=errors or {}, seen={one.id: _seen(one) for one in page.rows}, totals=_totals(),
    )  # fmt: skip


def _subjects(members: list[Member]) -> list[str]:
    return [*(f"role:{one}" for one in ROLES), *(f"member:{one.id}" for one in members)]


def _holders() -> dict[str, int]:
    """How many members have each role."""
    held = select(MemberRole.role, func.count()).join(
        Member, (Member.tenant_id == MemberRole.tenant_id) & (Member.id == MemberRole.member_id)
    )
    return dict(db.session.execute(held.where(Member.active).group_by(MemberRole.role)).all())


def _seen(member: Member) -> dict[str, str]:
    """How much he sees with what is set now."""
    who = Who(member.account_id, member.id, member.name, member.tenant_id, roles=roles_of(db.session(), member.id))
    return {
        "tickets": _count(select(Ticket.id).where(reading.visible(who))),
        "records": _count(reading.records(who).with_only_columns(Record.id)),
    }


def _totals() -> dict[str, str]:
    return {"tickets": _count(select(Ticket.id)), "records": _count(select(Record.id))}


def _count(wanted: Select[Any]) -> str:
    found = count(wanted, COUNTED)
    return f"{COUNTED}+" if found > COUNTED else str(found)
