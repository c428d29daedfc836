"""The audit trail: who did what to what, and when. Rows are only ever added, in the transaction of the deed itself."""

import json
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from .engines import Driver
from .store import Base, TenantOwned, moment, new_id

_INSERT = """
INSERT INTO audit (tenant_id, id, at, member_id, who, verb, subject, subject_id, title, detail)
VALUES (:tenant, :id, :now, :member, :who, :verb, :subject, :subject_id, :title, '{}')
"""


class Audit(TenantOwned, Base):
    """`verb` is of the catalogue ("audit.<verb>"); `subject` says of what kind, `subject_id` which, `title` its name then."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "tenant_id", "at"),)

    at: Mapped[str] = mapped_column(String(24), default=moment)
    member_id: Mapped[str | None] = mapped_column(String(36))
    who: Mapped[str] = mapped_column(String(120))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    session: Session,
    by: Any,
    verb: str,
    subject: str,
    subject_id: str | None = None,
    title: Any = None,
    **detail: Any,
) -> None:
    """`by`: whoever acts, with `member_id` and `name`; None for the platform itself."""
    words = _words(title)
    session.add(
        Audit(
            member_id=(by.member_id or None) if by else None,
            who=by.name if by else "dougong",
            verb=verb,
            subject=subject,
            subject_id=subject_id,
            title=words,
            detail=detail,
        )
    )


def note(driver: Driver, tenant_id: str, by: Any, verb: str, subject: str, subject_id: str, title: Any) -> None:
    """The same within a transaction of the bare driver."""
    asked = {"tenant": tenant_id, "id": new_id(), "now": moment(), "member": by.member_id or None, "who": by.name}
    what = {"verb": verb, "subject": subject, "subject_id": subject_id, "title": json.dumps(_words(title), ensure_ascii=False)}
    driver.execute(_INSERT, {**asked, **what})


def _words(title: Any) -> dict[str, Any]:
    return title if isinstance(title, dict) else {"zh-Hans": str(title or ""), "en": str(title or "")}
