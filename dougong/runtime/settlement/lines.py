"""What one line is worth: converted, matched, charged, rounded; with the book of all lines where a rule looks beyond it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from ..tiers._type import Part
from . import spans
from .charging import added, added_alone, parts_of, priced_in, prorated, rounded_parts, total_of, without_limits
from .definition import Pool, Settlement
from .faults import SettlementFault
from .measures import Line, Measure
from .rounding import exactly
from .rules import Pricing, Rule, Table
from .windows import Book, Entry, Order, Window, bounds_of

Values = Mapping[str, Any]
ZERO = Decimal(0)
EMPTY = Book()


class Rated(NamedTuple):
    """What a line is worth. `rule` is the uid of the rule that priced it; None where lines carry no price of their own."""

    amount: Decimal
    currency: str
    rule: str | None
    parts: tuple[Part, ...]


class Place(NamedTuple):
    """Where something is charged: in which currency, on which day, beside which other lines, in which order among them.

    `until`: of a statement, the end of its period. It is drawn up then, so nothing later is in its windows whenever it is.
    """

    settlement: Settlement
    currency: str
    day: date | None
    values: Values
    book: Book
    order: tuple[date, str, str] | None = None
    until: date | None = None

    def measured(self, measure: Measure, lines: Sequence[Line]) -> Decimal:
        """Of the lines at hand, or of those in the window of the measure, then in the settlement's own currency."""
        if measure.over is None:
            return measure.of(lines)
        settlement, day = self.settlement, self._day()
        if measure.over.so_far and self.order is not None:
            return self.book.so_far(*self._running(measure, measure.over, self.order))
        found: Decimal = self.book.measured(
            measure, measure.over, self.values, day, self.until,
            lambda entries: measure.of(ready(settlement, one.line, settlement.currency) for one in entries),
        )  # fmt: skip
        return found

    def told(self, up_to: int = 0, **figures: tuple[Measure | None, Decimal | None]) -> list[Part]:
        """Of those that were measured over a window, over which one, and of how many lines; `up_to`: of how many the measure
        is, where a line adds to them."""
        found: list[Part] = []
        for name, (measure, figure) in figures.items():
            if measure is not None and measure.over is not None:
                size = up_to if up_to and name == "measure" else self._size(measure, measure.over)
                bounds = bounds_of(measure.over, self.values, self._day(), self.until)
                one = spans.Measured(figure or ZERO, Decimal(size), bounds)
                found.append(spans.told(self.settlement, name, measure, one, self.values))
        return found

    def _size(self, measure: Measure, window: Window) -> int:
        """How many lines are measured: a reversal takes one away."""
        if window.so_far and self.order is not None:
            return 1 + self.book.before(*self._running(measure, window, self.order))[0]
        size: int = self.book.measured(
            window, window, self.values, self._day(), self.until, lambda entries: sum(one.line.sign for one in entries)
        )
        return size

    def _running(self, measure: Measure, window: Window, order: Order) -> tuple[Any, Window, Values, Order, Any]:
        """What a book is asked for what comes before a line."""
        settlement = self.settlement
        return (
            (measure, settlement.currency), window, self.values, order,
            lambda sums, one: measure.joined(sums, ready(settlement, one.line, settlement.currency)),
        )  # fmt: skip

    def before(self, measure: Measure, window: Window) -> tuple[int, Decimal]:
        """How many lines of the window came before this one, and what of them is measured, in its currency."""
        if self.order is None:
            return 0, ZERO
        settlement, currency = self.settlement, self.currency
        return self.book.before(
            (measure, currency), window, self.values, self.order,
            lambda sums, one: measure.joined(sums, ready(settlement, one.line, currency)),
        )  # fmt: skip

    def _day(self) -> date:
        if self.day is None:
            raise SettlementFault("settle.no_date", input=self.settlement.date)
        return self.day


def rate(settlement: Settlement, values: Values, book: Book = EMPTY, id: str = "") -> Rated:
    """Price one line; `id` says which of the book it is. Without a book it is the only line there is.

    Raises SettlementFault where no rule fits.
    """
    alone = book is EMPTY and settlement.lines_look_beyond
    try:
        with exactly():
            found = _rated(settlement, values, book_of(settlement, [Line(values, ZERO, id)]) if alone else book, id)
            if settlement.pools:  # what is wrong with what they measure is told here, before any is drawn from
                line = ready(settlement, Line(values, found.amount, id), found.currency)
                _ = [wanted_of(settlement, pool, line, found.currency) for pool in settlement.pools]
            return found
    except InvalidOperation:  # more digits than a number holds
        raise SettlementFault("settle.too_large") from None


def _rated(settlement: Settlement, values: Values, book: Book, id: str) -> Rated:
    terms = settlement.terms_of(values)
    rounding = settlement.rounding["line"]
    if settlement.line is None:
        return Rated(rounding.of(ZERO, terms.currency), terms.currency, None, ())
    line, told = converted(settlement, Line(values, ZERO, id), terms.currency)
    hits = settlement.line.hits(line.values)
    if not hits:
        raise SettlementFault("settle.no_rule", values=settlement.line.shown(line.values))
    entry = entry_of(settlement, Line(values, ZERO, id)) if book is not EMPTY else None
    place = Place(settlement, terms.currency, settlement.day_of(values), line.values, book, entry.order if entry else None)
    rule, amount, parts = charged(settlement.line, hits, line, place)
    return Rated(amount, terms.currency, rule.uid, (*told, *parts))


def wanted_of(settlement: Settlement, pool: Pool, line: Line, currency: str) -> Decimal | None:
    """What a pool adds to a line that is ready, if enough is left; None where it is for other lines. Raises SettlementFault."""
    if not pool.rule.fits(line.values):
        return None
    return settlement.rounding["line"].of(pool.measure.of([line]) * pool.rate, currency)


Charged = tuple[Rule, Decimal, tuple[Part, ...]]


def charged(table: Table, hits: Sequence[Rule], line: Line, place: Place) -> Charged:
    """What the rules that are taken charge for a line."""
    return taken(table, [(rule, *_priced(rule.pricing, line, place)) for rule in hits if rule.pricing])


def taken(table: Table, charged: Sequence[Charged]) -> Charged:
    """By the hit policy: the one, the sum of all, or the greatest or least of them (the earlier among equals)."""
    if table.policy != "collect" or len(charged) == 1:
        return charged[0]
    if table.collect == "sum":
        parts = tuple(part for rule, _, found in charged for part in (*_named(rule), *found))
        return charged[0][0], sum((amount for _, amount, _ in charged), ZERO), parts
    sign = 1 if table.collect == "max" else -1
    return max(charged, key=lambda one: sign * one[1])


def _named(rule: Rule) -> tuple[Part, ...]:
    return (Part("settle.part.rule", {"rule": rule.title}, ZERO),) if rule.title else ()


def _priced(pricing: Pricing, line: Line, place: Place) -> tuple[Decimal, tuple[Part, ...]]:
    rounding, currency = place.settlement.rounding, place.currency
    pricing, told = priced_in(pricing, place.settlement.money(currency, place.day))
    if pricing.marginal and pricing.measure.over is not None:
        amount, added_parts = _added(pricing, pricing.measure.over, line, place)
        return amount, (*told, *added_parts)
    parts = _of_days(pricing, parts_at(pricing, pricing.measure, [line], place), line, place)
    return rounded_parts([*told, *parts], rounding["line"], currency)


def _added(pricing: Pricing, window: Window, line: Line, place: Place) -> tuple[Decimal, tuple[Part, ...]]:
    """What the lines of the window come to with this one, less what they came to before."""

    def both(measure: Measure | None) -> tuple[Decimal | None, Decimal | None]:
        """What is measured before this line, and with it."""
        if measure is None:
            return None, None
        if measure.over is not None:
            return (found := place.measured(measure, [line])), found
        _, before = place.before(measure, window)
        return before, measure.joined(before, line)

    own = pricing.measure._replace(over=None)
    there, _ = place.before(own, window)
    (paid, now), (tier, now_tier), (target, now_target) = both(own), both(pricing.qualifier), both(pricing.target)
    running = without_limits(pricing) if pricing.own_limits else pricing
    parts = parts_of(running, now or ZERO, now_tier, now_target or ZERO)
    counted = total_of(parts_of(running, paid or ZERO, tier, target or ZERO)) if there else ZERO
    rounding, currency = place.settlement.rounding["line"], place.currency
    told = place.told(
        there + 1, measure=(pricing.measure, now), qualifier=(pricing.qualifier, now_tier), target=(pricing.target, now_target)
    )
    if not pricing.own_limits and pricing.prorate is None:
        amount, found = added(parts, counted, rounding, currency)
    else:
        own_parts = added_alone(parts, counted, pricing.charge.figures if pricing.own_limits else {})
        amount, found = rounded_parts(_of_days(pricing, own_parts, line, place), rounding, currency)
    return amount, (*told, *found)


def _of_days(pricing: Pricing, parts: list[Part], line: Line, place: Place) -> list[Part]:
    if pricing.prorate is None:
        return parts
    rounding = place.settlement.rounding["prorate"]
    return prorated(pricing.prorate, parts, line.values, place._day(), rounding, place.currency)


def parts_at(pricing: Pricing, measure: Measure, lines: Sequence[Line], place: Place) -> list[Part]:
    size = place.measured(measure, lines)
    qualifier = place.measured(pricing.qualifier, lines) if pricing.qualifier else None
    target = place.measured(pricing.target, lines) if pricing.target else ZERO
    told = place.told(measure=(measure, size), qualifier=(pricing.qualifier, qualifier), target=(pricing.target, target))
    return [*told, *parts_of(pricing, size, qualifier, target)]


def converted(settlement: Settlement, line: Line, currency: str) -> tuple[Line, list[Part]]:
    """The line as it is charged: moments as days of the zone, foreign amounts in this currency; and how that came about."""
    here = settlement.local(line.values)
    if settlement.exchange is None:
        return line._replace(values=here), []
    values, told = settlement.exchange.converted(here, currency, settlement.rounding["convert"])
    return line._replace(values=values), told


def ready(settlement: Settlement, line: Line, currency: str) -> Line:
    return converted(settlement, line, currency)[0]


def entry_of(settlement: Settlement, line: Line) -> Entry | None:
    """The line in a book; without a business date that can be read it belongs to no period (rating it says so)."""
    try:
        day = settlement.day_of(line.values)
    except SettlementFault:
        return None
    return None if day is None else Entry(day, str(line.values.get(settlement.date)), line.id, line)


def book_of(settlement: Settlement, lines: Iterable[Line]) -> Book:
    return Book(entry for line in lines if (entry := entry_of(settlement, line)) is not None)
