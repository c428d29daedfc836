"""Runs a definition. No I/O: start() and resume(), and what an administrator may do to a case: retry, skip, move, cancel.

Each returns a Step: the case as it now stands, what the world must do, and the trail. The given case is not touched. A
definition that is wrong fails its token with a reason; it never raises at the host.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from .case import Case, Token
from .definition import Definition, Node
from .functions import FormulaFault
from .nodes import NODE_TYPES
from .nodes._turns import busy, turn_of
from .nodes._type import At, NodeType
from .nodes._verbs import OF_TASK, OPEN
from .nodes.revoke import REVOCABLE, REVOKED
from .outcome import Effect, Fail, Go, Outcome, Put, Wait
from .reason import Reason, Refused
from .rules import ConditionFault
from .settlement import SettlementFault
from .table import TableFault
from .world import Answer, Question, World

__all__ = ["Fault", "Move", "Refused", "Step", "cancel", "move", "recall", "resume", "retry", "revoke", "skip", "start", "undo"]

MAX_MOVES: Final = 5000
MAX_TOKENS: Final = 5000  # of one case at a time


class Fault(Exception):
    """The host asked for something that makes no sense: an unknown token, a signal nobody waits for."""


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


def start(definition: Definition, data: Mapping[str, Any], world: World, **facts: Any) -> Step:
    """A new case. `facts`: its `initiator` (a principal) and `unit` (an id), where known."""
    step = Step(Case(definition.key, definition.version, dict(data), **facts))
    return _run(step, definition, world, [_put(step, Put(definition.start.uid))])


def resume(definition: Definition, case: Case, token_id: int, signal: str, values: Mapping[str, Any], world: World) -> Step:
    """A signal to a waiting token, with the values it brings. Raises Fault where it does not wait for such a one, Refused
    where what is asked for cannot be."""
    step = _begun(case)
    token = step.case.token(token_id)
    if token is None or token.state != "waiting" or token.signal == TURN:
        raise Fault(f"token {token_id} does not wait for {signal!r}")
    if signal in OF_TASK and token.signal != OPEN:  # a step that waits for others has no task of its own
        raise Refused("verb.not_allowed")
    at = At(definition, definition.node[token.node], step.case, token, world)
    verb = NODE_TYPES[at.node.type].signals.get(signal)
    if verb is None:
        raise Fault(f"a step of type {at.node.type!r} does not know {signal!r}")
    return _run(step, definition, world, _apply(step, at, _ask(verb, at, values)))


def retry(definition: Definition, case: Case, token_id: int, world: World) -> Step:
    """Enter the step of a failed token once more, after what was wrong has been put right."""
    step = _begun(case)
    token = step.case.token(token_id)
    if token is None or token.state != "failed":
        raise Fault(f"token {token_id} has not failed")
    _touch(step, token)
    _take_all(step, _under(step.case, token))
    step.case.failed -= 1
    token.state, token.reason, token.signal = "ready", None, None
    return _run(step, definition, world, [token])


def skip(definition: Definition, case: Case, token_id: int, world: World) -> Step:
    """Pass over the step of a waiting or failed token, along its way out."""
    step = _begun(case)
    token = _standing(step, token_id)
    at = At(definition, definition.node[token.node], step.case, token, world)
    return _run(step, definition, world, _apply(step, at, Go(at.out[:1], absorb=_under(step.case, token))))


def move(definition: Definition, case: Case, token_id: int | None, node: str, world: World) -> Step:
    """Take a token (None: none, as when an ended case is reopened) from where it stands, and put one on a node. Raises Refused
    for one that another waits for: who signs, an item of a list, a way of a race."""
    step = _begun(case)
    if token_id is not None:
        token = _standing(step, token_id)
        if token.parent is not None:
            raise Refused("verb.part_of_a_step", "/token")
        _take(step, token)
    else:
        step.case.result = None
    return _run(step, definition, world, [_put(step, Put(node))])


def recall(definition: Definition, case: Case, world: World) -> Step:
    """撤回: everything that is under way ends, and whoever filed it has it again to mend and submit once more."""
    step = _begun(case)
    _take(step, *step.case.everywhere())
    step.case.memo = {name: value for name, value in step.case.memo.items() if name == "depth" or name.startswith("chosen:")}
    return _run(step, definition, world, [_put(step, Put(definition.start.uid, {"returned": "recalled"}))])


def revoke(definition: Definition, case: Case, world: World) -> Step:
    """撤销已通过: a case that has ended goes on where its revocation begins. Its result stands until that ends as revoked."""
    step, entry = _begun(case), definition.revocation
    if entry is None or step.case.status != "done" or step.case.result not in REVOCABLE:
        raise Refused("verb.not_allowed")
    kept = {name: step.case.memo.get(name) for name in ("agreed", "acted")}
    step.case.memo = {name: value for name, value in step.case.memo.items() if name not in kept}
    step.case.memo["revoking"] = {**kept, "result": step.case.result}
    step.case.result = None
    return _run(step, definition, world, [_put(step, Put(entry.uid))])


def _revocation_over(step: Step) -> None:
    """However it has ended: if not as revoked, the case is again what it was."""
    case = step.case
    if case.status != "done" or "revoking" not in case.memo:
        return
    kept = case.memo.pop("revoking")
    if case.result != REVOKED:
        case.result = kept["result"]
        case.memo |= {name: value for name, value in kept.items() if name != "result" and value is not None}


def undo(definition: Definition, case: Case, before: Mapping[str, Any], world: World) -> Step:
    """Take back a step, by its `Step.undo`. Raises Refused where anything has come of it since.

    What goes on waiting keeps its hours: no timer is begun anew, the host lets those that were void run on.
    """
    step = _begun(case)
    born = [step.case.token(number) for number in before["born"]]
    if any(token is None or token.state != "waiting" for token in born):
        raise Refused("verb.acted_meanwhile")
    _take_all(step, before["born"])
    ready = [token for one in before["tokens"] if _restored(step, token := Token.from_json(one)).state == "ready"]
    step.case.data = {**step.case.data, **before["data"]}
    step.case.handlers, step.case.memo, step.case.result = before["handlers"], before["memo"], before["result"]
    memos = {token.id: token.memo for token in ready}
    _run(step, definition, world, ready)
    for token_id, memo in memos.items():
        if token_id in step.case.tokens:
            step.case.tokens[token_id].memo |= memo
    step.effects = [(token, effect) for token, effect in step.effects if effect.kind != "timer" or token.id not in memos]
    return step


ENTERED_ANEW: Final = frozenset({OPEN, "message"})  # what goes with a token: its task, its place in a queue


def _restored(step: Step, token: Token) -> Token:
    """As it was; one that had a task is ready to be entered once more, so that it has one again."""
    if token.state == "waiting" and token.signal in ENTERED_ANEW:
        token.state, token.signal = "ready", None
    there = step.case.token(token.id)
    if there is None:
        step.case.gone.discard(token.id)
        step.case.live += 1
        step.born[token.id] = token
    else:
        _touch(step, there)
        step.case.failed -= there.state == "failed"
        step.changed[token.id] = token
    step.case.failed += token.state == "failed"
    step.case.tokens[token.id] = token
    return token


def cancel(definition: Definition, case: Case, result: str, world: World) -> Step:
    """End every token."""
    step = _begun(case)
    _take(step, *step.case.everywhere())
    step.case.result = result
    _revocation_over(step)
    step.answers = world.answers
    return step


TURN: Final = "turn"  # the signal of who waits until another step of its group has been done


def _run(step: Step, definition: Definition, world: World, ready: list[Token]) -> Step:
    for _ in range(MAX_MOVES):
        if not ready:
            ready = _at_rest(step, definition, world)
            if not ready:
                break
        token = ready.pop(0)
        if token.id not in step.case.tokens or token.state != "ready":
            continue  # absorbed or answered meanwhile
        node = definition.node.get(token.node)
        if node is None or node.type not in NODE_TYPES:
            _stop(step, token, Reason("case.unknown_node", {"node": token.node}))
            continue
        at = At(definition, node, step.case, token, world)
        ready += _apply(step, at, _entered(at))
    for token in ready:
        if token.id in step.case.tokens:
            _stop(step, token, Reason("case.too_many_moves", {"limit": MAX_MOVES}))
    _revocation_over(step)
    step.answers = world.answers
    return step


def _entered(at: At) -> Outcome:
    if turn_of(at.node) and busy(at):
        return Wait(TURN)
    found: Outcome = _ask(NODE_TYPES[at.node.type].enter, at)
    return found


def _at_rest(step: Step, definition: Definition, world: World) -> list[Token]:
    """Nothing moves by itself any more: does somebody who waits go on because of that? Answers the tokens that are ready."""
    for node in _patient(definition):
        for token in step.case.on(node.uid):
            if token.state != "waiting" or token.id not in step.case.tokens:
                continue
            at, kind = At(definition, node, step.case, token, world), NODE_TYPES[node.type]
            if token.signal == TURN:
                outcome = None if busy(at) else _ask(kind.enter, at)
            else:
                outcome = _ask(kind.reconsider, at) if kind.reconsider else None
            if outcome is not None:
                ready = _apply(step, at, outcome)
                if ready:
                    return ready
    return []


_patience: WeakKeyDictionary[Definition, tuple[Node, ...]] = WeakKeyDictionary()


def _patient(definition: Definition) -> tuple[Node, ...]:
    """The steps that look again whenever the case has come to rest."""
    if definition not in _patience:
        wanted = (node for node in definition.nodes if (kind := NODE_TYPES.get(node.type)) and _looks_again(kind, node))
        _patience[definition] = tuple(wanted)
    return _patience[definition]


def _looks_again(kind: NodeType, node: Node) -> bool:
    return (kind.reconsider is not None and kind.looks_again(node)) or bool(turn_of(node))


def _ask(verb: Callable[..., Any], *args: Any) -> Any:
    """A definition that is wrong fails its token; it never breaks the host."""
    try:
        return verb(*args)
    except (ConditionFault, FormulaFault, SettlementFault, TableFault) as fault:
        return Fail(fault.reason)
    except KeyError as missing:  # a config that lacks what its schema asks for
        return Fail(Reason("case.incomplete_node", {"key": str(missing.args[0])}))


def _apply(step: Step, at: At, outcome: Outcome) -> list[Token]:
    """The only place where a case changes. Answers the tokens that are ready now."""
    if isinstance(outcome, Fail):
        step.trail.append(Move(at.token.id, at.node.uid, "fail"))
        _stop(step, at.token, outcome.reason)
        return []
    puts = _puts(at, outcome)
    if step.case.live + len(puts) > MAX_TOKENS:
        return _apply(step, at, Fail(Reason("case.too_many_tokens", {"limit": MAX_TOKENS})))
    step.trail.append(Move(at.token.id, at.node.uid, type(outcome).__name__.lower(), tuple(one.via for one in puts if one.via)))
    step.case.data.update(outcome.data)
    if form := at.definition.form:
        step.case.data.update(form.followed(outcome.data, step.case.data, at.world.now))
    step.effects += [(at.token, effect) for effect in outcome.effects]
    if isinstance(outcome, Wait):
        _take_all(step, outcome.absorb)
        _touch(step, at.token)
        at.token.state, at.token.signal = "waiting", outcome.signal
        at.token.memo = {**at.token.memo, **outcome.memo}
        return [_put(step, one, at.token.id) for one in puts]
    return _left(step, at, outcome, puts)


def _left(step: Step, at: At, go: Go, puts: list[Put]) -> list[Token]:
    case, parent = step.case, at.token.parent
    case.result = go.result or case.result
    case.memo = {key: value for key, value in {**case.memo, **go.memo}.items() if value is not None}
    _take_all(step, (at.token.id, *go.absorb))
    if go.everything:
        _take(step, *case.everywhere())
    waiting = case.token(parent) if parent is not None else None
    if waiting is None:
        return [_put(step, one) for one in puts]
    of = at._replace(node=at.definition.node[waiting.node], token=waiting)
    return _apply(step, of, _ask(NODE_TYPES[of.node.type].gather, of, at.token, go))


def _puts(at: At, outcome: Go | Wait) -> list[Put]:
    """The tokens that are born."""
    if isinstance(outcome, Wait):
        return list(outcome.spawn)
    if outcome.edges == at.out and at.token.memo.get("back_to") in at.definition.node:
        return [Put(at.token.memo["back_to"])]  # it was sent back, and comes straight to where it was sent back from
    return [*(Put(edge.target, via=edge.uid) for edge in outcome.edges), *outcome.jump]


def _put(step: Step, put: Put, parent: int | None = None) -> Token:
    token = step.case.put(put.node, put.via, parent, put.memo)
    step.born[token.id] = token
    return token


def _take_all(step: Step, token_ids: Iterable[int]) -> None:
    for token_id in dict.fromkeys(token_ids):
        token = step.case.token(token_id)
        if token is not None:
            _take(step, token)


def _take(step: Step, *tokens: Token) -> None:
    """They end, and with them all that they wait for."""
    for token in tokens:
        if token.id not in step.case.tokens:
            continue
        _touch(step, token)
        step.case.take(token.id)
        step.changed.pop(token.id, None)
        if step.born.pop(token.id, None) is None:
            step.gone.append(token.id)
        if token.signal is not None and token.signal in WITH_CHILDREN:
            _take(step, *step.case.children(token.id))


WITH_CHILDREN: Final = frozenset({"children", "race"})  # the signals of tokens that wait for children


def _under(case: Case, token: Token) -> tuple[int, ...]:
    return tuple(child.id for child in case.children(token.id)) if token.signal in WITH_CHILDREN else ()


def _standing(step: Step, token_id: int) -> Token:
    token = step.case.token(token_id)
    if token is None or token.state == "ready":
        raise Fault(f"token {token_id} does not stand anywhere")
    return token


def _stop(step: Step, token: Token, reason: Reason) -> None:
    _touch(step, token)
    step.case.failed += token.state != "failed"
    token.state, token.reason = "failed", reason


def _touch(step: Step, token: Token) -> None:
    """It is about to change: remember how it was, unless it was born in this step."""
    if token.id not in step.born:
        step.prior.setdefault(token.id, replace(token))
        step.changed[token.id] = token


def _begun(case: Case) -> Step:
    return Step(_copied(case), was=case)


def _copied(case: Case) -> Case:
    """Values are replaced, never changed in place: one level is enough."""
    fresh = copy(case)
    fresh.data, fresh.handlers, fresh.memo, fresh.gone = dict(case.data), dict(case.handlers), dict(case.memo), set()
    fresh.tokens = {token.id: replace(token) for token in case.tokens.values()}
    return fresh
