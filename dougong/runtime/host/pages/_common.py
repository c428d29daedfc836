"""What the pages of the host share: who acts, how a browser's form is read, and how a form is drawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from sqlalchemy import select

from dougong.platform import files
from dougong.platform.messages import language
from dougong.platform.people import Member, Unit
from dougong.platform.store import db
from dougong.runtime.form import Field, Form, Rights
from dougong.runtime.form_view import SectionView, form_view
from dougong.runtime.reason import Reason

from .. import oneself
from ..acting import actor
from ..cases import NAMES, Actor
from ..reading import record_within

PREFIX = "f."


def gathered(form: Form) -> dict[str, Any]:
    """What the browser sent for the fields of a form; their names begin with "f."."""
    return form.gather(lambda name: request.form.getlist(PREFIX + name))


def present() -> datetime:
    """The moment, in the company's zone."""
    return datetime.now(ZoneInfo(g.tenant.zone))


def drawn(
    form: Form,
    data: Mapping[str, Any],
    rights: Rights,
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, Reason] | None = None,
) -> list[SectionView]:
    me = oneself.told(form, g.who.member_id if g.get("who") else None)  # nobody, where a customer came by a link
    return form_view(form, {**data, **me}, rights, present(), language(), NAMES, raw, errors)


def ports() -> dict[str, str]:
    """Where the browser asks for choices and sends uploads."""
    return {
        "choose": url_for("tickets.choices", kind="KIND"),
        "upload": url_for("tickets.upload"),
        "regions": url_for("public.regions"),
    }


def kept(form: Form, raw: Mapping[str, Any], owner: str = "", by: Actor | None = None) -> dict[str, Any]:
    """What was typed, ready to stand in the form again: what was chosen with its title, what was uploaded with its name.

    `owner` is what the form belongs to ("ticket:<id>"), `by` who filled it in where it is not who is signed in.
    """
    me = by or actor()
    return {key: _named(form.fields[key], value, (me.uploads, owner), me) for key, value in raw.items()}


def _named(field: Field, value: Any, owners: tuple[str, ...], me: Actor) -> Any:
    match field.type.name:
        case "record" if isinstance(value, str) and value:
            found = record_within(me.sees(), value)
            return {"id": value, "title": found.title} if found is not None else value
        case "person" | "unit" if isinstance(value, str) and value:
            table: Any = {"person": Member, "unit": Unit}[field.type.name]
            row = db.session.scalar(select(table).where(table.id == value))
            return {"id": value, "title": row.name} if row is not None else value
        case "files":
            known = files.found(db.session(), value)
            return [file.to_json() for file in known.values() if file.owner in owners]
    return value
