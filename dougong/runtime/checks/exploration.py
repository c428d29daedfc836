"""Every marking that a game can come to, and what goes wrong on the way there.

Where one token can move without anybody noticing in which order, its moves alone are followed (a persistent set: Godefroid,
Valmari): branches beside each other do not multiply. A token is such a one where no other can come over the same way
meanwhile, nor be hindered or helped by its going. Where the move leads only to what is known already everything is followed,
so that nobody is put off for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .knots import Knot, Way
from .tokengame import Game, Played

MAX_MARKINGS: Final = 20_000
MAX_MOVES: Final = 60_000
TRIED: Final = 8  # tokens that are tried for moving alone


@dataclass
class Explored:
    """`stuck`: markings with tokens and no move; `clashes`: moves that put a second token on a way, the first for each way;
    `endless`: markings from which there is no way to the end, though there is always a move; `meant`: the
    ways on which several tokens are meant; `stood`: where tokens have stood with nothing more urgent to be done, so that they
    could go on; `complete`: everything was seen."""

    game: Game
    markings: list[int] = field(default_factory=list)
    came_by: list[tuple[int, Played] | None] = field(default_factory=list)
    stuck: list[int] = field(default_factory=list)
    clashes: dict[Way, tuple[int, Played]] = field(default_factory=dict)
    endless: list[int] = field(default_factory=list)
    moved: set[Knot] = field(default_factory=set)
    meant: frozenset[Way] = frozenset()
    stood: int = 0
    complete: bool = True

    def moves_to(self, index: int) -> list[Played]:
        found: list[Played] = []
        while came := self.came_by[index]:
            index, move = came
            found.append(move)
        return found[::-1]


def explore(game: Game) -> Explored:
    found = Explored(game, [game.begin], [None])
    known = {game.begin: 0}
    before: list[list[int]] = [[]]
    over: list[int] = []
    rank = _ranks(game)
    found.meant = _meant(game)
    index = count = 0
    while index < len(found.markings):
        if len(found.markings) > MAX_MARKINGS or count > MAX_MOVES:
            found.complete = False
            break
        marking = found.markings[index]
        moves = _moves(game, marking, known, rank)
        if not moves:
            (found.stuck if marking & game.tokens else over).append(index)
        if not moves or moves[0].knot.join != "count":
            found.stood |= marking
        for move in moves:
            count += 1
            found.moved.add(move.knot)
            if move.clash is not None:
                found.clashes.setdefault(move.clash, (index, move))
                if move.clash not in found.meant:
                    over.append(index)
                    continue
            there = known.get(move.marking)
            if there is None:
                there = known[move.marking] = len(found.markings)
                found.markings.append(move.marking)
                found.came_by.append((index, move))
                before.append([])
            if not any(way.capped for way in move.gave):
                before[there].append(index)
        index += 1
    found.complete &= game.is_exact
    if found.complete:
        found.endless = _without_end(before, [*over, *found.stuck])
    return found


def _without_end(before: list[list[int]], ends: list[int]) -> list[int]:
    leads = set(ends)
    todo = list(leads)
    while todo:
        for index in before[todo.pop()]:
            if index not in leads:
                leads.add(index)
                todo.append(index)
    return [index for index in range(len(before)) if index not in leads]


def _meant(game: Game) -> frozenset[Way]:
    """The ways on which several tokens are meant: into a step that is declared so, and all behind it."""
    todo = [knot for knot in game.drawing.knots if knot.shape.multiple]
    found = {way for knot in todo for way in knot.ways_in}
    seen = set(todo)
    while todo:
        for way in todo.pop().ways_out:
            found.add(way)
            if way.target not in seen:
                seen.add(way.target)
                todo.append(way.target)
    return frozenset(found)


def _moves(game: Game, marking: int, known: dict[int, int], rank: dict[Knot, int]) -> list[Played]:
    """The moves of one token (or of those that one join takes) if they may stand for all, else all of them."""
    standing = game.marked(marking)
    if len(standing) == 1 or game.bits > 1 or any(marking & game.into[knot] for knot in game.urgent):
        return game.moves(marking)
    for way in sorted(standing, key=lambda way: rank[way.target])[:TRIED]:
        moves = [move for move in game.of(way.target, marking) if way in move.took]
        if moves and _unnoticed(game, marking, way.target, moves) and any(move.marking not in known for move in moves):
            return moves
    return game.moves(marking)


def _unnoticed(game: Game, marking: int, knot: Knot, moves: list[Played]) -> bool:
    """May these moves, all there are for the tokens they take, be followed alone?"""
    took, ways = moves[0].took, {way for move in moves for way in move.gave}
    counted = [way for way in ways if way.target.join == "count"]
    ways |= {further for way in counted for further in way.target.ways_out}  # such a join may go on at once
    if knot.fixed or knot.join == "count" or any(way.source and way.source.shape.races for way in took):
        return False
    if any(way.clears or way.target.sets != knot.sets for way in ways):
        return False
    if any(way.target.fixed or any(further.target.join == "count" for further in way.target.ways_out) for way in counted):
        return False
    gone, given = sum(game.full[way] for way in took), sum(game.full[way] for way in ways)
    reached = _reach(game, marking & ~gone)
    if reached & gone:
        return False
    if any(reached & game.full[way] or not _comes_anyway(game, marking, way) for way in counted):
        return False
    return not _seen_by_joins(game, knot, gone, given, marking, reached)


def _seen_by_joins(game: Game, knot: Knot, gone: int, given: int, marking: int, reached: int) -> bool:
    """Does a join look at where these tokens stand, to wait for them or to take them away?"""
    for join, region in game.regions.items():
        others = (marking & ~gone | reached) & game.into[join]
        if given & (region | game.into[join]) and not gone & region and others:
            return True
        if join is knot and reached & (region | game.into[join]):
            return True
    return any(bool(region & gone) != bool(region & given) or region & given not in (0, given) for region in game.cancelled)


def _comes_anyway(game: Game, marking: int, way: Way) -> bool:
    """It comes to a join that swallows the rest, the first over its way in this round: it makes no difference when."""
    came = game.came.get(way)
    return came is not None and not marking & (came | game.full[way])


def _reach(game: Game, marking: int) -> int:
    """The ways over which the tokens of a marking may still come, if none is ever used up: more than what is possible."""
    found = 0
    todo = [way.target for way in game.marked(marking)]
    here = {way.target: marking & game.into[way.target] for way in game.marked(marking)}
    seen: set[Knot] = set()
    while todo:
        knot = todo.pop()
        if knot in seen or (knot.join == "all" and any(not here[knot] & game.full[way] for way in knot.ways_in)):
            continue
        seen.add(knot)
        for way in knot.ways_out:
            found |= game.full[way]
            here[way.target] = here.get(way.target, 0) | game.full[way]
            if way.target not in seen:
                todo.append(way.target)
    return found


def _ranks(game: Game) -> dict[Knot, int]:
    """Earlier before later: by depth-first order backwards."""
    order: list[Knot] = []
    seen: set[Knot] = set()
    todo: list[tuple[Knot, Iterator[Way]]] = []

    def enter(knot: Knot) -> None:
        seen.add(knot)
        todo.append((knot, iter(list(knot.ways_out))))

    enter(game.drawing.entry.target)
    while todo:
        knot, ways = todo[-1]
        way = next(ways, None)
        if way is None:
            order.append(knot)
            todo.pop()
        elif way.target not in seen:
            enter(way.target)
    rank = {knot: index for index, knot in enumerate(reversed(order))}
    return {knot: rank.get(knot, len(rank)) for knot in game.drawing.knots}
