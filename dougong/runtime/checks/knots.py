"""The drawing as the checks see it: knots (a step, or several that act as one) and the ways between them.

Nothing of a node type is known here but its Shape. Each way remembers which moves of the drawing it stands for, so that what is
found out about the knots can be played on the steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..shape import Shape


class Moved(NamedTuple):
    """A step of the drawing that is left over these of its ways (edges by uid; a jump back: the step's uid behind "~")."""

    node: str
    ways: tuple[str, ...] = ()


class Walk(NamedTuple):
    """From step to step within a knot of several; looked up when it is asked for."""

    inner: "list[Way]"
    here: str
    there: str


Moves = Any  # a Moved, a Walk, or a tuple of Moves: kept nested, so that putting two together costs nothing
Names = Any  # an uid, or a tuple of Names


@dataclass(eq=False, slots=True)
class Way:
    """From `source`, left at the step `out_of` over the edges `first`, by way of `path`, to `target`, entered at the step
    `into` over the edge `last`. `alone`: it is taken instead of the others, not with them. `capped`: not for ever. `clears`:
    whose tokens it takes away."""

    source: "Knot | None"
    target: "Knot"
    out_of: str
    into: str
    first: tuple[str, ...]
    last: str = ""
    alone: bool = True
    capped: bool = False
    clears: frozenset[str] = frozenset()
    path: Moves = ()
    members: Names = ()


@dataclass(eq=False, slots=True)
class Knot:
    """`ways_in` and `ways_out` are sets that keep their order. `inner`: the ways within a knot of several steps.

    `before` is played when it is left, before its own move; `also` and `after` belong to the ways that are taken together: the
    edges that are left over besides, and what is played at once. `finish`: how it is played to its end where there is no way
    out.
    `sets`: in which sets of steps whose tokens may be taken away it is, a bit each; `late`: over which ways into joins that
    look at who may still come (to wait for him, or to cancel him) a token from here may come in.
    """

    uid: str
    shape: Shape
    join: str
    ways_in: dict[Way, None] = field(default_factory=dict)
    ways_out: dict[Way, None] = field(default_factory=dict)
    inner: list[Way] = field(default_factory=list)
    before: Moves = ()
    also: tuple[str, ...] = ()
    after: Moves = ()
    finish: Moves = ()
    sets: int = 0
    late: int = 0
    cyclic: bool = False
    fixed: bool = False
    members: Names = ()

    @property
    def group(self) -> list[Way]:
        """The ways that are taken together."""
        return [way for way in self.ways_out if not way.alone]

    @property
    def is_plain(self) -> bool:
        """A token in, the same token out."""
        return self.join == "each" and not self.fixed and not self.after and all(way.alone for way in self.ways_out)

    @property
    def is_end(self) -> bool:
        return self.is_plain and not self.ways_out

    @property
    def forks(self) -> bool:
        return self.shape.split == "all" and any(not way.alone for way in self.ways_out)


@dataclass(eq=False, slots=True)
class Drawing:
    """`entry`: the way over which the first token comes. `clears`: by a way back, whose tokens it takes away."""

    entry: Way
    knots: list[Knot]
    multiple: bool = False  # several tokens on one way are meant somewhere


def played(moves: Moves) -> Iterator[Moved]:
    """Nested moves in their order."""
    todo = [moves]
    while todo:
        found = todo.pop()
        if isinstance(found, Moved):
            yield found
        elif isinstance(found, Walk):
            todo.append(_walked(found))
        else:
            todo += reversed(found)


def named(names: Names) -> Iterator[str]:
    todo = [names]
    while todo:
        found = todo.pop()
        if isinstance(found, str):
            yield found
        else:
            todo += found


def left(knot: Knot, way: Way) -> Moves:
    """The moves by which a token that has come in leaves a knot over one way taken alone."""
    return (knot.before, Moved(way.out_of, way.first))


def through(knot: Knot, into: Way, out: Way) -> Moves:
    """From one way to another through a plain knot."""
    return (knot.before, Walk(knot.inner, into.into, out.out_of), Moved(out.out_of, out.first))


def _walked(walk: "Walk") -> Moves:
    """From step to step within a knot, the nearest way."""
    reached: dict[str, Moves] = {walk.here: ()}
    todo = [walk.here]
    while walk.there not in reached:
        steps = [way for uid in todo for way in walk.inner if way.out_of == uid]
        todo = []
        for way in steps:
            if way.into not in reached:
                reached[way.into] = (reached[way.out_of], Moved(way.out_of, way.first), way.path)
                todo.append(way.into)
    return reached[walk.there]
