"""Who fills a form, as its conditions ask for him (是填写人本人, 是填写人所在部门): looked up only where one of them does."""

from typing import Any

from sqlalchemy import select

from dougong.platform.people import UnitMember, units_of, with_below
from dougong.platform.store import db
from dougong.runtime.form import Form
from dougong.runtime.rules import ME


def told(form: Form | None, member_id: str | None) -> dict[str, Any]:
    """To be read with the data of the form; never kept."""
    return {ME: oneself(member_id)} if form is not None and form.asks_me and member_id else {}


def oneself(member_id: str) -> dict[str, Any]:
    """{"id", "units", "below"}: his units, and those with all below them."""
    session = db.session()
    units = sorted(session.scalars(select(UnitMember.unit_id).where(UnitMember.member_id == member_id)))
    return {"id": member_id, "units": units, "below": sorted(with_below(units_of(session), units))}
