"""Absences over the API (待办委托): who is away, and who may act for him meanwhile."""

from typing import Any

from flask import abort, g
from marshmallow import fields
from sqlalchemy import select

from dougong.platform.organisation import Refused, reason
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import answer, missing, of_fields
from dougong.platform.rest.shapes import Input, ListQuery, Output, ident, page_of, several, text
from dougong.platform.rest.shell import Room
from dougong.platform.store import db

from .. import standing_in
from ..acting import actor
from ..tables import Absence
from .shapes import MOMENT

room = Room("absences", __name__, "Absences: while somebody is away another may act for him.")


class AbsenceOut(Output):
    id = fields.String(required=True)
    member = fields.String(required=True, attribute="member_id", metadata={"description": "The id of who is away."})
    deputy = fields.String(required=True, attribute="deputy_id", metadata={"description": "The id of who stands in."})
    since = fields.String(required=True, metadata=MOMENT)
    until = fields.String(required=True, metadata=MOMENT)
    note = fields.String(required=True)
    workflows = fields.List(fields.String(), required=True, metadata={"description": "In which, by key; none: in all."})


class NewAbsence(Input):
    """Moments without a time zone are by the company's clock."""

    member = ident(load_default=None, says="Who is away: oneself, or with org.manage anybody.")
    deputy = ident(required=True, says="Who may do meanwhile what is addressed to him.")
    since = text(40, 1, "2026-01-31T09:30:00+08:00", required=True)
    until = text(40, 1, "2026-02-07T09:30:00+08:00", required=True)
    note = text(200, load_default="", example="年假")
    workflows = several(text(40, 1, "repair"), 200, load_default=list, example=[], says="By key, in which; none: in all.")


@room.operation("GET", "/absences", "tickets.see", query=ListQuery, answer=page_of(AbsenceOut))
def list_absences(asked: dict[str, Any]) -> Any:
    """Those that last or are to come: one's own, and those in which one stands in; with org.manage everybody's."""
    wanted = standing_in.absences(None if g.who.may("org.manage") else g.who.member_id or "")
    return page(wanted, Absence.id, asked, lambda one: one)


@room.operation("POST", "/absences", "tickets.see", body=NewAbsence, answer=AbsenceOut, status=201)
def add_absence(asked: dict[str, Any]) -> Any:
    """From `since` until `until` the deputy may do what is addressed to the member from then on."""
    member = asked["member"] or g.who.member_id or ""
    if member != g.who.member_id and not g.who.may("org.manage"):
        abort(403)
    since, until = (_moment(asked[name], name) for name in ("since", "until"))
    made = standing_in.stand_in(actor(), member, asked["deputy"], since, until, asked["note"].strip(), asked["workflows"])
    return db.session.scalar(select(Absence).where(Absence.id == made))


@room.operation("DELETE", "/absences/<absence_id>", "tickets.see", status=204)
def end_absence(absence_id: str) -> None:
    """It is over now: one's own, or with org.manage anybody's."""
    standing_in.end(actor(), absence_id, of_anybody=g.who.may("org.manage"))


def _moment(text: str, name: str) -> Any:
    try:
        return standing_in.when(text, g.who.zone)
    except ValueError:
        raise Refused(**{name: reason("absence.no_moment")}) from None


@room.when(LookupError)
def not_found(error: LookupError) -> Any:
    return missing()


@room.when(Refused)
def refused(error: Refused) -> Any:
    return answer(of_fields(error.errors))
