"""A base fee times the rate of its price level (结算档位: 基础费 × 系数)."""

from ._type import LIMITS, Basis, Charge, Part, TierModel


def parts(charge: Charge, basis: Basis) -> list[Part]:
    base, rate = charge.figures["amount"], charge.figures["rate"]
    return [Part("settle.part.base_rate", {"base": base, "rate": rate}, base * rate)]


MODEL = TierModel(
    "base_rate",
    {"zh-Hans": "基础费 × 系数", "en": "Base fee × rate"},
    {"zh-Hans": "结算档位：基础费乘以档位系数", "en": "Price level: a base fee times the rate of the level"},
    parts,
    asks=("amount", "rate"),
    may=LIMITS,
    measured=False,
    rank=11,
)
