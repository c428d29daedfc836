"""A bonus once so much has been reached (达标奖)."""

from ._type import LIMITS, Basis, Charge, Part, TierModel, sign_of


def parts(charge: Charge, basis: Basis) -> list[Part]:
    threshold, amount = charge.figures["threshold"], charge.figures["amount"]
    size = abs(basis.qualifier)
    if size < threshold or (charge.upto and size == threshold):
        return []
    words = {"qualifier": basis.qualifier, "threshold": threshold}
    return [Part("settle.part.threshold", words, amount * sign_of(basis.qualifier))]


MODEL = TierModel(
    "threshold",
    {"zh-Hans": "达标奖", "en": "Threshold bonus"},
    {"zh-Hans": "达到门槛即得固定金额", "en": "A fixed amount once the threshold is reached"},
    parts,
    asks=("amount", "threshold"),
    may=LIMITS,
    rank=23,
)
