"""The whole at the percentage of the tier that was reached (全额累进)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel, reached


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    tier = reached(charge, qualifier)
    if tier is None:
        return []
    percent = Decimal(tier.row["percent"])
    words = {**tier.span, "qualifier": plain(qualifier), "measure": plain(measure), "percent": plain(percent)}
    return [Part("settle.part.whole_percentage", words, measure * percent / 100, tier.uid)]


MODEL = TierModel(
    "volume_percentage",
    {"zh-Hans": "全额累进（按比例）", "en": "Whole-amount tiers (percentage)"},
    {"zh-Hans": "达到哪一档，全部金额都用该档比例", "en": "All of it at the percentage of the tier that is reached"},
    parts,
    asks=("tiers",),
    tier_asks=("percent",),
    rank=32,
)
