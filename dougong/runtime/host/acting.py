"""Who acts in this request, as the verbs ask for it."""

from flask import g

from . import reading
from .verbs import Actor


def actor() -> Actor:
    """Whoever is signed in, or whom the token stands for. His (first) unit is where what he files belongs."""
    who = g.who
    return Actor(
        tenant_id=who.tenant_id,
        zone=g.tenant.zone,
        principal=who.principal,
        name=who.name,
        principals=who.principals,
        unit_id=next(iter(who.standing.units), None),
        sees=lambda: reading.sight_of_records(who),
    )
