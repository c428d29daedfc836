"""The one table of the builder: which packs a tenant has taken in."""

from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dougong.platform.store import Base, TenantOwned, moment


class InstalledPack(TenantOwned, Base):
    """`items` are [kind, key] of what it brought; its own words stay, so that it can be exported again as it came."""

    __tablename__ = "installed_pack"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    icon: Mapped[str] = mapped_column(String(40), default="", server_default="")
    items: Mapped[list[list[str]]] = mapped_column(JSON)
    installed_at: Mapped[str] = mapped_column(String(24), default=moment)
    installed_by: Mapped[str] = mapped_column(String(120), default="")
