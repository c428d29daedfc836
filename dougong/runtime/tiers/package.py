"""Whole packages only: a package begun is paid, or one that is full (按份计价)."""

from ._type import Basis, Charge, Part, TierModel, by_part

# The size of a package is counted with the measure, as for every model that is charged in blocks (`charging.shaped`).


def parts(charge: Charge, basis: Basis) -> list[Part]:
    rate = charge.figures["rate"]
    if charge.blocks == "part":
        return [by_part("settle.part.package", {}, basis.measure, rate, charge.figures["size"])]
    words = {"measure": basis.measure, "rate": rate, "size": charge.figures["size"]}
    return [Part("settle.part.package", words, basis.measure * rate)]


MODEL = TierModel(
    "package",
    {"zh-Hans": "按份计价", "en": "Packages"},
    {
        "zh-Hans": "超出免计数量的部分按整份计价：不足一份按一份，或满一份才计（每满…）",
        "en": "What is beyond the free units in whole packages: one begun is paid, or only one that is full",
    },
    parts,
    asks=("rate", "size"),
    per_unit=True,
    rank=21,
)
