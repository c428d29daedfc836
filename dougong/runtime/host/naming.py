"""People and those addressed, in words."""

from typing import Final

from sqlalchemy import select

from dougong.platform.documents import find
from dougong.platform.messages import pick, t
from dougong.platform.people import Member, Unit, UnitMember
from dougong.platform.store import db, driver_reading
from dougong.runtime.reason import Reason

from . import answers, reading
from .tables import Task

FEW: Final = 3


def who_may(task: Task) -> list[str]:
    """In words, to whom an open task is addressed."""
    if task.assignee_id:
        return [member_name(task.assignee_id)]
    return [_with_people(task.tenant_id, one) for one in reading.principals_of_tasks([task.id])[task.id]]


def _with_people(tenant_id: str, principal: str) -> str:
    """With a role or unit that means a few, who they are: one knows whom to ask."""
    called = principal_name(principal)
    if principal.startswith("person:"):
        return called
    with driver_reading(tenant_id) as driver:
        ids = answers.members_behind(driver, tenant_id, [principal])
    if not 0 < len(ids) <= FEW:
        return called
    names = db.session.scalars(select(Member.name).where(Member.id.in_(ids)).order_by(Member.name))
    return t("principal.of", called=called, names=t("timeline.comma").join(names))


def principal_name(principal: str) -> str:
    """A principal in words: the name of the person or unit, the title of the role."""
    kind, _, rest = principal.partition(":")
    role, _, unit_id = rest.partition("@")
    match kind:
        case "person":
            return member_name(rest)
        case "unit":
            return unit_name(rest)
        case "role":
            document = find(db.session(), "role", role)
            title = pick(document.title) if document else role
            return f"{title} · {unit_name(unit_id)}" if unit_id else title
    return t(f"principal.{principal}")


def member_name(member_id: str | None) -> str:
    return (db.session.scalar(select(Member.name).where(Member.id == member_id)) or "") if member_id else ""


def with_names(reason: Reason) -> Reason:
    """A reason that names persons by their ids, as people read it."""
    named = [name for name in map(member_name, reason.params.get("persons", ())) if name]
    return Reason(reason.code, {**reason.params, "who": t("timeline.comma").join(named)}) if named else reason


def places(member_ids: list[str]) -> dict[str, str]:
    """In which units these members are, and as what: what tells two of one name apart."""
    wanted = select(UnitMember.member_id, Unit.name, UnitMember.position).join(Unit, Unit.id == UnitMember.unit_id)
    found: dict[str, list[str]] = {}
    for member_id, name, position in db.session.execute(
        wanted.where(UnitMember.member_id.in_(member_ids)).order_by(UnitMember.id)
    ):
        found.setdefault(member_id, []).append(f"{pick(name)} · {position}" if position else pick(name))
    return {member_id: ", ".join(names) for member_id, names in found.items()}


def unit_name(unit_id: str) -> str:
    found = db.session.scalar(select(Unit).where(Unit.id == unit_id))
    return pick(found.name) if found else ""
