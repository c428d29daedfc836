"""So much for each unit (数量 × 单价)."""

from decimal import Decimal

from ..values import plain
from ._type import Charge, Part, TierModel


def parts(charge: Charge, measure: Decimal, qualifier: Decimal) -> list[Part]:
    rate = Decimal(charge["rate"])
    return [Part("settle.part.per_unit", {"measure": plain(measure), "rate": plain(rate)}, measure * rate)]


MODEL = TierModel(
    "per_unit",
    {"zh-Hans": "数量 × 单价", "en": "Quantity × unit price"},
    {"zh-Hans": "每一单位同价，如订单数 × 基础费率", "en": "The same price for each unit, such as orders × base rate"},
    parts,
    asks=("rate",),
    rank=20,
)
