"""The verbs of membership: who joins a tenant, what he may do there, and who leaves.

A tenant always keeps an administrator, and nobody takes his own administration away.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from . import audit, sessions
from .access import ROLES
from .accounts import account_of, add_account, as_kept
from .organisation import LONGEST_NAME, Refused, changes, found, reason
from .people import Member, MemberRole, add_member, roles_of
from .store import transaction

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")


@dataclass(frozen=True)
class Invited:
    """`fresh`: the account is new, and its owner has to choose a password by a link."""

    member_id: str
    account_id: str
    name: str
    fresh: bool


def invite(by: Any, email: str, name: str, roles: Collection[str]) -> Invited:
    """Raises Refused."""
    email, name = as_kept(email), name.strip()
    with transaction(by.tenant_id) as session:
        errors = {**_wrong(name, roles), **_taken(session, email)}
        if errors:
            raise Refused(**errors)
        account = account_of(session, email)
        fresh = account is None
        if account is None:
            account = add_account(session, email, name, None, proven=False)
        member = add_member(session, account.id, name, email, sorted(set(roles)))
        audit.record(session, by, "invited", "member", member.id, name, roles=_words(roles))
        return Invited(member.id, account.id, name, fresh)


def change(by: Any, member_id: str, name: str, roles: Collection[str]) -> None:
    """Raises Refused, and LookupError where there is no such member."""
    name = name.strip()
    with transaction(by.tenant_id) as session:
        member = found(session, Member, member_id)
        had = roles_of(session, member.id)
        errors = _wrong(name, roles)
        if "tenant_admin" in had and "tenant_admin" not in roles:
            errors |= _kept_admin(session, by, member, "roles")
        if errors:
            raise Refused(**errors)
        told = changes(
            {"members.name": member.name, "members.roles": _words(had)}, {"members.name": name, "members.roles": _words(roles)}
        )
        member.name = name
        for row in session.scalars(select(MemberRole).where(MemberRole.member_id == member.id)):
            if row.role not in roles:
                session.delete(row)
        session.add_all(MemberRole(member_id=member.id, role=role) for role in sorted(set(roles) - had))
        if told:
            audit.record(session, by, "changed", "member", member.id, name, changes=told)


def deactivate(by: Any, member_id: str) -> None:
    """He may not enter any more and is signed out everywhere; what he did, and his places, stay. Raises Refused."""
    with transaction(by.tenant_id) as session:
        member = found(session, Member, member_id)
        if not member.active:
            return
        if member.id == by.member_id:
            raise Refused(member="members.not_oneself")
        if "tenant_admin" in roles_of(session, member.id) and (errors := _kept_admin(session, by, member, "member")):
            raise Refused(**errors)
        member.active = False
        sessions.end_all(session, member.account_id)
        audit.record(session, by, "deactivated", "member", member.id, member.name)


def reactivate(by: Any, member_id: str) -> None:
    with transaction(by.tenant_id) as session:
        member = found(session, Member, member_id)
        if not member.active:
            member.active = True
            audit.record(session, by, "reactivated", "member", member.id, member.name)


def _wrong(name: str, roles: Collection[str]) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        errors["name"] = "field.required" if not name else reason("field.text.too_long", max_length=LONGEST_NAME)
    if not roles or not set(roles) <= set(ROLES):
        errors["roles"] = "members.no_role"
    return errors


def _taken(session: Session, email: str) -> dict[str, Any]:
    if not EMAIL.fullmatch(email) or len(email) > 200:
        return {"email": reason("field.email.invalid", found=email[:60]) if email else "field.required"}
    account = account_of(session, email)
    if account is None:
        return {}
    member = session.scalar(select(Member).where(Member.account_id == account.id))
    if member is None:  # whoever made that account elsewhere could otherwise walk in here under its name
        return {} if account.proven else {"email": "members.not_proven"}
    return {"email": reason("members.is_member" if member.active else "members.was_member", name=member.name)}


def _kept_admin(session: Session, by: Any, member: Member, field: str) -> dict[str, str]:
    """What keeps his administration from being taken: it is one's own, or the last."""
    if member.id == by.member_id:
        return {field: "members.own_admin"}
    admins = (
        select(func.count())
        .select_from(MemberRole)
        .join(Member, (Member.tenant_id == MemberRole.tenant_id) & (Member.id == MemberRole.member_id))
    )
    others = session.scalar(admins.where(MemberRole.role == "tenant_admin", Member.active, Member.id != member.id))
    return {} if others else {field: "members.last_admin"}


def _words(roles: Collection[str]) -> list[dict[str, Any]]:
    return [reason(f"role.{role}") for role in ROLES if role in roles]
