"""The route of a ticket: the way it has gone, and the way it will go with what is known now.

A way out is certain where its condition can be decided with the present data, possible where it cannot yet. networkx finds
what lies ahead and in which order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from .definition import Definition
from .graph import graph_of
from .nodes import NODE_TYPES

RANK = {"": 0, "ended": 1, "possible": 2, "ahead": 3, "done": 4, "current": 5, "failed": 6}


@dataclass(frozen=True)
class Route:
    """State by uid. Nodes: done, ended (cut short), current, failed, ahead, possible. Edges: taken, ahead, possible.

    `ahead`: the steps that are still to come, nearest first, each with whether it is certain. `ways`: every way that may still
    be taken, and whether that is certain once its step is reached.
    """

    nodes: dict[str, str]
    edges: dict[str, str]
    ahead: list[tuple[str, bool]]
    ways: dict[str, bool]


def foretell(definition: Definition, data: Mapping[str, Any]) -> Route:
    """The route of a ticket that is about to be filed with these data."""
    return route(definition, data, [(definition.start.uid, "waiting")], [], [])


def route(
    definition: Definition,
    data: Mapping[str, Any],
    standing: Iterable[tuple[str, str]],
    visited: Iterable[str],
    taken: Iterable[str],
    ended: Iterable[str] = (),
    straight: Mapping[str, str] | None = None,
) -> Route:
    """`standing`: (node, token state) of the live tokens; `visited` nodes, `taken` edges and what was `ended` at last come from
    the history.
    `straight`: by node where one goes on that was sent back there, past all that lies between (直达退回节点).
    """
    places, past = [(uid, state) for uid, state in standing if uid in definition.node], straight or {}
    onward = [past.get(uid, uid) for uid, _ in places]
    ways = _ways_ahead(definition, data, onward)
    cut = frozenset(ended)
    nodes = {uid: "ended" if uid in cut else "done" for uid in visited if uid in definition.node}
    certain = _certain(definition, ways, onward)
    for edge in definition.edges:
        if edge.uid in ways:
            _raise_to(nodes, edge.target, "ahead" if edge.target in certain and ways[edge.uid] else "possible")
    for uid, state in places:
        _raise_to(nodes, uid, "failed" if state == "failed" else "current")
    drawn = {}
    for edge in definition.edges:
        if edge.uid in ways:
            drawn[edge.uid] = "ahead" if ways[edge.uid] and edge.source in certain else "possible"
    drawn |= dict.fromkeys(taken, "taken")  # a way that may be taken again is still one that has been taken
    skipped = [(past[uid], True) for uid, _ in places if uid in past]
    return Route(nodes, drawn, [*skipped, *_in_order(definition, ways, certain, onward)], ways)


def _ways_ahead(definition: Definition, data: Mapping[str, Any], places: list[str]) -> dict[str, bool]:
    """Every edge that may still be taken: is it certain where its source is reached?

    A field without a value is unknown where a step before may still fill it in; elsewhere it is known to be empty.
    """
    found: dict[str, bool] = {}
    still_open: dict[str, frozenset[str]] = {}
    todo = [(uid, frozenset[str]()) for uid in places]
    while todo:
        uid, fields = todo.pop()
        node = definition.node.get(uid)
        if node is None or node.type not in NODE_TYPES or (uid in still_open and fields <= still_open[uid]):
            continue
        fields = still_open[uid] = fields | still_open.get(uid, frozenset())
        kind = NODE_TYPES[node.type]
        known = {**dict.fromkeys(set(definition.kinds) - fields), **data}
        after = fields | kind.writes(definition, node)
        for edge, sure in kind.foresee(definition, node, known):
            found[edge.uid] = sure
            todo.append((edge.target, after))
    return found


def rivals(definition: Definition, places: Iterable[str]) -> dict[str, set[str]]:
    """Of the places where a ticket stands those of which only one will go on, by the event branch that began them."""
    standing = set(places)
    return {uid: {edge.target for edge in definition.out[uid]} & standing for uid in standing if _races(definition, uid)}


def _races(definition: Definition, uid: str) -> bool:
    node = definition.node[uid]
    kind = NODE_TYPES.get(node.type)
    return kind is not None and kind.shape(definition, node).races


def _certain(definition: Definition, edges: Mapping[str, bool], places: list[str]) -> set[str]:
    """What is reached over certain ways alone; of rivals what each of them would reach."""
    graph = graph_of(definition)
    unsure = [key for key in graph.edges(keys=True) if not edges.get(key[2])]
    sure = nx.restricted_view(graph, [], unsure)
    against = [one for one in rivals(definition, places).values() if one]
    alone = set(places).difference(*against)
    shared = [set.intersection(*(nx.descendants(sure, place) for place in one)) for one in against]
    return alone.union(*(nx.descendants(sure, place) for place in alone), *shared)


def _in_order(
    definition: Definition, edges: Mapping[str, bool], certain: set[str], places: list[str]
) -> list[tuple[str, bool]]:
    """Nearest first: by the longest distance in the acyclic graph of what lies ahead (cycles count as one place)."""
    graph = graph_of(definition)
    ahead = nx.restricted_view(graph, [], [key for key in graph.edges(keys=True) if key[2] not in edges])
    reached = set().union(*(nx.descendants(ahead, place) for place in places)) if places else set()
    blocks = nx.condensation(nx.DiGraph(ahead.subgraph(reached | set(places))))
    position = {uid: index for index, uid in enumerate(definition.node)}
    ordered: list[str] = []
    for generation in nx.topological_generations(blocks):
        members = [uid for block in generation for uid in blocks.nodes[block]["members"]]
        ordered += sorted(members, key=position.__getitem__)
    return [(uid, uid in certain) for uid in ordered if uid in reached and uid not in places]


def _raise_to(states: dict[str, str], uid: str, state: str) -> None:
    if RANK[state] > RANK[states.get(uid, "")]:
        states[uid] = state
