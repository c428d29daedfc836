"""Elastic pools: an added rate as long as the budget lasts, first come by time and id; what is left is told on every line."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..tiers._type import Part
from .definition import Settlement
from .lines import Rated, entry_of, ready, wanted_of
from .measures import Line
from .rounding import exactly

ZERO = Decimal(0)
PART = "settle.part.pool"
Drawn = dict[str, Decimal]  # what of a pool is gone, by its uid


class Paid(NamedTuple):
    line: Line
    rated: Rated


def draw(settlement: Settlement, paid: Sequence[Paid], drawn: Mapping[str, Decimal]) -> tuple[list[Paid], Drawn]:
    """The lines, in their order, with what the pools add to them; and what is gone then. A return gives back what it drew."""
    gone = {pool.rule.uid: drawn.get(pool.rule.uid, ZERO) for pool in settlement.pools}
    if not settlement.pools:
        return list(paid), gone
    found = list(paid)
    order = {index: entry_of(settlement, one.line) for index, one in enumerate(paid)}
    with exactly():
        for index in sorted((at for at, entry in order.items() if entry), key=lambda at: order[at].order):  # type: ignore[union-attr]
            found[index] = _drawn(settlement, found[index], gone)
    return found, gone


def _drawn(settlement: Settlement, one: Paid, gone: Drawn) -> Paid:
    rated = one.rated
    line = ready(settlement, one.line, rated.currency)
    for pool in settlement.pools:
        wanted = wanted_of(settlement, pool, line, rated.currency)
        if wanted is None:
            continue
        uid = pool.rule.uid
        given = max(-gone[uid], min(wanted, pool.budget - gone[uid]))
        gone[uid] += given
        words = {"pool": pool.rule.title or uid, "uid": uid, "wanted": wanted, "left": pool.budget - gone[uid]}
        how = Part("settle.part.pool_wanted", {"measure": pool.measure.of([line]), "rate": pool.rate, "wanted": wanted}, ZERO)
        rated = rated._replace(amount=rated.amount + given, parts=(*rated.parts, how, Part(PART, words, given)))
    return Paid(one.line._replace(amount=rated.amount), rated)
