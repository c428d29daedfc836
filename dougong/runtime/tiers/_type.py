"""What a charge model is, and how tiers are read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from ..values import plain

Charge = Mapping[str, Any]


class Part(NamedTuple):
    """One addend of a total, exact, with its sentence: the total is the sum of its explanation."""

    code: str
    params: dict[str, str]
    amount: Decimal
    tier: str | None = None  # the uid of the tier row


class Tier(NamedTuple):
    """[from, below): the lower bound is inside, the upper outside; below is None where it is open."""

    uid: str
    start: Decimal
    below: Decimal | None
    row: Mapping[str, Any]

    @property
    def span(self) -> dict[str, str]:
        return {"from": plain(self.start), "below": plain(self.below) if self.below is not None else "∞"}


@dataclass(frozen=True)
class TierModel:
    """`parts(charge, measure, qualifier)`: what `measure` costs, where `qualifier` has selected or passed the tiers.

    `asks`: what of a charge it needs (amount, rate, percent, tiers); `tier_asks`: what each tier row needs.
    """

    name: str
    title: dict[str, str]
    help: dict[str, str]
    parts: Callable[[Charge, Decimal, Decimal], list[Part]]
    asks: tuple[str, ...] = ()
    tier_asks: tuple[str, ...] = ()
    measured: bool = True
    rank: int = 50


def tiers_of(charge: Charge) -> Iterator[Tier]:
    start = Decimal(0)
    for row in charge["tiers"]:
        below = Decimal(row["below"]) if row.get("below") is not None else None
        yield Tier(row["uid"], start, below, row)
        if below is None:
            return
        start = below


def slices(charge: Charge, measure: Decimal) -> Iterator[tuple[Tier, Decimal]]:
    """How much of the measure falls into each tier. A negative measure mirrors the positive one."""
    size, sign = abs(measure), -1 if measure < 0 else 1
    for tier in tiers_of(charge):
        if size <= tier.start:
            return
        top = size if tier.below is None else min(size, tier.below)
        yield tier, (top - tier.start) * sign


def reached(charge: Charge, qualifier: Decimal) -> Tier | None:
    """The one tier in which the whole amount falls; None beyond the last closed one."""
    size = abs(qualifier)
    return next((tier for tier in tiers_of(charge) if tier.below is None or size < tier.below), None)
