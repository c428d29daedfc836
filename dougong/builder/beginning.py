"""When a workflow that is being drawn would begin by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform.documents import active_version
from dougong.platform.tenancy import Tenant
from dougong.runtime.calendar import Calendar, standard
from dougong.runtime.nodes._schedule import next_time

MOST: Final = 3


def times(session: Session, config: Mapping[str, Any], tenant_id: str, zone: str) -> list[str]:
    """The next moments, each as "2026-11-30T09:00", by the tenant's clock. None where the settings do not say it yet."""
    key = session.scalar(select(Tenant.calendar).where(Tenant.id == tenant_id))
    version = active_version(session, "calendar", key) if key else None
    calendar = Calendar.from_json(version.body) if version else standard(zone)
    found: list[datetime] = []
    after: datetime | None = datetime.now(ZoneInfo(zone))
    while after is not None and len(found) < MOST:
        try:
            after = next_time(config, after, calendar)
        except (ValueError, TypeError):  # a draft may hold anything
            break
        found += [after] if after else []
    return [one.strftime("%Y-%m-%dT%H:%M") for one in found]
