"""What the pages of the host share: who acts, how a browser's form is read, and how a form is drawn."""

from collections.abc import Mapping
from typing import Any

from flask import g, request, url_for

from dougong.platform.messages import language
from dougong.platform.store import read
from dougong.runtime.form import Form, Rights
from dougong.runtime.form_view import SectionView, form_view
from dougong.runtime.reason import Reason

from ..cases import NAMES, Actor

PREFIX = "f."
_FIRST_UNIT = "SELECT unit_id FROM unit_member WHERE tenant_id = :tenant AND member_id = :member ORDER BY id LIMIT 1"


def actor() -> Actor:
    """Whoever is signed in. His (first) unit is where what he files belongs."""
    who = g.who
    units = read(_FIRST_UNIT, tenant=who.tenant_id, member=who.member_id)
    return Actor(
        tenant_id=who.tenant_id,
        zone=g.tenant.zone,
        principal=f"person:{who.member_id}",
        name=who.name,
        principals=who.principals,
        unit_id=units[0][0] if units else None,
    )


def gathered(form: Form) -> dict[str, Any]:
    """What the browser sent for the fields of a form; their names begin with "f."."""
    return form.gather(lambda name: request.form.getlist(PREFIX + name))


def drawn(
    form: Form,
    data: Mapping[str, Any],
    rights: Rights,
    raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, Reason] | None = None,
) -> list[SectionView]:
    return form_view(form, data, rights, language(), NAMES, raw, errors)


def ports() -> dict[str, str]:
    """Where the browser asks for choices and sends uploads."""
    return {
        "choose": url_for("tickets.choices", kind="KIND"),
        "upload": url_for("tickets.upload"),
        "regions": url_for("public.regions"),
    }


def page_number() -> int:
    value = request.args.get("page", "1")
    return int(value) if value.isdecimal() and len(value) < 7 else 1
