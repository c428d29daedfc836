"""数据权限: how far somebody sees, by role and, as an exception, by member; for tickets, and for records and statements.

The ladder: own, unit (where he works), subtree (and below), all, units (these). Several roles see what each of them sees; what
is set for a member counts instead. Where nothing is set, `DEFAULTS` says: heads see the tickets of their units and below.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, String, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import audit
from .access import RIGHTS, ROLES, Who
from .messages import catalogue
from .organisation import Refused, changes, found, reason
from .people import Member, Unit, UnitMember, units_of, with_below
from .store import Base, TenantTable, db, loads, read, transaction

AREAS: Final = ("tickets", "records")
REACHES: Final = ("own", "unit", "subtree", "all", "units")
HEADS: Final = "heads"  # what stands where nothing was set: his own, and for a head his units and below
SEES_ALL: Final = "tickets.see_all"
DEFAULTS: Final = {
    "tickets": {role: "all" if role in RIGHTS[SEES_ALL] else HEADS for role in ROLES},
    "records": dict.fromkeys(ROLES, "all"),
}


class RowScope(TenantTable, Base):
    """How far a subject ("role:staff", "member:<id>") sees in an area. `units`: which, where the reach is "units"."""

    __tablename__ = "row_scope"

    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    area: Mapped[str] = mapped_column(String(10), primary_key=True)
    reach: Mapped[str] = mapped_column(String(10))
    units: Mapped[list[str]] = mapped_column(JSON, default=list)


@dataclass(frozen=True)
class Sight:
    """The rows that somebody sees: all, else his own and those of these units. As a condition, and for a row at hand."""

    principal: str = ""
    all: bool = False
    units: frozenset[str] = frozenset()

    def condition(self, owner: Any, unit: Any) -> ColumnElement[bool]:
        return true() if self.all else or_(owner == self.principal, unit.in_(self.units))

    def covers(self, owner: str | None, unit_id: str | None) -> bool:
        return self.all or owner == self.principal or unit_id in self.units


EVERYTHING_SEEN: Final = Sight(all=True)
Reach = tuple[str, list[str]]
_KEPT = """
SELECT subject, reach, units FROM row_scope
WHERE tenant_id = :tenant AND area = :area AND (subject LIKE 'role:%' OR subject = :member)
"""


def sight(who: Who, area: str) -> Sight:
    """What this person sees now: asked anew each time, so that what was taken away is gone at once."""
    rows = read(_KEPT, tenant=who.tenant_id, area=area, member=f"member:{who.member_id}")
    kept = {subject: (reach, loads(units)) for subject, reach, units in rows}
    exception = kept.get(f"member:{who.member_id}")
    reaches = [exception] if exception else [kept.get(f"role:{one}", (DEFAULTS[area][one], [])) for one in who.roles]
    if area == "tickets" and _is_withheld(who):
        reaches = [(HEADS, []) if reach == "all" else (reach, units) for reach, units in reaches]
    if any(reach == "all" for reach, _ in reaches):
        return Sight(who.principal, all=True)
    return Sight(who.principal, units=frozenset().union(*(_units(who, *one) for one in reaches)))


def kept(session: Session, area: str) -> dict[str, RowScope]:
    """All that was set, by subject."""
    return {one.subject: one for one in session.scalars(select(RowScope).where(RowScope.area == area))}


def keep(by: Any, subject: str, given: Mapping[str, Reach]) -> None:
    """How far a role or member sees, by area; an empty reach is the default. Raises Refused, LookupError."""
    with transaction(by.tenant_id) as session:
        title = _title(session, subject)
        told = []
        for area, (reach, units) in given.items():
            errors = _wrong(session, area, reach, units)
            if errors:
                raise Refused(**errors)
            told += _kept(session, subject, area, reach, units if reach == "units" else [])
        if told:
            audit.record(session, by, "changed", "scope", subject, title, changes=told)


def _is_withheld(who: Who) -> bool:
    """He may see all, and the token that he comes with may not."""
    return any(role in RIGHTS[SEES_ALL] for role in who.roles) and not who.may(SEES_ALL)


def _units(who: Who, reach: str, named: Collection[str]) -> Collection[str]:
    if reach in ("own", "units"):
        return named
    mine = select(UnitMember.unit_id).where(UnitMember.member_id == who.member_id)
    roots = db.session.scalars(mine.where(UnitMember.head) if reach == HEADS else mine).all()
    return with_below(units_of(db.session()), roots) if roots and reach != "unit" else roots


def _title(session: Session, subject: str) -> Any:
    kind, _, name = subject.partition(":")
    if kind == "role" and name in ROLES:
        return catalogue()[f"role.{name}"]
    if kind != "member":
        raise LookupError(subject)
    return found(session, Member, name).name


def _wrong(session: Session, area: str, reach: str, units: Collection[str]) -> dict[str, str]:
    if reach and reach not in REACHES:
        return {area: "scope.unknown"}
    if reach != "units":
        return {}
    known = set(session.scalars(select(Unit.id).where(Unit.id.in_(units))))
    return {} if units and known == set(units) else {area: "scope.no_unit"}


def _kept(session: Session, subject: str, area: str, reach: str, units: list[str]) -> list[dict[str, Any]]:
    row = session.scalar(select(RowScope).where(RowScope.subject == subject, RowScope.area == area))
    names = {one.id: one.name for one in units_of(session)}
    was, now = _told(names, row.reach if row else "", row.units if row else []), _told(names, reach, units)
    if row is not None and not reach:
        session.delete(row)
    elif reach:
        row = row or RowScope(subject=subject, area=area)
        row.reach, row.units = reach, units
        session.add(row)
    return changes({f"scope.{area}": was}, {f"scope.{area}": now})


def _told(names: Mapping[str, Any], reach: str, units: Collection[str]) -> list[Any]:
    return [reason(f"scope.{reach or 'default'}"), *(names.get(one, "—") for one in units)]
