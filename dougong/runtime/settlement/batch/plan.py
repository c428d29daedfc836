"""What a plan has to know of a settlement: which inputs it codes, which numbers it multiplies, what it leaves to Python."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from ...formula import Formula
from ...functions import FormulaFault
from ..charging import OWN
from ..definition import Settlement
from ..measures import Measure
from ..rounding import EXACT
from ..rules import Pricing, Rule
from ..windows import MONTHS, Window
from .matching import Rules, conditions

Asked = tuple[str, str]  # what a formula is asked for: ("formula", what a statement measures) or ("share", uid of the party)


class Plan:
    """Read once from a settlement."""

    def __init__(self, settlement: Settlement) -> None:
        self.settlement, self.rules = settlement, Rules(settlement)

    @cached_property
    def covers(self) -> bool:
        """Whether lines may be taken one by one and summed: what looks beyond them looks to lines of their partner."""
        one = self.settlement
        if not all(_of_partner(one, measure) for measure in (*self.windows, *self.sequences)):
            return False
        if not all(_added(measure) for measure in self.windows):
            return False
        if any(one.rounding[where].multiple for where in ("convert", "line")):
            return False
        by_line = any(terms.tax.per == "line" for _, terms in one.terms)
        if by_line and (one.rounding["tax"].mode == EXACT or one.rounding["tax"].multiple):
            return False
        calculated = {measure.input for measure in (*self.measures, *self.priced) if measure.how in ("sum", "max")}
        if not {*self.converted, *calculated} <= self._figures:
            return False
        asked_late = conditions(self.rules.late) & set(self.converted)
        return not asked_late and all(isinstance(formula, Formula) for formula in self._formulas.values())

    @cached_property
    def _figures(self) -> set[str]:
        return {name for name, kind in self.settlement.kinds.items() if kind == "number"}

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What statements measure."""
        return _measures(self.rules.statement)

    @cached_property
    def priced(self) -> tuple[Measure, ...]:
        """What lines measure."""
        return _measures(self.rules.line)

    @cached_property
    def windows(self) -> tuple[Measure, ...]:
        """What statements measure over other lines than their own."""
        return tuple(one for one in self.measures if one.over)

    @cached_property
    def sequences(self) -> tuple[Measure, ...]:
        """What lines measure over others."""
        return tuple(one for one in self.priced if one.over)

    def in_sequence(self, taken: Sequence[int], pooled: int | None) -> bool:
        """Does what a line is worth depend on others, where these rules of the line are `taken`, and this one of a pool?"""
        pricings = [self.rules.line[one].pricing for one in taken]
        return pooled is not None or any(one.looks_beyond for one in pricings if one)

    @cached_property
    def by_day(self) -> bool:
        """Do windows begin or end elsewhere than statements?"""
        return not all(_of_statements(self.settlement, one.over) for one in self.windows if one.over)

    @cached_property
    def dated(self) -> frozenset[str]:
        """The inputs of which each line keeps the day."""
        contracts = [one.over.contract for one in self.windows if one.over and one.over.period == "contract"]
        contracts += [self.settlement.contract] if self.settlement.contract else []
        days = {self.settlement.date} if self.by_day or contracts else set()
        return frozenset({one for contract in contracts for one in contract if one} | days)

    @cached_property
    def _formulas(self) -> Mapping[Asked, Formula | FormulaFault | None]:
        found = {("formula", one.input): one.formula for one in self.measures if one.how == "formula" and not one.over}
        return found | {("share", one.uid): one.formula for one in self.settlement.parties if one.kind == "formula"}

    @cached_property
    def formulas(self) -> Mapping[Asked, Formula]:
        """What each line is asked for after it has been priced."""
        return {asked: formula for asked, formula in self._formulas.items() if isinstance(formula, Formula)}

    @cached_property
    def questioned(self) -> tuple[str, ...]:
        """The inputs that these formulas name."""
        named = {one for formula in self.formulas.values() for one in formula.fields}
        return tuple(sorted(named & set(self.settlement.kinds)))

    @cached_property
    def converted(self) -> tuple[str, ...]:
        return self.settlement.exchange.amounts if self.settlement.exchange else ()

    @cached_property
    def early(self) -> tuple[str, ...]:
        """The inputs by whose codes currency, tax and rate of exchange are found."""
        exchange = self.settlement.exchange
        found = self._tested(self.rules.terms) | conditions(self.rules.terms)
        return tuple(sorted(found | ({exchange.currency, exchange.date} if exchange else set())))

    @cached_property
    def late(self) -> tuple[str, ...]:
        """The inputs by whose codes rules and prices are found."""
        found = self._tested(self.rules.late) | conditions(self.rules.late)
        return tuple(sorted(found | {one for rule in self.rules.line for one in self.named(rule.pricing) - self._figures}))

    @cached_property
    def exactly(self) -> frozenset[str]:
        """The inputs that are asked for the very value, not only for what rules make of it."""
        exchange = self.settlement.exchange
        priced = {one for rule in self.rules.line for one in self.named(rule.pricing) - self._figures}
        asked = priced | (set(self.questioned) - self._figures)
        return frozenset(conditions(self.rules.all) | asked | ({exchange.currency} if exchange else set()))

    @cached_property
    def coded(self) -> tuple[str, ...]:
        """The inputs whose values are told apart, each by a number."""
        people = {party.by for party in self.settlement.parties if party.by}
        always = {self.settlement.partner, self.settlement.date, *self.settlement.moments}
        return tuple(sorted({*self.kept, *people, *always, *self.dated}))

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The inputs of which each line keeps which values it has."""
        return tuple(sorted({*self.early, *self.late, *(set(self.questioned) - self._figures)}))

    @cached_property
    def bounded_early(self) -> tuple[str, ...]:
        return tuple(sorted(self.rules.asked(self.rules.terms) & self._figures))

    @cached_property
    def bounded_late(self) -> tuple[str, ...]:
        return tuple(sorted(self.rules.asked(self.rules.late) & self._figures))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The inputs that are calculated with, or tested against bounds."""
        found = {one.input for one in self.measures if one.how in ("sum", "max")} | set(self.converted)
        found |= {name for one in self.windows if isinstance(one.formula, Formula) for name in one.formula.fields}
        found |= set(self.questioned) & self._figures
        found |= {one for rule in self.rules.line for one in self.named(rule.pricing) & self._figures}
        return tuple(sorted({*found, *self.bounded_early, *self.bounded_late}))

    @cached_property
    def read(self) -> frozenset[str]:
        """The inputs that are read: all where Python may be asked what lines are worth that the engine has left out."""
        asks = not self.covers or self.settlement.lines_look_beyond
        return frozenset(self.settlement.kinds if asks else (*self.coded, *self.numbers))

    def named(self, pricing: Pricing | None) -> set[str]:
        """The inputs that a price of a line depends on."""
        if pricing is None:
            return set()
        found = {one.input for one in pricing.measures if one.how in ("sum", "max")}
        for measure in pricing.measures:
            if isinstance(measure.formula, Formula):
                found |= measure.formula.fields
        if pricing.prorate is not None:
            found |= {one for one in (pricing.prorate.since, pricing.prorate.until) if one} | {self.settlement.date}
        if pricing.charge.currency not in ("", OWN):
            found.add(self.settlement.date)  # of the rate by which its sums are converted
        return found

    def _tested(self, rules: Iterable[Rule]) -> set[str]:
        return self.rules.asked(rules) - self._figures


def _of_partner(settlement: Settlement, measure: Measure) -> bool:
    """Is that measured over lines of the partner?"""
    return measure.over is not None and measure.over.group == (settlement.partner,)


def _added(measure: Measure) -> bool:
    return measure.how != "formula" or (isinstance(measure.formula, Formula) and measure.formula.weights is not None)


def _of_statements(settlement: Settlement, window: Window) -> bool:
    """Is it made of whole statements?"""
    whole = window.period in MONTHS and MONTHS[window.period] % MONTHS.get(settlement.period, 1) == 0
    return whole and settlement.contract is None


def _measures(rules: Iterable[Rule]) -> tuple[Measure, ...]:
    pricings = (rule.pricing for rule in rules if rule.pricing)
    return tuple(dict.fromkeys(one for pricing in pricings for one in pricing.measures))
