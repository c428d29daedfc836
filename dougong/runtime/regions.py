"""What lies before a join: from where a token may still come in, without leaving the block that the join closes.

The block begins at the join's immediate dominator, the last step that every way to it passes (of a drawn fork, the fork). A
token that could come in only by way of the join itself, or by beginning the block anew, does not count: in a loop, that is the
next turn. So an inclusive join does not wait for its own successors, and one that cancels the rest reaches nothing beside it.
"""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import networkx as nx

from .definition import Definition

_known: WeakKeyDictionary[Definition, dict[tuple[str, str], frozenset[str]]] = WeakKeyDictionary()
_heads: WeakKeyDictionary[Definition, dict[str, str]] = WeakKeyDictionary()


def before(definition: Definition, join: str, ways: Iterable[str]) -> frozenset[str]:
    """The nodes within the join's block from which a token may still come in over one of these ways (edges by uid)."""
    kept = _known.setdefault(definition, {})
    found: set[str] = set()
    for way in ways:
        if (join, way) not in kept:
            kept[join, way] = _reaching(definition, join, way)
        found |= kept[join, way]
    return frozenset(found)


def _reaching(definition: Definition, join: str, way: str) -> frozenset[str]:
    head = _head(definition, join)
    todo = [definition.edge[way].source]
    found: set[str] = set()
    while todo:
        uid = todo.pop()
        if uid not in found and uid not in (join, head):
            found.add(uid)
            todo += [edge.source for edge in definition.into.get(uid, ())]
    return frozenset(found)


def _head(definition: Definition, join: str) -> str | None:
    if definition not in _heads:
        graph = nx.DiGraph((edge.source, edge.target) for edge in definition.edges)
        graph.add_node(definition.start.uid)
        found = nx.immediate_dominators(graph, definition.start.uid)
        _heads[definition] = {uid: head for uid, head in found.items() if head is not None}
    return _heads[definition].get(join)
