"""The structure of a workflow, on its graph: is every step reachable, can every ticket end? Then the token game
(`soundness`) tells whether branches come together as they should.

The checks here are structural: each is linear or nearly so in the size of the graph, so that the editor can ask while drawing.
Never enumerate cycles of what an admin has drawn: twelve complete nodes have 1.8 million.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import networkx as nx

from ..definition import Definition, Node
from ..graph import Graph, graph_of
from ..nodes import NODE_TYPES
from ..nodes._type import NodeType
from ..problem import Problem
from ..reason import Reason
from .soundness import verdict

MAX_NODES: Final = 2000
MAX_EDGES: Final = 4000
ENDS: Final = ("end", "terminate")
SPLITS: Final = ("fork", "some")


def problems(definition: Definition) -> Iterator[Problem]:
    """What the shape tells; where it tells nothing, what playing the token game shows."""
    found = list(_of_the_shape(definition))
    yield from found or [one for part in _parts(definition) for one in verdict(part).problems]


def _parts(definition: Definition) -> list[Definition]:
    """The revocation is a game of its own: it begins when the ticket has ended, with one token."""
    if definition.revocation is None:
        return [definition]
    graph = graph_of(definition)
    starts = (definition.start.uid, definition.revocation.uid)
    return [_part(definition, _reached(graph, {start})) for start in starts]


def _part(definition: Definition, uids: set[str]) -> Definition:
    edges = tuple(edge for edge in definition.edges if edge.source in uids)
    return replace(definition, nodes=tuple(node for node in definition.nodes if node.uid in uids), edges=edges)


def _of_the_shape(definition: Definition) -> Iterator[Problem]:
    if len(definition.nodes) > MAX_NODES or len(definition.edges) > MAX_EDGES:
        yield Problem(Reason("check.too_large", {"nodes": MAX_NODES, "edges": MAX_EDGES}))
        return
    yield from _dangling(definition)
    starts = [node.uid for node in definition.nodes if node.type == "start"]
    if len(starts) != 1:
        yield Problem(Reason("check.one_start", {"found": len(starts)}), nodes=tuple(starts))
        return
    entries = [node.uid for node in definition.nodes if node.type == "revoke"]
    if len(entries) > 1:
        yield Problem(Reason("check.one_revocation", {"found": len(entries)}), nodes=tuple(entries))
    graph = graph_of(definition)
    yield from _degrees(definition)
    yield from _unreachable(graph, {*starts, *entries})
    yield from _no_way_to_an_end(graph, {*starts, *entries})
    yield from _automatic_loops(graph, definition)
    yield from _ended_at_once(definition)


def _dangling(definition: Definition) -> Iterator[Problem]:
    for edge in definition.edges:
        if edge.source not in definition.node or edge.target not in definition.node:
            yield Problem(Reason("check.dangling_edge"), edges=(edge.uid,))


def _degrees(definition: Definition) -> Iterator[Problem]:
    """Too few or too many ways in or out, as the node type declares."""
    for node in definition.nodes:
        kind = NODE_TYPES.get(node.type)
        if kind is None:
            continue
        counts = ((kind.ways_in, definition.into[node.uid], "in"), (kind.ways_out, definition.ways(node.uid), "out"))
        for (fewest, most), edges, way in counts:
            params = {"title": node.title, "type": kind.title, "found": len(edges), "fewest": fewest, "most": most}
            others = definition.out[node.uid] if way == "out" and not edges else ()
            if others:
                outcome = kind.outcomes.get(others[0].on or "", others[0].on)
                told = Reason("check.outcomes_only", {"title": node.title, "outcome": outcome})
                yield Problem(told, nodes=(node.uid,), edges=tuple(edge.uid for edge in others))
            elif len(edges) < fewest and not (way == "in" and not edges):  # without any it is unreachable: said once
                yield Problem(Reason(f"check.too_few_ways_{way}", params), nodes=(node.uid,))
            if most is not None and len(edges) > most:
                yield Problem(Reason(f"check.too_many_ways_{way}", params), nodes=(node.uid,))
        yield from _outcomes(definition, node, kind)


def _outcomes(definition: Definition, node: Node, kind: NodeType) -> Iterator[Problem]:
    """A way out for an outcome is for one that the step has, and there is one of each."""
    seen: set[str] = set()
    for edge in definition.out[node.uid]:
        if edge.on is None:
            continue
        params = {"title": node.title, "outcome": kind.outcomes.get(edge.on, edge.on)}
        if edge.on not in kind.outcomes:
            yield Problem(Reason("check.no_such_outcome", params), nodes=(node.uid,), edges=(edge.uid,))
        elif edge.on in seen:
            yield Problem(Reason("check.two_ways_for_outcome", params), nodes=(node.uid,), edges=(edge.uid,))
        seen.add(edge.on)


def _reached(graph: Graph, starts: set[str]) -> set[str]:
    return starts.union(*(nx.descendants(graph, start) for start in starts))


def _unreachable(graph: Graph, starts: set[str]) -> Iterator[Problem]:
    for uid in sorted(set(graph) - _reached(graph, starts)):
        yield Problem(Reason("check.unreachable"), nodes=(uid,))


def _no_way_to_an_end(graph: Graph, starts: set[str]) -> Iterator[Problem]:
    """A step from which no end can be reached: a ticket that comes there never ends."""
    ends = [uid for uid, kind in graph.nodes(data="type") if kind in ENDS]
    if not ends:
        yield Problem(Reason("check.no_end"))
        return
    leads_to_end: set[str] = set(ends).union(*(nx.ancestors(graph, end) for end in ends))
    for uid in sorted(_reached(graph, starts) - leads_to_end):
        yield Problem(Reason("check.no_way_to_end"), nodes=(uid,))


def _automatic_loops(graph: Graph, definition: Definition) -> Iterator[Problem]:
    """A cycle in which nobody is asked, and no loop counts the turns, would run for ever."""
    waits = {node.uid for node in definition.nodes if _stops(NODE_TYPES.get(node.type), definition, node)}
    automatic = graph.subgraph(set(graph) - waits)
    for component in nx.strongly_connected_components(automatic):
        uid = next(iter(component))
        if len(component) > 1 or automatic.has_edge(uid, uid):
            edges = tuple(sorted(key for _, _, key in automatic.subgraph(component).edges(keys=True)))
            yield Problem(Reason("check.automatic_loop"), nodes=tuple(sorted(component)), edges=edges)


def _stops(kind: NodeType | None, definition: Definition, node: Node) -> bool:
    if kind is None or kind.signals:
        return True
    shape = kind.shape(definition, node)
    return shape.waits or bool(shape.turns)


def _ended_at_once(definition: Definition) -> Iterator[Problem]:
    """A branch that is nothing but an end of everything: the branches beside it are ended before anybody can do anything."""
    for node in definition.nodes:
        ways = definition.ways(node.uid) if node.type in SPLITS else ()
        ending = [edge for edge in ways if (to := definition.node.get(edge.target)) and to.type == "terminate"]
        if ending and len(ways) > 1:
            edges = tuple(edge.uid for edge in ending)
            yield Problem(Reason("check.ended_at_once", {"title": node.title}), nodes=(node.uid,), edges=edges)
