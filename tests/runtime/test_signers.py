"""Signatures that are handed over, lent, added and removed."""

import json
from typing import Any

import pytest

from dougong.runtime import interpreter
from dougong.runtime.reason import Refused
from tests.drawing import node
from tests.runtime.approving import Played, approval, played, world

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
