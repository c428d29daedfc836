"""A workflow as knots and ways, before anything is taken together."""

import networkx as nx

from ..definition import Definition, Edge
from ..nodes import NODE_TYPES
from ..regions import before, since
from ..shape import Shape
from .backs import mark_sets, nearest
from .knots import Drawing, Knot, Moved, Way


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
        mark_sets(knots.values())
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
    for uid in nearest(definition, knots, knot, alone=not multiplies):
        way = Way(knot, knots[uid], knot.uid, uid, (f"~{uid}",), f"~{uid}")
        way.clears = since(definition, uid, knot.uid) if multiplies else frozenset()
        knot.ways_out[way] = knots[uid].ways_in[way] = None


def _alone(knot: Knot) -> None:
    """One way that is to be taken together with no other is taken alone."""
    if len(group := knot.group) == 1:
        group[0].alone = True


def _late(definition: Definition, knots: dict[str, Knot]) -> None:
    joins = [
        uid
        for uid, knot in knots.items()
        if knot.join == "reaching" or (knot.join == "count" and knot.shape.rest == "cancelled")
    ]
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
