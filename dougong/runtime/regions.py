"""What lies before a join: from where a token may still come in, without leaving the block that the join closes.

The block begins at the join's immediate dominator, the last step that every way to it passes (of a drawn fork, the fork). A
token that could come in only by way of the join itself, or by beginning the block anew, does not count: in a loop, that is the
next turn. So an inclusive join does not wait for its own successors, and one that cancels the rest reaches nothing beside it.
"""

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import networkx as nx

from .definition import Definition

_known: WeakKeyDictionary[Definition, dict[tuple[str, str], frozenset[str]]] = WeakKeyDictionary()
_heads: WeakKeyDictionary[Definition, dict[str, str]] = WeakKeyDictionary()
_forward: WeakKeyDictionary[Definition, Any] = WeakKeyDictionary()


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
    head = _head_of(definition).get(join)
    todo = [definition.edge[way].source]
    found: set[str] = set()
    while todo:
        uid = todo.pop()
        if uid not in found and uid not in (join, head):
            found.add(uid)
            todo += [edge.source for edge in definition.into.get(uid, ())]
    return frozenset(found)


def _head_of(definition: Definition) -> dict[str, str]:
    """By step: the last step that every way to it passes (its immediate dominator)."""
    if definition not in _heads:
        graph = nx.DiGraph((edge.source, edge.target) for edge in definition.edges)
        graph.add_node(definition.start.uid)
        found = nx.immediate_dominators(graph, definition.start.uid)
        _heads[definition] = {uid: head for uid, head in found.items() if head is not None and head != uid}
    return _heads[definition]


def meeting(definition: Definition, step: str) -> str | None:
    """The first step that everything from here on passes, whichever way is taken (its immediate post-dominator)."""
    graph = nx.DiGraph((edge.target, edge.source) for edge in definition.edges)
    graph.add_edges_from(("", uid) for uid in definition.node if not definition.out[uid])
    return (nx.immediate_dominators(graph, "").get(step) if "" in graph else None) or None


def since(definition: Definition, step: str, here: str) -> frozenset[str]:
    """What has been begun since a step was passed, seen from here: what a return to it takes away.

    Whatever lies between the two, and what can only be reached by way of that: the other branches of a fork in between, but not
    those of a fork before.
    """
    graph = forward(definition)
    if step not in graph or here not in graph:
        return frozenset({here})
    between = (nx.descendants(graph, step) | {step}) & (nx.ancestors(graph, here) | {here}) or {here}
    children: dict[str, list[str]] = {}
    for uid, head in _head_of(definition).items():
        children.setdefault(head, []).append(uid)
    found, todo = set[str](), [*between, here]
    while todo:
        uid = todo.pop()
        if uid not in found:
            found.add(uid)
            todo += children.get(uid, ())
    return frozenset(found)


def upstream(definition: Definition, here: str) -> frozenset[str]:
    """The steps that may have been passed on the way here, loops left aside."""
    graph = forward(definition)
    return frozenset(nx.ancestors(graph, here)) if here in graph else frozenset()


def only_from(definition: Definition, entry: str) -> frozenset[str]:
    """What can be come to from there, and not from the start."""
    graph = nx.DiGraph((edge.source, edge.target) for edge in definition.edges)
    graph.add_nodes_from(definition.node)
    return frozenset({entry, *nx.descendants(graph, entry)} - nx.descendants(graph, definition.start.uid))


def forward(definition: Definition) -> Any:
    """The graph without the lines that lead back to a step which every way to them passes. Nobody changes it."""
    if definition not in _forward:
        graph = nx.DiGraph((edge.source, edge.target) for edge in definition.edges)
        first, last = _spans(_head_of(definition))
        leads_back = [
            (source, target) for source, target in graph.edges
            if source == target or first.get(target, 1) <= first.get(source, 0) <= last.get(target, 0)
        ]  # fmt: skip
        graph.remove_edges_from(leads_back)
        _forward[definition] = graph
    return _forward[definition]


def _spans(heads: dict[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    """Every step has a number, the first; a step is passed on every way to those with numbers up to the last."""
    tree = nx.DiGraph((head, uid) for uid, head in heads.items())
    first, last = dict[str, int](), dict[str, int]()
    for _, uid, kind in (labelled for root in tree if not tree.pred[root] for labelled in nx.dfs_labeled_edges(tree, root)):
        if kind == "forward":
            first[uid] = len(first) + 1
        elif kind == "reverse":
            last[uid] = len(first)
    return first, last
