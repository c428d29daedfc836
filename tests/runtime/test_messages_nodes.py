"""Steps that wait for a message, and that send one."""

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._mapping import pointed
from tests.drawing import chain, field, flow, form_doc, node, task, world

TICKET = form_doc(
    field("order"), field("amount", "money"), field("note"), field("count", "number"),
    field("sum", "formula", config={"formula": "1"}),
)  # fmt: skip
INTO = [{"uid": "a", "from": "/pay/0/amount", "field": "amount"}, {"uid": "b", "from": "note", "field": "note"}]


def receiving(**config):
    return chain(node("wait", "receive", **{"name": "paid", "key": "order", **config}), task("z"), "end", refs=(TICKET,))


@pytest.mark.parametrize("reloaded", [False, True])
def test_it_waits_by_name_and_key_and_takes_what_the_message_says(reloaded):
    body = {"body": {"pay": [{"amount": "5.00"}], "note": "ok", "other": 1}}
    found = simulate.play(receiving(into=INTO), [["start", {"order": "A1"}], ["wait", body]], reloaded=reloaded)
    assert found.refused == []
    assert found.effects[0] == ("await", {"name": "paid", "key": "A1"})
    assert [token.node for token in found.case.tokens.values()] == ["z"]
    assert (found.case.data["amount"], found.case.data["note"]) == ("5.00", "ok")


def test_without_a_key_it_takes_any():
    [(_, effect)] = interpreter.start(receiving(key=""), {}, world()).effects
    assert effect.args == {"name": "paid", "key": ""}


def incident(step):
    return [token.reason.code for token in step.case.tokens.values() if token.reason]


def test_a_key_that_comes_to_nothing_and_a_value_that_does_not_fit_are_incidents():
    assert incident(interpreter.start(receiving(), {}, world())) == ["case.no_key"]
    step = interpreter.start(receiving(into=INTO), {"order": "A1"}, world())
    [token] = step.case.tokens
    body = {"body": {"pay": [{"amount": "much"}]}}
    assert incident(interpreter.resume(receiving(into=INTO), step.case, token, "message", body, world())) == [
        "case.value_does_not_fit"
    ]


def test_it_races_and_is_waited_for_anew_when_that_is_undone():
    definition = flow(
        [node("start", "start"), node("f", "first"), node("wait", "receive", name="paid"), task("t"), node("e", "end")],
        ["start>f", "f>wait", "f>t", "wait>e", "t>e"], TICKET,
    )  # fmt: skip
    first = interpreter.start(definition, {}, world())
    token = next(token.id for token in first.case.tokens.values() if token.node == "t")
    step = interpreter.resume(definition, first.case, token, "submitted", {}, world())
    assert step.case.status == "done"
    back = interpreter.undo(definition, step.case, step.undo, world())
    assert sorted(effect.kind for _, effect in back.effects) == ["await", "open_task"]


def test_it_sends_what_its_fields_say():
    body = [{"uid": "a", "field": "amount", "name": "sum"}]
    definition = chain(node("s", "send", name="paid", key='order & "-" & count', body=body), "end", refs=(TICKET,))
    step = interpreter.start(definition, {"order": "A1", "count": "7", "amount": "5.00"}, world())
    assert [(effect.kind, effect.args) for _, effect in step.effects] == [
        ("send_message", {"name": "paid", "key": "A1-7", "body": {"sum": "5.00"}})
    ]
    assert step.case.status == "done"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", {"a": [{"b/c": 1}]}), ("a", [{"b/c": 1}]), ("/a/0/b~1c", 1), ("/a/1", None), ("/a/x", None), ("/a/0/b~1c/d", None),
        ("/", None),
    ],
)  # fmt: skip
def test_a_part_is_found_by_name_or_pointer(pointer, value):
    assert pointed({"a": [{"b/c": 1}]}, pointer) == value


def test_the_checks_know_formulas_and_fields():
    definition = receiving(key="gone &", into=[{"uid": "a", "from": "x", "field": "sum"}])
    step = definition.node["wait"]
    found = [(where, reason.code) for where, reason in NODE_TYPES["receive"].check(definition, step)]
    assert [where for where, _ in found] == ["/key", "/into/0/field"]
    sends = chain(node("s", "send", name="x", body=[{"uid": "a", "field": "gone", "name": "y"}]), "end", refs=(TICKET,))
    assert [where for where, _ in NODE_TYPES["send"].check(sends, sends.node["s"])] == ["/body/0/field"]
