"""Secrets of a tenant: set, replaced, deleted, used by the platform, and never shown again to anybody.

What is kept is sealed for this tenant and this key (`cipher.py`): moved to another row it does not open. The audit trail names
a secret and who set it, never what it is. A key with a colon belongs to something else ("channel:<id>") and goes with it.
"""

import re
from typing import Any

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import audit, cipher
from .store import Base, TenantTable, moment

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = 4000


class Secret(TenantTable, Base):
    """`sealed` is all there is of it; `set_by` the name of who set it last."""

    __tablename__ = "secret"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[str] = mapped_column(Text)
    set_at: Mapped[str] = mapped_column(String(24))
    set_by: Mapped[str] = mapped_column(String(120))


def put(session: Session, by: Any, key: str, title: str, value: str) -> None:
    """Set or replace it, within the caller's transaction."""
    row = find(session, key)
    verb = "replaced" if row else "created"
    if row is None:
        row = Secret(key=key)
        session.add(row)
    row.title, row.sealed = title, cipher.seal(_use(session, key), value)
    row.set_at, row.set_by = moment(), by.name
    audit.record(session, by, verb, "secret", key, title)


def reveal(session: Session, key: str) -> str:
    """What it is, for a call that needs it. Raises LookupError, or cipher.Unreadable where no key of the ring opens it."""
    row = find(session, key)
    if row is None:
        raise LookupError(key)
    return cipher.unseal(_use(session, key), row.sealed)


def drop(session: Session, by: Any, key: str) -> None:
    """Raises LookupError where there is none."""
    row = find(session, key)
    if row is None:
        raise LookupError(key)
    session.delete(row)
    audit.record(session, by, "deleted", "secret", key, row.title)


def find(session: Session, key: str) -> Secret | None:
    return session.scalar(select(Secret).where(Secret.key == key))


def listed(session: Session) -> list[Secret]:
    """Those that stand for themselves."""
    return list(session.scalars(select(Secret).where(~Secret.key.contains(":")).order_by(Secret.key)))


def reseal(session: Session) -> int:
    """Every secret of a tenant under the newest key of the ring. How many there were."""
    rows = session.scalars(select(Secret)).all()
    for row in rows:
        row.sealed = cipher.reseal(row.sealed)
    return len(rows)


def wrong(key: str, title: str, value: str) -> dict[str, Any]:
    """What does not do about a secret that somebody fills in: by field a code, or a reason."""
    errors: dict[str, Any] = {}
    if not KEY.fullmatch(key):
        errors["key"] = "secrets.wrong_key" if key else "field.required"
    if not title:
        errors["title"] = "field.required"
    if not value:
        errors["value"] = "field.required"
    return errors


def _use(session: Session, key: str) -> str:
    return f"secret:{session.info['tenant_id']}:{key}"
