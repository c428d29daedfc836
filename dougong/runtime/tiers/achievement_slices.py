"""Each slice of a target at the percentage of its own tier (按达成率分段): so much up to it, more for what goes beyond."""

from dataclasses import replace
from decimal import Decimal

from ._type import Basis, Charge, Part, Tier, TierModel, by_slices, hundredth


def parts(charge: Charge, basis: Basis) -> list[Part]:
    """Nothing is divided: the bounds, in percent of the target, are made amounts."""
    if basis.target <= 0:
        return [Part("settle.part.no_target", {}, Decimal(0))]

    def priced(tier: Tier, size: Decimal) -> Part:
        percent = tier.figures["percent"]
        words = {**tier.span, "target": basis.target, "measure": size, "percent": percent}
        return Part("settle.part.achievement_slice", words, hundredth(size * percent), tier.uid)

    return by_slices(replace(charge, tiers=_of_target(charge, basis.target), filled={}), basis.measure, priced)


def _of_target(charge: Charge, target: Decimal) -> tuple[Tier, ...]:
    def amount(bound: Decimal) -> Decimal:
        return hundredth(bound * target)

    return tuple(
        tier._replace(start=amount(tier.start), end=None if tier.end is None else amount(tier.end)) for tier in charge.tiers
    )


MODEL = TierModel(
    "achievement_slices",
    {"zh-Hans": "按达成率分段", "en": "By rate of achievement, in slices"},
    {
        "zh-Hans": "按完成目标的百分比分段，每段用自己的比例（如超目标部分加码）",
        "en": "Slices in percent of a target, each at its own percentage, such as more for what goes beyond it",
    },
    parts,
    asks=("target", "tiers"),
    tier_asks=("percent",),
    rank=37,
)
