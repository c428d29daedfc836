"""The fixed amount of the tier that was reached (定额档)."""

from ._type import Basis, Charge, Part, TierModel, reached, sign_of


def parts(charge: Charge, basis: Basis) -> list[Part]:
    tier = reached(charge, basis.qualifier)
    if tier is None or not (basis.qualifier or charge.zero_enters):
        return []
    words = {**tier.span, "qualifier": basis.qualifier}
    return [Part("settle.part.stair", words, tier.figures["amount"] * sign_of(basis.qualifier), tier.uid)]


MODEL = TierModel(
    "stair",
    {"zh-Hans": "定额档", "en": "Stair (a fixed amount a tier)"},
    {"zh-Hans": "达到哪一档，得该档的固定金额", "en": "The fixed amount of the tier that is reached"},
    parts,
    asks=("tiers",),
    tier_asks=("amount",),
    tier_may=(),
    whole=True,
    rank=34,
)
