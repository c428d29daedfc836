"""The verbs of API tokens: make one, revoke one, list them. The secret is answered once and kept nowhere."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from . import audit
from .access import RIGHTS, ROLES
from .organisation import LONGEST_NAME, Refused, found, reason
from .store import moment, new_id, transaction
from .tokens import PERSONAL, SERVICE, ApiToken, digest, new_secret

LONGEST_DAYS = 365
MOST = 50  # living tokens of one member, or of the tenant


def make_personal(by: Any, name: str, scopes: Collection[str], days: int) -> tuple[str, str]:
    """A token that acts as this member. Answers its id and its secret. Raises Refused."""
    if not all(right in RIGHTS and by.may(right) for right in scopes):
        raise Refused(scopes="tokens.no_scope")
    return _make(by, PERSONAL, name, scopes, days, by.member_id, ())


def make_service(by: Any, name: str, scopes: Collection[str], days: int, roles: Collection[str]) -> tuple[str, str]:
    """A token of the tenant, with platform roles of its own. Raises Refused."""
    if not roles or not set(roles) <= set(ROLES):
        raise Refused(roles="members.no_role")
    return _make(by, SERVICE, name, scopes, days, None, roles)


def revoke(by: Any, token_id: str, member_id: str | None) -> None:
    """From now on it opens nothing. `member_id`: whose it must be; None for the tenant's. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        token = found(session, ApiToken, token_id)
        if token.member_id != member_id:
            raise LookupError(token_id)
        if token.revoked_at is None:
            token.revoked_at = moment()
            audit.record(session, by, "revoked", "token", token.id, token.name)


def listed(member_id: str | None) -> Select[Any]:
    """The tokens of a member, or (None) those of the tenant, the newest first."""
    return select(ApiToken).where(ApiToken.member_id == member_id).order_by(ApiToken.id.desc())


def _make(
    by: Any, prefix: str, name: str, scopes: Collection[str], days: int, member_id: str | None, roles: Collection[str]
) -> tuple[str, str]:
    name, secret = name.strip(), new_secret(prefix)
    with transaction(by.tenant_id) as session:
        if errors := {**_wrong(name, scopes, days), **_too_many(session, member_id)}:
            raise Refused(**errors)
        token = ApiToken(
            id=new_id(), member_id=member_id, name=name, hash=digest(secret), hint=secret[:8],
            roles=sorted(set(roles)), scopes=[right for right in RIGHTS if right in scopes],
            created_by=by.name, expires_at=moment(datetime.now(UTC) + timedelta(days=days)),
        )  # fmt: skip
        session.add(token)
        audit.record(session, by, "created", "token", token.id, name)
        return token.id, secret


def _wrong(name: str, scopes: Collection[str], days: int) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        errors["name"] = "field.required" if not name else reason("field.text.too_long", max_length=LONGEST_NAME)
    if not scopes or not set(scopes) <= set(RIGHTS):
        errors["scopes"] = "tokens.no_scope"
    if not 1 <= days <= LONGEST_DAYS:
        errors["days"] = reason("tokens.days", most=LONGEST_DAYS)
    return errors


def _too_many(session: Session, member_id: str | None) -> dict[str, Any]:
    living = listed(member_id).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > moment()).limit(MOST)
    return {"name": reason("tokens.too_many", most=MOST)} if len(session.scalars(living).all()) >= MOST else {}
