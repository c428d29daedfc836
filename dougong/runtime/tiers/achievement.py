"""By how much of a target was achieved (按达成率): the tiers are percentages of the target."""

from decimal import Decimal

from ._type import HUNDRED, Basis, Charge, Part, TierModel, hundredth, of_tier, quotient, reached


def parts(charge: Charge, basis: Basis) -> list[Part]:
    """A tier is chosen without dividing: its bound, in percent of the target, is compared with what was achieved."""
    if basis.target <= 0:
        return [Part("settle.part.no_target", {}, Decimal(0))]
    tier = reached(charge, basis.qualifier, hundredth(basis.target))
    if tier is None:
        return []
    percent = tier.figures["percent"]
    achieved = quotient(basis.qualifier * HUNDRED, basis.target)  # only told: the bounds are exact
    words = {
        **tier.span, "qualifier": basis.qualifier, "target": basis.target, "achieved": achieved,
        "measure": basis.measure, "percent": percent,
    }  # fmt: skip
    main = Part("settle.part.achievement", words, hundredth(basis.measure * percent), tier.uid)
    return of_tier(tier, basis.measure, main, flat=bool(basis.qualifier) or charge.zero_enters)


MODEL = TierModel(
    "achievement",
    {"zh-Hans": "按达成率", "en": "By rate of achievement"},
    {
        "zh-Hans": "按完成目标的百分比分档，全部金额用该档比例",
        "en": "Tiers in percent of a target",
    },
    parts,
    asks=("target", "tiers"),
    tier_asks=("percent",),
    whole=True,
    rank=35,
)
