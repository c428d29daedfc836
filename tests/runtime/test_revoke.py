"""撤销已通过: a ticket that has ended goes on where its revocation is drawn, and is revoked only where that ends so."""

from typing import Any

import pytest

from dougong.runtime import interpreter
from dougong.runtime.checks.structure import problems
from dougong.runtime.nodes._back import places_back
from dougong.runtime.reason import Refused
from dougong.runtime.world import Question, World
from tests.drawing import NOW, Definition, edge, flow, node, task

APPROVERS = {"by": "approvers"}


def answer(question: Question) -> Any:
    args = question.args
    if question.kind == "persons":
        return {"persons": list(args["role"]) if args["by"] == "role" else [args["person"]]}
    return {"principals": [f"person:{args.get('person')}"], "nobody": False}


def world(who: str | None) -> World:
    return World(NOW, answer, who and f"person:{who}")


def drawn(*more: Any, ways: tuple[Any, ...] = (), end: str = "revoked", **config: Any) -> Definition:
    nodes = [
        node("start", "start"), node("p", "approval", who={"by": "role", "role": "ab"}, mode="all"),
        node("e", "end", result="approved"),
        node("r", "revoke"), node("q", "approval", **{"who": APPROVERS, "mode": "all", **config}), node("z", "end", result=end),
    ]  # fmt: skip
    return flow([*nodes, *more], ["start>p", "p>e", "r>q", "q>z", *ways])


class Case:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.case = interpreter.start(definition, {}, world("i"), initiator="person:i").case

    def asked(self) -> "Case":
        self.case = interpreter.revoke(self.definition, self.case, world("i")).case
        return self

    def waiting(self) -> list[str]:
        return sorted(token.memo["person"] for token in self.case.tokens.values() if "person" in token.memo)

    def do(self, who: str, signal: str = "approve") -> "Case":
        token = next(token for token in self.case.tokens.values() if token.memo.get("person") == who)
        self.case = interpreter.resume(self.definition, self.case, token.id, signal, {"opinion": "x"}, world(who)).case
        return self

    @property
    def end(self) -> tuple[str, str | None]:
        return self.case.status, self.case.result


@pytest.fixture
def approved() -> Case:
    return Case(drawn()).do("a").do("b")


def test_whoever_approved_has_to_agree_again_and_then_it_is_revoked(approved: Case) -> None:
    assert approved.end == ("done", "approved")
    assert approved.asked().end == ("running", None)
    assert approved.waiting() == ["a", "b"], "nobody passes by himself, though he was the last to approve"
    assert approved.do("b").do("a").end == ("done", "revoked")


def test_a_revocation_that_is_refused_leaves_all_as_it_was_and_may_be_asked_for_again(approved: Case) -> None:
    before = approved.case
    assert approved.asked().do("a", "reject").end == ("done", "approved")
    assert approved.case.memo == before.memo
    assert approved.asked().waiting() == ["a", "b"]
    assert approved.do("a").do("b").end == ("done", "revoked")


def test_so_does_one_that_is_cancelled_on_the_way(approved: Case) -> None:
    step = interpreter.cancel(approved.definition, approved.asked().case, "cancelled", world("admin"))
    assert (step.case.status, step.case.result, "revoking" in step.case.memo) == ("done", "approved", False)


def test_only_what_has_ended_well_is_revoked_and_only_where_that_is_drawn(approved: Case) -> None:
    running = Case(drawn())
    refused = Case(drawn()).do("a", "reject")
    undrawn = Case(flow([node("start", "start"), node("e", "end")], ["start>e"]))
    for one in (running, refused, undrawn, approved.asked().do("a").do("b")):
        with pytest.raises(Refused, match="not_allowed"):
            one.asked()


def said(definition: Definition) -> list[tuple[str, tuple[str, ...]]]:
    from dougong.runtime.nodes import NODE_TYPES

    entry = definition.revocation
    wrong = [reason.code for _, reason in NODE_TYPES["revoke"].check(definition, entry)] if entry else []
    return [*((code, ("r",)) for code in wrong), *((one.reason.code, one.nodes) for one in problems(definition))]


def test_it_is_a_game_of_its_own_and_is_found_sound() -> None:
    assert said(drawn()) == []
    assert said(drawn(ways=(edge("p>z", on="rejected"),))) == [], "an end may be shared"


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (drawn(end="completed"), ("check.revokes_never", ("r",))),
        (drawn(ways=(edge("q>p", on="rejected"),)), ("check.revocation_not_apart", ("r",))),
        (drawn(send_back="initiator"), ("check.revocation_not_returned", ("r",))),
        (drawn(node("r2", "revoke"), ways=("r2>z",)), ("check.one_revocation", ("r", "r2"))),
        (drawn(task("t")), ("check.unreachable", ("t",))),
        (
            drawn(
                node("d", "decide"), node("j", "join"), task("t"),
                ways=(edge("q>d", on="rejected"), edge("d>t", default=True), "d>j", "t>j", "j>z"),
            ),
            ("check.deadlock", ("j",)),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_said(definition: Definition, problem: Any) -> None:
    assert problem in said(definition)


@pytest.mark.parametrize("scope", ["initiator", "previous", "any"])
def test_who_decides_on_a_revocation_sends_nothing_back_to_where_the_ticket_began(scope: str) -> None:
    case = Case(drawn(send_back=scope)).do("a").do("b").asked()
    token = next(token for token in case.case.tokens.values() if token.memo.get("person") == "a")
    for there in ("start", "p"):
        with pytest.raises(Refused):
            interpreter.resume(case.definition, case.case, token.id, "send_back", {"opinion": "x", "to": there}, world("a"))
    assert places_back(case.definition, case.definition.node["q"]) == frozenset()
