"""The same percentage of all of it (统一比例)."""

from ._type import Basis, Charge, Part, TierModel, hundredth


def parts(charge: Charge, basis: Basis) -> list[Part]:
    percent = charge.figures["percent"]
    words = {"measure": basis.measure, "percent": percent}
    return [Part("settle.part.percentage", words, hundredth(basis.measure * percent))]


MODEL = TierModel(
    "percentage",
    {"zh-Hans": "统一比例", "en": "Percentage"},
    {"zh-Hans": "金额 × 固定比例", "en": "One percentage of the whole"},
    parts,
    asks=("percent",),
    factor=lambda charge: hundredth(charge.figures["percent"]),
    rank=22,
)
