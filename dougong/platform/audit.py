"""The audit trail: who did what to what, and when. Rows are only ever added, in the transaction of the deed itself."""

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from .store import Base, TenantOwned, moment


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
    words = title if isinstance(title, dict) else {"zh-Hans": str(title or ""), "en": str(title or "")}
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
