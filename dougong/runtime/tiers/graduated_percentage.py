"""Each slice at the percentage of its own tier (超额累进)."""

from ._type import Basis, Charge, Part, TierModel, hundredth, of_tier, slices


def parts(charge: Charge, basis: Basis) -> list[Part]:
    found = []
    for tier, size in slices(charge, basis.measure):
        percent = tier.figures["percent"]
        words = {**tier.span, "measure": size, "percent": percent}
        main = Part("settle.part.tier_percentage", words, hundredth(size * percent), tier.uid) if size else None
        found += of_tier(tier, basis.measure, main, flat=True)
    return found


MODEL = TierModel(
    "graduated_percentage",
    {"zh-Hans": "超额累进（按比例）", "en": "Marginal tiers (percentage)"},
    {"zh-Hans": "分段计算，每段用自己的比例", "en": "Each slice at the percentage of its own tier"},
    parts,
    asks=("tiers",),
    tier_asks=("percent",),
    rank=30,
)
