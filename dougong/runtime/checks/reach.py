"""What must hold for a ticket to come to a step: what every way from the start to it asks.

In the graph in which a way is a node like a step, whatever dominates the step is passed on every way to it (Cooper, Harvey,
Kennedy 2006, by networkx): a way of a decision brings its condition, one for an outcome that outcome. Where several ways come
together one of them must hold, unless whoever has come to where they part comes there anyway; a join of all asks for each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import networkx as nx

from ..definition import Definition, Edge, Node
from ..fields._type import Names
from ..nodes import NODE_TYPES
from ..reason import Reason
from ..sentence import sentence
from ..shape import Shape
from ..texts import Text
from .conditions import apart

MOST_WAYS: Final = 4  # of alternatives; more are only counted
MOST_WITHIN: Final = 2  # ways within ways
MOST_DEEP: Final = 60  # joins within joins; what is deeper still is left out
EXIT: Final = ("exit", "")

Place = tuple[str, str]  # ("step" or "way", uid)
Needs = list[Reason]


class Reach(NamedTuple):
    """`passes`: the steps for people that every way there passes, in their order; `needs`: what must hold besides. `must`: the
    ways (by uid) that every ticket takes on its way there, `may`: others that lead there. Without any, nothing leads there."""

    passes: Sequence[Node] = ()
    needs: Sequence[Reason] = ()
    must: Sequence[str] = ()
    may: Sequence[str] = ()


def reach(definition: Definition, uid: str, names: Names) -> Reach:
    """Of a step, by its uid."""
    starts = [node.uid for node in definition.nodes if node.type == "start"]
    if len(starts) != 1 or uid not in definition.node or uid == starts[0]:
        return Reach()
    found = _Ways(definition, names, ("step", starts[0]), ("step", uid))
    if found.target not in found.heads:
        return Reach()
    needs = found.needs(found.start, found.target)
    passed = [definition.node[step] for kind, step in found.line(found.start, found.target)[:-1] if kind == "step"]
    people = [node for node in passed if _shape(definition, node).waits and NODE_TYPES[node.type].family == "people"]
    ways = [edge.uid for edge in definition.edges if ("way", edge.uid) in found.graph]
    must, may = ([way for way in ways if (way in found.taken) is sure] for sure in (True, False))
    return Reach(people, needs, must, may)


class Around(NamedTuple):
    """What is around where one looks: how many alternatives, and how many joins."""

    ways: int = 0
    joins: int = 0


NOTHING: Final = Around()


@dataclass
class _Ways:
    """Everything that lies on some way from the start to a step. `taken`: the ways that have been found to be taken always."""

    definition: Definition
    names: Names
    start: Place
    target: Place
    taken: set[str] = field(default_factory=set)

    @cached_property
    def graph(self) -> Any:
        whole = _drawn(self.definition)
        whole.remove_edges_from(list(whole.out_edges(self.target)))
        between = (nx.descendants(whole, self.start) | {self.start}) & (nx.ancestors(whole, self.target) | {self.target})
        return whole.subgraph(between).copy()

    @cached_property
    def heads(self) -> dict[Place, Place]:
        """The last place that every way to a place passes (its immediate dominator)."""
        return _heads(self.graph, self.start)

    @cached_property
    def after(self) -> dict[Place, Place]:
        """The first place that everything from a place on passes, until the ticket ends, by whatever ends it."""
        whole = _drawn(self.definition)
        for node in self.definition.nodes:
            shape = _shape(self.definition, node)
            if not self.definition.out[node.uid] or shape.may_end_all or shape.ends_all:
                whole.add_edge(("step", node.uid), EXIT)
        return _heads(whole.reverse(copy=False), EXIT)

    @cached_property
    def asked(self) -> dict[str, Text]:
        """The conditions of the ways that have one, as sentences."""
        found = {
            one["uid"]: sentence(one.get("when"), self.definition.field, self.names) for one in self.definition.doc["edges"]
        }
        return {uid: words for uid, words in found.items() if any(words.values())}

    def line(self, top: Place, place: Place) -> list[Place]:
        """What every way from one to the other passes, both included."""
        found = [place]
        while found[-1] != top:
            found.append(self.heads[found[-1]])
        return found[::-1]

    def needs(self, top: Place, place: Place, around: Around = NOTHING) -> Needs:
        """What must hold between the two."""
        found: Needs = []
        for before, here in pairwise(self.line(top, place)):
            if here[0] == "way":
                self.taken |= set() if around.ways else {here[1]}
                new = list(self._of_way(self.definition.edge[here[1]]))
            else:
                new = [*self._coming_together(before, here, around), *(self._of_step(here) if here != place else ())]
            found += [one for one in new if one not in found]
        return found

    def _of_step(self, here: Place) -> Needs:
        node = self.definition.node[here[1]]
        return [Reason("reach.not_ended", {"step": node.title})] if _shape(self.definition, node).may_end_all else []

    def _coming_together(self, before: Place, here: Place, around: Around) -> Needs:
        """Several ways lead from the one to the other."""
        ways = [way for way in self.graph.predecessors(here) if not self._leads_round(before, here, way)]
        if len(ways) < 2:
            return []
        if _shape(self.definition, self.definition.node[here[1]]).join == "all":
            inside = around._replace(joins=around.joins + 1)
            return [one for way in ways for one in self.needs(before, way, inside)] if inside.joins < MOST_DEEP else []
        if self._comes_anyway(before, here):
            return []
        if around.ways == MOST_WITHIN or len(ways) > MOST_WAYS:
            return [Reason("reach.several_ways", {"count": len(ways)})]
        each = [self.needs(before, way, around._replace(ways=around.ways + 1)) for way in ways]
        told = [Reason("reach.way", {"needs": [one.to_json() for one in needs]}).to_json() for needs in each]
        return [Reason("reach.one_of", {"ways": told})] if all(each) else []

    def _of_way(self, edge: Edge) -> Iterator[Reason]:
        node = self.definition.node[edge.source]
        kind = NODE_TYPES.get(node.type)
        if kind is None:
            return
        if edge.on is not None:
            yield Reason("reach.outcome", {"step": node.title, "outcome": kind.outcomes.get(edge.on, edge.on)})
            return
        others = [one for one in self.definition.out[node.uid] if one.on is not None and not self._leads_back(one)]
        if others:
            outcomes = [kind.outcomes.get(str(one.on), one.on) for one in others]
            yield Reason("reach.no_outcome", {"step": node.title, "outcomes": outcomes})
        if kind.conditional:
            yield from self._decided(node, edge)

    def _decided(self, node: Node, edge: Edge) -> Iterator[Reason]:
        """The condition of the way; and, where only one is taken or it is the default, that none holds of those before it which
        might hold as well."""
        others = [one.uid for one in self.definition.ways(node.uid) if not one.default]
        if not edge.default:
            if edge.uid in self.asked:
                yield Reason("reach.condition", {"condition": self.asked[edge.uid]})
            before = others[: others.index(edge.uid)] if node.type == "decide" else []
            others = [one for one in before if not apart(self.definition, edge.uid, one)]
        conditions: list[Any] = [self.asked[uid] for uid in others if uid in self.asked]
        if conditions:
            more = ["…"] if len(conditions) > MOST_WAYS else []
            yield Reason("reach.none_of", {"conditions": [*conditions[:MOST_WAYS], *more]})

    def _leads_round(self, before: Place, here: Place, way: Place) -> bool:
        """Only who has been here comes over this way."""
        while way not in (before, here):
            way = self.heads[way]
        return way == here

    def _leads_back(self, edge: Edge) -> bool:
        return self._comes_anyway(("way", edge.uid), ("step", edge.source))

    def _comes_anyway(self, place: Place, there: Place) -> bool:
        while place in self.after and place != there:
            place = self.after[place]
        return place == there


def _drawn(definition: Definition) -> Any:
    graph = nx.DiGraph()
    graph.add_nodes_from(("step", node.uid) for node in definition.nodes)
    for edge in definition.edges:
        if edge.source in definition.node and edge.target in definition.node:
            nx.add_path(graph, [("step", edge.source), ("way", edge.uid), ("step", edge.target)])
    return graph


def _heads(graph: Any, root: Place) -> dict[Place, Place]:
    found = nx.immediate_dominators(graph, root) if root in graph else {}
    return {place: head for place, head in found.items() if head is not None and head != place}


def _shape(definition: Definition, node: Node) -> Shape:
    kind = NODE_TYPES.get(node.type)
    return kind.shape(definition, node) if kind else Shape()
