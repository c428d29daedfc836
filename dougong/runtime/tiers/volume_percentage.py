"""The whole at the percentage of the tier that was reached (全额累进)."""

from ._type import Basis, Charge, Part, TierModel, hundredth, of_tier, reached


def parts(charge: Charge, basis: Basis) -> list[Part]:
    tier = reached(charge, basis.qualifier)
    if tier is None:
        return []
    percent = tier.figures["percent"]
    words = {**tier.span, "qualifier": basis.qualifier, "measure": basis.measure, "percent": percent}
    main = Part("settle.part.whole_percentage", words, hundredth(basis.measure * percent), tier.uid)
    return of_tier(tier, basis.measure, main, flat=bool(basis.qualifier) or charge.zero_enters)


MODEL = TierModel(
    "volume_percentage",
    {"zh-Hans": "全额累进（按比例）", "en": "Whole-amount tiers (percentage)"},
    {"zh-Hans": "达到哪一档，全部金额都用该档比例", "en": "All of it at the percentage of the tier that is reached"},
    parts,
    asks=("tiers",),
    tier_asks=("percent",),
    whole=True,
    rank=32,
)
