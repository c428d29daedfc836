"""Who has a draft open just now: a row for every open page, renewed while it is open, and nothing once it has been silent.

Rows and not memory: the pages of two people may be served by two processes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from .store import Base, TenantTable, moment, refers

SILENT: Final = timedelta(seconds=40)  # a page tells of itself every 15 seconds


class Presence(TenantTable, Base):
    """`page` is the name that an open page has given itself; one person may have two."""

    __tablename__ = "presence"
    __table_args__ = (refers("document_id", "document"),)

    document_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    page: Mapped[str] = mapped_column(String(36), primary_key=True)
    member_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(120))
    seen_at: Mapped[str] = mapped_column(String(24))


def renew(session: Session, by: Any, document_id: str, page: str) -> None:
    """This page is open; who has been silent is gone."""
    _forget(session, document_id)
    session.merge(
        Presence(
            tenant_id=by.tenant_id, document_id=document_id, page=page, member_id=by.member_id, name=by.name, seen_at=moment()
        )
    )


def leave(session: Session, by: Any, document_id: str, page: str) -> None:
    mine = Presence.document_id == document_id, Presence.page == page, Presence.member_id == by.member_id
    session.execute(delete(Presence).where(*mine))


def others(session: Session, document_id: str, page: str) -> list[Presence]:
    """The other pages on which it is open, by name."""
    wanted = select(Presence).where(Presence.document_id == document_id, Presence.page != page, Presence.seen_at > _silence())
    return list(session.scalars(wanted.order_by(Presence.name, Presence.page)))


def _forget(session: Session, document_id: str) -> None:
    session.execute(delete(Presence).where(Presence.document_id == document_id, Presence.seen_at <= _silence()))


def _silence() -> str:
    return moment(datetime.now(UTC) - SILENT)
