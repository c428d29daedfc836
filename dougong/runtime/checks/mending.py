"""How an unsound workflow can be put right where that is obvious: edits of its document, tried before they are offered.

An edit: {"edit": "set", "node", "config"} changes settings of a step; {"edit": "add", "node": {...}, "before"} adds one, drawn
before another or ("after") behind it; {"edit": "lead", "edge", "target"} leads a line elsewhere; {"edit": "connect", "edge":
{...}} draws one. The uids of what is new begin with "+": the editor gives them real ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ..definition import Definition, Edge, Node
from ..nodes import NODE_TYPES
from ..nodes._type import NodeType
from ..problem import Problem
from ..regions import meeting

MOST_NODES: Final = 400  # above, nothing is tried: each trial is a whole check
MOST_TRIED: Final = 10  # decisions
NEW: Final = "+join"

Edit = dict[str, Any]
Edits = tuple[Edit, ...]
Count = Callable[[Definition], int]  # how many problems are left
END: Final[Edit] = {"uid": "+end", "type": "end", "title": NODE_TYPES["end"].title, "config": {}}


def with_fixes(definition: Definition, problems: tuple[Problem, ...], left: Count) -> tuple[Problem, ...]:
    """Each problem with the first fix after which fewer are left; one that leaves none goes before."""
    if len(definition.nodes) > MOST_NODES:
        return problems
    return tuple(replace(one, fix=_fix(definition, one, len(problems), left)) for one in problems)


def default_ways(definition: Definition, left: Count) -> dict[str, Edits]:
    """By decision without a default way: one past its branches, to where they come together again, else to an end of its own.

    Of a workflow that is sound, and only where it stays so.
    """
    found: dict[str, Edits] = {}
    asking = [node.uid for node in definition.nodes if node.type in NODE_TYPES and NODE_TYPES[node.type].conditional]
    lacking = [uid for uid in asking if not any(edge.default for edge in definition.ways(uid))]
    for uid in lacking[:MOST_TRIED] if len(definition.nodes) <= MOST_NODES else ():
        there = meeting(definition, uid)
        past = (_otherwise(uid, there),) if there else ()
        apart = ({"edit": "add", "node": END, "after": uid}, _otherwise(uid, END["uid"]))
        sound = (edits for edits in (past, apart) if edits and not left(mended(definition, edits)))
        if edits := next(sound, None):
            found[uid] = edits
    return found


def _otherwise(step: str, target: str) -> Edit:
    return {"edit": "connect", "edge": {"uid": "+otherwise", "source": step, "target": target, "default": True}}


def _fix(definition: Definition, problem: Problem, before: int, left: Count) -> Edits:
    tried = [(left(mended(definition, edits)), edits) for edits in _candidates(definition, problem)]
    best = min(tried, key=lambda one: one[0], default=None)
    return best[1] if best and best[0] < before else ()


def _candidates(definition: Definition, problem: Problem) -> Iterator[Edits]:
    match problem.reason.code:
        case "check.deadlock" | "check.left_behind":
            yield from _patient(definition, problem.nodes)
        case "check.no_join" if len(problem.edges) > 1:
            yield from _joined(definition, problem)


def _patient(definition: Definition, steps: Iterable[str]) -> Iterator[Edits]:
    """The joins wait for those only that may still come."""
    edits = []
    for uid in steps:
        kind = NODE_TYPES.get(definition.node[uid].type)
        if kind and "reaching" in kind.joins:
            edits.append({"edit": "set", "node": uid, "config": dict(kind.joins["reaching"])})
    if edits:
        yield tuple(edits[:1])
    if len(edits) > 1:
        yield tuple(edits)


def _joined(definition: Definition, problem: Problem) -> Iterator[Edits]:
    """A join before the step where branches come together."""
    (step,) = problem.nodes
    every = tuple(edge.uid for edge in definition.into[step])
    for join in ("all", "reaching"):
        kind = next((kind for kind in NODE_TYPES.values() if join in kind.joins), None)
        for edges in dict.fromkeys((every, problem.edges)):
            if kind and len(edges) > 1 and all(uid in definition.edge for uid in edges):
                yield _with_join(kind, kind.joins[join], step, edges)


def _with_join(kind: NodeType, config: Mapping[str, Any], step: str, edges: Iterable[str]) -> Edits:
    return (
        {"edit": "add", "node": {"uid": NEW, "type": kind.name, "title": kind.title, "config": dict(config)}, "before": step},
        *({"edit": "lead", "edge": uid, "target": NEW} for uid in edges),
        {"edit": "connect", "edge": {"uid": f"{NEW}-on", "source": NEW, "target": step}},
    )


def mended(definition: Definition, edits: Edits) -> Definition:
    nodes, edges = {node.uid: node for node in definition.nodes}, {edge.uid: edge for edge in definition.edges}
    for edit in edits:
        match edit:
            case {"edit": "set", "node": uid, "config": config}:
                nodes[uid] = replace(nodes[uid], config={**nodes[uid].config, **config})
            case {"edit": "add", "node": new}:
                nodes[new["uid"]] = Node(new["uid"], new["type"], new["title"], new["config"])
            case {"edit": "lead", "edge": uid, "target": target}:
                edges[uid] = replace(edges[uid], target=target)
            case {"edit": "connect", "edge": new}:
                edges[new["uid"]] = Edge(**new)
    return replace(definition, nodes=tuple(nodes.values()), edges=tuple(edges.values()))
