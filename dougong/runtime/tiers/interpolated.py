"""A percentage that rises evenly with the rate of achievement (按达成率线性): from that of a tier to that of the next."""

from decimal import ROUND_HALF_UP, Decimal

from ._type import HUNDRED, KEPT, SHAPED, Basis, Charge, Part, TierModel, hundredth, quotient, reached


def parts(charge: Charge, basis: Basis) -> list[Part]:
    """One division, at the end: the amount is exact to 12 places, whatever the rate of achievement is."""
    target = basis.target
    if target <= 0:
        return [Part("settle.part.no_target", {}, Decimal(0))]
    size = abs(basis.qualifier) * HUNDRED  # in percent of the target, times the target
    tier = reached(charge, basis.qualifier, hundredth(target))
    if tier is None or size < charge.figures.get("threshold", Decimal(0)) * target:
        return []
    after = charge.tiers[charge.tiers.index(tier) + 1 :]
    low = tier.figures["percent"]
    high = after[0].figures["percent"] if after else low
    width = target if tier.end is None else (tier.end - tier.start) * target
    risen = low * width + (high - low) * (size - tier.start * target)  # the percentage, times the width
    amount = hundredth(basis.measure * risen / width).quantize(KEPT, ROUND_HALF_UP).normalize()
    words = {
        **tier.span, "qualifier": basis.qualifier, "target": target, "achieved": quotient(size, target), "low": low,
        "high": high, "measure": basis.measure, "percent": quotient(risen, width),
    }  # fmt: skip
    return [Part("settle.part.interpolated", words, amount, tier.uid)]


MODEL = TierModel(
    "interpolated",
    {"zh-Hans": "按达成率线性", "en": "By rate of achievement, evenly between"},
    {
        "zh-Hans": "比例在相邻两档之间均匀变化（线性插值）；可设起算的达成率",
        "en": "The percentage changes evenly from that of a tier to that of the next; nothing below a threshold",
    },
    parts,
    asks=("target", "tiers"),
    tier_asks=("percent",),
    may=("threshold", *SHAPED),
    tier_may=(),
    whole=True,
    rank=38,
)
