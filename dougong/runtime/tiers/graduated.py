"""Each slice at the unit price of its own tier (超额累进)."""

from ._type import Basis, Charge, Part, TierModel, of_tier, slices


def parts(charge: Charge, basis: Basis) -> list[Part]:
    found = []
    for tier, size in slices(charge, basis.measure):
        rate = tier.figures["rate"]
        words = {**tier.span, "measure": size, "rate": rate}
        main = Part("settle.part.tier_rate", words, size * rate, tier.uid) if size else None
        found += of_tier(tier, basis.measure, main, flat=True)
    return found


MODEL = TierModel(
    "graduated",
    {"zh-Hans": "超额累进（按单价）", "en": "Marginal tiers (unit price)"},
    {"zh-Hans": "分段计算，每段用自己的单价", "en": "Each slice at the unit price of its own tier"},
    parts,
    asks=("tiers",),
    tier_asks=("rate",),
    rank=31,
)
