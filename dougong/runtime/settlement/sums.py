"""What a statement is calculated from: of the lines under the same terms and rule how many, their worth, what is measured.

A batch plan may make these sums elsewhere; what follows from them is `statements.stated`, for both.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..tiers._type import Part
from .definition import Settlement, Terms
from .lines import Place
from .measures import Line
from .rules import Rule
from .taxes import taxed_each
from .windows import Book

ZERO = Decimal(0)


class Sums(NamedTuple):
    """`rule`: None where none fits, and where rules are collected: there each rule has sums of its own, of the lines that it
    fits, and what the lines are worth stands in sums without a rule (`counted`), so that nothing is counted twice.

    `qualifier`: None where the measure selects the tier. `told`: over which windows they were measured. `taxed`: (net, tax) of
    the lines where each is taxed by itself.
    """

    terms: Terms
    rule: Rule | None
    size: int
    worth: Decimal
    counted: bool = True
    measure: Decimal = ZERO
    qualifier: Decimal | None = None
    target: Decimal = ZERO
    taxed: tuple[Decimal, Decimal] | None = None
    told: tuple[Part, ...] = ()


def sums_of(settlement: Settlement, currency: str, lines: Sequence[tuple[Terms, Line]], book: Book) -> list[Sums]:
    """In the order in which they first appear among the lines."""
    table = settlement.statement
    collecting = table is not None and table.policy == "collect"
    found: dict[tuple[Terms, str | None], tuple[Rule | None, list[Line]]] = {}
    for terms, line in lines:
        hits = table.hits(line.values) if table else ()
        taken: tuple[Rule | None, ...] = (None, *hits) if collecting else (hits or (None,))
        for rule in taken:
            found.setdefault((terms, rule.uid if rule else None), (rule, []))[1].append(line)
    return [
        _summed(settlement, currency, terms, rule, own, book, counted=not collecting or rule is None)
        for (terms, _), (rule, own) in found.items()
    ]


def _summed(
    settlement: Settlement, currency: str, terms: Terms, rule: Rule | None, lines: list[Line], book: Book, *, counted: bool
) -> Sums:
    sums = Sums(terms, rule, len(lines), ZERO, counted)
    if counted:
        rounding = settlement.rounding["tax"]
        amounts = [line.amount for line in lines]
        taxed = taxed_each(amounts, terms.tax, rounding, currency) if terms.tax.per == "line" else None
        sums = sums._replace(worth=sum(amounts, ZERO), taxed=taxed)
    if rule is None or rule.pricing is None:
        return sums
    days = [day for line in lines if (day := settlement.day_in(line.values)) is not None]
    last = max(days) if days else None
    place = Place(settlement, currency, last, lines[0].values, book, until=settlement.end_of(last, lines[0].values))
    pricing = rule.pricing
    measure = place.measured(pricing.measure, lines)
    qualifier = place.measured(pricing.qualifier, lines) if pricing.qualifier else None
    target = place.measured(pricing.target, lines) if pricing.target else ZERO
    told = place.told(
        measure=(pricing.measure, measure), qualifier=(pricing.qualifier, qualifier), target=(pricing.target, target)
    )
    return sums._replace(measure=measure, qualifier=qualifier, target=target, told=tuple(told))
