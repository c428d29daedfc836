"""What the pages of the host share: who acts, how a browser's form is read, and how a form is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from ..reading import record_within
from ..saving import NAMES
from ..verbs import Actor

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
    """Where the browser asks for choices and sends uploads; `rows`: files for tables go to the page itself (`rows.py`)."""
    return {
        "rows": "here",
        "choose": url_for("filling.choices", kind="KIND"),
        "upload": url_for("filling.upload"),
        "regions": url_for("public.regions"),
    }


def kept(form: Form, raw: Mapping[str, Any], owner: str = "", by: Actor | None = None) -> dict[str, Any]:
    """What was typed, ready to stand in the form again: what was chosen with its title, what was uploaded with its name.

    `owner` is what the form belongs to ("ticket:<id>"), `by` who filled it in where it is not who is signed in.
    """
    me = by or actor()
    return _named(form, raw, _Namer((me.uploads, owner), me))


def _named(form: Form, raw: Mapping[str, Any], namer: "_Namer") -> dict[str, Any]:
    found = {}
    for key, value in raw.items():
        part = form.fields[key]
        columns = part.columns
        found[key] = [_named(columns, row, namer) for row in value] if columns is not None else namer.named(part, value)
    return found


@dataclass(frozen=True)
class _Namer:
    """Asks for each name once: the rows of a table repeat themselves."""

    owners: tuple[str, ...]
    me: Actor
    known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def named(self, part: Field, value: Any) -> Any:
        kind = part.type.name
        if kind == "files":
            known = files.found(db.session(), value)
            return [file.to_json() for file in known.values() if file.owner in self.owners]
        if kind not in ("record", "person", "unit") or not isinstance(value, str) or not value:
            return value
        if (kind, value) not in self.known:
            self.known[kind, value] = self._title(kind, value)
        title = self.known[kind, value]
        return {"id": value, "title": title} if title is not None else value

    def _title(self, kind: str, row_id: str) -> Any:
        if kind == "record":
            found = record_within(self.me.sees(), row_id)
            return found.title if found is not None else None
        table: Any = {"person": Member, "unit": Unit}[kind]
        row = db.session.scalar(select(table).where(table.id == row_id))
        return row.name if row is not None else None
