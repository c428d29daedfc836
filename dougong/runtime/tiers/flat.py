"""A fixed amount, whatever was measured (固定金额)."""

from decimal import Decimal

from ._type import Charge, Part, TierModel


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    return [Part("settle.part.flat", {}, Decimal(charge["amount"]))]


MODEL = TierModel(
    "flat",
    {"zh-Hans": "固定金额", "en": "Fixed amount"},
    {"zh-Hans": "每次固定金额", "en": "The same amount each time"},
    parts,
    asks=("amount",),
    measured=False,
    rank=10,
)
