"""Each slice at the unit price of its own tier (超额累进)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel, slices


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    found = []
    for tier, part in slices(charge, measure):
        rate = Decimal(tier.row["rate"])
        words = {**tier.span, "measure": plain(part), "rate": plain(rate)}
        found.append(Part("settle.part.tier_rate", words, part * rate, tier.uid))
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
