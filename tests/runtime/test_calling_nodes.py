"""Steps that begin other tickets, and that call other systems: stories, and what they ask of the world."""

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes.call import DEEPEST
from dougong.runtime.nodes.http import filled_json
from tests.drawing import edge, field, flow, form_doc, node, task, world

TICKET = form_doc(
    field("order"), field("amount", "money"), field("note"), field("late", "boolean"), field("dealer", "record"),
    field("sum", "formula", config={"formula": "1"}),
)  # fmt: skip
GIVE = [{"uid": "g", "field": "order", "into": "number"}]
BACK = [{"uid": "b", "from": "cost", "field": "amount"}]


def drawn(step, *more):
    nodes = [node("start", "start"), step, task("z"), task("other"), node("end", "end")]
    return flow(nodes, ["start>s", "s>z", "z>end", "other>end", *more], TICKET)


def calling(*more, **config):
    return drawn(node("s", "call", **{"workflow": "repair", "give": GIVE, "back": BACK, **config}), *more)


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def played(request):
    def play(definition, *say):
        found = simulate.play(definition, [["start", {"order": "A1"}], *say], reloaded=request.param)
        assert found.refused == []
        return found

    return play


def standing(found):
    return [(token.node, token.state) for token in found.case.tokens.values()]


def test_it_begins_another_ticket_and_waits_for_what_comes_of_it(played):
    begun = played(calling())
    assert begun.effects == [
        ("child", {"workflow": "repair", "locked": False, "values": {"number": "A1"}, "depth": 1, "awaited": True}),
    ]
    assert standing(begun) == [("s", "waiting")]
    done = played(calling(), ["s", {"result": "completed", "data": {"cost": "5.00"}}])
    assert (standing(done), done.case.data["amount"]) == ([("z", "waiting")], "5.00")


@pytest.mark.parametrize("result", ["rejected", "cancelled"])
def test_it_goes_the_way_of_the_result_where_one_is_drawn(played, result):
    back = ["s", {"result": result, "data": {}}]
    assert standing(played(calling(edge("s>other", on=result)), back)) == [("other", "waiting")]
    assert standing(played(calling(), back)) == [("z", "waiting")]


def test_it_may_go_on_as_soon_as_the_other_has_begun(played):
    found = played(calling(then="go_on"))
    assert (found.effects[0][1]["awaited"], standing(found)) == (False, [("s", "waiting")])
    assert standing(played(calling(then="go_on"), ["s", {}])) == [("z", "waiting")]


def test_what_cannot_begin_is_an_incident_that_can_be_tried_again(played):
    reason = {"code": "child.no_workflow", "params": {"workflow": "repair"}}
    found = played(calling(), ["s", {"reason": reason}, {"signal": "refused"}])
    [token] = found.case.tokens.values()
    assert (token.state, token.reason.code) == ("failed", "child.no_workflow")
    step = interpreter.retry(calling(), found.case, token.id, world())
    assert [effect.kind for _, effect in step.effects] == ["child"]


def test_tickets_begin_each_other_only_so_deep():
    step = interpreter.start(calling(), {"order": "x"}, world(), memo={"depth": DEEPEST})
    assert [token.reason.code for token in step.case.tokens.values()] == ["case.too_deep"]
    assert Case("a", 1).memo == {}


def asking(*more, **config):
    path = {"connection": "erp", "path": "/orders/{order}"}
    into = [{"uid": "i", "from": "/fee/0", "field": "amount"}, {"uid": "j", "from": "late", "field": "late"}]
    return drawn(node("s", "http", **{**path, "into": into, **config}), *more)


def test_it_asks_another_system_and_takes_the_answer_into_fields(played):
    definition = asking(body='{"order": {order}, "fee": {amount}}')
    [(kind, args)] = played(definition).effects
    assert kind == "call" and args["path"] == "/orders/A1"
    assert (args["body"], args["method"], args["tries"]) == ('{"order": "A1", "fee": null}', "POST", 3)
    done = played(definition, ["s", {"body": {"fee": ["7.5"], "late": True}}])
    assert (standing(done), done.case.data["amount"], done.case.data["late"]) == ([("z", "waiting")], "7.50", True)


def test_what_is_not_in_the_answer_leaves_its_field_alone():
    begun = interpreter.start(asking(), {"order": "A1", "amount": "3.00", "late": True}, world())
    [token] = begun.case.tokens.values()
    answered = interpreter.resume(asking(), begun.case, token.id, token.signal, {"body": {"fee": []}}, world())
    assert (answered.case.data["amount"], answered.case.data["late"]) == ("3.00", True)


def test_values_cannot_break_out_of_a_path_or_a_body():
    data = {"order": 'a/../"b"?x=1', "dealer": {"id": "d1", "title": "D"}}
    [(_, effect)] = interpreter.start(asking(path="/o/{order}"), data, world()).effects
    assert effect.args["path"] == "/o/a%2F..%2F%22b%22%3Fx%3D1"
    [(_, effect)] = interpreter.start(asking(path="/o/{dealer}"), data, world()).effects
    assert effect.args["path"] == "/o/d1"
    assert filled_json("[{order}, {dealer}, {note}]", data) == ('["a/../\\"b\\"?x=1", {"id": "d1", "title": "D"}, null]')


def test_what_failed_goes_its_way_or_is_an_incident(played):
    failed = ["s", {"reason": {"code": "call.answered", "params": {"status": 500}}}, {"signal": "failed"}]
    assert standing(played(asking(edge("s>other", on="failed")), failed)) == [("other", "waiting")]
    assert standing(played(asking(), failed)) == [("s", "failed")]


def test_an_answer_that_does_not_fit_is_an_incident(played):
    found = played(asking(), ["s", {"body": {"fee": ["much"]}}])
    assert standing(found) == [("s", "failed")]


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({}, None),
        ({"body": '{"a": {order}'}, "check.no_json"),
        ({"body": '{"a": {gone}}'}, "check.no_such_field"),
        ({"path": "/x/{gone}"}, "check.no_such_field"),
        ({"into": [{"uid": "a", "from": "x", "field": "sum"}]}, "check.no_such_field"),
    ],
)
def test_the_checks_read_the_templates(config, code):
    definition = asking(**config)
    found = [reason.code for _, reason in NODE_TYPES["http"].check(definition, definition.node["s"])]
    assert found == ([code] if code else [])
