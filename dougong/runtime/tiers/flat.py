"""A fixed amount, whatever was measured (固定金额)."""

from ._type import LIMITS, Basis, Charge, Part, TierModel


def parts(charge: Charge, basis: Basis) -> list[Part]:
    return [Part("settle.part.flat", {}, charge.figures["amount"])]


MODEL = TierModel(
    "flat",
    {"zh-Hans": "固定金额", "en": "Fixed amount"},
    {"zh-Hans": "每次固定金额", "en": "The same amount each time"},
    parts,
    asks=("amount",),
    may=LIMITS,
    measured=False,
    rank=10,
)
