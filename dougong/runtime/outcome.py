"""What a node type answers when it is entered or resumed: one of three frozen values."""

from dataclasses import dataclass, field
from typing import Any

from .definition import Edge
from .reason import Reason


@dataclass(frozen=True)
class Effect:
    """Something the world must do. The runtime asks; the host performs (`host/effects.py`)."""

    kind: str
    args: dict[str, Any]


@dataclass(frozen=True)
class Put:
    """A token that is born on a node without an edge that leads there: one sent back, or an instance of a step."""

    node: str
    memo: dict[str, Any] = field(default_factory=dict)
    via: str | None = None


@dataclass(frozen=True)
class Go:
    """The token leaves along these edges: one to move on, many to fork, none to end.

    `data` is merged into the case, `memo` into what the case remembers. `absorb` names other tokens that end here with all
    their children, as in a join or where the rest is cancelled; `everything` ends them all. `jump`: where one goes without an
    edge. `result` is how the case ends. A child ends in any case: its parent hears what it `says`, and goes on or waits.
    """

    edges: tuple[Edge, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    absorb: tuple[int, ...] = ()
    result: str | None = None
    jump: tuple[Put, ...] = ()
    everything: bool = False
    memo: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wait:
    """The token stays until one of the signals of its type arrives; `signal` says what for.

    `memo` is merged into what the token remembers. `spawn`: the children that are born, for which it waits; `absorb`: other
    tokens that end, with all their children.
    """

    signal: str
    effects: tuple[Effect, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict)
    spawn: tuple[Put, ...] = ()
    absorb: tuple[int, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fail:
    """The token stops here with a reason: an incident that a person has to look at."""

    reason: Reason


Outcome = Go | Wait | Fail
