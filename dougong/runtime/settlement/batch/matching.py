"""Which rules fit: told once for each value, as a set of rules; the rules of a line are what the sets of its values share.

A set is an integer, a bit for each rule: those of the terms, of the line, of the statement, of the pools, in the order in which
they are asked. What a value passes is said by the rules themselves (`Test.passes`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from math import ceil, floor
from typing import Any

from ...values import comparable
from ..definition import Settlement
from ..faults import SettlementFault
from ..rules import Rule, Table, Test

Values = Mapping[str, Any]


class Rules:
    """All rules of a settlement that are matched, and who asks for which input."""

    def __init__(self, settlement: Settlement) -> None:
        self.terms = tuple(rule for rule, _ in settlement.terms)
        self.line = settlement.line.rules if settlement.line else ()
        self.statement = settlement.statement.rules if settlement.statement else ()
        self.pools = tuple(pool.rule for pool in settlement.pools)
        self.late = (*self.line, *self.statement, *self.pools)
        self.all = (*self.terms, *self.late)
        self.every = (1 << len(self.all)) - 1

    @cached_property
    def _tests(self) -> Mapping[str, Sequence[tuple[int, Test]]]:
        found: dict[str, list[tuple[int, Test]]] = {}
        for index, rule in enumerate(self.all):
            for test in rule.tests:
                found.setdefault(test.input, []).append((1 << index, test))
        return found

    def fitting(self, name: str, value: Any) -> int:
        """The rules that do not mind this value."""
        return self.every & ~sum({bit for bit, test in self._tests.get(name, ()) if not test.passes(value)})

    def asked(self, rules: Iterable[Rule]) -> set[str]:
        return {test.input for rule in rules for test in rule.tests}

    def cuts(self, name: str, scale: int) -> list[int]:
        """Where, among integers of this scale, something changes: the first of each stretch that passes the same tests."""
        found: set[int] = set()
        for _, test in self._tests.get(name, ()):
            wanted = test.operand if test.how in ("in", "not_in") else (test.operand,)
            for one in _numbers(wanted):
                exact = one.scaleb(scale)
                found |= {ceil(exact), floor(exact) + 1}
        return sorted(found)


def conditions(rules: Iterable[Rule]) -> set[str]:
    """The inputs that conditions name: they are asked for the very value."""
    return {name for rule in rules if rule.condition for name in rule.condition.fields}


def first(rules: Sequence[Rule], fitting: int, values: Values) -> int | None:
    return next(_holding(rules, fitting, values), None)


def hits(table: Table, fitting: int, values: Values) -> tuple[int, ...]:
    """The places of the rules that are taken, as `Table.hits` takes them."""
    found = _holding(table.rules, fitting, values)
    if table.policy == "first":
        return tuple(one for one in [next(found, None)] if one is not None)
    taken = tuple(found)
    if table.policy == "unique" and len(taken) > 1:
        raise SettlementFault("settle.several_rules", rules=", ".join(table.rules[one].uid for one in taken[:10]))
    return taken


def _holding(rules: Sequence[Rule], fitting: int, values: Values) -> Iterator[int]:
    fitting &= (1 << len(rules)) - 1
    while fitting:
        place = (fitting & -fitting).bit_length() - 1
        fitting &= fitting - 1
        if rules[place].holds(values):
            yield place


def _numbers(wanted: Iterable[Any]) -> Iterator[Decimal]:
    for one in wanted:
        try:
            found = comparable(one, "number")
        except ValueError:
            continue
        if found is not None:
            yield found
