"""What a node type is, and what it may look at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..case import Case, Token
from ..config import Schema
from ..definition import Definition, Edge, Node
from ..outcome import Go, Outcome
from ..reason import Reason
from ..shape import Shape
from ..world import World
from ._example import Example

Ways = list[tuple[Edge, bool]]


class At(NamedTuple):
    """Where we stand: all that a node type may look at."""

    definition: Definition
    node: Node
    case: Case
    token: Token
    world: World

    @property
    def config(self) -> Mapping[str, Any]:
        return self.node.config

    @property
    def out(self) -> tuple[Edge, ...]:
        """The ways out that are for no outcome."""
        return self.definition.ways(self.node.uid)

    def ways(self, outcome: str) -> tuple[Edge, ...]:
        """The way out that is drawn for an outcome, if there is one."""
        return self.definition.ways(self.node.uid, outcome)

    @property
    def into(self) -> tuple[Edge, ...]:
        return self.definition.into[self.node.uid]

    @property
    def here(self) -> list[Token]:
        """The tokens on this node, ours among them. Rows of other tokens are read for this only."""
        return self.case.on(self.node.uid)


def every_way(definition: Definition, node: Node, data: Mapping[str, Any]) -> Ways:
    ways = definition.out[node.uid]
    alone = not any(edge.on for edge in ways)
    return [(edge, alone) for edge in ways]


def writes_nothing(definition: Definition, node: Node) -> frozenset[str]:
    return frozenset()


def plain_shape(definition: Definition, node: Node) -> Shape:
    return Shape()


def waiting_shape(definition: Definition, node: Node) -> Shape:
    return Shape(waits=True)


def says_nothing(at: "At", child: Token, left: Go) -> Outcome:
    """Who has no children of its own is told of none."""
    return Go(left.edges)


def nothing_to_say(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from ()


@dataclass(frozen=True)
class NodeType:
    """A kind of step.

    `enter` answers when a token arrives, also one that the step has born itself (an instance); each verb of `signals` when its
    signal comes to a token that waits. `gather` answers for a parent one of whose children has ended, `reconsider` for a token
    that waits each time the case has come to rest (None: it goes on waiting), where the step `looks_again`.
    `whole`: the signals that come to the token that waits for instances, not to one of them.
    `config` is a JSON Schema: the inspector, the check before publishing and the documentation are made from it.
    `ways_in`, `ways_out`: the fewest and the most edges (None: any number), apart from those that are for one of `outcomes`:
    the named ways out (`Edge.on`) that may be drawn, each once.
    `conditional`: its ways out carry conditions. `shape` tells the checks how it takes and passes tokens. `joins`: the settings
    that make it join in another way, by `Shape.join`: a fix that the checks can offer.
    `foresee` names the ways out with these data: (edge, certain). A field that is not in them may still be filled in.
    `writes` names the fields that such a step may fill in.
    `check` yields (JSON pointer in the config, reason) of what the schema cannot say.
    `takes`: what it does is remembered (`taken`), and given back where the ticket goes back before it.
    `example`: a small process with the step in it, and a walk through it.
    `also`: what the trade calls it besides, or does by it: the palette finds it so.
    `family` gives its colour: people, routing, time, work, ends.
    """

    name: str
    title: dict[str, str]
    help: dict[str, str]
    family: str
    icon: str
    enter: Callable[[At], Outcome]
    signals: Mapping[str, Callable[[At, Mapping[str, Any]], Outcome]] = field(default_factory=dict)
    gather: Callable[[At, Token, Go], Outcome] = says_nothing
    whole: frozenset[str] = frozenset()
    reconsider: Callable[[At], Outcome | None] | None = None
    looks_again: Callable[[Node], bool] = lambda node: True
    config: Schema = field(default_factory=lambda: {"type": "object", "additionalProperties": False})
    ways_in: tuple[int, int | None] = (1, None)
    ways_out: tuple[int, int | None] = (1, 1)
    outcomes: Mapping[str, dict[str, str]] = field(default_factory=dict)
    conditional: bool = False
    shape: Callable[[Definition, Node], Shape] = plain_shape
    joins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    foresee: Callable[[Definition, Node, Mapping[str, Any]], Ways] = every_way
    writes: Callable[[Definition, Node], frozenset[str]] = writes_nothing
    check: Callable[[Definition, Node], Iterator[tuple[str, Reason]]] = nothing_to_say
    takes: bool = False
    example: Example | None = None
    also: tuple[str, ...] = ()
    rank: int = 50
