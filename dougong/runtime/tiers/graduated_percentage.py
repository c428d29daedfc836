"""Each slice at the percentage of its own tier (超额累进)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel, slices


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    found = []
    for tier, part in slices(charge, measure):
        percent = Decimal(tier.row["percent"])
        words = {**tier.span, "measure": plain(part), "percent": plain(percent)}
        found.append(Part("settle.part.tier_percentage", words, part * percent / 100, tier.uid))
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
