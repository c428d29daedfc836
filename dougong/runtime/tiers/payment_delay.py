"""A percentage, less the later it was paid (回款系数): the tiers are days, each with its coefficient."""

from ._type import Basis, Charge, Part, TierModel, hundredth, of_tier, reached


def parts(charge: Charge, basis: Basis) -> list[Part]:
    tier = reached(charge, basis.qualifier)
    if tier is None:
        return []
    percent, coefficient = charge.figures["percent"], tier.figures["percent"]
    words = {
        **tier.span, "qualifier": basis.qualifier, "measure": basis.measure, "percent": percent,
        "coefficient": coefficient,
    }  # fmt: skip
    amount = hundredth(hundredth(basis.measure * percent * coefficient))
    main = Part("settle.part.payment_delay", words, amount, tier.uid)
    return of_tier(tier, basis.measure, main, flat=False)


MODEL = TierModel(
    "payment_delay",
    {"zh-Hans": "比例 × 回款系数", "en": "Percentage × payment coefficient"},
    {
        "zh-Hans": "按回款天数分档打折：15 天内 100%…",
        "en": "A percentage that shrinks with the days until payment",
    },
    parts,
    asks=("percent", "qualifier", "tiers"),
    tier_asks=("percent",),
    tier_may=("min", "max"),
    whole=True,
    rank=36,
)
