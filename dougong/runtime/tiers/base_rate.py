"""A base fee times the rate of its price level (结算档位: 基础费 × 系数)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    base, rate = Decimal(charge["amount"]), Decimal(charge["rate"])
    return [Part("settle.part.base_rate", {"base": plain(base), "rate": plain(rate)}, base * rate)]


MODEL = TierModel(
    "base_rate",
    {"zh-Hans": "基础费 × 系数", "en": "Base fee × rate"},
    {"zh-Hans": "结算档位：基础费乘以档位系数", "en": "Price level: a base fee times the rate of the level"},
    parts,
    asks=("amount", "rate"),
    measured=False,
    rank=11,
)
