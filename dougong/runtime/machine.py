"""Moves the tokens of a case until each waits for somebody or has ended. No I/O; the one place where outcomes are applied.

A definition that is wrong fails its token with a reason; it never raises at the host.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from .case import Token
from .definition import Definition, Node
from .functions import FormulaFault
from .nodes import NODE_TYPES
from .nodes._giving import GIVING, NOT_WRITTEN, SIGNAL, give_back, given, not_given, passing
from .nodes._recalled import passed_one
from .nodes._turns import busy, turn_of
from .nodes._type import At, NodeType
from .nodes.revoke import REVOKED
from .outcome import Fail, Go, Outcome, Put, Wait
from .reason import Reason
from .rules import ConditionFault
from .settlement import SettlementFault
from .step import Move, Step
from .table import TableFault
from .taken import taken, without
from .world import World

MAX_MOVES: Final = 5000
MAX_TOKENS: Final = 5000  # of one case at a time
BUGS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
TURN: Final = "turn"  # the signal of who waits until another step of its group has been done

log = logging.getLogger(__name__)


def run(step: Step, definition: Definition, world: World, ready: list[Token]) -> Step:
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
            step.stop(token, Reason("case.unknown_node", {"node": token.node}))
            continue
        at = At(definition, node, step.case, token, world)
        ready += apply(step, at, _entered(at))
    for token in ready:
        if token.id in step.case.tokens:
            step.stop(token, Reason("case.too_many_moves", {"limit": MAX_MOVES}))
    revocation_over(step)
    step.answers = world.answers
    return step


def _entered(at: At) -> Outcome:
    if (giving := give_back(at)) is not None:
        return giving
    if turn_of(at.node) and busy(at):
        return Wait(TURN)
    found: Outcome = _by_itself(NODE_TYPES[at.node.type].enter, at)
    return found


def _at_rest(step: Step, definition: Definition, world: World) -> list[Token]:
    """Nothing moves by itself any more: does somebody who waits go on because of that? Answers the tokens that are ready."""
    for node in _patient(definition):
        for token in step.case.on(node.uid):
            if token.state != "waiting" or token.id not in step.case.tokens:
                continue
            at, kind = At(definition, node, step.case, token, world), NODE_TYPES[node.type]
            if token.signal == TURN:
                outcome = None if busy(at) else _by_itself(kind.enter, at)
            else:
                outcome = _by_itself(kind.reconsider, at) if kind.reconsider else None
            if outcome is not None:
                ready = apply(step, at, outcome)
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


def ask(verb: Callable[..., Any], *args: Any) -> Any:
    """A definition that is wrong fails its token; it never breaks the host."""
    try:
        return verb(*args)
    except (ConditionFault, FormulaFault, SettlementFault, TableFault) as fault:
        return Fail(fault.reason)
    except KeyError as missing:  # a config that lacks what its schema asks for
        return Fail(Reason("case.incomplete_node", {"key": str(missing.args[0])}))


def _by_itself(verb: Callable[[At], Any], at: At) -> Any:
    """Nobody asked for it, so no request may fail because of it: a bug of ours that a definition hits upon fails its token."""
    try:
        return ask(verb, at)
    except BUGS as bug:
        log.exception("step %s of %s, version %s", at.node.uid, at.definition.key, at.definition.version)
        return Fail(Reason("case.bug", {"error": f"{type(bug).__name__}: {bug}"[:200]}))


def apply(step: Step, at: At, outcome: Outcome) -> list[Token]:
    """The only place where a case changes. Answers the tokens that are ready now."""
    if isinstance(outcome, Fail):
        step.trail.append(Move(at.token.id, at.node.uid, "fail"))
        step.stop(at.token, outcome.reason)
        return []
    puts = _puts(at, outcome)
    if step.case.live + len(puts) > MAX_TOKENS:
        return apply(step, at, Fail(Reason("case.too_many_tokens", {"limit": MAX_TOKENS})))
    step.trail.append(Move(at.token.id, at.node.uid, type(outcome).__name__.lower(), tuple(one.via for one in puts if one.via)))
    step.case.data.update(outcome.data)
    if form := at.definition.form:
        step.case.data.update(form.followed(outcome.data, step.case.data, at.world.now))
    step.effects += [(at.token, effect) for effect in outcome.effects]
    if isinstance(outcome, Wait):
        step.take_all(outcome.absorb)
        step.touch(at.token)
        at.token.state, at.token.signal = "waiting", outcome.signal
        at.token.memo = {**at.token.memo, **outcome.memo}
        return [step.put(one, at.token.id) for one in puts]
    return _left(step, at, outcome, puts)


def _left(step: Step, at: At, go: Go, puts: list[Put]) -> list[Token]:
    case, parent = step.case, at.token.parent
    case.result = go.result or case.result
    case.memo = {key: value for key, value in {**case.memo, **go.memo}.items() if value is not None}
    passed_one(at, go)
    if _is_passed(at, go):
        passing(at.definition, at.node, case)
    step.take_all((at.token.id, *go.absorb))
    if go.everything:
        step.take(*case.everywhere())
    waiting = case.token(parent) if parent is not None else None
    if waiting is None:
        return [step.put(one) for one in puts]
    of = at._replace(node=at.definition.node[waiting.node], token=waiting)
    return apply(step, of, ask(NODE_TYPES[of.node.type].gather, of, at.token, go))


def _puts(at: At, outcome: Go | Wait) -> list[Put]:
    """The tokens that are born."""
    if isinstance(outcome, Wait):
        return list(outcome.spawn)
    if _goes_straight(at, outcome):
        return [Put(at.token.memo["back_to"])]
    return [*(Put(edge.target, via=edge.uid) for edge in outcome.edges), *outcome.jump]


def _goes_straight(at: At, go: Go) -> bool:
    """It was sent back, and comes straight to where it was sent back from."""
    return go.edges == at.out and at.token.memo.get("back_to") in at.definition.node


def _is_passed(at: At, go: Go) -> bool:
    """A step that people do, in a workflow whose steps take something that may have to be given back. Not by one that was to go
    straight back from there: what came after that step before still stands."""
    whole = at.token.parent is None and bool(go.edges) and "back_to" not in at.token.memo
    return whole and NODE_TYPES[at.node.type].family == "people" and _takes(at.definition)


_takers: WeakKeyDictionary[Definition, bool] = WeakKeyDictionary()


def _takes(definition: Definition) -> bool:
    if definition not in _takers:
        _takers[definition] = any((kind := NODE_TYPES.get(node.type)) and kind.takes for node in definition.nodes)
    return _takers[definition]


def signals(at: At) -> Mapping[str, Callable[[At, Mapping[str, Any]], Outcome]]:
    """What may be signalled to a token that waits: while it gives back, that this is done or cannot be."""
    return GIVING_BACK if GIVING in at.token.memo else NODE_TYPES[at.node.type].signals


def _given(at: At, values: Mapping[str, Any]) -> Outcome:
    """Now it enters its step."""
    given(at)
    return _entered(at)


GIVING_BACK: Final[Mapping[str, Callable[[At, Mapping[str, Any]], Outcome]]] = {SIGNAL: _given, NOT_WRITTEN: not_given}


def revocation_over(step: Step) -> None:
    """However it has ended: if not as revoked, the case is again what it was; if so, all that it has settled is reversed."""
    case = step.case
    if case.status != "done" or "revoking" not in case.memo:
        return
    kept = case.memo.pop("revoking")
    if case.result == REVOKED:
        case.memo = without(case.memo, [one for one in taken(case.memo) if "first" in one])
    else:
        case.result = kept["result"]
        case.memo |= {name: value for name, value in kept.items() if name != "result" and value is not None}
