"""Runs a definition. No I/O: start() and resume(), and what an administrator may do to a case: retry, skip, move, cancel.

Each returns a Step: the case as it now stands, what the world must do, and the trail. The given case is not touched. A
definition that is wrong fails its token with a reason; it never raises at the host.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from .case import Case, Token
from .definition import Definition
from .machine import TURN, apply, ask, revocation_over, run, signals
from .nodes._agreed import anew
from .nodes._giving import ENDS, GIVING, back_at, given_up
from .nodes._recalled import beyond
from .nodes._type import At
from .nodes._verbs import OF_TASK, OPEN
from .nodes.call import BEGUN
from .nodes.call import SIGNAL as RETURNED
from .nodes.http import SIGNAL as ANSWER
from .nodes.revoke import REVOCABLE
from .outcome import Effect, Go, Put
from .reason import Refused
from .step import Step, under
from .taken import OLD, OWED, TAKEN, remembering, taken
from .world import World

__all__ = [
    "COPIES", "Fault", "Refused", "cancel", "is_lasting", "move", "recall", "resume", "retry", "revoke", "skip", "start",
    "undo", "withdraw",
]  # fmt: skip


CANCELLED: Final = "cancelled"
COPIES: Final = "copies"  # in the memo of a case: the members to whom its initiator has copies sent
LASTING: Final = ("depth", "chosen:", COPIES, TAKEN, OLD)  # what a case that begins anew remembers: whom he chose, what it took


class Fault(Exception):
    """The host asked for something that makes no sense: an unknown token, a signal nobody waits for."""


def start(definition: Definition, data: Mapping[str, Any], world: World, **facts: Any) -> Step:
    """A new case. `facts`: its `initiator` (a principal) and `unit` (an id), where known."""
    step = Step(Case(definition.key, definition.version, dict(data), **facts))
    return run(step, definition, world, [step.put(Put(definition.start.uid))])


def resume(definition: Definition, case: Case, token_id: int, signal: str, values: Mapping[str, Any], world: World) -> Step:
    """A signal to a waiting token, with the values it brings. Raises Fault where it does not wait for such a one, Refused
    where what is asked for cannot be."""
    step = Step.begun(case)
    token = step.case.token(token_id)
    if token is None or token.state != "waiting" or token.signal == TURN:
        raise Fault(f"token {token_id} does not wait for {signal!r}")
    if signal in OF_TASK and token.signal != OPEN:  # a step that waits for others has no task of its own
        raise Refused("verb.not_allowed")
    at = At(definition, definition.node[token.node], step.case, token, world)
    verb = signals(at).get(signal)
    if verb is None:
        raise Fault(f"a step of type {at.node.type!r} does not know {signal!r}")
    return run(step, definition, world, apply(step, at, ask(verb, at, values)))


def retry(definition: Definition, case: Case, token_id: int, world: World) -> Step:
    """Enter the step of a failed token once more, after what was wrong has been put right."""
    step = Step.begun(case)
    token = step.case.token(token_id)
    if token is None or token.state != "failed":
        raise Fault(f"token {token_id} has not failed")
    return run(step, definition, world, [_anew(step, token)])


def skip(definition: Definition, case: Case, token_id: int, world: World) -> Step:
    """Pass over the step of a waiting or failed token, along its way out; over the giving back of one that has to do that."""
    step = Step.begun(case)
    token = _standing(step, token_id)
    if GIVING in token.memo:
        step.touch(token)
        step.case.memo = remembering(step.case.memo, token.memo.get(OWED, ()))
        token.memo = given_up(token.memo)
        return run(step, definition, world, [_anew(step, token)])
    at = At(definition, definition.node[token.node], step.case, token, world)
    return run(step, definition, world, apply(step, at, Go(at.out[:1], absorb=under(step.case, token))))


def move(
    definition: Definition, case: Case, token_id: int | None, node: str, world: World, *, giving_back: bool = False
) -> Step:
    """Take a token (None: none, as when an ended case is reopened) from where it stands, and put one on a node. `giving_back`:
    what the steps from there on have taken, before. Raises Refused for one that another waits for: who signs, an item of a
    list, a way of a race."""
    step = Step.begun(case)
    if token_id is not None:
        token = _standing(step, token_id)
        if token.parent is not None:
            raise Refused("verb.part_of_a_step", "/token")
        step.take(token)
    else:
        step.case.result = None
    step.case.memo |= anew(step.case)
    return run(step, definition, world, [step.put(back_at(node) if giving_back else Put(node))])


def recall(definition: Definition, case: Case, world: World) -> Step:
    """撤回: everything that is under way ends, and whoever filed it has it again to mend and submit once more. Of a ticket that
    is to be revoked it is that wish which is taken back. Raises Refused where the workflow does not let him, or no more."""
    rule = definition.doc.get("recall", "first")
    if rule == "never" or case.status == "done":
        raise Refused("verb.not_allowed")
    if rule == "first" and case.memo.get("acted"):
        raise Refused("verb.acted_already")
    if "revoking" in case.memo:
        return cancel(definition, case, CANCELLED, world)  # it stays as it was
    if late := beyond(definition, case.memo):
        raise Refused("verb.recalled_too_late", step=late.title)
    step = Step.begun(case)
    if any(ENDS in token.memo for token in step.case.everywhere()):
        raise Refused("verb.giving_back")
    step.take(*step.case.everywhere())
    step.case.memo = {name: value for name, value in step.case.memo.items() if name.startswith(LASTING)}
    return run(step, definition, world, [step.put(back_at(definition.start.uid, returned="recalled"))])


def withdraw(definition: Definition, case: Case, world: World) -> Step:
    """作废: it ends, by whoever filed it, while it is his again. Raises Refused while it is not."""
    his = case.on(definition.start.uid)
    if not his:
        raise Refused("verb.recall_first")
    if any(token.signal != OPEN for token in his):
        raise Refused("verb.giving_back")
    return cancel(definition, case, CANCELLED, world)


def revoke(definition: Definition, case: Case, world: World) -> Step:
    """撤销已通过: a case that has ended goes on where its revocation begins. Its result stands until that ends as revoked."""
    step, entry = Step.begun(case), definition.revocation
    if entry is None or step.case.status != "done" or step.case.result not in REVOCABLE:
        raise Refused("verb.not_allowed")
    kept = {name: step.case.memo.get(name) for name in ("agreed", "acted")}
    step.case.memo = {name: value for name, value in step.case.memo.items() if name not in kept}
    step.case.memo["revoking"] = {**kept, "result": step.case.result}
    step.case.result = None
    return run(step, definition, world, [step.put(Put(entry.uid))])


NEVER_UNDONE: Final = frozenset({"settle", "call", "send_message", "child"})  # effects
GIVEN_UP: Final = frozenset({RETURNED, BEGUN, ANSWER})  # waits that none brings back: what was begun is left, the call dropped


def is_lasting(step: Step) -> bool:
    """Something has come of it that is not ours to take back: whoever waited for the end of a case has heard of it."""
    given_up = any(step.prior[number].signal in GIVEN_UP for number in step.gone)
    return given_up or step.case.status == "done" or any(effect.kind in NEVER_UNDONE for _, effect in step.effects)


def undo(definition: Definition, case: Case, before: Mapping[str, Any], world: World) -> Step:
    """Take back a step, by its `Step.undo`. Raises Refused where anything has come of it since.

    What goes on waiting keeps its hours: no timer is begun anew, the host lets those that were void run on.
    """
    step = Step.begun(case)
    born = [step.case.token(number) for number in before["born"]]
    if any(token is None or token.state != "waiting" for token in born):
        raise Refused("verb.acted_meanwhile")
    step.take_all(before["born"])
    ready = [token for one in before["tokens"] if _restored(step, token := Token.from_json(one)).state == "ready"]
    step.case.data = {**step.case.data, **before["data"]}
    step.case.handlers, step.case.memo, step.case.result = before["handlers"], before["memo"], before["result"]
    memos = {token.id: token.memo for token in ready}
    run(step, definition, world, ready)
    for token_id, memo in memos.items():
        if token_id in step.case.tokens:
            step.case.tokens[token_id].memo |= memo
    effects = [(token, effect) for token, effect in step.effects if effect.kind != "timer" or token.id not in memos]
    step.effects = [(token, _instead(effect) if _has_task(step, token) else effect) for token, effect in effects]
    return step


def _has_task(step: Step, token: Token) -> bool:
    """It was handed over or lent: the task that came of that is still open."""
    before = step.prior.get(token.id)
    return before is not None and before.signal == OPEN


def _instead(effect: Effect) -> Effect:
    return replace(effect, args={**effect.args, "again": True}) if effect.kind == "open_task" else effect


ENTERED_ANEW: Final = frozenset({OPEN, "message", "written"})  # what goes with a token: its task, its place in a queue


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
        step.touch(there)
        step.case.failed -= there.state == "failed"
        step.changed[token.id] = token
    step.case.failed += token.state == "failed"
    step.case.tokens[token.id] = token
    return token


def cancel(definition: Definition, case: Case, result: str, world: World, *, keep: bool = False) -> Step:
    """End every token. What the case has taken it gives back first, and ends when that is done, unless it is to `keep` it; a
    revocation that is cancelled has taken nothing."""
    step = Step.begun(case)
    step.take(*step.case.everywhere())
    if not keep and "revoking" not in step.case.memo and taken(step.case.memo):
        return run(step, definition, world, [step.put(back_at(definition.start.uid, **{ENDS: result}))])
    step.case.result = result
    revocation_over(step)
    step.answers = world.answers
    return step


def _anew(step: Step, token: Token) -> Token:
    """Ready to enter its step once more."""
    step.touch(token)
    step.take_all(under(step.case, token))
    step.case.failed -= token.state == "failed"
    token.state, token.reason, token.signal = "ready", None, None
    return token


def _standing(step: Step, token_id: int) -> Token:
    token = step.case.token(token_id)
    if token is None or token.state == "ready":
        raise Fault(f"token {token_id} does not stand anywhere")
    return token
