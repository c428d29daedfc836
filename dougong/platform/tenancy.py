"""Tenants: the companies that share the platform and never see each other."""

from typing import Any

from sqlalchemy import JSON, Boolean, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from .store import Base, db, moment, new_id


class Tenant(Base):
    """A platform table: it stands outside the walls. `name` is a text keyed by language.

    `second_factor`: everybody must use one. `calendar`: the key of that by which working time is reckoned where none is named.
    `languages`: the further ones in which its definitions may be written.
    """

    __tablename__ = "tenant"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[dict[str, Any]] = mapped_column(JSON)
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    created_at: Mapped[str] = mapped_column(String(24), default=moment)
    second_factor: Mapped[bool] = mapped_column(Boolean, default=False)
    calendar: Mapped[str | None] = mapped_column(String(40))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")


def by_slug(slug: str) -> Tenant | None:
    return db.session.scalar(select(Tenant).where(Tenant.slug == slug))


def add_tenant(session: Session, slug: str, name: dict[str, str], zone: str = "Asia/Shanghai") -> Tenant:
    tenant = Tenant(id=new_id(), slug=slug, name=name, zone=zone)
    session.add(tenant)
    session.flush()
    return tenant
