"""Where the boxes and lines of a workflow stand when it is drawn: as the designer left them, else in layers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import networkx as nx

from .definition import Definition
from .graph import graph_of
from .nodes import NODE_TYPES
from .picture_lines import Line, Point, lines

WIDTH: Final = 168
HEIGHT: Final = 52
GAP_X: Final = 72
GAP_Y: Final = 28
MARGIN: Final = 16


@dataclass(frozen=True)
class Picture:
    """Top left corners by uid, polylines by edge uid, and the size of the whole, in pixels."""

    places: dict[str, tuple[int, int]]
    lines: dict[str, list[tuple[int, int]]]
    width: int
    height: int


@lru_cache(maxsize=64)
def picture(definition: Definition) -> Picture:
    given: Mapping[str, Any] = definition.doc.get("layout", {}).get("nodes", {})
    drawn = all(node.uid in given for node in definition.nodes)
    stood = {uid: (at["x"], at["y"]) for uid, at in given.items() if uid in definition.node}
    raw = stood if drawn else _layers(definition)
    ends = [(edge.uid, edge.source, edge.target) for edge in definition.edges if edge.source in raw and edge.target in raw]
    ways = lines(raw, (WIDTH, HEIGHT), ends)
    left, top, right, bottom = _around(raw.values(), ways.values())
    places = {node.uid: (raw[node.uid][0] - left, raw[node.uid][1] - top) for node in definition.nodes}
    moved = {uid: [(x - left, y - top) for x, y in way] for uid, way in ways.items()}
    return Picture(places, moved, right - left, bottom - top)


def drawing(definition: Definition, states: Mapping[str, str] | None = None, marked: Iterable[str] = ()) -> dict[str, Any]:
    """What `tickets/_drawing.html` asks for, without a route: the states of its steps, and those that are marked."""
    families = {node.uid: NODE_TYPES[node.type].family for node in definition.nodes if node.type in NODE_TYPES}
    return {
        "picture": picture(definition), "route": {"nodes": states or {}, "edges": {}}, "definition": definition,
        "families": families, "marked": set(marked),
    }  # fmt: skip


def _around(corners: Iterable[Point], ways: Iterable[Line]) -> tuple[int, int, int, int]:
    """The edges of a picture of all that, with a margin."""
    boxes = [point for x, y in corners for point in ((x, y), (x + WIDTH, y + HEIGHT))] or [(0, 0)]
    points = [*boxes, *(point for way in ways for point in way)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - MARGIN, min(ys) - MARGIN, max(xs) + MARGIN, max(ys) + MARGIN


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
