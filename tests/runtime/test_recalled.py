"""通过后不允许撤回: once a named step has been passed it is not recalled, until it is sent back before that."""

import json
from typing import Any

import pytest

from dougong.builder.checks import check
from dougong.runtime import interpreter
from dougong.runtime.reason import Refused
from tests.drawing import edge, flow, flow_doc, node, task, text
from tests.runtime.approving import Played, approval, world
from tests.runtime.test_revoke import drawn as revocable

BACK = {"send_back": "any", "after_return": "ask"}


def drawn(after: tuple[str, ...] = ("p",), **more: Any) -> Played:
    nodes = [
        node("start", "start"), approval("a", "a"), approval("p", "p", **BACK), approval("q", "q", **BACK),
        node("e", "end"), task("no"),
    ]  # fmt: skip
    ways = ["start>a", "a>p", "p>q", "q>e", edge("p>no", on="rejected"), "no>e"]
    return Played(flow(nodes, ways, recall="any", no_recall_after=list(after), **more))


def may(one: Played) -> bool:
    try:
        interpreter.recall(one.definition, one.reloaded(), world("person:i"))
    except Refused as refused:
        assert (refused.reason.code, refused.reason.params) == ("verb.recalled_too_late", {"step": {"zh-Hans": "p", "en": "p"}})
        return False
    return True


def test_it_is_recalled_until_the_step_has_been_passed():
    one = drawn()
    assert may(one) and may(one.do("a", "approve"))
    assert not may(one.do("p", "approve"))
    assert may(drawn(()).do("a", "approve").do("p", "approve"))


def test_a_step_that_refuses_is_not_passed():
    assert may(drawn().do("a", "approve").do("p", "reject"))


def test_a_step_that_nobody_does_is_passed_too():
    nodes = [
        node("start", "start"),
        node("p", "notify", to={"by": "initiator"}, text=text("x")),
        approval("q", "q"),
        node("e", "end"),
    ]
    assert not may(Played(flow(nodes, ["start>p", "p>q", "q>e"], no_recall_after=["p"])))


def test_what_was_passed_is_passed_again_where_it_was_sent_back_before_that():
    past = drawn().do("a", "approve").do("p", "approve")
    assert may(past.do("q", "send_back", to="a", straight=False))
    assert not may(past.do("a", "approve").do("p", "approve"))
    assert may(past.do("q", "send_back", to="p", straight=False)), "the step itself is done again"


def test_what_comes_straight_back_still_has_it_behind_itself():
    past = drawn().do("a", "approve").do("p", "approve").do("q", "send_back", to="a", straight=True)
    assert not may(past)
    assert not may(past.do("a", "approve"))


def test_taken_back_it_has_not_been_passed():
    assert may(drawn().do("a", "approve").do("p", "approve").undone("person:p"))


def test_once_recalled_it_begins_anew():
    one = drawn(("q",)).do("a", "approve").do("p", "approve")
    one.step = interpreter.recall(one.definition, one.reloaded(), world("person:i"))
    assert may(one.do("i", "submitted", node="start").do("a", "approve"))


def test_the_wish_to_revoke_it_is_taken_back_all_the_same():
    definition = revocable()
    definition.doc["no_recall_after"] = ["p"]
    one = Played(definition)
    assert one.do("a", "approve").do("b", "approve").end == ("done", "approved")
    asked = interpreter.revoke(definition, one.reloaded(), world("person:i")).case
    assert interpreter.recall(definition, asked, world("person:i")).case.result == "approved"
    assert json.dumps(asked.to_json())


def test_a_step_that_is_gone_is_told_and_keeps_nothing_from_being_recalled():
    doc = flow_doc([node("start", "start"), approval("p"), node("e", "end")], ["start>p", "p>e"], no_recall_after=["gone"])
    assert ("/no_recall_after/0", "check.no_such_step") in [(one.path, one.reason.code) for one in check(doc, {})]
    assert may(drawn(("gone",)).do("a", "approve").do("p", "approve"))


@pytest.mark.parametrize("rule", ["first", "never"])
def test_the_rule_of_the_workflow_goes_first(rule):
    one = drawn()
    one.definition.doc["recall"] = rule
    with pytest.raises(Refused, match=r"acted_already|not_allowed"):
        interpreter.recall(one.definition, one.do("a", "approve").reloaded(), world("person:i"))
