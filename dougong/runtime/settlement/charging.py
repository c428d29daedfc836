"""What one rule charges: the measure shaped (free units, blocks), the model asked, a base fee, limits and days applied."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from ..tiers._type import KEPT, LIMITS, PARTS, UNIT_PRICE, Basis, Charge, Part, TierModel, blocks_in, limited, sign_of
from ..values import comparable, missing, plain
from .exchange import Exchange
from .faults import SettlementFault
from .rounding import EXACT, Rounding
from .rules import Pricing, Prorate
from .windows import Span, after, span_of

ZERO: Final = Decimal(0)
OF_A_LINE: Final = ("fixed", *LIMITS)  # where the limits are of each line
OWN: Final = "own"  # sums of so much in every currency
OF_A_UNIT: Final = Decimal("1e-12")  # to which a unit price is converted


class Money(NamedTuple):
    """In which currency something is charged, on which day, and how foreign sums are converted into it."""

    currency: str
    day: date | None
    exchange: Exchange | None
    rounding: Rounding
    amounts: frozenset[str] = frozenset()

    def of(
        self, named: str, sums: Sequence[str], *figures: Mapping[str, Decimal]
    ) -> tuple[list[Mapping[str, Decimal]], tuple[Part, ...]]:
        """Figures of which `sums` are in the currency that is named, and by which rate they came. Raises SettlementFault."""
        words = self.rate_of(named)
        if words is None:
            return list(figures), ()
        rate, per = words["rate"], words["per"]
        found: list[Mapping[str, Decimal]] = [
            {key: self._in(key, one * rate / per) if key in sums else one for key, one in some.items()} for some in figures
        ]
        if self.rounding.mode == EXACT:
            return found, (Part("settle.part.sums_converted", words, ZERO),)
        how = {**words, "rounding": list(self.rounding.told(self.currency))}
        return found, (Part("settle.part.sums_rounded", how, ZERO),)

    def rate_of(self, named: str) -> Mapping[str, Any] | None:
        """By which a sum in that currency is converted, in words; None where it need not be. Raises SettlementFault."""
        if self.is_of(named):
            return None
        if self.exchange is None or self.day is None:
            raise SettlementFault("settle.sum_of_other_currency", given=named, wanted=self.currency)
        since, rate, per = self.exchange.rate((named, self.currency), self.day)
        return {
            "given": named, "wanted": self.currency, "rate": rate, "per": per, "day": since.isoformat(),
            "source": self.exchange.source,
        }  # fmt: skip

    def is_of(self, named: str) -> bool:
        return named in ("", OWN, self.currency)

    def _in(self, figure: str, there: Decimal) -> Decimal:
        """A sum is rounded as what is converted is; the price of a unit may be less than a cent."""
        return there.quantize(OF_A_UNIT, ROUND_HALF_UP) if figure == UNIT_PRICE else self.rounding.of(there, self.currency)


def priced_in(pricing: Pricing, money: Money) -> tuple[Pricing, tuple[Part, ...]]:
    """The price with its sums of money in that currency, and by which rate. Raises SettlementFault."""
    charge = pricing.charge
    if money.is_of(charge.currency):
        return pricing, ()
    sums = pricing.sums(money.amounts)
    (figures, *tiers), told = money.of(charge.currency, sums, charge.figures, *(one.figures for one in charge.tiers))
    rows = tuple(row._replace(figures=own) for row, own in zip(charge.tiers, tiers, strict=True))
    return pricing._replace(charge=replace(charge, figures=figures, tiers=rows, filled={})), told


def parts_of(pricing: Pricing, measure: Decimal, qualifier: Decimal | None = None, target: Decimal = ZERO) -> list[Part]:
    """The parts of a charge, exact. Without a qualifier of its own the measure, as shaped, selects the tier."""
    charge, model = pricing.charge, pricing.model
    if model is None:
        raise SettlementFault("settle.unknown_model", model=charge.model)
    if "tiers" in model.asks and not charge.tiers:
        raise SettlementFault("settle.incomplete_rule", part=PARTS["tiers"])
    size, told = shaped(charge, measure)
    chosen_by, lowest = _chosen_by(charge, model, size if qualifier is None else qualifier)
    try:
        found = [*told, *lowest, *model.parts(charge, Basis(size, chosen_by, target))]
    except KeyError as part:
        raise SettlementFault("settle.incomplete_rule", part=PARTS[part.args[0]]) from None
    return _limited(found, charge.figures, sign_of(measure if model.measured else ZERO))


def _limited(parts: list[Part], figures: Mapping[str, Decimal], sign: int) -> list[Part]:
    """With the base fee, and within the limits."""
    if not figures:
        return parts
    found = list(parts)
    if (fee := figures.get("fixed")) is not None:
        found.append(Part("settle.part.fixed", {}, fee * sign))
    return [*found, *limited(found, figures, sign)]


def _chosen_by(charge: Charge, model: TierModel, qualifier: Decimal) -> tuple[Decimal, list[Part]]:
    """What selects the tier. Less than nothing is as much with its sign turned, or counts as nothing, or is refused."""
    if qualifier >= 0 or charge.negative == "mirror" or not model.looks_up:
        return qualifier, []
    if charge.negative == "refuse":
        raise SettlementFault("settle.negative_qualifier", found=plain(qualifier))
    return ZERO, [Part("settle.part.lowest_tier", {"qualifier": qualifier}, ZERO)]


def shaped(charge: Charge, measure: Decimal) -> tuple[Decimal, list[Part]]:
    """What is left of the measure after the free units, in whole blocks where they are whole; and how that came about."""
    free, block = charge.figures.get("free"), charge.figures.get("size")
    if free is None and block is None:
        return measure, []
    size, told = abs(measure), []
    if free is not None:
        size = max(ZERO, size - free)
        told.append(Part("settle.part.free", {"measure": abs(measure), "free": free, "left": size}, ZERO))
    if block and charge.blocks != "part":
        blocks = blocks_in(size, block, full=charge.blocks == "full")
        code = "settle.part.full_blocks" if charge.blocks == "full" else "settle.part.blocks"
        told.append(Part(code, {"measure": size, "size": block, "blocks": blocks}, ZERO))
        size = blocks
    return size * sign_of(measure), told


def added(after: Sequence[Part], before: Decimal, rounding: Rounding, currency: str) -> tuple[Decimal, tuple[Part, ...]]:
    """What a line adds: both sides rounded alike, so that the lines add up to the whole in any order."""
    total, parts = rounded_parts(after, rounding, currency)
    counted = rounding.of(before, currency)
    return total - counted, (*parts, Part("settle.part.counted", {"before": counted}, -counted))


def without_limits(pricing: Pricing) -> Pricing:
    figures = {name: one for name, one in pricing.charge.figures.items() if name not in OF_A_LINE}
    return pricing._replace(charge=replace(pricing.charge, figures=figures))


def added_alone(after: Sequence[Part], before: Decimal, figures: Mapping[str, Decimal]) -> list[Part]:
    """What a line adds, exact, with a base fee and limits of its own; a line that adds nothing, being free, owes neither."""
    parts = [*after, Part("settle.part.counted", {"before": before}, -before)]
    exact = total_of(parts)
    return _limited(parts, figures, sign_of(exact)) if exact else parts


def rounded_parts(parts: Sequence[Part], rounding: Rounding, currency: str) -> tuple[Decimal, tuple[Part, ...]]:
    """The rounded amount and its parts, which add up to it: a difference by rounding is a part too."""
    exact = total_of(parts)
    amount = rounding.of(exact, currency)
    if amount == exact:
        return amount, tuple(parts)
    return amount, (*parts, Part(*rounding.told(currency), amount - exact))


def total_of(parts: Sequence[Part]) -> Decimal:
    return sum([part.amount for part in parts], ZERO)


def prorated(prorate: Prorate, parts: Sequence[Part], values: Any, day: date, rounding: Rounding, currency: str) -> list[Part]:
    """The parts with what the days that do not count take away."""
    span = span_of(prorate.period, day)
    there = _days_within(span, values.get(prorate.since), values.get(prorate.until))
    whole = prorate.of or span.days
    total = total_of(parts)
    exact = total * min(there, whole) / whole
    exact = exact.quantize(KEPT, ROUND_HALF_UP).normalize() if rounding.mode == EXACT else exact
    kept = rounding.of(exact, currency)
    words = {"days": Decimal(min(there, whole)), "of": Decimal(whole)}
    told = [Part("settle.part.of_days", {**words, "total": total, "kept": kept}, ZERO)]
    told += [Part(*rounding.told(currency), ZERO)] if kept != exact else []
    return [*parts, *told, Part("settle.part.prorated", words, kept - total)]


def _days_within(span: Span, since: Any, until: Any) -> int:
    try:
        start = span.start if missing(since) else max(span.start, comparable(since, "date"))
        end = min(span.end, after(comparable(until, "date")) or span.end)
    except ValueError:
        raise SettlementFault("settle.not_a_date", found=str(since or until)[:40]) from None
    return max(0, (end - start).days)
