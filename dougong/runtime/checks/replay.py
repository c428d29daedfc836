"""Plays moves on the steps of a drawing, one by one: for a trace that people can follow, and to see where two tokens meet."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from ..definition import Definition
from .drawn import drawn
from .knots import Moved, Way
from .tokengame import Game, Played

MOST_TO_SETTLE: Final = 200


class Trail(NamedTuple):
    """How a token came to a way: the step that put it there, the way into that step it had come over, and what was before."""

    step: str
    into: str
    before: "Trail | None"


class Replay:
    """`trace`: each move with the edges it took tokens from and put them on; `clash`: the edge on which a second token came;
    `meets`: the step where the ways of the two have met, and the ways into it; `ended`: a token has come to its end."""

    def __init__(self, definition: Definition) -> None:
        self.game = Game(drawn(definition))
        self.knots = {knot.uid: knot for knot in self.game.drawing.knots}
        self.marking = self.game.begin
        self.trails: dict[Way, Trail] = {}
        self.put: dict[Way, int] = {}
        self.trace: tuple[dict[str, Any], ...] = ()
        self.clash: str | None = None
        self.meets: tuple[str, tuple[str, ...]] | None = None
        self.ended = False

    @property
    def standing(self) -> list[str]:
        return [name_of(way) for way in self.game.marked(self.marking)]

    def play(self, moves: Iterable[tuple[str, Iterable[Moved]]]) -> "Replay":
        """`moves`: those of one token after the other, each time with the edge over which it had come."""
        for via, steps in moves:
            for moved in steps:
                move = self._found(moved, via)
                if move is not None and self.clash is None:  # none: a join has swallowed at once what would have come late
                    self._do(move)
                via = ""
        return self

    def settle(self) -> "Replay":
        """Play on until nothing moves (where that is certain to come)."""
        for _ in range(MOST_TO_SETTLE):
            moves = self.game.moves(self.marking)
            if not moves:
                break
            self._do(moves[0])
        return self

    def _found(self, moved: Moved, via: str) -> Played | None:
        """The move as it was meant: of the token that came over `via`, else of the one that moved last."""
        wanted = set(moved.ways)
        moves = self.game.of(self.knots[moved.node], self.marking)
        found = [move for move in moves if {uid for way in move.gave for uid in way.first} == wanted]
        return max(found, key=lambda move: max((name_of(way) == via, self.put.get(way, 0)) for way in move.took), default=None)

    def _do(self, move: Played) -> None:
        self.trace = (*self.trace, self._step(move))
        self._follow(move)
        self.put |= dict.fromkeys(move.gave, len(self.trace))

    def _step(self, move: Played) -> dict[str, Any]:
        """`took` also names those that were taken away by the move."""
        kept = set(self.game.marked(move.marking))
        gone = [way for way in self.game.marked(self.marking) if way in move.took or (way not in kept and way not in move.gave)]
        return {"node": move.knot.uid, "took": [name_of(way) for way in gone], "ways": [name_of(way) for way in move.gave]}

    def _follow(self, move: Played) -> None:
        self.ended |= not move.knot.ways_out
        before = self.trails.get(move.took[0]) if move.took else None
        trail = Trail(move.knot.uid, name_of(move.took[0]), before)
        if move.clash is not None:
            self.clash = name_of(move.clash)
            self.meets = _meeting(self.trails.get(move.clash), trail)
        self.trails |= dict.fromkeys(move.gave, trail)
        self.marking = move.marking


def name_of(way: Way) -> str:
    return way.first[0] if way.first else ""


def _meeting(one: Trail | None, other: Trail | None) -> tuple[str, tuple[str, ...]] | None:
    """The step at which two trails have come together, and over which ways."""
    while one is not None and other is not None and one.step == other.step:
        if one.into != other.into:
            return one.step, (one.into, other.into)
        one, other = one.before, other.before
    return None
