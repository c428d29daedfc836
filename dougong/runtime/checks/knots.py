"""The drawing as the checks see it: knots (a step, or several that act as one) and the ways between them.

Nothing of a node type is known here but its Shape. Each way remembers which moves of the drawing it stands for, so that what is
found out about the knots can be played on the steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import networkx as nx

from ..definition import Definition, Edge
from ..nodes import NODE_TYPES
from ..regions import before, since
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
    cancel the rest a token from here may still come in, and so be cancelled.
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


def drawn(definition: Definition) -> Drawing:
    knots = {uid: _knot(definition, uid) for uid in definition.node}
    start = knots[definition.start.uid]
    for edge in definition.edges:
        if edge.source in knots and edge.target in knots:
            source, target = knots[edge.source], knots[edge.target]
            way = Way(source, target, source.uid, target.uid, (edge.uid,), edge.uid, _is_alone(source.shape, edge))
            way.capped = edge.uid in source.shape.turns
            source.ways_out[way] = target.ways_in[way] = None
    multiplies = any(knot.shape.split != "one" or knot.shape.races for knot in knots.values())
    for knot in list(knots.values()):
        _backs(definition, knots, knot, multiplies)
        _alone(knot)
    entry = Way(None, start, "", start.uid, ())
    start.ways_in[entry] = None
    if multiplies:
        _sets(definition, knots)
        _late(definition, knots)
    _cycles(knots)
    return Drawing(entry, list(knots.values()), any(knot.shape.multiple for knot in knots.values()))


def _is_alone(shape: Shape, edge: Edge) -> bool:
    if edge.on is not None:
        return True
    return not (shape.split == "all" or shape.races or (shape.split == "some" and not edge.default))


def _knot(definition: Definition, uid: str) -> Knot:
    node = definition.node[uid]
    kind = NODE_TYPES.get(node.type)
    shape = kind.shape(definition, node) if kind else Shape()
    special = shape.races or shape.ends_all or shape.multiple or bool(shape.cancels)
    return Knot(uid, shape, shape.join, fixed=special, finish=Moved(uid), members=uid)


def _backs(definition: Definition, knots: dict[str, Knot], knot: Knot, multiplies: bool) -> None:
    """Ways back to earlier steps. Where there is never more than one token they take nothing else away."""
    back = knot.shape.back & knots.keys()
    for uid in sorted(back if multiplies else _nearest(knots, back)):
        way = Way(knot, knots[uid], knot.uid, uid, (f"~{uid}",), f"~{uid}")
        way.clears = since(definition, uid, knot.uid) if multiplies else frozenset()
        knot.ways_out[way] = knots[uid].ways_in[way] = None


def _nearest(knots: dict[str, Knot], back: frozenset[str]) -> list[str]:
    """Those from which it may be sent back in turn to all the others: of a hundred approvals, each of which may send back to
    any before it, a hundred ways, not five thousand."""
    found, further = list[str](), set[str]()
    for uid in sorted(back, key=lambda uid: (-len(knots[uid].shape.back), uid)):
        if uid not in further:
            found.append(uid)
            further |= knots[uid].shape.back
    return found


def _alone(knot: Knot) -> None:
    """One way that is to be taken together with no other is taken alone."""
    if len(group := knot.group) == 1:
        group[0].alone = True


def _sets(definition: Definition, knots: dict[str, Knot]) -> None:
    found = {knot.shape.cancels for knot in knots.values() if knot.shape.cancels}
    found |= {way.clears for knot in knots.values() for way in knot.ways_out if way.clears}
    for bit, uids in enumerate(found):
        for uid in uids & knots.keys():
            knots[uid].sets |= 1 << bit


def _late(definition: Definition, knots: dict[str, Knot]) -> None:
    joins = [uid for uid, knot in knots.items() if knot.join == "count" and knot.shape.rest == "cancelled"]
    for bit, edge in enumerate(edge for join in joins for edge in definition.into[join]):
        for uid in before(definition, edge.target, (edge.uid,)) & knots.keys():
            knots[uid].late |= 1 << bit


def _cycles(knots: dict[str, Knot]) -> None:
    graph = nx.DiGraph((knot.uid, way.target.uid) for knot in knots.values() for way in knot.ways_out)
    for component in nx.strongly_connected_components(graph):
        if len(component) > 1:
            for uid in component:
                knots[uid].cyclic = True
        else:
            (uid,) = component
            knots[uid].cyclic = graph.has_edge(uid, uid)


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
