"""What the rules of a decision table cover: which can hit together, which can never hit, and values for which none does.

The places of each input (`partition.py`) are the sides of a finite space; every answer is exact over it, with the values of a
point as its example. Where a search would take too long, or a side could not be divided exactly, it says so (`Side.exact`,
`TooMany`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any, Final, NamedTuple

from ..partition import ORDERED, examples, operands, understood, wholly
from ..table import Column, Table
from ..values import comparable

MAX_STEPS: Final = 100_000
MAX_ASKED: Final = 200_000  # so many times a cell is asked for one input
MAX_COMPARED: Final = 300  # places that are compared each with each

Point = dict[str, Any]


class Spot(NamedTuple):
    """A place of an input: a value that falls there, and the rules that it leaves over, as bits."""

    value: Any
    rules: int


class Side(NamedTuple):
    """One input; places that leave the same rules over are one."""

    key: str
    spots: tuple[Spot, ...]
    exact: bool


class TooMany(Exception):
    """The search was given up."""


@dataclass
class Budget:
    steps: int = MAX_STEPS

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TooMany


@dataclass(frozen=True)
class Space:
    sides: tuple[Side, ...]
    size: int
    budget: Budget = field(default_factory=Budget)

    @classmethod
    def of(cls, table: Table) -> "Space":
        return cls.over(table.columns, len(table.uids))

    @classmethod
    def over(cls, columns: Iterable[Column], size: int) -> "Space":
        """Of so many rules that have cells in these columns."""
        return cls(tuple(_side(column) for column in columns), size)

    @property
    def exact(self) -> bool:
        return all(side.exact for side in self.sides)

    @property
    def everything(self) -> int:
        return (1 << self.size) - 1

    def dead(self) -> int:
        """The rules with a cell in which no value falls."""
        alive = (reduce(or_, (spot.rules for spot in side.spots), 0) for side in self.sides)
        return self.everything & ~reduce(and_, alive, self.everything)

    def together(self, rule: int) -> int:
        """The rules that some values hit together with this one."""
        return self._over(rule, or_)

    def covering(self, rule: int) -> int:
        """The rules that all values hit that hit this one; the rule is one of them."""
        return self._over(rule, and_)

    def _over(self, rule: int, gather: Callable[[int, int], int]) -> int:
        bit, found = 1 << rule, self.everything
        for side in self.sides:
            here = [spot.rules for spot in side.spots if spot.rules & bit]
            found &= reduce(gather, here) if here else 0
        return found

    def point(self, rules: int) -> Point:
        """Values that hit all of these rules, which can hit together."""
        return {side.key: next(spot.value for spot in side.spots if spot.rules & rules == rules) for side in self.sides}

    def uncovered(self, rules: int, within: int = 0) -> Iterator[Point]:
        """Points that none of the rules hits, of those that all rules of `within` hit. Raises TooMany."""
        sides = [_smallest(side, rules, within) for side in self.sides]
        if not all(sides):
            return
        sure = [rules]  # from each side on: the rules that hit whatever is there
        for spots in reversed(sides):
            sure.append(sure[-1] & reduce(and_, (spot.rules for spot in spots)))
        yield from self._search(sides, sure[::-1], 0, rules, [], set())

    def _search(
        self, sides: list[list[Spot]], sure: list[int], depth: int, left: int, chosen: list[Any], seen: set[tuple[int, int]]
    ) -> Iterator[Point]:
        self.budget.spend()
        if not left:
            rest = [spots[0].value for spots in sides[depth:]]
            yield {side.key: value for side, value in zip(self.sides, [*chosen, *rest], strict=True)}
            return
        if left & sure[depth] or (depth, left) in seen:
            return
        seen.add((depth, left))
        for spot in sides[depth]:
            yield from self._search(sides, sure, depth + 1, left & spot.rules, [*chosen, spot.value], seen)


def _smallest(side: Side, rules: int, within: int) -> list[Spot]:
    """What of a side is worth a look: a place that leaves fewer rules over is always the better one."""
    found: dict[int, Spot] = {}
    for spot in side.spots:
        if spot.rules & within == within:
            found.setdefault(spot.rules & rules, Spot(spot.value, spot.rules & rules))
    spots = sorted(found.values(), key=lambda spot: spot.rules.bit_count())
    if len(spots) > MAX_COMPARED:
        return spots
    kept: list[Spot] = []
    for spot in spots:
        if not any(one.rules & spot.rules == one.rules for one in kept):
            kept.append(spot)
    return kept


def _side(column: Column) -> Side:
    one = column.input
    atoms = [atom for cell in column.cells for atom in cell.atoms]
    found = examples(one.kind, one.config, atoms, type=one.type.name)
    values = [value for value in found.values if value is not None or not one.required]
    if one.kind in ORDERED and understood(one.kind, atoms):
        spots, exact = _in_order(column, values), found.exact
    elif wholly(one.kind, atoms):
        spots, exact = _by_value(column, values), found.exact
    else:
        most = MAX_ASKED // len(column.cells)
        spots = [Spot(value, column.left_by({one.key: value})) for value in values[:most]]
        exact = found.exact and len(values) <= most
    merged: dict[int, Spot] = {}
    for spot in spots:
        merged.setdefault(spot.rules, spot)
    return Side(one.key, tuple(merged.values()), exact)


def _in_order(column: Column, values: Sequence[Any]) -> list[Spot]:
    """A cell changes its answer only at its own bounds: it is asked once between them, not at every value."""
    key, kind = column.input.key, column.input.kind
    there = sorted((comparable(value, kind), value) for value in values if value is not None)
    order = [found for found, _ in there]
    changes = [column.free, *[0] * len(there)]
    for cell in column.cells:
        bounds = list(operands(cell.atoms, kind))
        cuts = sorted({0, *(at for one in bounds for at in (bisect_left(order, one), bisect_right(order, one)))})
        held = False
        for cut in cuts:
            holds = cut < len(there) and cell.condition.holds({key: there[cut][1]})
            if holds is not held and cut < len(changes):
                changes[cut] ^= cell.rules
            held = holds
    spots, rules = [], 0
    for (_, value), change in zip(there, changes, strict=False):
        rules ^= change
        spots.append(Spot(value, rules))
    return [*spots, *(Spot(None, column.left_by({key: None})) for value in values if value is None)]


def _by_value(column: Column, values: Sequence[Any]) -> list[Spot]:
    """A cell answers for a value that it does not name as for any other such value."""
    key = column.input.key
    changes = dict.fromkeys(values, 0)
    usual = column.free
    for cell in column.cells:
        named = {*operands(cell.atoms, column.input.kind), None, True, False}
        stranger = next((value for value in values if value not in named), None)
        holds = stranger is not None and cell.condition.holds({key: stranger})
        usual |= cell.rules if holds else 0
        for value in named & changes.keys():
            if cell.condition.holds({key: value}) is not holds:
                changes[value] ^= cell.rules
    return [Spot(value, usual ^ change) for value, change in changes.items()]
