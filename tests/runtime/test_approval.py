"""Approvals (审批): every mode, every verb, alone and combined; and what can be taken back.

Persons are letters; the role "abc" has the members a, b and c.
"""

import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.checks.soundness import verdict
from dougong.runtime.nodes._back import back_to
from dougong.runtime.nodes._verbs import allowed
from dougong.runtime.reason import Refused
from dougong.runtime.world import Question, World
from tests.drawing import NOW, chain, edge, field, flow, form_doc, node, task


def answer(question: Question) -> Any:
    args = question.args
    match question.kind, args["by"]:
        case "persons", "role":
            return {"persons": list(args["role"])}
        case "persons", "nth_head":
            return {"persons": ["hk"[args["level"] - 1]] if args["unit"] == "u" else ["z"]}
        case "persons", _:
            return {"persons": [args["person"]] if args.get("person") else []}
        case "people", "person":
            found = [f"person:{args['person']}"] if args["person"] and args["person"] != "x" else []
            return {"principals": found or ["admins"], "nobody": not found}
        case "people", "nobody":
            return {"principals": ["admins"], "nobody": True}
    return {"principals": [f"role:{args.get('role', 'anybody')}"], "nobody": False}


def world(actor: str | None) -> World:
    return World(NOW, answer, actor)


class Played:
    """A case, and who does what: `played.a("approve")` is what a does with his task. Saved and reloaded before every step."""

    def __init__(self, definition: Any, initiator: str = "i") -> None:
        self.definition = definition
        self.step = interpreter.start(definition, {}, world(f"person:{initiator}"), initiator=f"person:{initiator}", unit="u")
        self.steps = [self.step]

    @property
    def case(self) -> Case:
        return self.step.case

    def reloaded(self) -> Case:
        return Case.from_json(json.loads(json.dumps(self.case.to_json())))

    def waiting(self) -> list[str]:
        """Who has a task: by letter, or the step where it is no approver's."""
        found = [token for token in self.case.tokens.values() if token.signal == "submitted"]
        return sorted(token.memo.get("person") or token.node for token in found)

    def do(self, person: str, signal: str, node: str | None = None, **values: Any) -> "Played":
        found = [
            token
            for token in self.case.tokens.values()
            if token.signal == "submitted" and (token.memo.get("person") == person if node is None else token.node == node)
        ]
        assert len(found) == 1, (person, signal, self.waiting())
        self.step = interpreter.resume(
            self.definition, self.reloaded(), found[0].id, signal, {"opinion": "ok", **values}, world(f"person:{person}")
        )
        self.steps.append(self.step)
        self.conserved()
        return self

    def undone(self, person: str) -> "Played":
        self.step = interpreter.undo(self.definition, self.reloaded(), json.loads(json.dumps(self.step.undo)), world(person))
        self.conserved()
        return self

    def conserved(self) -> None:
        case = self.case
        assert case.live == len(case.tokens)
        assert case.failed == 0, [token.reason for token in case.tokens.values()]
        for token in case.tokens.values():
            assert token.state == "waiting" and token.signal
            assert token.parent is None or token.parent in case.tokens

    @property
    def end(self) -> tuple[str, str | None]:
        return self.case.status, self.case.result


def approval(uid: str = "p", role: str = "abc", **config: Any) -> Any:
    return node(uid, "approval", who={"by": "role", "role": role}, **config)


def played(*nodes: Any, initiator: str = "i") -> Played:
    return Played(chain(*nodes, node("e", "end", result="approved")), initiator)


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


# ---- handing over, lending ----


def test_handed_over_it_is_somebody_elses_for_good():
    one = played(approval(role="ab", mode="all", transfer=True)).do("a", "transfer", to="z")
    assert one.waiting() == ["b", "z"]
    assert one.do("z", "approve").do("b", "approve").end == ("done", "approved")


def test_lent_it_comes_back():
    one = played(approval(role="a", delegate=True)).do("a", "delegate", to="z")
    assert one.waiting() == ["z"]
    assert one.do("z", "reply", opinion="fine by me").waiting() == ["a"]
    assert one.do("a", "reject").end == ("done", "rejected")


@pytest.mark.parametrize(
    ("signal", "values", "code"),
    [
        ("approve", {}, "verb.lent_already"),
        ("reject", {}, "verb.lent_already"),
        ("send_back", {"to": "start"}, "verb.lent_already"),
        ("transfer", {"to": "b"}, "verb.lent_already"),
        ("delegate", {"to": "b"}, "verb.lent_already"),
        ("add_before", {"persons": ["b"]}, "verb.lent_already"),
        ("reply", {"opinion": " "}, "approval.opinion_missing"),
    ],
)
def test_to_whom_it_was_lent_says_what_he_thinks_and_no_more(signal, values, code):
    config = {"role": "a", "delegate": True, "transfer": True, "add_signer": True, "send_back": "initiator"}
    one = played(approval(**config)).do("a", "delegate", to="z")
    with pytest.raises(Refused) as caught:
        one.do("z", signal, **values)
    assert (caught.value.reason.code, one.waiting()) == (code, ["z"])


def test_what_is_nobodys_to_reply_to_is_refused():
    with pytest.raises(Refused):
        played(approval(role="a", delegate=True)).do("a", "reply", opinion="x")


@pytest.mark.parametrize(
    ("config", "signal", "values", "code"),
    [
        ({}, "transfer", {"to": "z"}, "verb.not_allowed"),
        ({}, "delegate", {"to": "z"}, "verb.not_allowed"),
        ({}, "add_before", {"persons": ["z"]}, "verb.not_allowed"),
        ({"transfer": True}, "transfer", {"to": "a"}, "verb.not_to_yourself"),
        ({"transfer": True}, "transfer", {"to": "x"}, "verb.no_such_person"),
        ({"add_signer": True}, "add_before", {"persons": ["a"]}, "verb.not_to_yourself"),
        ({"add_signer": True}, "add_before", {"persons": ["b"]}, "verb.signs_already"),
        ({"add_signer": True}, "add_before", {"persons": []}, "verb.how_many"),
        ({"add_signer": True}, "add_beside", {"persons": ["z"]}, "verb.not_beside"),
        ({"send_back": "initiator"}, "send_back", {"to": "e"}, "verb.not_there"),
        ({}, "send_back", {"to": "start"}, "verb.not_there"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_changes_nothing(config, signal, values, code):
    one = played(approval(**config))
    before = json.dumps(one.case.to_json())
    with pytest.raises(Refused) as caught:
        one.do("a", signal, **values)
    assert caught.value.reason.code == code
    assert json.dumps(one.case.to_json()) == before


HANDS = {"transfer": True, "delegate": True, "add_signer": True}


@pytest.mark.parametrize(
    ("config", "before", "who"),
    [
        ({"mode": "all"}, [], "c"),
        ({}, [], "b"),
        ({"mode": "sequence"}, [], "c"),  # whose turn is yet to come
        ({"mode": "all"}, [("c", "approve", {})], "c"),
        ({"mode": "ratio", "percent": 60, "reject": "all"}, [("c", "reject", {})], "c"),
        ({"mode": "all"}, [("c", "delegate", {"to": "z"})], "c"),  # it comes back to him
        ({"mode": "all"}, [("c", "add_before", {"persons": ["z"]})], "z"),
    ],
)
def test_nobody_signs_twice_whoever_hands_it_over_or_adds_him(config, before, who):
    one = played(approval(**HANDS, **config))
    for person, signal, values in before:
        one.do(person, signal, **values)
    for signal, values, where in (("transfer", {"to": who}, "/to"), ("add_before", {"persons": ["y", who]}, "/persons")):
        with pytest.raises(Refused) as caught:
            one.do("a", signal, **values)
        assert (caught.value.reason.code, caught.value.path, caught.value.reason.params["persons"]) == (
            "verb.signs_already", where, [who],
        )  # fmt: skip


def handed(one: Played, leaver: str, to: str) -> Played:
    """交接, by somebody who does not sign himself."""
    [token] = [each for each in one.case.tokens.values() if each.signal == "submitted" and each.memo["person"] == leaver]
    one.step = interpreter.resume(one.definition, one.reloaded(), token.id, "merge", {"to": to}, world("person:admin"))
    one.conserved()
    return one


@pytest.mark.parametrize(
    ("config", "before", "waiting", "then", "end"),
    [
        ({"mode": "all"}, [], ["b", "c"], ["b", "c"], "approved"),
        ({"mode": "all"}, [("b", "approve")], ["c"], ["c"], "approved"),
        ({"mode": "all"}, [("b", "approve"), ("c", "approve")], [], [], "approved"),  # all who are left have agreed
        ({"mode": "all", "reject": "all"}, [("b", "reject"), ("c", "reject")], [], [], "rejected"),
        ({"reject": "all"}, [("b", "reject"), ("c", "reject")], [], [], "rejected"),
        ({"mode": "ratio", "percent": 60}, [("b", "approve")], ["c"], ["c"], "approved"),  # 2 of 2, as 60 % are rounded up
        ({"mode": "ratio", "percent": 50}, [("b", "approve")], [], [], "approved"),  # 1 of 2
        ({"mode": "sequence"}, [], ["b"], ["b", "c"], "approved"),
    ],
)
def test_handed_to_one_who_signs_already_he_is_counted_once(config, before, waiting, then, end):
    one = played(approval(**config))
    for person, signal in before:
        one.do(person, signal)
    assert handed(one, "a", "b").waiting() == waiting
    for person in then:
        one.do(person, "approve")
    assert one.end == ("done", end)


def weighing(**more: Any) -> Played:
    weights = [
        {"uid": letter, "who": {"by": "role", "role": letter}, "weight": w}
        for letter, w in zip("abc", (40, 20, 40), strict=True)
    ]
    return played(node("p", "approval", mode="weight", weights=weights, passing=60, **more))


def test_by_weight_he_weighs_what_both_did_also_where_he_has_handed_it_on():
    one = handed(weighing(transfer=True), "a", "b")
    assert one.do("b", "transfer", to="z").waiting() == ["c", "z"]
    assert one.do("z", "approve").end == ("done", "approved")
    assert handed(weighing().do("b", "approve"), "a", "b").end == ("done", "approved")
    assert handed(weighing().do("b", "reject"), "a", "b").end == ("done", "rejected")  # 60 of 100 are against


def test_what_was_to_be_signed_before_falls_away_where_its_signer_signs_himself():
    one = played(approval(add_signer=True, mode="all", role="ab")).do("a", "add_before", persons=["z"])
    assert handed(one, "z", "b").waiting() == ["a", "b"]
    assert one.do("a", "approve").do("b", "approve").end == ("done", "approved")


@pytest.mark.parametrize("to", ["x", "i", ""])
def test_to_one_who_does_not_sign_there_is_nothing_to_be_merged(to):
    one = played(approval(mode="all"))
    with pytest.raises(Refused):
        handed(one, "a", to)


def test_in_turn_the_next_one_waits_until_all_beside_have_signed():
    one = played(approval(mode="sequence", role="ab", add_signer=True)).do("a", "add_beside", persons=["z"])
    assert one.do("a", "approve").waiting() == ["z"]
    assert one.do("z", "approve").do("b", "approve").end == ("done", "approved")


def given_to(to, one_of, *done):
    """The time of an approval is over, after these have decided: it is given to others."""
    late = {"uid": "d", "when": {"after": {"amount": 1, "unit": "hours"}}, "then": "reassign"}
    late["to"] = {"by": "role", "role": to}
    one = played({**one_of, "config": {**one_of["config"], "deadlines": [late]}})
    for who, verb in done:
        one.do(who, verb)
    whole = next(token.id for token in one.case.tokens.values() if token.parent is None)
    one.step = interpreter.resume(one.definition, one.reloaded(), whole, "deadline", {"deadline": "d", "count": 0}, world(None))
    return one


def test_whoever_has_refused_is_not_asked_again_when_the_time_is_over():
    one = given_to("ad", approval(mode="ratio", percent=60), ("a", "reject"))
    assert one.waiting() == ["d"]
    assert one.do("d", "approve").end == ("done", "rejected")  # one of two


def test_of_weights_the_others_share_what_is_left_when_the_time_is_over():
    weights = [{"uid": who, "who": {"by": "role", "role": who}, "weight": weight} for who, weight in (("a", 2), ("b", 3))]
    board = node("p", "approval", mode="weight", weights=weights, passing=4)
    one = given_to("de", board, ("a", "approve"))
    assert one.do("e", "approve").waiting() == ["d"]  # 2 + 1
    assert one.do("d", "approve").end == ("done", "approved")


def test_who_was_only_asked_what_he_thinks_may_sign():
    one = played(approval(mode="all", **HANDS)).do("c", "delegate", to="z").do("a", "transfer", to="z")
    assert one.waiting() == ["b", "z", "z"]


# ---- adding and removing signers ----


def test_added_before_they_sign_first_then_it_comes_back_to_me():
    one = played(approval(role="a", add_signer=True)).do("a", "add_before", persons=["y", "z"])
    assert one.waiting() == ["y", "z"]
    assert one.do("y", "approve").waiting() == ["z"]
    assert one.do("z", "approve").waiting() == ["a"]
    assert one.do("a", "approve").end == ("done", "approved")


def test_who_was_added_before_and_refuses_refuses_for_me():
    one = played(approval(role="ab", mode="all", add_signer=True)).do("a", "add_before", persons=["y", "z"])
    assert one.do("z", "reject").end == ("done", "rejected")


def test_added_after_they_sign_when_i_have_agreed():
    one = played(approval(role="ab", mode="all", add_signer=True)).do("a", "approve", add=["z"])
    assert one.waiting() == ["b", "z"]
    assert one.do("b", "approve").do("z", "approve").end == ("done", "approved")
    any_one = played(approval(role="ab", add_signer=True)).do("a", "approve", add=["z"])
    assert any_one.waiting() == ["z"]  # a has decided for b too
    assert any_one.do("z", "approve").end == ("done", "approved")


def test_added_after_in_turn_they_come_next():
    one = played(approval(role="abc", mode="sequence", add_signer=True)).do("a", "approve", add=["y", "z"])
    for person in "yzbc":
        assert one.waiting() == [person]
        one.do(person, "approve")
    assert one.end == ("done", "approved")


def test_added_beside_they_sign_with_me():
    one = played(approval(role="a", mode="all", add_signer=True)).do("a", "add_beside", persons=["z"])
    assert one.waiting() == ["a", "z"]
    assert one.do("a", "approve").waiting() == ["z"]
    assert one.do("z", "approve").end == ("done", "approved")


def test_who_was_added_cannot_add_others():
    one = played(approval(role="a", mode="all", add_signer=True)).do("a", "add_beside", persons=["z"])
    with pytest.raises(Refused, match="added_already"):
        one.do("z", "add_beside", persons=["y"])


def test_only_whom_i_have_added_and_who_has_not_signed_can_be_removed():
    one = played(approval(role="ab", mode="all", add_signer=True)).do("a", "add_beside", persons=["z"])
    tokens = {token.memo.get("person"): token.id for token in one.case.tokens.values()}
    with pytest.raises(Refused, match="not_yours"):
        one.do("a", "remove_signer", token=tokens["b"])
    with pytest.raises(Refused, match="not_yours"):
        one.do("b", "remove_signer", token=tokens["z"])
    assert one.do("a", "remove_signer", token=tokens["z"]).waiting() == ["a", "b"]
    assert one.do("a", "approve").do("b", "approve").end == ("done", "approved")


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
