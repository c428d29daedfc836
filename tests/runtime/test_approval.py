"""Approvals (审批): every mode, who signs, what he says, four eyes."""

from typing import Any

import pytest

from dougong.runtime import interpreter
from dougong.runtime.nodes._verbs import allowed
from dougong.runtime.reason import Refused
from dougong.runtime.world import Question, World
from tests.drawing import NOW, chain, edge, flow, form_doc, node, task
from tests.runtime.approving import Played, answer, approval, played, world

# ---- modes ----


def test_any_one_decides_and_the_others_lose_their_task():
    assert played(approval()).waiting() == ["a", "b", "c"]
    assert played(approval()).do("b", "approve").end == ("done", "approved")
    assert played(approval()).do("b", "reject").end == ("done", "rejected")


def test_where_one_passes_but_all_must_refuse():
    one = played(approval(reject="all")).do("a", "reject")
    assert one.waiting() == ["b", "c"]
    assert one.do("b", "reject").do("c", "approve").end == ("done", "approved")
    assert played(approval(reject="all")).do("a", "reject").do("b", "reject").do("c", "reject").end == ("done", "rejected")


def test_all_must_agree_and_one_refusal_ends_it():
    all_of_them = played(approval(mode="all")).do("a", "approve").do("c", "approve")
    assert (all_of_them.waiting(), all_of_them.case.status) == (["b"], "running")
    assert all_of_them.do("b", "approve").end == ("done", "approved")
    refused = played(approval(mode="all")).do("a", "approve").do("b", "reject")
    assert (refused.end, refused.waiting()) == (("done", "rejected"), [])


@pytest.mark.parametrize(("percent", "needed"), [(1, 1), (33, 1), (34, 2), (60, 2), (67, 3), (100, 3)])
def test_a_share_passes_when_it_is_reached_rounded_up(percent, needed):
    one = played(approval(mode="ratio", percent=percent))
    for index, person in enumerate("abc"[:needed]):
        assert one.case.status == "running", index
        one.do(person, "approve")
    assert one.end == ("done", "approved")


def test_a_share_is_refused_as_soon_as_it_cannot_be_reached():
    one = played(approval(mode="ratio", percent=60)).do("a", "reject")
    assert one.waiting() == ["b", "c"]
    assert one.do("b", "reject").end == ("done", "rejected")


def weighted(**config: Any) -> Any:
    weights = [
        {"uid": "w1", "who": {"by": "role", "role": "a"}, "weight": 3},
        {"uid": "w2", "who": {"by": "role", "role": "bc"}, "weight": 1},
    ]
    return node("p", "approval", mode="weight", weights=weights, passing=3, **config)


def test_by_weight():
    assert played(weighted()).do("a", "approve").end == ("done", "approved")
    assert played(weighted()).do("b", "approve").do("c", "approve").waiting() == ["a"]
    assert played(weighted()).do("a", "reject").end == ("done", "rejected")  # the others together weigh two
    assert played(weighted()).do("b", "reject").do("c", "reject").do("a", "approve").end == ("done", "approved")


def test_one_after_the_other():
    one = played(approval(mode="sequence"))
    for person in "abc":
        assert one.waiting() == [person]
        one.do(person, "approve")
    assert one.end == ("done", "approved")
    assert played(approval(mode="sequence")).do("a", "approve").do("b", "reject").end == ("done", "rejected")


def test_whoever_claims_it_decides():
    one = played(approval(mode="claim"))
    (effect,) = [effect for _, effect in one.step.effects if effect.kind == "open_task"]
    assert effect.args["principals"] == ["person:a", "person:b", "person:c"]
    token = next(token for token in one.case.tokens.values() if token.signal == "submitted")
    step = interpreter.resume(one.definition, one.case, token.id, "approve", {}, world("person:c"))
    assert (step.case.status, step.case.memo["agreed"]["last"]) == ("done", ["c"])


def test_a_refusal_takes_its_own_way_where_one_is_drawn():
    nodes = [
        node("start", "start"),
        approval(mode="all"),
        task("mend"),
        node("yes", "end"),
        node("no", "end", result="rejected"),
    ]
    ways = ["start>p", "p>yes", {**edge("p>mend"), "on": "rejected"}, "mend>no"]
    one = Played(flow(nodes, ways)).do("a", "approve").do("b", "reject")
    assert (one.waiting(), one.case.status) == (["mend"], "running")


# ---- who signs ----


@pytest.mark.parametrize(("rule", "end"), [("pass", ("done", "approved")), ("reject", ("done", "rejected"))])
def test_where_nobody_approves(rule, end):
    assert played(approval(role="", nobody=rule)).end == end


def test_where_nobody_approves_who_looks_after_the_workflow_does():
    one = played(approval(role=""))
    assert [effect.args["principals"] for _, effect in one.step.effects] == [["admins"]]


def test_the_initiator_among_the_approvers():
    assert played(approval(), initiator="a").waiting() == ["b", "c"]
    assert played(approval(initiator="self"), initiator="a").waiting() == ["a", "b", "c"]
    assert played(approval(role="a", initiator="head"), initiator="a").waiting() == ["h"]
    assert played(approval(role="a"), initiator="a").end == ("done", "approved")


def test_his_superior_heads_his_unit_and_of_who_heads_that_the_one_above():
    assert played(approval(role="h", initiator="head"), initiator="h").waiting() == ["k"]


def test_who_filed_it_does_not_decide_on_it_in_somebodys_stead():
    """待办委托: i stands in for a."""

    def standing_in(question: Question) -> Any:
        found = answer(question)
        stands = question.kind == "people" and question.args.get("person") == "a"
        return {**found, "principals": [*found["principals"], "person:i"]} if stands else found

    drawing = chain(approval(role="a"), node("e", "end"))
    step = interpreter.start(drawing, {}, World(NOW, standing_in, "person:i"), initiator="person:i", unit="u")
    assert [effect.args["principals"] for _, effect in step.effects] == [["person:a"]]
    [seat] = [token for token in step.case.tokens.values() if token.signal == "submitted"]
    for signal in ("approve", "reject"):
        with pytest.raises(Refused, match="filed_by_yourself"):
            interpreter.resume(drawing, step.case, seat.id, signal, {"opinion": "x"}, World(NOW, standing_in, "person:i"))
    assert (
        interpreter.resume(drawing, step.case, seat.id, "approve", {}, World(NOW, standing_in, "person:d")).case.status
        == "done"
    )


def test_who_has_no_superior_does_not_skip_an_approval_of_his_own():
    drawing = chain(approval(role="z", initiator="head"), node("e", "end"))
    case = interpreter.start(drawing, {}, world("person:z"), initiator="person:z", unit="top").case
    [seat] = [token for token in case.tokens.values() if token.signal == "submitted"]
    assert seat.memo["principals"] == ["admins"]


@pytest.mark.parametrize("signal", ["approve", "reject"])
@pytest.mark.parametrize("mode", ["any", "all", "sequence", "claim", "ratio"])
@pytest.mark.parametrize("reject", ["any_one", "all"])
def test_of_one_the_mode_is_of_no_matter(mode, signal, reject):
    one = played(approval(role="a", mode=mode, percent=50, reject=reject))
    [token] = [each for each in one.case.tokens.values() if each.signal == "submitted"]
    one.step = interpreter.resume(one.definition, one.reloaded(), token.id, signal, {"opinion": "x"}, world("person:a"))
    assert one.end == ("done", {"approve": "approved", "reject": "rejected"}[signal])


def test_weights_that_cannot_pass_are_an_incident_and_no_refusal_by_those_who_agree():
    weights = [{"uid": "a", "who": {"by": "role", "role": "a"}, "weight": 10}]
    case = interpreter.start(
        chain(node("p", "approval", mode="weight", weights=weights, passing=60), node("e", "end")), {}, world("person:i")
    ).case
    assert [token.reason.code for token in case.tokens.values()] == ["approval.cannot_pass"]


def test_who_has_just_approved_is_not_asked_again():
    one = played(approval(role="a"), approval("q", "ab", mode="all")).do("a", "approve")
    assert one.waiting() == ["b"]
    assert played(approval(role="a"), approval("q", "a")).do("a", "approve").end == ("done", "approved")
    never = played(approval(role="a"), approval("q", "a", repeated="never")).do("a", "approve")
    assert never.waiting() == ["a"]


def test_only_right_after_or_ever_after():
    steps = (approval(role="a"), approval("q", "b"))
    assert played(*steps, approval("r", "a")).do("a", "approve").do("b", "approve").waiting() == ["a"]
    assert played(*steps, approval("r", "a", repeated="ever")).do("a", "approve").do("b", "approve").end == ("done", "approved")


@pytest.mark.parametrize("asks", [{"signature": True}, {"opinion": "always"}])
def test_nobody_passes_by_himself_where_something_is_asked(asks):
    assert played(approval(role="a"), approval("q", "a", **asks)).do("a", "approve").waiting() == ["a"]


# ---- opinion ----


@pytest.mark.parametrize(
    ("rule", "signal", "refused"),
    [("reject", "approve", False), ("reject", "reject", True), ("always", "approve", True), ("never", "reject", False)],
)
def test_where_an_opinion_is_required(rule, signal, refused):
    one = played(approval(role="a", opinion=rule))
    if not refused:
        assert one.do("a", signal, opinion="").case.status == "done"
        return
    with pytest.raises(Refused) as caught:
        one.do("a", signal, opinion=" ")
    assert (caught.value.reason.code, caught.value.path) == ("approval.opinion_missing", "/opinion")


def test_where_a_signature_is_required():
    one = played(approval(role="a", signature=True))
    with pytest.raises(Refused, match="signature_missing"):
        one.do("a", "approve")
    assert one.do("a", "approve", signature=[{"id": "f"}]).end == ("done", "approved")


# ---- four eyes ----


def tasks(one: Played) -> list[str]:
    """The principals of the task that was opened last."""
    return next(list(effect.args["principals"]) for _, effect in reversed(one.step.effects) if effect.kind == "open_task")


def test_whoever_did_a_step_is_not_asked_for_the_one_kept_apart_from_it():
    first = task("t", who={"by": "role", "role": "ab"})
    steps = (first, task("u", who={"by": "role", "role": "abc"}, not_same_as=["t"]))
    one = played(*steps, initiator="a").do("b", "submitted", "t")
    assert tasks(one) == ["person:a", "person:c"]  # who filed it, too
    with pytest.raises(Refused) as refused:
        one.do("b", "submitted", "u")  # however he came by it
    assert refused.value.reason.code == "verb.four_eyes"
    assert one.do("c", "submitted", "u").end == ("done", "approved")


def test_who_filed_it_neither_approves_nor_is_passed_over():
    one = played(approval(not_same_as=["start"]), initiator="b")
    assert one.waiting() == ["a", "c"]
    alone = played(approval(role="i", not_same_as=["start"]))
    assert (alone.case.status, tasks(alone)) == ("running", ["admins"])  # without the rule it is skipped
    assert played(approval(role="i")).end == ("done", "approved")
    head = played(approval(role="i", not_same_as=["start"], initiator="head"))
    assert head.waiting() == ["h"]


def test_all_who_signed_are_kept_apart_and_nobody_hands_it_to_them():
    one = played(approval(mode="all", role="ab"), approval("q", role="abcd", not_same_as=["p"], transfer=True, add_signer=True))
    one.do("a", "approve").do("b", "approve")
    assert one.waiting() == ["c", "d"]
    for signal, values in (("transfer", {"to": "a"}), ("add_before", {"persons": ["b"]})):
        with pytest.raises(Refused) as refused:
            one.do("c", signal, **values)
        assert refused.value.reason.code == "verb.four_eyes"
    assert one.do("d", "approve").end == ("done", "approved")


def test_what_nobody_is_kept_apart_from_is_not_remembered():
    one = played(task("t", who={"by": "role", "role": "ab"}), approval("q")).do("b", "submitted", "t")
    assert "did" not in one.case.memo and one.waiting() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("memo", "may_not"),
    [
        ({}, set()),
        ({"lent_by": "a"}, {"transfer", "delegate", "add", "signature"}),  # he only says what he thinks
        ({"added_by": "a"}, {"add"}),
    ],
)
def test_what_somebody_who_was_asked_by_another_may_do(memo, may_not):
    verbs = {"transfer": True, "delegate": True, "add_signer": True, "signature": True}
    definition = flow(
        [node("start", "start"), node("s", "approval", who={"by": "role", "role": "clerk"}, **verbs), node("end", "end")],
        ["start>s", "s>end"], form_doc(),
    )  # fmt: skip
    found = allowed(definition, definition.node["s"], {}, memo)
    assert {one for one in ("transfer", "delegate", "add", "signature") if not found[one]} == may_not
