"""The token game on knots: where tokens may stand, and every move there is, with all conditions taken as free.

A marking is one number: so many bits for each way (how many tokens stand at its end), one for each way into a join that has
gone on already and swallows the rest. A token that has come over a way stands at the step the way leads to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, NamedTuple

import networkx as nx

from .knots import Drawing, Knot, Way

WIDE: Final = 3  # bits of a way on which several tokens are meant
MOST_TOGETHER: Final = 10  # ways of which some are taken: above, all of them and each alone stand for the rest


class Played(NamedTuple):
    """A move: `took` the tokens, and put one on each of `gave`; `clash`: there was one already."""

    knot: Knot
    took: tuple[Way, ...]
    gave: tuple[Way, ...]
    marking: int
    clash: Way | None = None


@dataclass(eq=False)
class Game:
    drawing: Drawing

    def __post_init__(self) -> None:
        entry = self.drawing.entry
        self.ways = [entry, *(way for knot in self.drawing.knots for way in knot.ways_out)]
        self.bits = WIDE if self.drawing.multiple else 1
        most = (1 << self.bits) - 1
        self.unit = {way: 1 << index * self.bits for index, way in enumerate(self.ways)}
        self.full = {way: most * unit for way, unit in self.unit.items()}
        counted = [way for knot in self.drawing.knots if self._swallows(knot) for way in knot.ways_in]
        shift = len(self.ways) * self.bits
        self.tokens = (1 << shift) - 1
        self.came = {way: 1 << shift + index for index, way in enumerate(counted)}
        self.into = {knot: sum(self.full[way] for way in knot.ways_in) for knot in self.drawing.knots}
        self.urgent = [knot for knot in self.drawing.knots if knot.join == "count"]
        self.round = {knot: sum(self.came[way] for way in knot.ways_in) for knot in self.urgent if self._swallows(knot)}
        self.clears = {way: self._standing_on(way.clears) for way in self.ways if way.clears}
        self.cancels = {knot: self._standing_on(knot.shape.cancels) for knot in self.drawing.knots if knot.shape.cancels}
        self.is_exact = all(knot.shape.split != "some" or len(knot.group) <= MOST_TOGETHER for knot in self.drawing.knots)
        self._choices: dict[Knot, list[tuple[Way, ...]]] = {}

    @staticmethod
    def _swallows(knot: Knot) -> bool:
        return knot.join == "count" and knot.shape.rest != "cancelled"

    def _standing_on(self, uids: frozenset[str]) -> int:
        """Who waits for the first event stands on that step too, as long as none has happened."""
        return sum(self.full[way] for way in self.ways if way.into in uids or (_races(way) and way.out_of in uids))

    @property
    def begin(self) -> int:
        return self.unit[self.drawing.entry]

    def marked(self, marking: int) -> list[Way]:
        """The ways at the end of which tokens stand, in their order."""
        found = []
        rest = marking & self.tokens
        while rest:
            index = ((rest & -rest).bit_length() - 1) // self.bits
            found.append(self.ways[index])
            rest &= ~self.full[self.ways[index]]
        return found

    def knots_at(self, marking: int) -> list[Knot]:
        return list(dict.fromkeys(way.target for way in self.marked(marking)))

    def moves(self, marking: int) -> list[Played]:
        """Every move. Where enough have come to a join that counts, it goes on first: it is part of the move before."""
        for knot in self.urgent:
            if marking & self.into[knot] and (found := list(self.of(knot, marking))):
                return found
        return [move for knot in self.knots_at(marking) for move in self.of(knot, marking)]

    def of(self, knot: Knot, marking: int) -> Iterator[Played]:
        """The moves of one knot."""
        standing = [way for way in knot.ways_in if marking & self.full[way]]
        match knot.join:
            case "each":
                for way in standing:
                    yield from self._leaving(knot, (way,), marking - self.unit[way])
            case "all" if standing and len(standing) == len(knot.ways_in):
                yield from self._leaving(knot, tuple(standing), marking - sum(self.unit[way] for way in standing))
            case "reaching" if standing and not marking & self.regions[knot]:
                yield from self._leaving(knot, tuple(standing), marking & ~self.into[knot])
            case "count" if standing:
                yield from self._counted(knot, standing, marking)

    def _counted(self, knot: Knot, standing: list[Way], marking: int) -> Iterator[Played]:
        came = marking & self.round.get(knot, 0)
        if came:
            late = next((way for way in standing if not came & self.came[way]), None)
            if late is not None:
                after = (marking - self.unit[late]) | self.came[late]
                yield Played(knot, (late,), (), after & ~came & ~self.came[late] if self._round_over(knot, after) else after)
        elif len(standing) >= knot.shape.needs:
            after = marking - sum(self.unit[way] for way in standing)
            if not self._swallows(knot):
                for way in knot.ways_in:
                    if way not in standing:
                        after &= ~self.regions_of[way]
            elif len(standing) < len(knot.ways_in):
                after |= sum(self.came[way] for way in standing)
            yield from self._leaving(knot, tuple(standing), after)

    def _round_over(self, knot: Knot, marking: int) -> bool:
        return marking & self.round[knot] == self.round[knot]

    def _leaving(self, knot: Knot, took: tuple[Way, ...], after: int) -> Iterator[Played]:
        for way in took:
            if way.source is not None and _races(way):
                for other in way.source.ways_out:
                    after &= ~self.full[other]
        after &= ~self.cancels.get(knot, 0)
        for gave in self.choices(knot):
            yield self._put(knot, took, gave, after)

    def _put(self, knot: Knot, took: tuple[Way, ...], gave: tuple[Way, ...], marking: int) -> Played:
        if knot.shape.ends_all:
            return Played(knot, took, gave, 0)
        clash = None
        for way in gave:
            marking &= ~self.clears.get(way, 0)
            if marking & self.full[way]:
                clash = clash or way
            if marking & self.full[way] != self.full[way]:
                marking += self.unit[way]
        return Played(knot, took, gave, marking, clash)

    def choices(self, knot: Knot) -> list[tuple[Way, ...]]:
        if knot not in self._choices:
            found: list[tuple[Way, ...]] = [(way,) for way in knot.ways_out if way.alone]
            group = tuple(knot.group)
            if group and (knot.shape.split == "all" or knot.shape.races):
                found.append(group)
            elif len(group) > MOST_TOGETHER:
                found += [group, *((way,) for way in group)]
            elif group:
                found += [some for count in range(len(group)) for some in combinations(group, count + 1)]
            self._choices[knot] = found or [()]
        return self._choices[knot]

    @cached_property
    def regions(self) -> dict[Knot, int]:
        """By join that waits until no token can reach it any more: where such tokens stand."""
        joins = [knot for knot in self.drawing.knots if knot.join == "reaching"]
        return {knot: self._or(self.regions_of[way] for way in knot.ways_in) for knot in joins}

    @cached_property
    def cancelled(self) -> list[int]:
        """By way into a join that cancels the rest: where such tokens stand."""
        joins = [knot for knot in self.urgent if not self._swallows(knot)]
        return [self.regions_of[way] for knot in joins for way in knot.ways_in]

    @cached_property
    def regions_of(self) -> dict[Way, int]:
        """By way into a join: where tokens stand that may still come in over it (see `regions`)."""
        joins = [knot for knot in self.drawing.knots if knot.join in ("reaching", "count")]
        heads = self._heads() if joins else {}
        return {way: self._before(knot, heads.get(knot), way) for knot in joins for way in knot.ways_in}

    def _before(self, join: Knot, head: Knot | None, way: Way) -> int:
        todo = [way.source] if way.source and not way.clears else []
        found: set[Knot] = set()
        while todo:
            knot = todo.pop()
            if knot not in found and knot is not join and knot is not head:
                found.add(knot)
                todo += [one.source for one in knot.ways_in if one.source and not one.clears]
        racing = [way for knot in found if knot.shape.races for way in knot.ways_out]
        return self._or([*(self.into[knot] for knot in found), *(self.full[way] for way in racing)])

    def _heads(self) -> dict[Knot, Knot]:
        start = self.drawing.entry.target
        graph = nx.DiGraph((way.source, way.target) for way in self.ways if way.source and not way.clears)
        graph.add_node(start)
        return {
            knot: head for knot, head in nx.immediate_dominators(graph, start).items() if head is not None and head is not knot
        }

    @staticmethod
    def _or(masks: Iterable[int]) -> int:
        found = 0
        for mask in masks:
            found |= mask
        return found


def _races(way: Way) -> bool:
    return way.source is not None and way.source.shape.races
