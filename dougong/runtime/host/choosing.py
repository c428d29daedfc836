"""自选审批人: what the page asks of whoever files a ticket."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from dougong.platform.people import Member
from dougong.platform.store import db, driver_reading
from dougong.runtime.case import Case, Token
from dougong.runtime.definition import Definition, Node
from dougong.runtime.nodes._chosen import PREFIX, Chosen, bounds, choosing, pool
from dougong.runtime.nodes._type import At
from dougong.runtime.reason import Reason

from . import answers
from .verbs import Actor

LISTED: Final = 40  # people who are all shown; more are looked for


@dataclass(frozen=True)
class Picker:
    """`people`: (id, name) of all that may be chosen, where they are few and known before the form is filled in; else None."""

    node: Node
    least: int
    most: int
    people: list[tuple[str, str]] | None
    chosen: list[tuple[str, str]]
    error: Reason | None


def asked(form: MultiDict[str, str], definition: Definition) -> dict[str, list[str]]:
    """What a browser sent."""
    return {node.uid: [one[:36] for one in form.getlist(PREFIX + node.uid) if one][:21] for node in choosing(definition)}


def pickers(
    actor: Actor, definition: Definition, chosen: Chosen, data: Mapping[str, Any], errors: Mapping[str, Reason]
) -> list[Picker]:
    nodes = choosing(definition)
    if not nodes:
        return []
    case = Case(definition.key, definition.version, dict(data), initiator=actor.principal, unit=actor.unit_id)
    found = []
    with driver_reading(actor.tenant_id) as connection:
        world = answers.world(connection, actor.tenant_id, actor.zone, actor.principal)
        for node in nodes:
            among = None if _by_field(node) else pool(At(definition, node, case, Token(0, node.uid), world))
            people = _named(among) if among is not None and len(among) <= LISTED else None
            named = _named(chosen.get(node.uid, ()))
            found.append(Picker(node, *bounds(node.config["who"]), people, named, errors.get(PREFIX + node.uid)))
    return found


def _by_field(node: Node) -> bool:
    """Who is among them depends on what is filled in."""
    return "field" in (node.config["who"].get("unit") or {})


def _named(ids: Collection[str]) -> list[tuple[str, str]]:
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(list(ids)), Member.active)).all()
    names = {row.id: row.name for row in rows}
    return [(one, names[one]) for one in ids if one in names]
