"""One running ticket as the interpreter sees it: its data, and where its tokens stand."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from .reason import Reason

Fetch = Callable[..., "list[Token]"]


class Copied:
    def but(self, **other: Any) -> Self:
        """A copy, but for these: `dataclasses.replace` at a third of its cost, for what every step does."""
        return type(self)(**{**self.__dict__, **other})


@dataclass
class Token(Copied):
    """One place in the graph. `via` is the edge it came over; `state` is ready, waiting or failed.

    `parent`: the token that waits for this one, as an approval waits for each of those who sign. `memo` is what the step
    remembers while the token stands there (JSON); it goes with the token.
    """

    id: int
    node: str
    via: str | None = None
    state: str = "ready"
    signal: str | None = None
    reason: Reason | None = None
    parent: int | None = None
    memo: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "reason": self.reason.to_json() if self.reason else None}

    @classmethod
    def from_json(cls, doc: dict[str, Any]) -> "Token":
        return cls(**{**doc, "reason": Reason.from_json(doc["reason"]) if doc["reason"] else None})


@dataclass
class Case(Copied):
    """`tokens` are those that have been loaded; `live` and `failed` count all of them.

    `handlers`: who did each step last, by the uid of the step. `memo` is what the case remembers over its steps, by subject
    (the turns of loops). `fetch(id=…)`, `fetch(node=…)`, `fetch(parent=…)` or `fetch()` (all) brings further tokens; the host
    reads them from its rows only where a node type needs them (a join), a simulation has them all already.
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
    memo: dict[str, Any] = field(default_factory=dict)
    fetch: Fetch | None = None
    gone: set[int] = field(default_factory=set, compare=False, repr=False)  # in this step, whatever rows still say

    @property
    def status(self) -> str:
        return "failed" if self.failed else "running" if self.live else "done"

    def put(self, node: str, via: str | None, parent: int | None = None, memo: dict[str, Any] | None = None) -> Token:
        self.last_token += 1
        self.live += 1
        token = self.tokens[self.last_token] = Token(self.last_token, node, via, parent=parent, memo=dict(memo or {}))
        return token

    def take(self, token_id: int) -> Token:
        token = self.tokens.pop(token_id)
        self.live -= 1
        self.failed -= token.state == "failed"
        self.gone.add(token_id)
        return token

    def token(self, token_id: int) -> Token | None:
        """One token, wherever it stands."""
        if token_id not in self.tokens:
            self._load(id=token_id)
        return self.tokens.get(token_id)

    def on(self, node: str) -> list[Token]:
        """All tokens that stand on a node, by id."""
        self._load(node=node)
        return self._sorted(lambda token: token.node == node)

    def children(self, token_id: int) -> list[Token]:
        """Those that a token waits for."""
        self._load(parent=token_id)
        return self._sorted(lambda token: token.parent == token_id)

    def ancestors(self, token: Token) -> Iterator[int]:
        """The token that waits for this one, the one that waits for that, and so on."""
        above: Token | None = token
        while above is not None and above.parent is not None:
            yield above.parent
            above = self.token(above.parent)

    def everywhere(self) -> list[Token]:
        """All tokens of the case: as dear as it is wide."""
        self._load()
        return self._sorted(lambda token: True)

    def _load(self, **where: Any) -> None:
        for token in self.fetch(**where) if self.fetch is not None else ():
            if token.id not in self.gone:
                self.tokens.setdefault(token.id, token)

    def _sorted(self, wanted: Callable[[Token], bool]) -> list[Token]:
        return sorted(filter(wanted, self.tokens.values()), key=lambda token: token.id)

    def to_json(self) -> dict[str, Any]:
        doc = {key: value for key, value in asdict(self).items() if key not in ("fetch", "tokens", "gone")}
        return {**doc, "tokens": [token.to_json() for token in self.tokens.values()]}

    @classmethod
    def from_json(cls, doc: dict[str, Any]) -> "Case":
        return cls(**{**doc, "tokens": {one["id"]: Token.from_json(one) for one in doc["tokens"]}})
