"""Is the time that a workflow has set itself too short for its own waits? Told is only what is certain.

Along a way a ticket takes at least as long as the fixed waits on it. A wait of working time takes at least as much by the
clock; how much working time passes in a wait by the clock is not known. One during which the ticket's clock may stand still,
one until a date, and a branch that others may overtake do not count.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import networkx as nx

from .calendar import UNITS
from .definition import Definition, Node
from .nodes import NODE_TYPES
from .nodes._time import WORDS
from .problem import Problem
from .reason import Reason
from .regions import forward
from .texts import Text

Span = Mapping[str, Any]
DAY: Final = UNITS["days"].total_seconds()


def problems(definition: Definition) -> Iterator[Problem]:
    """The longest way of a workflow whose tickets have a target (`clock`)."""
    within = definition.doc.get("clock", {}).get("within")
    if within is None:
        return
    waits = _longest(definition, within)
    if sum(_least(node.config["until"]["after"], within) for node in waits) <= _most(within):
        return
    told = [
        Reason("wait.of_step", {"step": node.title, "time": words(node.config["until"]["after"])}).to_json() for node in waits
    ]
    params = {"within": words(within), "waits": told}
    yield Problem(Reason("check.target_too_short", params), "warning", tuple(node.uid for node in waits), path="/clock/within")


def _longest(definition: Definition, within: Span) -> list[Node]:
    """The waits on the way that takes longest."""
    graph = nx.DiGraph(forward(definition))
    graph.remove_edges_from([(one, other) for one, other in graph.edges if _may_be_overtaken(definition, other)])
    start = definition.start.uid
    if start not in graph or not nx.is_directed_acyclic_graph(graph):
        return []
    found: dict[str, tuple[float, list[Node]]] = {start: (0, [])}
    for uid in nx.topological_sort(graph.subgraph(nx.descendants(graph, start) | {start})):
        before = max((found[one] for one in graph.predecessors(uid) if one in found), key=lambda one: one[0], default=(0.0, []))
        own, node = 0.0, definition.node.get(uid)
        if node is not None and _is_fixed(node):
            own = _least(node.config["until"]["after"], within)
        found[uid] = (before[0] + own, [*before[1], *([node] if node and own else [])])
    return max(found.values(), key=lambda one: one[0])[1]


def _may_be_overtaken(definition: Definition, uid: str) -> bool:
    node = definition.node.get(uid)
    return node is None or node.type not in NODE_TYPES or NODE_TYPES[node.type].shape(definition, node).join == "count"


def _is_fixed(node: Node) -> bool:
    return node.type == "wait" and "after" in node.config.get("until", {}) and not node.config.get("pauses")


def _least(span: Span, within: Span) -> float:
    """How much of the target passes at least: seconds by the clock or of working time, or working days."""
    amount, unit = span["amount"], span["unit"]
    if within.get("time") == "working":
        same = span.get("time") == "working" and span.get("calendar") == within.get("calendar")
        return _most(span) if same and (unit == "days") == (within["unit"] == "days") else 0
    if span.get("time") == "working" and unit == "days":
        return float(amount - 1) * DAY  # to the same hour at least, but for what is outside the hours of the first day
    return float(amount * UNITS[unit].total_seconds())


def _most(within: Span) -> float:
    if within.get("time") == "working" and within["unit"] == "days":
        return float(within["amount"])
    return float(within["amount"] * UNITS[within["unit"]].total_seconds())


def words(span: Span) -> Text:
    amount, unit, (zh, en) = span["amount"], span["unit"], WORDS[span["unit"]]
    if span.get("time") == "working":
        zh, en = "个工作日" if unit == "days" else f"工作{zh}", f"working {en}"
    return {"zh-Hans": f"{amount} {zh}", "en": f"{amount} {en}"}
