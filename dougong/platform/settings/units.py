"""The org tree, and who works in each unit."""

from collections import Counter
from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy import ColumnElement, func, select
from werkzeug.wrappers import Response

from .. import organisation, regions
from ..access import needs
from ..messages import language, pick, t
from ..organisation import Refused, UnitDraft
from ..people import UNIT_KINDS, Member, Unit, UnitMember, tree, units_of, with_below
from ..store import db
from ._common import back, given, settings


@settings.get("/")
@needs("org.manage")
def index() -> str:
    """The tree; at its side the unit that was chosen."""
    return _page(request.args.get("unit", "")[:36])


@settings.route("/units/new", methods=["GET", "POST"])
@needs("org.manage")
def new_unit() -> Any:
    if request.method != "POST":
        parent = request.args.get("parent", "")[:36]
        return render_template("settings/unit.html", **form_of(_beginning(units_of(db.session()), parent)))
    draft = _draft()
    try:
        unit_id = organisation.add_unit(g.who, draft)
    except Refused as refused:
        return render_template("settings/unit.html", **form_of(draft, refused.errors)), 422
    flash(t("org.added", name=draft.name))
    return back(".index", unit=unit_id)


@settings.route("/units/<unit_id>", methods=["GET", "POST"])
@needs("org.manage")
def edit_unit(unit_id: str) -> Any:
    unit = _unit(unit_id)
    if request.method != "POST":
        return render_template("settings/unit.html", **form_of(draft_of(unit), unit=unit))
    draft = _draft()
    try:
        organisation.change_unit(g.who, unit_id, draft)
    except Refused as refused:
        return render_template("settings/unit.html", **form_of(draft, refused.errors, unit)), 422
    except LookupError:
        abort(404)
    flash(t("org.saved", name=draft.name))
    return back(".index", unit=unit_id)


@settings.post("/units/<unit_id>/remove")
@needs("org.manage")
def remove_unit(unit_id: str) -> Any:
    try:
        organisation.remove_unit(g.who, unit_id)
    except Refused as refused:
        db.session.rollback()
        return _page(unit_id, next(iter(refused.errors.values()))), 422
    except LookupError:
        abort(404)
    flash(t("org.removed"))
    return back(".index")


@settings.post("/places")
@needs("org.manage")
def place() -> Any:
    """A member into a unit, or what is new about his place there."""
    unit_id, who = given("unit_id", 36), given("who")
    try:
        member_id = given("member", 36) or _person(who).id
        organisation.place(g.who, unit_id, member_id, given("position", organisation.LONGEST_POSITION), bool(given("head")))
    except Refused as refused:
        db.session.rollback()
        return _page(unit_id, asked=who, wrong=refused.errors["who"]), 422
    except LookupError:
        abort(404)
    return back(".index", unit=unit_id)


@settings.post("/places/<place_id>/remove")
@needs("org.manage")
def unplace(place_id: str) -> Response:
    try:
        organisation.unplace(g.who, place_id)
    except LookupError:
        abort(404)
    return back(".index")


def form_of(draft: UnitDraft, errors: dict[str, Any] | None = None, unit: Unit | None = None) -> dict[str, Any]:
    """The variables of the form of a unit. It may hang from whatever is not itself or below itself."""
    units = units_of(db.session())
    below = with_below(units, [unit.id]) if unit else set()
    parents = [(one, depth) for one, depth in tree(units) if one.id not in below]
    action = url_for(".edit_unit", unit_id=unit.id) if unit else url_for(".new_unit")
    return {"draft": draft, "errors": errors or {}, "unit": unit, "parents": parents, "kinds": UNIT_KINDS, "action": action}


def draft_of(unit: Unit) -> UnitDraft:
    zh, en = unit.name.get("zh-Hans", ""), unit.name.get("en", "")
    return UnitDraft(unit.code, unit.kind, zh, en, unit.parent_id or "", organisation.region_words(unit.regions, language()))


def _beginning(units: list[Unit], parent_id: str) -> UnitDraft:
    """A new unit before anything is filled in: the first is the head office."""
    return UnitDraft("", "store" if units else "head_office", "", "", parent_id, "")


def places(*which: ColumnElement[bool]) -> list[tuple[UnitMember, Member]]:
    """In units, and who has them, heads first."""
    mine = (Member.tenant_id == UnitMember.tenant_id) & (Member.id == UnitMember.member_id)
    wanted = select(UnitMember, Member).join(Member, mine).where(*which)
    return [(row, one) for row, one in db.session.execute(wanted.order_by(UnitMember.head.desc(), Member.name, Member.id))]


def _page(unit_id: str, problem: Any = None, asked: str = "", wrong: Any = None) -> str:
    units = units_of(db.session())
    chosen = next((one for one in units if one.id == unit_id), None)
    served = Counter(code for unit in units for code in unit.regions)
    new = form_of(_beginning(units, chosen.id if chosen else _root(units)))
    return render_template(
        "settings/index.html",
        rows=tree(units),
        heads=_heads(),
        people=places(UnitMember.unit_id == chosen.id) if chosen else [],
        counts=dict(db.session.execute(select(UnitMember.unit_id, func.count()).group_by(UnitMember.unit_id)).all()),
        chosen=chosen,
        twice={code for code, n in served.items() if n > 1},
        edit=form_of(draft_of(chosen), unit=chosen) if chosen else None,
        new=new,
        region_name=lambda code: regions.full_name(code, language()),
        problem=problem,
        asked=asked,
        wrong=wrong,
    )


def _heads() -> dict[str, list[str]]:
    """Their names, by unit."""
    found: dict[str, list[str]] = {}
    for row, member in places(UnitMember.head.is_(True)):
        found.setdefault(row.unit_id, []).append(member.name)
    return found


def _root(units: list[Unit]) -> str:
    return next((one.id for one in units if one.parent_id is None), "")


def _draft() -> UnitDraft:
    names = given("zh", organisation.LONGEST_NAME), given("en", organisation.LONGEST_NAME)
    return UnitDraft(given("code", 60), given("kind", 20), *names, given("parent", 36), given("regions", 2000))


def _unit(unit_id: str) -> Unit:
    return db.session.scalar(select(Unit).where(Unit.id == unit_id)) or abort(404)


def _person(text: str) -> Member:
    who = organisation.called(db.session(), text)
    if not isinstance(who, Member):
        raise Refused(who=organisation.reason("org.not_a_person", found=pick(who.name)))
    return who
