"""The same percentage of all of it (统一比例)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    percent = Decimal(charge["percent"])
    return [Part("settle.part.percentage", {"measure": plain(measure), "percent": plain(percent)}, measure * percent / 100)]


MODEL = TierModel(
    "percentage",
    {"zh-Hans": "统一比例", "en": "Percentage"},
    {"zh-Hans": "金额 × 固定比例", "en": "One percentage of the whole"},
    parts,
    asks=("percent",),
    rank=21,
)
