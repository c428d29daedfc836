"""Drawings that take, settle and put back, and whatever anybody does with a ticket: nothing counts twice, nothing is lost."""

import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.runtime import interpreter
from dougong.runtime.interpreter import Fault
from dougong.runtime.machine import signals
from dougong.runtime.nodes._back import back_to
from dougong.runtime.nodes._type import At
from dougong.runtime.reason import Refused
from dougong.runtime.world import Question, World, replayed
from tests import many
from tests.drawing import NOW, edge, node
from tests.runtime.stock import PEOPLE, Play, asks, drawn, settle, take
from tests.runtime.test_random_signals import conserved

SOON = {"after": {"amount": 1, "unit": "hours"}}
RETURN = [{"uid": "d", "when": SOON, "then": "return"}]
LEAVES = {
    "user": lambda uid: asks(uid, rights={}),
    "ok": lambda uid: asks(uid, "approval", mode="all", deadlines=RETURN, delegate=True),
    "each": lambda uid: node(uid, "for_each", who=PEOPLE, over="many", send_back="any", after_return="ask", rights={}),
    "take": take,
    "settle": settle,
    "put": lambda uid: node(uid, "put_back", entity="part"),
    "call": lambda uid: node(uid, "call", workflow="other", give=[], back=[]),
    "wait": lambda uid: node(uid, "wait", until=SOON),
    "message": lambda uid: node(uid, "receive", name="paid", key="who", into=[]),
}
REVOCATION = [node("rv", "revoke"), asks("rq", send_back="none", rights={}), node("rz", "end", result="revoked")]
SAID = {"opinion": "x", "fields": {}, "to": "z", "body": {}, "data": {}, "result": "completed", "deadline": "d", "count": 0}
FAILED = {"reason": {"code": "x", "params": {}}, "refused": True}


class Drawing:
    """A row of steps, with forks and loops in it where it is `wild`."""

    def __init__(self, chance: Random, wild: bool) -> None:
        self.chance, self.wild = chance, wild
        self.nodes: list[Any] = []
        self.ways: list[Any] = []
        last = "start"
        for _ in range(chance.randint(2, 6)):
            last = self.after(last, self.block(1))
        self.after(last, (self.new("end", lambda uid: node(uid, "end", result="approved")),) * 2)

    @property
    def definition(self) -> Any:
        return drawn([*self.nodes, *REVOCATION], [*self.ways, "rv>rq", "rq>rz"])

    def new(self, kind: str, made: Any) -> str:
        self.nodes.append(made(f"{kind}{len(self.nodes)}"))
        return str(self.nodes[-1]["uid"])

    def after(self, last: str, block: tuple[str, str], **how: Any) -> str:
        self.ways.append(edge(f"{last}>{block[0]}", uid=f"way{len(self.ways)}", **how))
        return block[1]

    def block(self, depth: int) -> tuple[str, str]:
        """Where it begins, and ends."""
        kind = self.chance.choice([*LEAVES, *(("fork", "loop") * 2 if self.wild and depth else ())])
        if kind == "fork":
            fork, join = (self.new(kind, lambda uid, kind=kind: node(uid, kind)) for kind in ("fork", "join"))
            for _ in range(2):
                self.after(self.after(fork, self.block(0)), (join, join))
            return fork, join
        if kind == "loop":
            first, last = self.block(0)
            again = self.new("loop", lambda uid: node(uid, "loop", most=2))
            self.after(self.after(last, (again, again)), (first, first), on="again")
            return first, again
        return (self.new(kind, LEAVES[kind]),) * 2


class Doings:
    """One after the other, at random. `put_right`: only such as leave no doubt what counts."""

    def __init__(self, play: Play, chance: Random) -> None:
        self.play, self.chance = play, chance
        self.undo: Any = None
        self.plain = True
        self.again = False

    def one(self) -> bool:
        """False where nobody can do anything."""
        case = self.play.case
        waiting = [one for one in case.tokens.values() if one.state == "waiting" and one.signal not in ("turn", "join")]
        found = [(signal, one) for one in waiting for signal in self.signals(one)] * 3
        found += [(verb, one) for one in case.tokens.values() if one.state == "failed" for verb in ("retry", "skip")]
        found += [(verb, None) for verb in (("reopen", "revoke") if case.status == "done" else ("recall", "cancel", "move"))]
        found += [("undo", None)] * 2 if self.undo else []
        if not found:
            return False
        verb, token = self.chance.choice(found)
        if verb == "written":
            self.play.written(token)
            self.undo = None
        else:
            self.done(verb, token, f"person:{(token and token.memo.get('person')) or 'a'}")
        return True

    def signals(self, token: Any) -> list[str]:
        definition, case = self.play.definition, self.play.case
        known = signals(At(definition, definition.node[token.node], case, token, self.play.world()))
        of_whole = token.signal in ("children", "race")
        return [signal for signal in known if (signal == "deadline") is of_whole]

    def done(self, verb: str, token: Any, actor: str) -> None:
        """Straight, and from what history keeps: the same."""
        before, where = self.play.case, self.somewhere(token)
        try:
            step = self.step(verb, token, where, World(NOW, self.play.answer, actor))
        except (Refused, Fault):
            return
        known = [(Question(*asked), found) for asked, found in json.loads(json.dumps([[list(q), a] for q, a in step.answers]))]
        assert self.step(verb, token, where, World(NOW, replayed(known), actor)).case.to_json() == step.case.to_json()
        conserved(step, before.tokens)
        undoes = actor != "person:" and token and token.signal == "submitted" and not interpreter.is_lasting(step)
        self.play.kept(step)
        self.undo = json.loads(json.dumps(step.undo)) if undoes else None
        self.plain = self.plain and verb not in ("skip", "move")
        self.again = self.again or verb in ("reopen", "revoke")
        if (step.case.status, step.case.result) == ("done", "revoked"):
            self.play.settled.clear()

    def somewhere(self, token: Any) -> Any:
        definition = self.play.definition
        if token is not None and token.signal == "submitted" and token.node != "start":
            return self.chance.choice(back_to(definition, definition.node[token.node], self.play.case.handlers) or ["start"])
        return self.chance.choice([one.uid for one in definition.nodes if one.uid not in ("start", "rv", "rq", "rz")])

    def step(self, verb: str, token: Any, where: str, world: World) -> Any:
        definition, case = self.play.definition, self.play.case
        match verb:
            case "recall":
                return interpreter.recall(definition, case, world)
            case "revoke":
                return interpreter.revoke(definition, case, world)
            case "cancel":
                return interpreter.cancel(definition, case, "cancelled", world)
            case "undo":
                return interpreter.undo(definition, case, self.undo, world)
            case "retry" | "skip":
                return getattr(interpreter, verb)(definition, case, token.id, world)
            case "move" | "reopen":
                of = next((one.id for one in case.tokens.values() if one.parent is None), None)
                return interpreter.move(definition, case, of, where, world, giving_back=True)
        back = {"to": where, "straight": len(where) % 2} if verb == "send_back" else {}
        values = {} if verb == "submitted" else {**SAID, **FAILED, **back}
        return interpreter.resume(definition, case, token.id, verb, values, world)


@settings(max_examples=many(120))
@given(st.integers(0, 10**9), st.booleans())
def test_what_a_ticket_knows_it_has_taken_is_gone_and_counts_once(seed, wild):
    chance = Random(seed)
    drawing = Drawing(chance, wild)
    play = Play(drawing.definition)
    doings = Doings(play, chance)
    for _ in range(chance.randint(5, 30)):
        play.balanced()
        if not doings.one():
            break
        assert min(play.stock.values(), default=0) >= 0
        if not wild and doings.plain:
            assert max(play.left().values(), default=0) <= 1, play.left()
        if play.case.status == "done" and play.case.result == "cancelled" and doings.plain:
            assert play.left() == {}
        if (play.case.status, play.case.result) == ("done", "approved") and not wild and doings.plain and not doings.again:
            assert play.left() == expected(drawing)


def expected(drawing: Drawing) -> dict[str, int]:
    """What a row of steps has taken that is passed from its beginning to its end."""
    found: dict[str, int] = {}
    for one in drawing.nodes:
        if one["type"] == "put_back":
            found = {uid: count for uid, count in found.items() if uid.startswith("settle")}
        if one["type"] in ("settle", "write_record"):
            found[one["uid"]] = 1
    return found
