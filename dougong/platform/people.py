"""The people of a tenant: members, the org tree (head office, region, store), and who stands behind the roles of definitions.

A *principal* is a text that a task is addressed to and a person answers to: "person:<member id>", "unit:<unit id>",
"role:<key>", "role:<key>@<unit id>" (that role within that unit), "admins" (who looks after the workflows).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from .engines import Driver
from .store import Base, TenantOwned, db, driver_reading, moment, new_id, refers
from .tenancy import Tenant

UNIT_KINDS = ("head_office", "region", "store", "department")


class Member(TenantOwned, Base):
    """An account within a tenant. A member who has left is not active; his work stays his."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("tenant_id", "account_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


class Membership(Base):
    """A platform table without content: which tenants an account belongs to. Whether he may still enter, `Member` says."""

    __tablename__ = "membership"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True)


class MemberRole(TenantOwned, Base):
    """A platform role of a member (`access.ROLES`): what he may do at all."""

    __tablename__ = "member_role"
    __table_args__ = (refers("member_id", "member"), UniqueConstraint("tenant_id", "member_id", "role"))

    member_id: Mapped[str] = mapped_column(String(36))
    role: Mapped[str] = mapped_column(String(20))


class Unit(TenantOwned, Base):
    """A place in the org tree. `regions` are the codes of the areas it serves: the longest that fits a place wins."""

    __tablename__ = "unit"
    __table_args__ = (refers("parent_id", "unit"), UniqueConstraint("tenant_id", "code"))

    parent_id: Mapped[str | None] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[dict[str, Any]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON, default=list)


class UnitMember(TenantOwned, Base):
    """A member's place in a unit, and his position there. A unit may have several heads."""

    __tablename__ = "unit_member"
    __table_args__ = (
        refers("unit_id", "unit"),
        refers("member_id", "member"),
        UniqueConstraint("tenant_id", "unit_id", "member_id"),
    )

    unit_id: Mapped[str] = mapped_column(String(36))
    member_id: Mapped[str] = mapped_column(String(36), index=True)
    position: Mapped[str] = mapped_column(String(60), default="")
    head: Mapped[bool] = mapped_column(Boolean, default=False)


class Binding(TenantOwned, Base):
    """Who stands behind a role of the definitions: a person, or everybody of a unit. Never part of a pack."""

    __tablename__ = "binding"
    __table_args__ = (
        refers("member_id", "member"),
        refers("unit_id", "unit"),
        UniqueConstraint("tenant_id", "role_key", "member_id", "unit_id"),
    )

    role_key: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[str | None] = mapped_column(String(36))
    unit_id: Mapped[str | None] = mapped_column(String(36))


_UNITS = "SELECT unit_id FROM unit_member WHERE tenant_id = :tenant AND member_id = :member ORDER BY id"
_BOUND = """
SELECT role_key FROM binding WHERE tenant_id = :tenant AND member_id = :member
UNION
SELECT binding.role_key FROM binding
JOIN unit_member ON unit_member.tenant_id = binding.tenant_id AND unit_member.unit_id = binding.unit_id
WHERE binding.tenant_id = :tenant AND unit_member.member_id = :member
"""


class Standing(NamedTuple):
    """Where a member belongs, the first unit being where what he files belongs, and the roles of definitions he is behind."""

    units: tuple[str, ...] = ()
    role_keys: tuple[str, ...] = ()


def standing(reading: Driver, tenant_id: str, member_id: str) -> Standing:
    asked = {"tenant": tenant_id, "member": member_id}
    return Standing(*(tuple(one for (one,) in reading.execute(statement, asked)) for statement in (_UNITS, _BOUND)))


def standing_of(tenant_id: str, member_id: str) -> Standing:
    with driver_reading(tenant_id) as reading:
        return standing(reading, tenant_id, member_id)


def principals_of(tenant_id: str, member_id: str, roles: Iterable[str]) -> frozenset[str]:
    return principals(member_id, roles, standing_of(tenant_id, member_id))


def principals(member_id: str, roles: Iterable[str], at: Standing) -> frozenset[str]:
    """All that this member answers to. `roles` are his platform roles."""
    found = {f"person:{member_id}", *(f"unit:{unit}" for unit in at.units), *(f"role:{key}" for key in at.role_keys)}
    found.update(f"role:{key}@{unit}" for key in at.role_keys for unit in at.units)
    return frozenset(found | {"admins"} if "tenant_admin" in roles else found)


def add_member(session: Session, account_id: str, name: str, email: str, roles: Iterable[str]) -> Member:
    member = Member(id=new_id(), account_id=account_id, name=name, email=email)
    session.add_all((member, Membership(account_id=account_id, tenant_id=session.info["tenant_id"])))
    session.flush()
    session.add_all(MemberRole(member_id=member.id, role=role) for role in roles)
    session.flush()
    return member


def tenants_of(account_id: str) -> list[Tenant]:
    joined = select(Tenant).join(Membership, Membership.tenant_id == Tenant.id).order_by(Tenant.slug)
    return list(db.session.scalars(joined.where(Membership.account_id == account_id)))


def roles_of(session: Session, member_id: str) -> frozenset[str]:
    return frozenset(session.scalars(select(MemberRole.role).where(MemberRole.member_id == member_id)))


def units_of(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).order_by(Unit.code)))


def tree(units: Iterable[Unit]) -> list[tuple[Unit, int]]:
    """Units in the order of the tree, each with its depth. What hangs from nothing stands at the root."""
    units = list(units)
    known = {unit.id for unit in units}
    children: dict[str | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    found: list[tuple[Unit, int]] = []
    todo = [(unit, 0) for unit in reversed(children.get(None, []))]
    while todo:
        unit, depth = todo.pop()
        found.append((unit, depth))
        todo += [(child, depth + 1) for child in reversed(children.get(unit.id, []))]
    return found


def with_below(units: Iterable[Unit], roots: Iterable[str]) -> set[str]:
    """The ids of these units and of all below them."""
    children: dict[str | None, list[str]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit.id)
    found: set[str] = set()
    todo = list(roots)
    while todo:
        unit_id = todo.pop()
        if unit_id not in found:
            found.add(unit_id)
            todo += children.get(unit_id, [])
    return found


def would_loop(units: Iterable[Unit], unit_id: str, parent_id: str | None) -> bool:
    """Would hanging the unit there make it its own superior?"""
    return parent_id is not None and parent_id in with_below(units, [unit_id])
