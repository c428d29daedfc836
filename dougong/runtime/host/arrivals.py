"""What came to an address at which other systems file tickets, and what was answered: for who looks why nothing arrives."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import JSON, Index, Integer, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from dougong.platform.store import Base, TenantOwned, moment, refers, transaction
from dougong.runtime.reason import Reason

KEPT: Final = 200  # of each address, the latest


class Arrival(TenantOwned, Base):
    """`status`: that of the answer. `problem`: why it was not taken; `fields`: by field key."""

    __tablename__ = "arrival"
    __table_args__ = (
        refers("hook_id", "hook"),
        refers("ticket_id", "ticket"),
        Index("ix_arrival_hook", "tenant_id", "hook_id", "id"),
    )

    hook_id: Mapped[str] = mapped_column(String(36))
    message_id: Mapped[str] = mapped_column(String(100))
    status: Mapped[int] = mapped_column(Integer)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    ticket_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[str] = mapped_column(String(24), default=moment)


def note(
    tenant_id: str, hook_id: str, message_id: str, status: int, problem: Reason | None, fields: Mapping[str, Reason],
    ticket_id: str | None,
) -> None:  # fmt: skip
    told = {key: reason.to_json() for key, reason in fields.items()}
    with transaction(tenant_id) as session:
        session.add(
            Arrival(
                hook_id=hook_id, message_id=message_id[:100], status=status, ticket_id=ticket_id,
                problem=problem.to_json() if problem else None, fields=told,
            )
        )  # fmt: skip
        session.flush()
        mine = Arrival.hook_id == hook_id
        old = session.scalar(select(Arrival.id).where(mine).order_by(Arrival.id.desc()).offset(KEPT).limit(1))
        if old is not None:
            session.execute(delete(Arrival).where(mine, Arrival.id <= old))
