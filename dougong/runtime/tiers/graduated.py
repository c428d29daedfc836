"""Each slice at the unit price of its own tier (超额累进)."""

from decimal import Decimal

from ._type import BLOCKS, Basis, Charge, Part, Tier, TierModel, by_slices


def parts(charge: Charge, basis: Basis) -> list[Part]:
    return by_slices(charge, basis.measure, _priced)


def _priced(tier: Tier, size: Decimal) -> Part:
    return tier.priced("settle.part.tier_rate", size, {})


MODEL = TierModel(
    "graduated",
    {"zh-Hans": "超额累进（按单价）", "en": "Marginal tiers (unit price)"},
    {"zh-Hans": "分段计算，每段用自己的单价", "en": "Each slice at the unit price of its own tier"},
    parts,
    asks=("tiers",),
    tier_asks=("rate",),
    tier_may=BLOCKS,
    per_unit=True,
    rank=31,
)
