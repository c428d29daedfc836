"""What lies before a join: from where a token may still come in, without leaving the block that the join closes.

The block begins at the join's immediate dominator, the last step that every way to it passes (of a drawn fork, the fork). A
token that could come in only by way of the join itself, or by beginning the block anew, does not count: in a loop, that is the
next turn. So an inclusive join does not wait for its own successors, and one that cancels the rest reaches nothing beside it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import networkx as nx

from .definition import Definition

_known: WeakKeyDictionary[Definition, dict[tuple[str, str], frozenset[str]]] = WeakKeyDictionary()
_heads: WeakKeyDictionary[Definition, dict[str, str]] = WeakKeyDictionary()
_orders: WeakKeyDictionary[Definition, "_Order"] = WeakKeyDictionary()
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
    order = _order_of(definition)
    return order.named(order.since(step, here)) | {here}


def is_on_the_way_back(definition: Definition, step: str, via: str, here: str) -> bool:
    """Whether a return to a step takes away the same by way of another, between the two, as straight from here."""
    order = _order_of(definition)
    bit = order.bit
    if not (bit.get(step, 0) & order.before.get(via, 0) and bit.get(via, 0) & order.before.get(here, 0)):
        return False
    return order.since(step, here) == order.since(step, via) | order.since(via, here)


def upstream(definition: Definition, here: str) -> frozenset[str]:
    """The steps that may have been passed on the way here, loops left aside."""
    order = _order_of(definition)
    return order.named(order.before.get(here, 0)) - {here}


class _Order(NamedTuple):
    """Sets of steps as bits, those that come first the lowest: by step, what comes after it and before it, itself included,
    and what can only be come to by way of it (`under`)."""

    uids: list[str]
    bit: dict[str, int]
    after: dict[str, int]
    before: dict[str, int]
    under: dict[str, int]

    def since(self, step: str, here: str) -> int:
        rest = self.after.get(step, 0) & self.before.get(here, 0) | self.bit.get(here, 0)
        found = 0
        while rest:
            found |= self.under[self.uids[(rest & -rest).bit_length() - 1]]
            rest &= ~found
        return found

    def named(self, bits: int) -> frozenset[str]:
        return frozenset(uid for uid, one in zip(self.uids, reversed(f"{bits:b}"), strict=False) if one == "1")


def _order_of(definition: Definition) -> _Order:
    if definition not in _orders:
        graph = forward(definition)
        uids = list(nx.dfs_postorder_nodes(graph))[::-1]
        bit = {uid: 1 << index for index, uid in enumerate(uids)}
        under, heads = dict(bit), _head_of(definition)
        first, _ = _spans(heads)
        for uid in sorted(first, key=lambda uid: -first[uid]):
            if uid in heads:
                under[heads[uid]] |= under[uid]
        _orders[definition] = _Order(uids, bit, _led_to(graph.adj, bit, uids[::-1]), _led_to(graph.pred, bit, uids), under)
    return _orders[definition]


def _led_to(next_to: Mapping[str, Iterable[str]], bit: dict[str, int], order: list[str]) -> dict[str, int]:
    """By step, itself and all that can be come to from there; in an order in which mostly once is enough."""
    found, grown = dict(bit), True
    while grown:
        grown = False
        for uid in order:
            now = found[uid]
            for other in next_to[uid]:
                now |= found[other]
            grown |= now != found[uid]
            found[uid] = now
    return found


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
