"""Each slice at the percentage of its own tier (超额累进)."""

from decimal import Decimal

from ._type import Basis, Charge, Part, Tier, TierModel, by_slices, hundredth


def parts(charge: Charge, basis: Basis) -> list[Part]:
    return by_slices(charge, basis.measure, _priced)


def _priced(tier: Tier, size: Decimal) -> Part:
    percent = tier.figures["percent"]
    return Part(
        "settle.part.tier_percentage", {**tier.span, "measure": size, "percent": percent}, hundredth(size * percent), tier.uid
    )


MODEL = TierModel(
    "graduated_percentage",
    {"zh-Hans": "超额累进（按比例）", "en": "Marginal tiers (percentage)"},
    {"zh-Hans": "分段计算，每段用自己的比例", "en": "Each slice at the percentage of its own tier"},
    parts,
    asks=("tiers",),
    tier_asks=("percent",),
    rank=30,
)
