"""What goes back: 退回, 撤回, what is taken back, and what an administrator repairs."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.checks.soundness import verdict
from dougong.runtime.nodes._back import back_to
from dougong.runtime.reason import Refused
from dougong.runtime.world import World
from tests.drawing import NOW, chain, edge, field, flow, form_doc, node, task
from tests.runtime.approving import Played, answer, approval, played, world

# ---- sending back ----


def test_sent_back_to_the_initiator_he_mends_it_and_it_goes_through_again():
    one = played(approval(role="ab", mode="all", send_back="initiator")).do("a", "approve").do("b", "send_back", to="start")
    assert one.waiting() == ["start"]
    assert one.do("i", "submitted", node="start", note="mended").waiting() == ["a", "b"]
    assert one.case.data["note"] == "mended"


@pytest.mark.parametrize("rule", ["next", "ever"])
def test_after_a_return_whoever_had_agreed_is_asked_again(rule):
    steps = (approval(role="a", repeated=rule), approval("q", "a", repeated=rule), approval("r", "b", send_back="any"))
    one = played(*steps).do("a", "approve").do("b", "send_back", to="start").do("i", "submitted", node="start")
    assert [token.node for token in one.case.tokens.values() if token.memo.get("person")] == ["p"]
    assert one.do("a", "approve").waiting() == ["b"]  # once is enough again


@pytest.mark.parametrize("rule", ["next", "ever"])
def test_after_a_refusal_that_leads_back_whoever_had_agreed_is_asked_again(rule):
    nodes = [node("start", "start"), approval("p", "a", repeated=rule), approval("q", "b"), task("t"), node("e", "end")]
    drawing = flow(nodes, ["start>p", "p>q", "q>e", edge("q>t", on="rejected"), "t>p"])
    one = Played(drawing).do("a", "approve").do("b", "reject").do("z", "submitted", node="t")
    assert one.waiting() == ["a"]


def test_what_somebody_fills_in_between_is_approved_anew():
    one = played(approval(role="a"), task("t"), approval("q", "a"), approval("r", "a", repeated="ever")).do("a", "approve")
    one.do("z", "submitted", node="t")
    assert [token.node for token in one.case.tokens.values() if token.memo.get("person")] == ["q"]
    assert one.do("a", "approve").end == ("done", "approved")


def test_where_an_administrator_moves_it_back_it_is_decided_again():
    one = played(approval(role="a"), approval("q", "b")).do("a", "approve")
    [token] = [each for each in one.case.tokens.values() if each.parent is None]
    one.step = interpreter.move(one.definition, one.reloaded(), token.id, "p", world("admin"))
    assert one.waiting() == ["a"]


def test_handed_over_to_one_who_has_just_agreed_it_does_not_pass_by_itself():
    one = played(approval(role="b"), approval("q", "a", transfer=True)).do("b", "approve").do("a", "transfer", to="b")
    assert one.waiting() == ["b"]


@pytest.mark.parametrize(
    "mode", [{}, {"mode": "all"}, {"mode": "sequence"}, {"mode": "claim"}, {"mode": "ratio", "percent": 100}]
)
@pytest.mark.parametrize("reject", ["any_one", "all"])
def test_any_one_of_them_sends_it_back_whatever_the_mode(mode, reject):
    one = played(approval(send_back="any", reject=reject, **mode))
    who = one.waiting()[0]
    one.do(who if who in "abc" else "", "send_back", to="start")
    assert one.waiting() == ["start"]


@pytest.mark.parametrize("after", [("send_back", {"to": "start", "opinion": "x"}), ("recall", {})])
def test_what_the_initiator_may_not_edit_survives_a_return(after):
    form = form_doc(field("what"), field("price", "money"))
    nodes = [
        node("start", "start", rights={"what": "write", "price": "hidden"}),
        task("p", rights={"price": "write"}), approval("q", "b", send_back="any"), node("e", "end", result="approved"),
    ]  # fmt: skip
    drawing = flow(nodes, ["start>p", "p>q", "q>e"], form, recall="any")
    signal, said = after
    back = ["q" if signal == "send_back" else "start", said, {"signal": signal}]
    say = [["start", {"what": "a"}], ["p", {"price": "5.00"}], back, ["start", {"what": "b", "price": "9.00"}]]
    assert simulate.play(drawing, say, reloaded=True).case.data == {"what": "b", "price": "5.00"}


def test_sent_back_it_may_come_straight_back():
    steps = (approval(role="a"), approval("q", "b"), approval("r", "c", send_back="any", after_return="ask"))
    again = played(*steps).do("a", "approve").do("b", "approve").do("c", "send_back", to="p")
    assert again.do("a", "approve").waiting() == ["b"]
    straight = played(*steps).do("a", "approve").do("b", "approve").do("c", "send_back", to="p", straight=True)
    assert straight.waiting() == ["a"]
    assert straight.do("a", "approve").waiting() == ["c"]


@pytest.mark.parametrize(
    ("scope", "allowed"), [("none", []), ("initiator", ["start"]), ("previous", ["q"]), ("any", ["start", "p", "q"])]
)
def test_how_far_back(scope, allowed):
    steps = (approval(role="a"), approval("q", "b"), approval("r", "c", send_back=scope))
    for target in ("start", "p", "q", "r", "e"):
        one = played(*steps).do("a", "approve").do("b", "approve")
        if target in allowed:
            assert one.do("c", "send_back", to=target).case.status == "running"
            continue
        with pytest.raises(Refused, match="not_there"):
            one.do("c", "send_back", to=target)


def parallel(**config: Any) -> Any:
    nodes = [
        node("start", "start"), approval("p", "a"), node("f", "fork"),
        approval("l1", "l", repeated="never"), approval("l2", "m", send_back="any", **config), approval("r", "r"),
        node("j", "join"), node("e", "end", result="approved"),
    ]  # fmt: skip
    return Played(flow(nodes, ["start>p", "p>f", "f>l1", "l1>l2", "f>r", "l2>j", "r>j", "j>e"])).do("a", "approve")


def test_sent_back_within_a_branch_the_other_branch_goes_on():
    one = parallel().do("l", "approve").do("m", "send_back", to="l1")
    assert one.waiting() == ["l", "r"]
    assert one.do("r", "approve").do("l", "approve").do("m", "approve").end == ("done", "approved")


def test_sent_back_within_a_branch_what_has_arrived_at_the_join_stays():
    one = parallel().do("r", "approve").do("l", "approve").do("m", "send_back", to="l1")
    assert one.do("l", "approve").do("m", "approve").end == ("done", "approved")


def test_sent_back_before_the_fork_both_branches_end():
    one = parallel().do("l", "approve").do("r", "approve").do("m", "send_back", to="p")
    assert one.waiting() == ["a"]
    one.do("a", "approve").do("l", "approve").do("m", "approve")
    assert (one.waiting(), one.case.status) == (["r"], "running")
    assert one.do("r", "approve").end == ("done", "approved")


@pytest.mark.parametrize(
    ("join", "places"),
    [
        ({}, ["start", "p"]),
        ({"mode": "count", "needs": 2, "rest": "cancelled"}, ["start", "p"]),
        ({"mode": "any"}, ["start", "p"]),
        ({"mode": "any", "rest": "cancelled"}, ["start", "p", "l", "r"]),
        ({"mode": "reaching"}, ["start", "p", "l", "r"]),
    ],
)
def test_sent_back_behind_a_join_is_only_to_where_all_comes_again(join, places):
    """In one of the branches it would wait at the join for the others, which nobody does any more."""
    nodes = [
        node("start", "start"), approval("p", "a"), node("f", "fork"), approval("l", "l"), approval("r", "r"),
        node("j", "join", **join), approval("q", "q", send_back="any"), node("e", "end", result="approved"),
    ]  # fmt: skip
    drawn = flow(nodes, ["start>p", "p>f", "f>l", "f>r", "l>j", "r>j", "j>q", "q>e"])
    one = Played(drawn).do("a", "approve").do("l", "approve")
    if "q" not in one.waiting():
        one.do("r", "approve")
    assert back_to(drawn, drawn.node["q"], {"p": "a", "l": "l", "r": "r"}) == places
    assert verdict(drawn).word == "sound"
    with pytest.raises(Refused, match="not_there") if "l" not in places else nullcontext():
        one.do("q", "send_back", to="l")
    if "l" not in places:
        one.do("q", "send_back", to="p").do("a", "approve").do("l", "approve").do("r", "approve").do("q", "approve")
        assert one.end == ("done", "approved")


@pytest.mark.parametrize("there", [False, True])
def test_it_never_comes_straight_back_where_a_branch_beside_it_was_taken_away(there):
    """Else that branch would never be done again, and the join would wait for it."""
    one = parallel(after_return="straight").do("l", "approve")
    if there:
        one.do("r", "approve")
    one.do("m", "send_back", to="p").do("a", "approve")
    assert one.waiting() == ["l", "r"]
    one = parallel(after_return="straight").do("l", "approve").do("m", "send_back", to="l1").do("l", "approve")
    assert one.waiting() == ["m", "r"]  # within the branch it does


def test_a_returned_branch_with_an_added_signer_who_was_handed_over():
    one = parallel(add_signer=True, transfer=True, mode="all").do("l", "approve")
    one.do("m", "add_beside", persons=["z"]).do("z", "transfer", to="y").do("m", "approve")
    assert one.waiting() == ["r", "y"]
    assert one.do("y", "send_back", to="l1").waiting() == ["l", "r"]
    assert one.do("l", "approve").do("m", "approve").do("r", "approve").end == ("done", "approved")


# ---- recall, undo, repairs ----


@pytest.mark.parametrize(("rule", "done"), [("any", True), ("first", True), ("never", False)])
def test_what_has_ended_is_not_recalled_nor_what_never_may_be(rule, done):
    one = played(approval())
    one.definition.doc["recall"] = rule
    if done:
        assert one.do("a", "approve").end == ("done", "approved")
    with pytest.raises(Refused) as refused:
        interpreter.recall(one.definition, one.reloaded(), world("person:i"))
    assert refused.value.reason.code == "verb.not_allowed"


def test_recalled_it_is_the_initiators_again_and_nothing_else_is_under_way():
    one = parallel().do("l", "approve")
    with pytest.raises(Refused, match="acted_already"):
        interpreter.recall(one.definition, one.reloaded(), world("person:i"))
    one.definition.doc["recall"] = "any"
    one.step = interpreter.recall(one.definition, one.reloaded(), world("person:i"))
    one.conserved()
    assert one.waiting() == ["start"]
    assert one.do("i", "submitted", node="start").waiting() == ["a"]


def test_a_vote_is_taken_back_until_somebody_acts_on_it():
    one = played(approval(role="ab", mode="all")).do("a", "approve")
    before = list(one.steps[0].case.tokens.values())
    one.undone("person:a")
    assert one.waiting() == ["a", "b"]
    assert [token.memo for token in one.case.tokens.values() if token.parent is None] == [before[0].memo]
    assert one.do("a", "approve").do("b", "approve").end == ("done", "approved")


def test_a_decision_is_taken_back_with_all_that_came_of_it():
    one = played(approval(role="ab"), approval("q", "c")).do("a", "approve", fields={"note": "x"})
    assert (one.waiting(), one.case.data) == (["c"], {"note": "x"})
    one.undone("person:a")
    assert one.waiting() == ["a", "b"]
    assert (one.case.handlers, one.case.data) == ({}, {"note": None})


def test_nothing_is_taken_back_that_was_acted_on():
    one = played(approval(role="ab"), approval("q", "cd", mode="all"), approval("r", "g")).do("a", "approve")
    undo = one.step.undo
    one.do("c", "approve")
    with pytest.raises(Refused, match="acted_meanwhile"):
        interpreter.undo(one.definition, one.case, undo, world("person:a"))


def test_an_administrator_skips_moves_and_cancels():
    one = played(approval(mode="all"), approval("q", "z"))
    parent = next(token for token in one.case.tokens.values() if token.parent is None)
    one.step = interpreter.skip(one.definition, one.case, parent.id, world("person:admin"))
    one.conserved()
    assert one.waiting() == ["z"]
    parent = next(token for token in one.case.tokens.values() if token.parent is None)
    one.step = interpreter.move(one.definition, one.case, parent.id, "p", world("person:admin"))
    one.conserved()
    assert one.waiting() == ["a", "b", "c"]
    one.step = interpreter.cancel(one.definition, one.case, "cancelled", world("person:admin"))
    assert (one.end, one.case.live) == (("done", "cancelled"), 0)
    one.step = interpreter.move(one.definition, one.case, None, "q", world("person:admin"))
    assert (one.waiting(), one.case.result) == (["z"], None)


def test_who_signs_is_neither_moved_nor_passed_over_alone():
    one = played(approval(mode="all"))
    seat = next(token for token in one.case.tokens.values() if token.parent is not None)
    for repair, more in ((interpreter.move, ("p",)), (interpreter.skip, ())):
        with pytest.raises(Refused, match="part_of_a_step"):
            repair(one.definition, one.case, seat.id, *more, world("person:admin"))
    assert one.waiting() == ["a", "b", "c"]


def test_what_is_taken_back_keeps_its_hours():
    """A deadline is no longer because somebody has changed his mind: no timer is begun anew, the task is due when it was."""
    deadline = {"uid": "d", "when": {"after": {"amount": 2, "unit": "hours"}}, "then": "remind"}
    definition = chain(task("t", deadlines=[deadline]), approval(role="a", deadlines=[deadline]), "end")
    begun = interpreter.start(definition, {}, world("person:i"))
    (token,) = begun.case.tokens.values()
    later = World(NOW + timedelta(hours=1), answer, "person:a")
    done = interpreter.resume(definition, begun.case, token.id, "submitted", {}, later)
    back = interpreter.undo(definition, done.case, done.undo, later)
    assert [effect.kind for _, effect in back.effects] == ["open_task"]
    assert back.case.tokens[token.id].memo["due"] == token.memo["due"] == "2026-01-05T11:00:00.000Z"


def test_a_signal_to_the_step_itself_instead_of_to_one_who_signs_is_refused():
    one = played(approval())
    parent = next(token for token in one.case.tokens.values() if token.parent is None)
    with pytest.raises(Refused, match="not_allowed"):
        interpreter.resume(one.definition, one.case, parent.id, "approve", {}, world("person:a"))
