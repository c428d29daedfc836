"""Who acts in this request, as the verbs ask for it."""

from flask import g

from dougong.platform.store import read

from . import reading
from .verbs import Actor

_FIRST_UNIT = "SELECT unit_id FROM unit_member WHERE tenant_id = :tenant AND member_id = :member ORDER BY id LIMIT 1"


def actor() -> Actor:
    """Whoever is signed in, or whom the token stands for. His (first) unit is where what he files belongs."""
    who = g.who
    units = read(_FIRST_UNIT, tenant=who.tenant_id, member=who.member_id)
    return Actor(
        tenant_id=who.tenant_id,
        zone=g.tenant.zone,
        principal=who.principal,
        name=who.name,
        principals=who.principals,
        unit_id=units[0][0] if units else None,
        sees=lambda: reading.sight_of_records(who),
    )
