"""One running ticket as the interpreter sees it: its data, and where its tokens stand."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from .reason import Reason


@dataclass
class Token:
    """One place in the graph. `via` is the edge it came over; `state` is ready, waiting or failed."""

    id: int
    node: str
    via: str | None = None
    state: str = "ready"
    signal: str | None = None
    reason: Reason | None = None


@dataclass
class Case:
    """`tokens` are those that have been loaded; `live` and `failed` count all of them.

    `handlers`: who did each step last, by the uid of the step. `fetch(node)` brings the other tokens that stand on a node;
    the host reads them from its rows only where a node type needs them (a join), a simulation has them all already.
    """

    workflow: str
    version: int
    data: dict[str, Any] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
    last_token: int = 0
    live: int = 0
    failed: int = 0
    result: str | None = None
    initiator: str | None = None
    unit: str | None = None
    handlers: dict[str, str] = field(default_factory=dict)
    fetch: Callable[[str], list[Token]] | None = None

    @property
    def status(self) -> str:
        return "failed" if self.failed else "running" if self.live else "done"

    def put(self, node: str, via: str | None) -> Token:
        self.last_token += 1
        self.live += 1
        token = self.tokens[self.last_token] = Token(self.last_token, node, via)
        return token

    def take(self, token_id: int) -> Token:
        self.live -= 1
        return self.tokens.pop(token_id)

    def on(self, node: str) -> list[Token]:
        """All tokens that stand on a node, by id."""
        if self.fetch is not None:
            for token in self.fetch(node):
                self.tokens.setdefault(token.id, token)
        return sorted((token for token in self.tokens.values() if token.node == node), key=lambda token: token.id)

    def to_json(self) -> dict[str, Any]:
        doc = {key: value for key, value in asdict(self).items() if key not in ("fetch", "tokens")}
        return {**doc, "tokens": [asdict(token) for token in self.tokens.values()]}

    @classmethod
    def from_json(cls, doc: dict[str, Any]) -> "Case":
        tokens = [
            Token(**{**token, "reason": Reason.from_json(token["reason"]) if token["reason"] else None})
            for token in doc["tokens"]
        ]
        return cls(**{**doc, "tokens": {token.id: token for token in tokens}})
