"""API tokens: a secret of which only the hash is kept, what it may at most, and until when.

A personal token ("dgp_") acts as its member; a service token ("dgs_") belongs to the tenant and has platform roles of its own.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import JSON, Index, String, UniqueConstraint, update
from sqlalchemy.orm import Mapped, mapped_column

from .engines import Driver
from .store import Base, TenantOwned, loads, moment, refers, transaction

PERSONAL, SERVICE = "dgp_", "dgs_"
USED_EVERY = timedelta(minutes=1)  # how exactly the last use is told


class ApiToken(TenantOwned, Base):
    """`member_id` of a personal token; `roles` of a service token. `scopes` are rights of `access.RIGHTS`."""

    __tablename__ = "api_token"
    __table_args__ = (
        refers("member_id", "member"),
        UniqueConstraint("tenant_id", "hash"),
        Index("ix_api_token_member", "tenant_id", "member_id"),
    )

    member_id: Mapped[str | None] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(100))
    hash: Mapped[str] = mapped_column(String(64))
    hint: Mapped[str] = mapped_column(String(12))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)
    created_by: Mapped[str] = mapped_column(String(120), default="")
    expires_at: Mapped[str] = mapped_column(String(24))
    last_used_at: Mapped[str | None] = mapped_column(String(24))
    revoked_at: Mapped[str | None] = mapped_column(String(24))

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "active" if self.expires_at > moment() else "expired"


class Bearer(NamedTuple):
    """Whom a valid token stands for. `account_id` and `member_id` are empty for a service token."""

    token_id: str
    name: str
    account_id: str
    member_id: str
    roles: frozenset[str]
    scopes: frozenset[str]


def new_secret(prefix: str) -> str:
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """256 bits of chance need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


_BEARER = """
SELECT api_token.id, api_token.name, api_token.roles, api_token.scopes, api_token.last_used_at,
       member.id, member.name, member.account_id, member.active
FROM api_token
LEFT JOIN member ON member.tenant_id = api_token.tenant_id AND member.id = api_token.member_id
WHERE api_token.tenant_id = :tenant AND api_token.hash = :hash
  AND api_token.revoked_at IS NULL AND api_token.expires_at > :now
"""
_ROLES = "SELECT role FROM member_role WHERE tenant_id = :tenant AND member_id = :member"


def bearer(reading: Driver, tenant_id: str, secret: str) -> Bearer | None:
    """None for a token that is unknown here, past, revoked, or of somebody who has left: all told alike."""
    if not secret.startswith((PERSONAL, SERVICE)):
        return None
    row = reading.execute(_BEARER, {"tenant": tenant_id, "hash": digest(secret), "now": moment()}).fetchone()
    if row is None:
        return None
    token_id, name, roles, scopes, used, member_id, member, account_id, active = row
    if secret.startswith(PERSONAL) and not active:
        return None
    _touch(tenant_id, token_id, used)
    limits = frozenset(loads(scopes))
    if member_id is None:
        return Bearer(token_id, name, "", "", frozenset(loads(roles)), limits)
    held = frozenset(role for (role,) in reading.execute(_ROLES, {"tenant": tenant_id, "member": member_id}))
    return Bearer(token_id, member, account_id, member_id, held, limits)


def _touch(tenant_id: str, token_id: str, used: str | None) -> None:
    if used is not None and used > moment(datetime.now(UTC) - USED_EVERY):
        return
    with transaction(tenant_id) as session:
        session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=moment()))
