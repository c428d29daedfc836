"""So much for each unit (数量 × 单价)."""

from ._type import Basis, Charge, Part, TierModel, by_part


def parts(charge: Charge, basis: Basis) -> list[Part]:
    rate = charge.figures["rate"]
    if charge.blocks == "part" and (block := charge.figures.get("size")):
        return [by_part("settle.part.per_unit", {}, basis.measure, rate, block)]
    return [Part("settle.part.per_unit", {"measure": basis.measure, "rate": rate}, basis.measure * rate)]


MODEL = TierModel(
    "per_unit",
    {"zh-Hans": "数量 × 单价", "en": "Quantity × unit price"},
    {"zh-Hans": "每一单位同价，如订单数 × 基础费率", "en": "The same price for each unit, such as orders × base rate"},
    parts,
    asks=("rate",),
    factor=lambda charge: charge.figures["rate"],
    per_unit=True,
    rank=20,
)
