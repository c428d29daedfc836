"""What a step of a case leaves behind, and the one place where its tokens are put, taken, stopped and changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from .case import Case, Token
from .outcome import Effect, Put
from .reason import Reason
from .taken import OWED, remembering
from .world import Answer, Question

WITH_CHILDREN: Final = frozenset({"children", "race"})  # the signals of tokens that wait for children


class Move(NamedTuple):
    """One move of a token, as history keeps it: where, what came of it, over which edges it left."""

    token: int
    node: str
    outcome: str  # go | wait | fail
    edges: tuple[str, ...] = ()


@dataclass
class Step:
    """`born`, `changed` and `gone` are what became of tokens on balance: what the host has to write.

    `prior`: the tokens that have changed or gone, as they were before.
    """

    case: Case
    effects: list[tuple[Token, Effect]] = field(default_factory=list)
    trail: list[Move] = field(default_factory=list)
    answers: list[tuple[Question, Answer]] = field(default_factory=list)
    born: dict[int, Token] = field(default_factory=dict)
    changed: dict[int, Token] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    prior: dict[int, Token] = field(default_factory=dict)
    was: Case | None = None

    @property
    def undo(self) -> dict[str, Any]:
        """How things stood before, as far as the step changed them (JSON): what `undo` goes by."""
        was = self.was or Case(self.case.workflow, self.case.version)
        return {
            "born": list(self.born),
            "tokens": [token.to_json() for token in self.prior.values()],
            "data": {key: was.data.get(key) for key, value in self.case.data.items() if was.data.get(key) != value},
            "handlers": was.handlers,
            "memo": was.memo,
            "result": was.result,
        }

    @property
    def ended(self) -> list[str]:
        """The steps at which something was under way that was cut short: a region was cancelled, another has won."""
        left = {move.node for move in self.trail if move.outcome == "go"}
        ends = dict.fromkeys(self.prior[number].node for number in self.gone)
        return [uid for uid in ends if uid not in left and not self.case.on(uid)]

    @classmethod
    def begun(cls, case: Case) -> "Step":
        """On a copy of the case. Values are replaced, never changed in place: one level is enough."""
        tokens = {token.id: token.but() for token in case.tokens.values()}
        kept = {"data": dict(case.data), "handlers": dict(case.handlers), "memo": dict(case.memo)}
        return cls(case.but(tokens=tokens, gone=set(), **kept), was=case)

    def put(self, put: Put, parent: int | None = None) -> Token:
        token = self.case.put(put.node, put.via, parent, put.memo)
        self.born[token.id] = token
        return token

    def take(self, *tokens: Token) -> None:
        """They end, and with them all that they wait for. What they have not given back yet is the ticket's again."""
        for token in tokens:
            if token.id not in self.case.tokens:
                continue
            self.touch(token)
            self.case.take(token.id)
            self.changed.pop(token.id, None)
            if self.born.pop(token.id, None) is None:
                self.gone.append(token.id)
            if OWED in token.memo:
                self.case.memo = remembering(self.case.memo, token.memo[OWED])
            if token.signal is not None and token.signal in WITH_CHILDREN:
                self.take(*self.case.children(token.id))

    def take_all(self, token_ids: Iterable[int]) -> None:
        for token_id in dict.fromkeys(token_ids):
            token = self.case.token(token_id)
            if token is not None:
                self.take(token)

    def stop(self, token: Token, reason: Reason) -> None:
        self.touch(token)
        self.case.failed += token.state != "failed"
        token.state, token.reason = "failed", reason

    def touch(self, token: Token) -> None:
        """It is about to change: remember how it was, unless it was born in this step."""
        if token.id not in self.born:
            self.prior.setdefault(token.id, token.but())
            self.changed[token.id] = token


def under(case: Case, token: Token) -> tuple[int, ...]:
    """The tokens that this one waits for."""
    return tuple(child.id for child in case.children(token.id)) if token.signal in WITH_CHILDREN else ()
