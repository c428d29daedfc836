"""The verbs of the organisation: units, who works in them, and who stands behind the roles of definitions.

Each owns its transaction and leaves a line in the audit trail. What is missing, foreign or gone raises LookupError.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from . import audit, documents, regions
from .people import UNIT_KINDS, Binding, Member, Unit, UnitMember, units_of, would_loop
from .store import TenantOwned, new_id, transaction

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
LONGEST_NAME, LONGEST_POSITION = 100, 60
Row = TypeVar("Row", bound=TenantOwned)
BETWEEN = re.compile(r"[、，,;；\n]")


class Refused(Exception):
    """What was asked for does not do, and nothing was saved. `errors`: by field a reason, {"code", "params"}."""

    def __init__(self, **errors: str | Mapping[str, Any]) -> None:
        super().__init__(", ".join(errors))
        self.errors = {name: one if isinstance(one, Mapping) else reason(one) for name, one in errors.items()}


@dataclass(frozen=True)
class UnitDraft:
    """A unit as somebody fills it in. `regions` are names or codes, one after the other."""

    code: str
    kind: str
    zh: str
    en: str
    parent_id: str
    regions: str

    @property
    def name(self) -> dict[str, str]:
        return {tag: words for tag, words in (("zh-Hans", self.zh), ("en", self.en)) if words}


def reason(code: str, **params: Any) -> dict[str, Any]:
    return {"code": code, "params": params}


def changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs, as the audit trail keeps it: {"field", "was", "now"}; a field is a text or a reason."""
    return [
        {"field": reason(code), "was": was[code], "now": value}
        for code, value in now.items()
        if code in was and was[code] != value
    ]


def add_unit(by: Any, draft: UnitDraft) -> str:
    with transaction(by.tenant_id) as session:
        unit = Unit(id=new_id())
        _fill(session, unit, draft)
        session.add(unit)
        audit.record(session, by, "created", "unit", unit.id, unit.name)
        return unit.id


def change_unit(by: Any, unit_id: str, draft: UnitDraft) -> None:
    """Its code, kind, names, areas, and where it hangs."""
    with transaction(by.tenant_id) as session:
        unit = found(session, Unit, unit_id)
        was, parent = _told(session, unit), unit.parent_id
        _fill(session, unit, draft)
        told = changes(was, _told(session, unit))
        if told:
            audit.record(
                session, by, "moved" if unit.parent_id != parent else "changed", "unit", unit.id, unit.name, changes=told
            )


def remove_unit(by: Any, unit_id: str) -> None:
    """Only one that nothing hangs from: no unit below, no member, no role, no ticket."""
    try:
        with transaction(by.tenant_id) as session:
            unit = found(session, Unit, unit_id)
            for table, column, code in (
                (Unit, Unit.parent_id, "org.has_units"),
                (UnitMember, UnitMember.unit_id, "org.has_members"),
                (Binding, Binding.unit_id, "org.has_roles"),
            ):
                if n := session.scalar(select(func.count()).select_from(table).where(column == unit_id)):
                    raise Refused(unit=reason(code, n=n))
            audit.record(session, by, "removed", "unit", unit.id, unit.name)
            session.delete(unit)
    except IntegrityError:
        raise Refused(unit="org.has_tickets") from None


def place(by: Any, unit_id: str, member_id: str, position: str | None, head: bool | None) -> None:
    """A member's place in a unit: a new one, or what is new about it. None stays as it was."""
    with transaction(by.tenant_id) as session:
        unit, member = found(session, Unit, unit_id), found(session, Member, member_id)
        wanted = select(UnitMember).where(UnitMember.unit_id == unit.id, UnitMember.member_id == member.id)
        row = session.scalar(wanted)
        position = (row.position if row else "") if position is None else position[:LONGEST_POSITION]
        head = bool(row and row.head) if head is None else head
        now = {"org.position": position, "org.head": reason("org.yes" if head else "org.no")}
        if row is None:
            row = UnitMember(unit_id=unit.id, member_id=member.id)
            session.add(row)
            audit.record(session, by, "placed", "member", member.id, member.name, unit=unit.name, position=now["org.position"])
        else:
            was = {"org.position": row.position, "org.head": reason("org.yes" if row.head else "org.no")}
            if told := changes(was, now):
                audit.record(session, by, "changed", "member", member.id, member.name, unit=unit.name, changes=told)
        row.position, row.head = position, head


def unplace(by: Any, place_id: str) -> None:
    with transaction(by.tenant_id) as session:
        row = found(session, UnitMember, place_id)
        unit, member = found(session, Unit, row.unit_id), found(session, Member, row.member_id)
        session.delete(row)
        audit.record(session, by, "unplaced", "member", member.id, member.name, unit=unit.name)


def bind(by: Any, role_key: str, who: Member | Unit) -> None:
    """From now on this person, or everybody of this unit, stands behind the role. Twice is once."""
    with transaction(by.tenant_id) as session:
        role = documents.find(session, "role", role_key)
        if role is None or role.archived:
            raise LookupError(role_key)
        member_id = who.id if isinstance(who, Member) else None
        unit_id = who.id if isinstance(who, Unit) else None
        same = (Binding.role_key == role_key, Binding.member_id == member_id, Binding.unit_id == unit_id)
        if session.scalar(select(Binding.id).where(*same)) is None:
            found(session, Unit if unit_id else Member, who.id)
            session.add(Binding(role_key=role_key, member_id=member_id, unit_id=unit_id))
            audit.record(session, by, "bound", "role", role.id, role.title, who=who.name)


def unbind(by: Any, binding_id: str) -> None:
    with transaction(by.tenant_id) as session:
        row = found(session, Binding, binding_id)
        who: Any = found(session, Unit, row.unit_id) if row.unit_id else found(session, Member, row.member_id or "")
        role = documents.find(session, "role", row.role_key)
        session.delete(row)
        title = role.title if role else row.role_key
        audit.record(session, by, "unbound", "role", role.id if role else None, title, who=who.name)


def succeed(by: Any, leaver_id: str, to_id: str) -> int:
    """The other stands from now on behind every role behind which this member has stood himself. How many those are."""
    with transaction(by.tenant_id) as session:
        leaver, to = found(session, Member, leaver_id), found(session, Member, to_id)
        rows = session.scalars(select(Binding).where(Binding.member_id == leaver_id)).all()
        has = set(session.scalars(select(Binding.role_key).where(Binding.member_id == to_id)))
        for row in rows:
            role = documents.find(session, "role", row.role_key)
            about = ("role", role.id if role else row.role_key, role.title if role else row.role_key)
            audit.record(session, by, "unbound", *about, who=leaver.name)
            if row.role_key in has:
                session.delete(row)
                continue
            row.member_id = to_id
            audit.record(session, by, "bound", *about, who=to.name)
        return len(rows)


def found(session: Session, table: type[Row], row_id: str) -> Row:
    """Foreign, missing and gone are told alike: LookupError."""
    row = session.scalar(select(table).where(table.id == row_id))
    if row is None:
        raise LookupError(row_id)
    return row


def called(session: Session, text: str) -> Member | Unit:
    """Whom somebody means by an e-mail address, a unit's code, or a name that only one has. Raises Refused."""
    text = text.strip()
    people = session.scalars(select(Member).where(or_(Member.name == text, Member.email == text.lower()), Member.active)).all()
    units = [unit for unit in units_of(session) if text in (unit.code, *unit.name.values())]
    known: list[Member | Unit] = [*people, *units]
    exact = [one for one in known if text.lower() == (one.email if isinstance(one, Member) else one.code.lower())]
    match exact or known:
        case [one]:
            return one
        case []:
            raise Refused(who=reason("org.nobody_called", found=text[:60]) if text else "field.required")
        case _:
            raise Refused(who=reason("org.several_called", found=text[:60]))


def region_codes(text: str) -> list[str]:
    """Names or codes as codes, each once. Raises Refused for one that nobody knows."""
    codes: dict[str, None] = {}
    for part in filter(None, map(str.strip, BETWEEN.split(text))):
        code = regions.code_of(part)
        if code is None:
            raise Refused(regions=reason("org.unknown_region", found=part[:40]))
        codes[code] = None
    return list(codes)


def region_words(codes: Iterable[str], language: str) -> str:
    """The same as somebody would write it, and as `region_codes` reads it back."""
    return ("、" if language.startswith("zh") else ", ").join(regions.path(code, language) for code in codes)


def _fill(session: Session, unit: Unit, draft: UnitDraft) -> None:
    errors: dict[str, str | Mapping[str, Any]] = {}
    same = select(Unit.name).where(Unit.code == draft.code, Unit.id != unit.id)
    if not CODE.fullmatch(draft.code):
        errors["code"] = "org.wrong_code"
    elif other := session.scalar(same):
        errors["code"] = reason("org.code_taken", name=other)
    if draft.kind not in UNIT_KINDS:
        errors["kind"] = "field.required"
    if not draft.name:
        errors["zh"] = "field.required"
    units = units_of(session)
    if draft.parent_id and draft.parent_id not in {one.id for one in units}:
        errors["parent"] = "org.parent_gone"
    elif would_loop(units, unit.id, draft.parent_id or None):
        errors["parent"] = "org.parent_below"
    codes: list[str] = []
    try:
        codes = region_codes(draft.regions)
    except Refused as refused:
        errors.update(refused.errors)
    if errors:
        raise Refused(**errors)
    unit.code, unit.kind, unit.name, unit.regions = draft.code, draft.kind, draft.name, codes
    unit.parent_id = draft.parent_id or None


def _told(session: Session, unit: Unit) -> dict[str, Any]:
    """What the audit trail says of a unit before and after."""
    above = session.scalar(select(Unit).where(Unit.id == unit.parent_id)) if unit.parent_id else None
    return {
        "org.code": unit.code,
        "org.kind": reason(f"unit.{unit.kind}"),
        "org.name": unit.name,
        "org.parent": above.name if above else "—",
        "org.regions": region_words(unit.regions, "zh-Hans") or "—",
    }
