"""The whole at the unit price of the tier that was reached (全额累进)."""

from ._type import BLOCKS, Basis, Charge, Part, TierModel, of_tier, reached


def parts(charge: Charge, basis: Basis) -> list[Part]:
    tier = reached(charge, basis.qualifier)
    if tier is None:
        return []
    main = tier.priced("settle.part.whole_rate", basis.measure, {"qualifier": basis.qualifier})
    return of_tier(tier, basis.measure, main, flat=bool(basis.qualifier) or charge.zero_enters)


MODEL = TierModel(
    "volume",
    {"zh-Hans": "全额累进（按单价）", "en": "Whole-amount tiers (unit price)"},
    {"zh-Hans": "达到哪一档，全部数量都用该档单价", "en": "All of it at the unit price of the tier that is reached"},
    parts,
    asks=("tiers",),
    tier_asks=("rate",),
    tier_may=BLOCKS,
    whole=True,
    per_unit=True,
    rank=33,
)
