"""What a node type is, and what it may look at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..case import Case, Token
from ..config import Schema
from ..definition import Definition, Edge, Node
from ..outcome import Outcome
from ..reason import Reason
from ..world import World

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
        return self.definition.out[self.node.uid]

    @property
    def into(self) -> tuple[Edge, ...]:
        return self.definition.into[self.node.uid]

    @property
    def here(self) -> list[Token]:
        """The tokens on this node, ours among them. Rows of other tokens are read for this only."""
        return self.case.on(self.node.uid)


def every_way(definition: Definition, node: Node, data: Mapping[str, Any]) -> Ways:
    return [(edge, True) for edge in definition.out[node.uid]]


def writes_nothing(definition: Definition, node: Node) -> frozenset[str]:
    return frozenset()


def nothing_to_say(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from ()


@dataclass(frozen=True)
class NodeType:
    """A kind of step.

    `enter` answers when a token arrives, `resume` when the signal comes that it waited for.
    `config` is a JSON Schema: the inspector, the check before publishing and the documentation are made from it.
    `ways_in`, `ways_out`: the fewest and the most edges (None: any number).
    `foresee` names the ways out with these data: (edge, certain). A field that is not in them may still be filled in.
    `writes` names the fields that such a step may fill in.
    `check` yields (JSON pointer in the config, reason) of what the schema cannot say.
    `family` gives its colour: people, routing, time, work, ends.
    """

    name: str
    title: dict[str, str]
    help: dict[str, str]
    family: str
    icon: str
    enter: Callable[[At], Outcome]
    resume: Callable[[At, Mapping[str, Any]], Outcome] | None = None
    config: Schema = field(default_factory=lambda: {"type": "object", "additionalProperties": False})
    ways_in: tuple[int, int | None] = (1, None)
    ways_out: tuple[int, int | None] = (1, 1)
    foresee: Callable[[Definition, Node, Mapping[str, Any]], Ways] = every_way
    writes: Callable[[Definition, Node], frozenset[str]] = writes_nothing
    check: Callable[[Definition, Node], Iterator[tuple[str, Reason]]] = nothing_to_say
    rank: int = 50
