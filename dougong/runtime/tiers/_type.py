"""What a charge model is, how a charge is compiled, and how tiers are read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from ..values import plain

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
OPEN: Final = "∞"
KEPT: Final = Decimal("1e-12")  # to which an amount is divided

# The figures of a charge and of its tiers, in the order in which they are asked for: what the builder draws.
FIGURES: Final[dict[str, dict[str, str]]] = {
    "amount": {"zh-Hans": "金额", "en": "Amount"},
    "rate": {"zh-Hans": "单价或系数", "en": "Rate"},
    "percent": {"zh-Hans": "比例 %", "en": "Percentage"},
    "size": {"zh-Hans": "每份数量", "en": "Units in a block"},
    "threshold": {"zh-Hans": "门槛", "en": "Threshold"},
    "free": {"zh-Hans": "免计数量", "en": "Free units"},
    "fixed": {"zh-Hans": "另加固定费", "en": "Base fee on top"},
    "min": {"zh-Hans": "最低", "en": "At least"},
    "max": {"zh-Hans": "最高", "en": "At most"},
}
# Whatever a charge is made of, for who is told that it is missing.
PARTS: Final[dict[str, dict[str, str]]] = {
    **FIGURES,
    "tiers": {"zh-Hans": "阶梯", "en": "Tiers"},
    "measure": {"zh-Hans": "计量", "en": "Measure"},
    "qualifier": {"zh-Hans": "按什么定档", "en": "Tier chosen by"},
    "target": {"zh-Hans": "目标", "en": "Target"},
    "formula": {"zh-Hans": "公式", "en": "Formula"},
}
LIMITS: Final = ("min", "max")
SUMS: Final = ("amount", "fixed", *LIMITS)  # figures that are money, whatever is measured
UNIT_PRICE: Final = "rate"  # money where units are measured (`TierModel.per_unit`), and a factor of money
SHAPED: Final = ("size", "free", "fixed", *LIMITS)  # what every charge of something measured may say besides
PAID: Final = ("amount", *LIMITS)  # and every tier
BLOCKS: Final = ("size", *PAID)  # and a tier that is paid by the unit


class Part(NamedTuple):
    """One addend of a total, exact, with its sentence: the total is the sum of its explanation. Zero: it only tells how."""

    code: str
    params: Mapping[str, Any]  # numbers are Decimal
    amount: Decimal
    tier: str | None = None  # the uid of the tier row


class Tier(NamedTuple):
    """From `start` to `end` (None: open); which of the two belongs to it the charge says (`Charge.upto`).

    `span`: the bounds for a sentence; which is inside is said by its name. `plain`: it has its price and nothing besides.
    `blocks`: which of its blocks count, as of its charge.
    """

    uid: str
    start: Decimal
    end: Decimal | None
    figures: Mapping[str, Decimal]
    span: Mapping[str, Any]
    plain: bool
    blocks: str = "begun"

    def priced(self, code: str, size: Decimal, words: Mapping[str, Any]) -> Part:
        """So much at the rate of this tier: for each unit, or for each block of them (`code` then says so)."""
        rate, block = self.figures["rate"], self.figures.get("size")
        if not block:
            return Part(code, {**self.span, **words, "measure": size, "rate": rate}, size * rate, self.uid)
        if self.blocks == "part":
            return by_part(code, {**self.span, **words}, size, rate, block, self.uid)
        blocks = blocks_in(size, block, full=self.blocks == "full")
        told = {**self.span, **words, "measure": size, "rate": rate, "size": block, "blocks": blocks}
        return Part(f"{code}_blocks", told, blocks * rate, self.uid)


class Basis(NamedTuple):
    """What is paid, what selects the tier, and of what a rate of achievement is taken."""

    measure: Decimal
    qualifier: Decimal
    target: Decimal = ZERO


@dataclass(frozen=True)
class Charge:
    """A charge, compiled. `upto`: a tier holds its upper bound and not its lower one (以下含); else the other way round.

    `currency`: that of its sums of money; that of the statement where none is named. `zero_enters`: whether nothing measured
    is in the first tier already, so that its flat amount is due. `negative`: in which tier less than nothing is: that of as
    much (mirror), the lowest, or none (refuse). `blocks`: a block counts when it is begun, or full, or as the part of it that
    is there: its price is then for so many units. `filled`: what the whole tiers below one have come to, by its place and the
    sign, so that it is said once.
    """

    model: str
    figures: Mapping[str, Decimal]
    tiers: tuple[Tier, ...] = ()
    upto: bool = False
    zero_enters: bool = False
    currency: str = ""
    negative: str = "mirror"
    blocks: str = "begun"
    filled: dict[tuple[int, int], list[Part]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], negative: str = "mirror") -> "Charge":
        upto, blocks, figures = doc.get("bounds") == "upto", doc.get("blocks", "begun"), figures_of(doc)
        size = {"size": figures["size"]} if blocks == "part" and "size" in figures else {}
        tiers = tuple(_tiers(doc.get("tiers", ()), upto, blocks, size))
        zero_enters, currency = bool(doc.get("zero_enters")), doc.get("currency", "")
        return cls(doc["model"], figures, tiers, upto, zero_enters, currency, negative, blocks)

    def enters(self, tier: Tier, size: Decimal) -> bool:
        """Has so much come into this tier?"""
        if size == tier.start:
            return self.zero_enters if not size else not self.upto
        return size > tier.start


@dataclass(frozen=True)
class TierModel:
    """`parts(charge, basis)`: what is due for it, exact. Each tier's own amount and limits are part of it.

    `asks`: the figures that it needs, and `tiers`, `qualifier`, `target`; `may`: those that it understands besides;
    `tier_asks`, `tier_may`: the same of each tier. `whole`: one tier is chosen for everything (an amount may jump). `factor`:
    where a charge is so much for each unit measured and nothing else: a batch multiplies without asking. `per_unit`: its rate
    is the price of a unit.
    """

    name: str
    title: dict[str, str]
    help: dict[str, str]
    parts: Callable[[Charge, Basis], list[Part]]
    asks: tuple[str, ...] = ()
    tier_asks: tuple[str, ...] = ()
    may: tuple[str, ...] = SHAPED
    tier_may: tuple[str, ...] = PAID
    measured: bool = True
    whole: bool = False
    per_unit: bool = False
    factor: Callable[[Charge], Decimal] | None = None
    rank: int = 50

    @property
    def looks_up(self) -> bool:
        """Does it depend on how much there is: are there tiers, or a threshold?"""
        return bool({"tiers", "threshold"} & set(self.asks))


def figures_of(doc: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(doc[name]) for name in FIGURES if doc.get(name) is not None}


def _tiers(rows: Sequence[Mapping[str, Any]], upto: bool, blocks: str, size: Mapping[str, Decimal]) -> Iterator[Tier]:
    """`size`: for how many units a price is, where a tier does not say."""
    low, high = ("above", "upto") if upto else ("from", "below")
    start = ZERO
    for row in rows:
        end = Decimal(row["below"]) if row.get("below") is not None else None
        figures = {**size, **figures_of(row)}
        span = {low: start, high: OPEN if end is None else end}
        yield Tier(row["uid"], start, end, figures, span, not any(name in figures for name in PAID), blocks)
        if end is None:
            return
        start = end


Price = Callable[[Tier, Decimal], Part]


def by_slices(charge: Charge, measure: Decimal, price: Price) -> list[Part]:
    """What each tier that the measure enters comes to: the price of what falls into it. A negative measure mirrors the positive
    one, or is all in the lowest tier."""
    if measure < 0 and charge.negative == "lowest":
        return of_tier(charge.tiers[0], measure, price(charge.tiers[0], measure), flat=charge.zero_enters)
    size, sign = abs(measure), sign_of(measure)
    for index, tier in enumerate(charge.tiers):
        if tier.end is None or size < tier.end:
            last = _slice(tier, (size - tier.start) * sign, measure, price) if charge.enters(tier, size) else []
            return [*_full(charge, index, sign, measure, price), *last]
    return [*_full(charge, len(charge.tiers), sign, measure, price)]


def _full(charge: Charge, below: int, sign: int, measure: Decimal, price: Price) -> list[Part]:
    """What the tiers below this place have come to."""
    found = charge.filled.get((below, sign))
    if found is None:
        ends = [(tier, tier.end) for tier in charge.tiers[:below] if tier.end is not None]
        found = [part for tier, end in ends for part in _slice(tier, (end - tier.start) * sign, measure, price)]
        charge.filled[below, sign] = found
    return found


def _slice(tier: Tier, size: Decimal, measure: Decimal, price: Price) -> list[Part]:
    return of_tier(tier, measure, price(tier, size) if size else None, flat=True)


def reached(charge: Charge, qualifier: Decimal, unit: Decimal = Decimal(1)) -> Tier | None:
    """The one tier in which the whole falls; None beyond the last closed one. `unit`: what one of a bound stands for."""
    size = abs(qualifier)
    for tier in charge.tiers:
        if tier.end is None or size < tier.end * unit or (charge.upto and size == tier.end * unit):
            return tier
    return None


def of_tier(tier: Tier, basis: Decimal, main: Part | None, *, flat: bool) -> list[Part]:
    """What one tier comes to: its price, its flat amount where that is due, within its own limits."""
    found = [main] if main else []
    if tier.plain:
        return found
    sign = sign_of(basis)
    if flat and tier.figures.get("amount"):
        found.append(Part("settle.part.tier_flat", {}, tier.figures["amount"] * sign, tier.uid))
    return [*found, *limited(found, tier.figures, sign, tier.uid)] if found else found


def limited(parts: Sequence[Part], figures: Mapping[str, Decimal], sign: int, tier: str | None = None) -> list[Part]:
    """What is missing to the least amount, or too much above the greatest; of a credit the same mirrored."""
    if "min" not in figures and "max" not in figures:
        return []
    total = sum((part.amount for part in parts), ZERO)
    size, side = abs(total), sign_of(total) if total else sign
    for name, code in (("min", "settle.part.minimum"), ("max", "settle.part.maximum")):
        limit = figures.get(name)
        if limit is not None and (size < limit if name == "min" else size > limit):
            return [Part(code, {"limit": limit, "found": total}, (limit - size) * side, tier)]
    return []


def by_part(code: str, words: Mapping[str, Any], size: Decimal, rate: Decimal, block: Decimal, tier: str | None = None) -> Part:
    """A price for so many units, a part of them at that part of it: one division, at the end, to 12 places."""
    amount = (size * rate / block).quantize(KEPT, ROUND_HALF_UP).normalize()
    return Part(f"{code}_part", {**words, "measure": size, "rate": rate, "size": block}, amount, tier)


def blocks_in(size: Decimal, block: Decimal, *, full: bool) -> Decimal:
    """How many blocks that is: a block begun counts, or only one that is full. Of a credit the same mirrored."""
    whole, rest = divmod(abs(size), block)
    return (whole + (bool(rest) and not full)) * sign_of(size)


def quotient(of: Decimal, by: Decimal) -> Decimal:
    """As it is told: what does not come out even to ten places, so that whoever goes on with it comes to the same cent."""
    return Decimal(plain((of / by).quantize(Decimal("1e-10"), ROUND_HALF_UP)))


def hundredth(of: Decimal) -> Decimal:
    """Exact, and quicker than dividing."""
    return of.scaleb(-2)


def sign_of(measure: Decimal) -> int:
    return -1 if measure < 0 else 1
