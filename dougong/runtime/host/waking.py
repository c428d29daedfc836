"""What the clock does: a timer that is due sends its signal to the token that waits."""

from functools import lru_cache

from sqlalchemy.orm import Session

from dougong.platform.store import driver_of

from . import held
from .outbox import Errand
from .verbs import Actor

_ZONE = "SELECT zone FROM tenant WHERE id = :tenant"


def clock(session: Session, tenant_id: str) -> Actor:
    """Who acts where nobody does."""
    rows = driver_of(session).once(_ZONE, {"tenant": tenant_id})
    return _clock(tenant_id, rows[0][0] if rows else "UTC")


@lru_cache(maxsize=500)
def _clock(tenant_id: str, zone: str) -> Actor:
    return Actor(tenant_id=tenant_id, zone=zone, principal=held.CLOCK, name="", principals=frozenset())


def wake(session: Session, row: Errand) -> None:
    """The token has not moved on, or this would be void. `args`: the signal and its values."""
    actor = clock(session, row.tenant_id)
    if row.token is not None:
        values = row.args.get("values", {})
        held.signal(driver_of(session), actor, row.ticket_id, row.token, row.args["signal"], values)
