"""What a partner's lines of a period come to: groups under the same tiers and terms, tax, limits and shares."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from ..tiers._type import SUMS, Part, limited
from .charging import Money, parts_of, priced_in, rounded_parts, total_of
from .definition import Settlement, Terms
from .faults import SettlementFault
from .lines import EMPTY, book_of, ready
from .measures import Line
from .rounding import Rounding, exactly
from .sharing import Facts, Share, facts_of, shares_of
from .spans import of_lines
from .sums import Sums, sums_of
from .taxes import taxed
from .windows import Book

ZERO = Decimal(0)


class Group(NamedTuple):
    """The lines of a statement that fall under the same tiers and the same terms; where rules are collected, see `Sums`."""

    size: int
    lines_amount: Decimal
    rule: str | None
    parts: tuple[Part, ...]
    charge: Decimal
    terms: Terms
    net: Decimal
    tax_amount: Decimal


class Statement(NamedTuple):
    """net + tax = gross; the shares add up to net. `roundings`: those that were in force, in the order of the calculation."""

    currency: str
    groups: tuple[Group, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    shares: tuple[Share, ...]
    roundings: tuple[Rounding, ...] = ()


Charged = tuple[Sums, Decimal, tuple[Part, ...]]


def settle(settlement: Settlement, lines: Sequence[Line], book: Book = EMPTY) -> list[Statement]:
    """One partner's lines of one period: one statement for each currency, in the order the currencies first appear.

    `book`: all lines that are known, for rules that look beyond the statement. Raises SettlementFault.
    """
    try:
        with exactly():
            return _settled(settlement, lines, book)
    except InvalidOperation:  # more digits than a number holds
        raise SettlementFault("settle.too_large") from None


def _settled(settlement: Settlement, lines: Sequence[Line], book: Book) -> list[Statement]:
    known = book_of(settlement, lines) if book is EMPTY and settlement.looks_beyond else book
    by_currency: dict[str, list[tuple[Terms, Line]]] = defaultdict(list)
    for line in lines:
        terms = settlement.terms_of(line.values)
        by_currency[terms.currency].append((terms, ready(settlement, line, terms.currency)))
    day = settlement.last_day(settlement.begin_of(lines[0].values)) if lines else None
    return [
        stated(settlement, currency, day, sums_of(settlement, currency, found, known), facts_of(settlement.parties, found))
        for currency, found in by_currency.items()
    ]


def stated(settlement: Settlement, currency: str, day: date | None, sums: Sequence[Sums], facts: Facts) -> Statement:
    """The statement that follows from these sums; `day`: its last. Call it within `exactly()`.

    Raises SettlementFault or InvalidOperation.
    """
    rounding, money = settlement.rounding["charge"], settlement.money(currency, day)
    charged = _best(settlement, [(one, *_charge(settlement, one, rounding, money)) for one in sums])
    groups = [_group(settlement, currency, *one) for one in charged]
    if settlement.limits:
        groups += _limit(settlement, groups, money)
    net = sum([group.net for group in groups], ZERO)
    tax = sum([group.tax_amount for group in groups], ZERO)
    parties = [party.priced_in(money) for party in settlement.parties] if settlement.shares_money else settlement.parties
    shares = shares_of(parties, settlement.remainder, net, currency, facts, settlement.proportions)
    return Statement(currency, tuple(groups), net, tax, net + tax, shares, settlement.roundings)


def _charge(settlement: Settlement, sums: Sums, rounding: Rounding, money: Money) -> tuple[Decimal, tuple[Part, ...]]:
    if sums.rule is None or sums.rule.pricing is None:
        return rounding.of(ZERO, money.currency), ()
    pricing, told = priced_in(sums.rule.pricing, money)
    figures = {
        "measure": (pricing.measure, sums.measure), "qualifier": (pricing.qualifier, sums.qualifier),
        "target": (pricing.target, sums.target),
    }  # fmt: skip
    own = of_lines(settlement, sums.size, money.currency, figures)
    parts = parts_of(pricing, sums.measure, sums.qualifier, sums.target)
    return rounded_parts([*told, *sums.told, *own, *parts], rounding, money.currency)


def _best(settlement: Settlement, charged: list[Charged]) -> list[Charged]:
    """Of collected rules all, or under the same terms only the one that comes to most or to least."""
    table = settlement.statement
    if table is None or table.policy != "collect" or table.collect == "sum":
        return charged
    pick: Callable[..., Charged] = max if table.collect == "max" else min
    chosen: dict[Terms, Charged] = {}
    for terms in dict.fromkeys(sums.terms for sums, _, _ in charged):
        rivals = [one for one in charged if one[0].terms == terms and one[0].rule]
        if rivals:
            chosen[terms] = pick(rivals, key=lambda one: one[1])
    return [one for one in charged if one[0].counted or chosen.get(one[0].terms) is one]


def _group(settlement: Settlement, currency: str, sums: Sums, charge: Decimal, parts: tuple[Part, ...]) -> Group:
    rounding, tax = settlement.rounding["tax"], sums.terms.tax
    of_lines = settlement.rounding["statement"].of(sums.worth, currency)
    if sums.taxed is None:
        net, tax_amount = taxed(of_lines + charge, tax, rounding, currency)
    else:  # the lines have been taxed by themselves: what is left is the charge, and what the sum of the lines was rounded by
        more_net, more_tax = taxed(of_lines - sums.worth + charge, tax, rounding, currency)
        net, tax_amount = sums.taxed[0] + more_net, sums.taxed[1] + more_tax
    rule = sums.rule.uid if sums.rule else None
    return Group(sums.size, of_lines, rule, parts, charge, sums.terms, net, tax_amount)


def _limit(settlement: Settlement, groups: Sequence[Group], money: Money) -> list[Group]:
    """What is missing to the least amount of a statement, or too much: a group of its own, under the terms of the first."""
    [limits], told = money.of(settlement.limits_currency, SUMS, settlement.limits)
    total = sum((group.lines_amount + group.charge for group in groups), ZERO)
    parts = limited([Part("", {}, total)], limits, 1)
    if not parts:
        return []
    amount, terms = total_of(parts), groups[0].terms
    net, tax = taxed(amount, terms.tax, settlement.rounding["tax"], money.currency)
    nothing = settlement.rounding["statement"].of(ZERO, money.currency)
    return [Group(0, nothing, None, (*told, *parts), amount, terms, net, tax)]
