"""What a partner's lines of a period come to: groups under the same tiers and terms, tax, limits and shares."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from ..tiers._type import Part, limited
from .charging import rounded_parts, total_of
from .definition import Settlement, Tax, Terms
from .faults import SettlementFault
from .lines import EMPTY, Place, book_of, parts_at, ready
from .measures import Line
from .rounding import Rounding, exactly
from .rules import Rule
from .sharing import Share, shares_of
from .windows import Book

ZERO = Decimal(0)


class Group(NamedTuple):
    """The lines of a statement that fall under the same tiers and the same terms.

    Where rules are collected, each rule is a group of its own, of the lines that it fits, and what the lines are worth stands
    in a group without a rule: nothing is counted twice.
    """

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


class Bunch(NamedTuple):
    """Lines under the same terms and rule. `counted`: what they are worth is counted here."""

    terms: Terms
    rule: Rule | None
    lines: list[Line]
    counted: bool = True


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
    known = book_of(settlement, lines) if book is EMPTY and _looks_beyond(settlement) else book
    by_currency: dict[str, list[tuple[Terms, Line]]] = defaultdict(list)
    for line in lines:
        terms = settlement.terms_of(line.values)
        by_currency[terms.currency].append((terms, ready(settlement, line, terms.currency)))
    return [_statement(settlement, currency, found, known) for currency, found in by_currency.items()]


def _looks_beyond(settlement: Settlement) -> bool:
    rules = settlement.statement.rules if settlement.statement else ()
    return any(one.over is not None for rule in rules if rule.pricing for one in rule.pricing.measures)


def _statement(settlement: Settlement, currency: str, lines: Sequence[tuple[Terms, Line]], book: Book) -> Statement:
    bunches = _best(settlement, _bunches(settlement, lines), currency, book)
    groups = [_group(settlement, bunch, currency, book) for bunch in bunches]
    if settlement.limits:
        groups += _limit(settlement, groups, currency)
    net = sum((group.net for group in groups), ZERO)
    tax = sum((group.tax_amount for group in groups), ZERO)
    mine = [line for _, line in lines]
    shares = shares_of(settlement.parties, settlement.remainder, net, currency, mine)
    return Statement(currency, tuple(groups), net, tax, net + tax, shares, tuple(settlement.rounding.values()))


def _bunches(settlement: Settlement, lines: Sequence[tuple[Terms, Line]]) -> list[Bunch]:
    table = settlement.statement
    collecting = table is not None and table.policy == "collect"
    found: dict[tuple[Terms, str | None], Bunch] = {}
    for terms, line in lines:
        hits = table.hits(line.values) if table else ()
        counted_with = None if collecting or not hits else hits[0]
        for rule in (counted_with, *(hits if collecting else ())):
            key = (terms, rule.uid if rule else None)
            counted = not collecting or rule is None
            found.setdefault(key, Bunch(terms, rule, [], counted)).lines.append(line)
    return list(found.values())


def _best(settlement: Settlement, bunches: list[Bunch], currency: str, book: Book) -> list[Bunch]:
    """Of collected rules all, or under the same terms only the one that comes to most or to least."""
    table = settlement.statement
    if table is None or table.policy != "collect" or table.collect == "sum":
        return bunches
    pick: Callable[..., Bunch] = max if table.collect == "max" else min
    chosen = {}
    for terms in dict.fromkeys(one.terms for one in bunches):
        rivals = [one for one in bunches if one.terms == terms and one.rule]
        if rivals:
            chosen[terms] = pick(rivals, key=lambda one: _charge(settlement, one, currency, book)[0])
    return [one for one in bunches if one.counted or chosen.get(one.terms) is one]


def _group(settlement: Settlement, bunch: Bunch, currency: str, book: Book) -> Group:
    worth = sum((line.amount for line in bunch.lines), ZERO) if bunch.counted else ZERO
    of_lines = settlement.rounding["statement"].of(worth, currency)
    charge, parts = _charge(settlement, bunch, currency, book)
    amounts = [of_lines + charge]
    if bunch.terms.tax.per == "line" and bunch.counted:
        amounts = [*(line.amount for line in bunch.lines), of_lines - worth + charge]
    net, tax = _taxed(bunch.terms.tax, amounts, settlement.rounding["tax"], currency)
    rule = bunch.rule.uid if bunch.rule else None
    return Group(len(bunch.lines), of_lines, rule, parts, charge, bunch.terms, net, tax)


def _charge(settlement: Settlement, bunch: Bunch, currency: str, book: Book) -> tuple[Decimal, tuple[Part, ...]]:
    rounding = settlement.rounding["charge"]
    if bunch.rule is None or bunch.rule.pricing is None:
        return rounding.of(ZERO, currency), ()
    days = [day for line in bunch.lines if (day := settlement.day_of(line.values)) is not None]
    place = Place(settlement, currency, max(days) if days else None, bunch.lines[0].values, book)
    pricing = bunch.rule.pricing
    return rounded_parts(parts_at(pricing, pricing.measure, bunch.lines, place), rounding, currency)


def _limit(settlement: Settlement, groups: Sequence[Group], currency: str) -> list[Group]:
    """What is missing to the least amount of a statement, or too much: a group of its own, under the terms of the first."""
    total = sum((group.lines_amount + group.charge for group in groups), ZERO)
    parts = limited([Part("", {}, total)], settlement.limits, 1)
    if not parts:
        return []
    amount, terms = total_of(parts), groups[0].terms
    net, tax = taxed_amount(amount, terms.tax, settlement.rounding["tax"], currency)
    nothing = settlement.rounding["statement"].of(ZERO, currency)
    return [Group(0, nothing, None, tuple(parts), amount, terms, net, tax)]


def taxed_amount(amount: Decimal, tax: Tax, rounding: Rounding, currency: str) -> tuple[Decimal, Decimal]:
    """(net, tax). Inclusive: 税额 = 含税 − 不含税, so that the three always tie."""
    match tax.kind:
        case "inclusive":
            net = rounding.of(amount / (1 + tax.rate / 100), currency)
            return net, amount - net
        case "exclusive":
            return amount, rounding.of(amount * tax.rate / 100, currency)
    return amount, rounding.of(ZERO, currency)


def _taxed(tax: Tax, amounts: Sequence[Decimal], rounding: Rounding, currency: str) -> tuple[Decimal, Decimal]:
    found = [taxed_amount(amount, tax, rounding, currency) for amount in amounts]
    return sum((net for net, _ in found), ZERO), sum((part for _, part in found), ZERO)
