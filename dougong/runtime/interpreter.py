"""Runs a definition. Three verbs, no I/O: start(), resume() and retry().

Each returns a Step: the case as it now stands, what the world must do, and the trail. The given case is not touched. A
definition that is wrong fails its token with a reason; it never raises at the host.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from .case import Case, Token
from .definition import Definition
from .functions import FormulaFault
from .nodes import NODE_TYPES
from .nodes._type import At
from .outcome import Effect, Fail, Go, Outcome, Wait
from .reason import Reason
from .rules import ConditionFault
from .settlement import SettlementFault
from .table import TableFault
from .world import Answer, Question, World

MAX_MOVES: Final = 5000


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
    """`born`, `changed` and `gone` are what became of tokens on balance: what the host has to write."""

    case: Case
    effects: list[tuple[Token, Effect]] = field(default_factory=list)
    trail: list[Move] = field(default_factory=list)
    answers: list[tuple[Question, Answer]] = field(default_factory=list)
    born: dict[int, Token] = field(default_factory=dict)
    changed: dict[int, Token] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


def start(definition: Definition, data: Mapping[str, Any], world: World, **facts: Any) -> Step:
    """A new case. `facts`: its `initiator` (a principal) and `unit` (an id), where known."""
    case = Case(definition.key, definition.version, dict(data), **facts)
    step = Step(case)
    _put(step, definition.start.uid, None)
    return _run(step, definition, world)


def resume(definition: Definition, case: Case, token_id: int, signal: str, values: Mapping[str, Any], world: World) -> Step:
    """The signal that a waiting token waits for, with the values it brings. Raises Fault where none waits for it."""
    step = Step(_copied(case))
    token = step.case.tokens.get(token_id)
    if token is None or token.state != "waiting" or token.signal != signal:
        raise Fault(f"token {token_id} does not wait for {signal!r}")
    at = At(definition, definition.node[token.node], step.case, token, world)
    verb = NODE_TYPES[at.node.type].resume
    if verb is None:
        raise Fault(f"a step of type {at.node.type!r} cannot be resumed")
    _apply(step, at, _ask(verb, at, values))
    return _run(step, definition, world)


def retry(definition: Definition, case: Case, token_id: int, world: World) -> Step:
    """Enter the step of a failed token once more, after what was wrong has been put right."""
    step = Step(_copied(case))
    token = step.case.tokens.get(token_id)
    if token is None or token.state != "failed":
        raise Fault(f"token {token_id} has not failed")
    step.case.failed -= 1
    token.state, token.reason = "ready", None
    step.changed[token.id] = token
    return _run(step, definition, world)


def _run(step: Step, definition: Definition, world: World) -> Step:
    ready = [token for token in step.case.tokens.values() if token.state == "ready"]
    for _ in range(MAX_MOVES):
        if not ready:
            break
        token = ready.pop(0)
        if token.id not in step.case.tokens:
            continue  # absorbed by a join meanwhile
        node = definition.node.get(token.node)
        if node is None or node.type not in NODE_TYPES:
            _stop(step, token, Reason("case.unknown_node", {"node": token.node}))
            continue
        at = At(definition, node, step.case, token, world)
        ready += _apply(step, at, _ask(NODE_TYPES[node.type].enter, at))
    for token in ready:
        _stop(step, token, Reason("case.too_many_moves", {"limit": MAX_MOVES}))
    step.answers = world.answers
    return step


def _ask(verb: Callable[..., Outcome], *args: Any) -> Outcome:
    """A definition that is wrong fails its token; it never breaks the host."""
    try:
        return verb(*args)
    except (ConditionFault, FormulaFault, SettlementFault, TableFault) as fault:
        return Fail(fault.reason)
    except KeyError as missing:  # a config that lacks what its schema asks for
        return Fail(Reason("case.incomplete_node", {"key": str(missing.args[0])}))


def _apply(step: Step, at: At, outcome: Outcome) -> list[Token]:
    """The only place where a case changes. Answers the tokens that are ready now."""
    step.trail.append(Move(at.token.id, at.node.uid, type(outcome).__name__.lower(), _left_by(outcome)))
    match outcome:
        case Go(edges, data, effects, absorb, result):
            step.case.data.update(data)
            step.case.result = result or step.case.result
            for token_id in {at.token.id, *absorb}:
                _take(step, token_id)
            step.effects += [(at.token, effect) for effect in effects]
            return [_put(step, edge.target, edge.uid) for edge in edges]
        case Wait(signal, effects):
            at.token.state, at.token.signal = "waiting", signal
            _mark(step, at.token)
            step.effects += [(at.token, effect) for effect in effects]
        case Fail(reason):
            _stop(step, at.token, reason)
    return []


def _left_by(outcome: Outcome) -> tuple[str, ...]:
    return tuple(edge.uid for edge in outcome.edges) if isinstance(outcome, Go) else ()


def _put(step: Step, node: str, via: str | None) -> Token:
    token = step.case.put(node, via)
    step.born[token.id] = token
    return token


def _take(step: Step, token_id: int) -> None:
    step.case.take(token_id)
    step.changed.pop(token_id, None)
    if step.born.pop(token_id, None) is None:
        step.gone.append(token_id)


def _stop(step: Step, token: Token, reason: Reason) -> None:
    step.case.failed += 1
    token.state, token.reason = "failed", reason
    _mark(step, token)


def _mark(step: Step, token: Token) -> None:
    if token.id not in step.born:
        step.changed[token.id] = token


def _copied(case: Case) -> Case:
    """Values are replaced, never changed in place: one level is enough."""
    fresh = copy(case)
    fresh.data, fresh.handlers = dict(case.data), dict(case.handlers)
    fresh.tokens = {token.id: replace(token) for token in case.tokens.values()}
    return fresh
