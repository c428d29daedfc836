"""The whole at the unit price of the tier that was reached (全额累进)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel, reached


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    tier = reached(charge, qualifier)
    if tier is None:
        return []
    rate = Decimal(tier.row["rate"])
    words = {**tier.span, "qualifier": plain(qualifier), "measure": plain(measure), "rate": plain(rate)}
    return [Part("settle.part.whole_rate", words, measure * rate, tier.uid)]


MODEL = TierModel(
    "volume",
    {"zh-Hans": "全额累进（按单价）", "en": "Whole-amount tiers (unit price)"},
    {"zh-Hans": "达到哪一档，全部数量都用该档单价", "en": "All of it at the unit price of the tier that is reached"},
    parts,
    asks=("tiers",),
    tier_asks=("rate",),
    rank=33,
)
