"""Is the time that a workflow has set itself too short for its own waits and deadlines? Told is only what is certain.

Along a way a ticket takes at least as long as the fixed waits on it, the waits of the workflows that it waits for, and the
deadlines by which it is left as overdue. Where each step is done by its own deadline and the ticket is late all the same, that
is told as well; of a step for each of so many items, one after the other, each item has that deadline anew. A wait of working
time takes at least as much by the clock; how much working time passes in a wait by the clock is not known. One during which the
ticket's clock may stand still, one until a date, and a branch that others may overtake do not count.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import networkx as nx

from ..calendar import UNITS
from ..definition import Definition, Node
from ..nodes import NODE_TYPES
from ..nodes._deadlines import SIGNAL
from ..nodes._time import WORDS
from ..problem import Problem
from ..reason import Reason
from ..regions import forward
from ..texts import Text

Span = Mapping[str, Any]
Taken = tuple[Node, Span]  # a step, and a time that it takes
Times = Callable[[Node, str], tuple[Span, ...]]  # of a step that is left for the one of that uid
DAY: Final = UNITS["days"].total_seconds()


def problems(definition: Definition, called: Mapping[str, Definition]) -> Iterator[Problem]:
    """The longest way of a workflow whose tickets have a target (`clock`). `called`: the workflows that it calls, by key."""
    within = definition.doc.get("clock", {}).get("within")
    if within is None:
        return

    def waits(node: Node, target: str) -> tuple[Span, ...]:
        inner = called.get(node.config["workflow"]) if node.type == "call" and node.config.get("then") != "go_on" else None
        if inner is not None:
            return tuple(span for _, span in _longest(inner, within, lambda step, to: _waits(inner, step, to)))
        return _waits(definition, node, target)

    def allowed(node: Node, target: str) -> tuple[Span, ...]:
        return waits(node, target) or tuple(_times(span, _in_sequence(node)) for span in _firm(node)[:1])

    for times, code in ((waits, "check.target_too_short"), (allowed, "check.target_before_deadlines")):
        found = _longest(definition, within, times)
        if sum(_least(span, within) for _, span in found) > _most(within):
            told = [Reason("wait.of_step", {"step": node.title, "time": words(span)}).to_json() for node, span in found]
            nodes = tuple(dict.fromkeys(node.uid for node, _ in found))
            yield Problem(Reason(code, {"within": words(within), "waits": told}), "warning", nodes, path="/clock/within")
            return


def _longest(definition: Definition, within: Span, times: Times) -> list[Taken]:
    """What takes time on the way that takes longest."""
    graph = nx.DiGraph(forward(definition))
    graph.remove_edges_from([(one, other) for one, other in graph.edges if _may_be_overtaken(definition, other)])
    start = definition.start.uid
    if start not in graph or not nx.is_directed_acyclic_graph(graph):
        return []
    found: dict[str, tuple[float, list[Taken]]] = {start: (0, [])}
    for uid in nx.topological_sort(graph.subgraph(nx.descendants(graph, start) | {start})):
        for target in graph.successors(uid):
            total, taken = found[uid]
            node = definition.node.get(uid)
            spans = times(node, target) if node and not _stands_still(node) else ()
            total += sum(_least(span, within) for span in spans)
            if target not in found or total > found[target][0]:
                found[target] = total, [*taken, *((node, span) for span in spans if node and _least(span, within))]
    return max(found.values(), key=lambda one: one[0])[1]


def _waits(definition: Definition, node: Node, target: str) -> tuple[Span, ...]:
    """A fixed wait; or the deadline after which a step is left over the way for those that are overdue."""
    if node.type == "wait" and "after" in node.config.get("until", {}):
        return (node.config["until"]["after"],)
    overdue = all(edge.on == SIGNAL for edge in definition.out[node.uid] if edge.target == target)
    return _firm(node, "leave")[:1] if overdue else ()


def _firm(node: Node, *then: str) -> tuple[Span, ...]:
    """The deadlines of a step that are more than reminders, the first of them first."""
    firm = [
        one["when"]["after"]
        for one in node.config.get("deadlines", ())
        if "after" in one["when"] and (one["then"] in then if then else one["then"] != "remind")
    ]
    return tuple(sorted(firm, key=lambda span: span["amount"] * UNITS[span["unit"]].total_seconds()))


def _in_sequence(node: Node) -> int:
    """How many items of a step are certainly done one after the other: of a list, nobody knows how long it is."""
    config = node.config
    if node.type != "for_each" or config.get("order") != "sequence" or config.get("over"):
        return 1
    times = int(config.get("times", 1))
    match config.get("complete", "all"):
        case "all":
            return times
        case "count":
            return min(int(config.get("needs", times)), times)
        case "percent":
            return -(-times * int(config.get("percent", 100)) // 100)
    return 1


def _times(span: Span, count: int) -> Span:
    return {**span, "amount": span["amount"] * count}


def _stands_still(node: Node) -> bool:
    """The ticket's clock, while only the customer can act or because the step says so."""
    who = node.config.get("who")
    return bool(node.config.get("pauses")) or (isinstance(who, Mapping) and who.get("by") == "customer")


def _may_be_overtaken(definition: Definition, uid: str) -> bool:
    node = definition.node.get(uid)
    return node is None or node.type not in NODE_TYPES or NODE_TYPES[node.type].shape(definition, node).join == "count"


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
