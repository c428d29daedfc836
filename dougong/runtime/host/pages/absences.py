"""待办委托: while somebody is away another may act for him; and 交接, where somebody leaves."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select

from dougong.platform import organisation
from dougong.platform.access import needs
from dougong.platform.messages import say, t
from dougong.platform.once import sent_once
from dougong.platform.organisation import Refused, reason
from dougong.platform.people import Member
from dougong.platform.store import db, in_one, moment

from .. import definitions, standing_in
from ..acting import actor
from ._common import ports

pages = Blueprint("absences", __name__, url_prefix="/t/<tenant>/absences")


@pages.get("/")
@needs("tickets.see")
def index() -> str:
    return _page()


@pages.post("/")
@needs("tickets.see")
@sent_once(".index")
def add() -> Any:
    """For oneself; an administrator also for somebody who cannot do it himself."""
    form = request.form
    member = form.get("member", "")[:36] if g.who.may("org.manage") and form.get("member") else g.who.member_id
    try:
        if not member:
            abort(404)
        standing_in.stand_in(
            actor(), member, form.get("deputy", "")[:36], _moment("since"), _moment("until"), form.get("note", "").strip(),
            [key[:40] for key in form.getlist("workflows")[:200]],
        )  # fmt: skip
    except Refused as refused:
        db.session.rollback()
        return _page(refused.errors), 422
    flash(t("absence.added"))
    return redirect(url_for(".index"))


@pages.post("/<absence_id>/end")
@needs("tickets.see")
def end(absence_id: str) -> Any:
    try:
        standing_in.end(actor(), absence_id, of_anybody=g.who.may("org.manage"))
    except LookupError:
        abort(404)
    flash(t("absence.ended"))
    return redirect(url_for(".index"))


@pages.post("/hand-over")
@needs("org.manage")
def hand_over() -> Any:
    form = request.form
    try:
        if not form.get("why", "").strip():
            raise Refused(why=reason("repair.reason_missing"))
        leaver, to = form.get("leaver", "")[:36], form.get("to", "")[:36]
        with in_one(g.who.tenant_id):
            handed = standing_in.hand_over(actor(), leaver, to, form["why"].strip()[:200])
            roles = organisation.succeed(g.who, leaver, to) if form.get("roles") else 0
    except Refused as refused:
        db.session.rollback()
        return _page(refused.errors), 422
    flash(t("absence.handed_over_roles" if roles else "absence.handed_over", n=handed.tasks, roles=roles))
    told = [(number, say(why)) for number, why in handed.left]
    for words in dict.fromkeys(words for _, words in told):
        flash(f"{words} {', '.join([number for number, why in told if why == words][:5])}")
    return redirect(url_for(".index"))


def _page(errors: Any = None) -> str:
    found = db.session.scalars(
        standing_in.absences(None if g.who.may("org.manage") else g.who.member_id or "").limit(500)
    ).all()
    asked = {name: request.values.get(name, "")[:36] for name in ("member", "deputy", "leaver", "to")}
    ids = {one for row in found for one in (row.member_id, row.deputy_id)} | {one for one in asked.values() if one}
    names = dict(db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids))).all()) if ids else {}
    people = {name: (one, names[one]) if one in names else ("", "") for name, one in asked.items()}
    today = f"{datetime.now(ZoneInfo(g.who.zone)):%Y-%m-%d %H:%M}"
    told = {"rows": found, "names": names, "people": people, "now": moment(), "today": today}
    told |= {
        "errors": errors or {},
        "asked": request.form,
        "workflows": {one.key: one.title for one in definitions.workflows()},
    }
    return render_template("inbox/absences.html", **told, ports=ports())


def _moment(name: str) -> datetime:
    """A moment in the tenant's zone; Refused where it is none."""
    try:
        return standing_in.when(request.form.get(name, ""), g.who.zone)
    except ValueError:
        raise Refused(**{name: reason("absence.no_moment")}) from None
