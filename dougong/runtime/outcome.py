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
class Go:
    """The token leaves along these edges: one to move on, many to fork, none to end.

    `data` is merged into the case; `absorb` names other tokens that end here, as in a join; `result` is how the case ends.
    """

    edges: tuple[Edge, ...]
    data: dict[str, Any] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    absorb: tuple[int, ...] = ()
    result: str | None = None


@dataclass(frozen=True)
class Wait:
    """The token stays until a signal with this name arrives."""

    signal: str
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Fail:
    """The token stops here with a reason: an incident that a person has to look at."""

    reason: Reason


Outcome = Go | Wait | Fail
