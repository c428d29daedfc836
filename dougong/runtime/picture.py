"""Where the boxes and lines of a workflow stand when it is drawn: as the designer left them, else in layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx

from .definition import Definition
from .graph import graph_of

WIDTH: Final = 168
HEIGHT: Final = 52
GAP_X: Final = 72
GAP_Y: Final = 28


@dataclass(frozen=True)
class Picture:
    """Top left corners by uid, polylines by edge uid, and the size of the whole, in pixels."""

    places: dict[str, tuple[int, int]]
    lines: dict[str, list[tuple[int, int]]]
    width: int
    height: int


def picture(definition: Definition) -> Picture:
    given: Mapping[str, Any] = definition.doc.get("layout", {}).get("nodes", {})
    drawn = all(node.uid in given for node in definition.nodes)
    stood = {uid: (at["x"], at["y"]) for uid, at in given.items() if uid in definition.node}
    raw = stood if drawn else _layers(definition)
    left = min((x for x, _ in raw.values()), default=0)
    top = min((y for _, y in raw.values()), default=0)
    places = {node.uid: (raw[node.uid][0] - left + 16, raw[node.uid][1] - top + 24) for node in definition.nodes}
    lines = {
        edge.uid: _line(places[edge.source], places[edge.target])
        for edge in definition.edges
        if edge.source in places and edge.target in places
    }
    right = max((x for line in [*lines.values(), places.values()] for x, _ in line), default=0)
    bottom = max((y for line in [*lines.values(), places.values()] for _, y in line), default=0)
    return Picture(places, lines, right + WIDTH + 16, bottom + HEIGHT + 16)


def _layers(definition: Definition) -> dict[str, tuple[int, int]]:
    """By distance from the start; cycles are one layer after the other in the order they were drawn."""
    graph = nx.DiGraph(graph_of(definition))
    order = {node.uid: index for index, node in enumerate(definition.nodes)}
    forward = nx.DiGraph()
    forward.add_nodes_from(graph)
    back = _back_edges(graph, definition)
    forward.add_edges_from(edge for edge in graph.edges if edge not in back)
    found = {}
    for column, layer in enumerate(nx.topological_generations(forward)):
        for row, uid in enumerate(sorted(layer, key=order.__getitem__)):
            found[uid] = (column * (WIDTH + GAP_X), row * (HEIGHT + GAP_Y))
    return found


def _back_edges(graph: Any, definition: Definition) -> set[tuple[str, str]]:
    """Edges that close a cycle, seen from the start in depth-first order."""
    roots = [node.uid for node in definition.nodes if node.type == "start"] + [node.uid for node in definition.nodes]
    back, open_nodes, closed = set(), set(), set()
    for root in roots:
        if root in closed or root in open_nodes:
            continue
        for source, target, direction in nx.dfs_labeled_edges(graph, root):
            if source == target and direction == "nontree":
                back.add((source, target))
            elif direction == "forward":
                open_nodes.add(target)
            elif direction == "reverse":
                open_nodes.discard(target)
                closed.add(target)
            elif target in open_nodes:
                back.add((source, target))
    return back


def _line(source: tuple[int, int], target: tuple[int, int]) -> list[tuple[int, int]]:
    """Orthogonal: out at the right, in at the left; a way back goes over the top."""
    x1, y1 = source[0] + WIDTH, source[1] + HEIGHT // 2
    x2, y2 = target[0], target[1] + HEIGHT // 2
    if x2 >= x1:
        middle = (x1 + x2) // 2
        return [(x1, y1), (middle, y1), (middle, y2), (x2, y2)]
    over = min(source[1], target[1]) - 14
    return [(x1, y1), (x1 + 14, y1), (x1 + 14, over), (x2 - 14, over), (x2 - 14, y2), (x2, y2)]
