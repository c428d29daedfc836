"""The interpreter: tokens that move, wait, split, meet and stop with a reason."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from dougong.runtime import interpreter, machine
from dougong.runtime.case import Case
from dougong.runtime.interpreter import Fault
from dougong.runtime.machine import MAX_MOVES
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.world import Unanswered, World, replayed
from tests.drawing import all_of, chain, edge, field, flow, form_doc, node, options, rule, task, world

TICKET = form_doc(field("amount", "money"), field("level", "choice", config=options("vip", "regular")), field("note"))


def standing(case):
    return sorted((token.node, token.state) for token in case.tokens.values())


def visited(step):
    return [move.node for move in step.trail]


@pytest.fixture
def quiet(monkeypatch):
    """What is a failure in every other test is none here."""
    monkeypatch.setattr(machine.log, "handlers", [])


def token_on(case, uid):
    return next(token for token in case.tokens.values() if token.node == uid)


def resumed(definition, case, uid, values=None, the_world=None):
    token = token_on(case, uid)
    return interpreter.resume(definition, case, token.id, token.signal or "", values or {}, the_world or world())


def test_a_straight_line_runs_to_its_end():
    step = interpreter.start(chain(node("n", "notify", to={"by": "customer"}, text={"en": "hello"}), "end"), {}, world())
    assert (step.case.status, step.case.result, visited(step)) == ("done", "completed", ["start", "n", "end"])
    assert step.case.tokens == {}
    assert (step.case.live, step.case.last_token) == (0, 3)


def test_it_waits_for_people_and_goes_on_with_what_they_bring():
    definition = chain(task("a"), task("b"), "end")
    first = interpreter.start(definition, {"note": "x"}, world())
    assert (first.case.status, standing(first.case)) == ("running", [("a", "waiting")])
    second = resumed(definition, first.case, "a", {"amount": "5.00"})
    assert (second.case.data, standing(second.case)) == ({"note": "x", "amount": "5.00"}, [("b", "waiting")])
    assert resumed(definition, second.case, "b").case.status == "done"


def test_every_move_and_every_effect_is_told():
    definition = chain(task("a"), "end")
    step = interpreter.start(definition, {}, world())
    assert [(move.node, move.outcome, move.edges) for move in step.trail] == [("start", "go", ("start_a",)), ("a", "wait", ())]
    assert [(token.node, effect.kind, effect.args) for token, effect in step.effects] == [
        ("a", "open_task", {"principals": ["role:clerk"], "customer": False})
    ]


def test_the_step_tells_what_became_of_tokens_on_balance():
    definition = chain(task("a"), task("b"), "end")
    first = interpreter.start(definition, {}, world())
    assert [token.node for token in first.born.values()] == ["a"]  # the one on start came and went
    assert (first.gone, first.changed) == ([], {})
    second = resumed(definition, first.case, "a")
    assert (second.gone, [token.node for token in second.born.values()]) == ([token_on(first.case, "a").id], ["b"])


def decision(*edges):
    return flow([node("start", "start"), node("d", "decide"), task("a"), task("b"), node("end", "end")],
                ["start>d", *edges, "a>end", "b>end"], TICKET)  # fmt: skip


def test_a_decision_takes_the_first_way_that_holds():
    definition = decision(
        edge("d>a", all_of(rule("amount", "greater", "100"))),
        edge("d>b", all_of(rule("amount", "greater", "10"))),
        edge("d>end", default=True),
    )
    for amount, place in (("500.00", "a"), ("50.00", "b")):
        assert standing(interpreter.start(definition, {"amount": amount}, world()).case) == [(place, "waiting")]
    assert interpreter.start(definition, {"amount": "5.00"}, world()).case.status == "done"


def test_the_default_way_is_the_last_wherever_it_stands():
    definition = decision(edge("d>end", default=True), edge("d>a", all_of(rule("amount", "greater", "100"))))
    assert standing(interpreter.start(definition, {"amount": "500.00"}, world()).case) == [("a", "waiting")]


def test_a_decision_without_a_way_out_stops_with_a_reason():
    definition = decision(
        edge("d>a", all_of(rule("amount", "greater", "100"))), edge("d>b", all_of(rule("amount", "less", "0")))
    )
    case = interpreter.start(definition, {}, world()).case
    assert (case.status, standing(case)) == ("failed", [("d", "failed")])
    assert token_on(case, "d").reason.code == "case.no_way_out"


@pytest.mark.parametrize(
    ("when", "data", "code"),
    [
        (all_of(rule("gone", "equals", "1")), {}, "condition.unknown_field"),
        (all_of(rule("amount", "resembles", "1")), {}, "condition.operator_not_for_field"),
        (all_of(rule("amount", "greater")), {}, "condition.no_value"),
        (all_of(rule("amount", "greater", "1")), {"amount": "many"}, "condition.wrong_kind"),
    ],
)
def test_a_decision_that_cannot_be_made_fails_its_token_with_the_reason(when, data, code):
    step = interpreter.start(decision(edge("d>a", when), edge("d>b", default=True)), data, world())
    assert token_on(step.case, "d").reason.code == code
    assert step.trail[-1].outcome == "fail"


def test_a_failed_step_can_be_tried_again_once_things_are_right():
    definition = decision(edge("d>a", all_of(rule("amount", "greater", "1"))), edge("d>b", default=True))
    failed = interpreter.start(definition, {"amount": "many"}, world()).case
    again = interpreter.retry(definition, failed, token_on(failed, "d").id, world())
    assert (again.case.status, again.case.failed) == ("failed", 1)
    failed.data["amount"] = "5.00"
    well = interpreter.retry(definition, failed, token_on(failed, "d").id, world())
    assert (well.case.status, standing(well.case)) == ("running", [("a", "waiting")])


def test_a_token_that_has_not_failed_cannot_be_tried_again():
    definition = chain(task("a"), "end")
    case = interpreter.start(definition, {}, world()).case
    for token in (token_on(case, "a").id, 99):
        with pytest.raises(Fault):
            interpreter.retry(definition, case, token, world())


def parallel(*branches, extra=()):
    nodes = [
        node("start", "start"),
        node("f", "fork"),
        *(task(one) for one in branches),
        node("j", "join"),
        task("after"),
        node("end", "end"),
    ]
    ways = ["start>f", *(f"f>{one}" for one in branches), *(f"{one}>j" for one in branches), "j>after", "after>end", *extra]
    return flow(nodes, ways)


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_a_join_waits_for_all_branches_in_whatever_order(order):
    definition = parallel("a", "b", "c")
    step = interpreter.start(definition, {}, world())
    assert standing(step.case) == [("a", "waiting"), ("b", "waiting"), ("c", "waiting")]
    for one in order[:2]:
        step = resumed(definition, step.case, one)
    assert standing(step.case) == sorted([("j", "waiting"), (order[2], "waiting")])
    step = resumed(definition, step.case, order[2])
    assert (standing(step.case), step.case.live) == ([("after", "waiting")], 1)
    assert len(step.gone) == 2  # the task's token and the one that waited at the join for all


def test_branches_see_what_the_others_have_written():
    definition = parallel("a", "b")
    case = interpreter.start(definition, {}, world()).case
    case = resumed(definition, case, "a", {"note": "from a"}).case
    assert resumed(definition, case, "b", {"amount": "1.00"}).case.data == {"note": "from a", "amount": "1.00"}


def test_tokens_of_a_join_are_fetched_where_the_host_has_not_loaded_them():
    definition = parallel("a", "b")
    case = resumed(definition, interpreter.start(definition, {}, world()).case, "a").case
    asked = []
    waiting = token_on(case, "j")

    def fetch(node):
        asked.append(node)
        return [waiting] if node == "j" else []

    slim = Case(case.workflow, case.version, dict(case.data), {1: token_on(case, "b")}, case.last_token, case.live, fetch=fetch)
    slim.tokens = {token.id: token for token in slim.tokens.values()}
    step = resumed(definition, slim, "b")
    assert (standing(step.case), asked) == ([("after", "waiting")], ["j"] * len(asked))


def test_a_token_that_is_gone_does_not_come_back_though_its_row_still_stands():
    case = interpreter.start(parallel("a", "b"), {}, world()).case
    rows = list(case.tokens.values())
    case.fetch = lambda **where: rows
    gone = case.take(token_on(case, "a").id)
    assert (case.token(gone.id), [token.node for token in case.everywhere()]) == (None, ["b"])


def test_a_way_that_comes_in_twice_does_not_complete_a_join():
    nodes = [
        node("start", "start"),
        node("f", "fork"),
        task("a"),
        node("g", "fork"),
        task("b"),
        task("c"),
        node("j", "join"),
        node("end", "end"),
    ]
    definition = flow(
        nodes,
        [
            "start>f",
            "f>g",
            "f>a",
            edge("g>b", uid="one"),
            edge("g>c", uid="two"),
            edge("b>j", uid="x"),
            edge("c>b", uid="y"),
            edge("a>j", uid="z"),
            "j>end",
        ],
    )
    case = interpreter.start(definition, {}, world()).case
    case = resumed(definition, case, "b").case
    case = resumed(definition, case, "c").case  # comes to b again
    case = resumed(definition, case, "b").case  # over x a second time
    assert standing(case) == [("a", "waiting"), ("j", "waiting")]  # both are there, as one that remembers the second


def test_a_loop_in_which_nobody_is_asked_is_stopped_with_a_reason():
    definition = flow([node("start", "start"), node("f", "fork")], ["start>f", edge("f>f")])
    step = interpreter.start(definition, {}, world())
    assert (step.case.status, len(step.trail)) == ("failed", MAX_MOVES)
    assert token_on(step.case, "f").reason.code == "case.too_many_moves"


def test_a_loop_that_doubles_its_tokens_is_stopped_too():
    definition = flow([node("start", "start"), node("f", "fork")], ["start>f", edge("f>f", uid="one"), edge("f>f", uid="two")])
    case = interpreter.start(definition, {}, world()).case
    assert case.status == "failed"
    assert case.failed == case.live == len(case.tokens)


def test_a_loop_through_people_goes_round_as_often_as_they_like():
    nodes = [node("start", "start"), task("a"), node("d", "decide"), node("end", "end")]
    again = all_of(rule("level", "equals", "vip"))
    definition = flow(nodes, ["start>a", "a>d", edge("d>a", again), edge("d>end", default=True)], TICKET)
    step = interpreter.start(definition, {}, world())
    for _ in range(20):
        step = resumed(definition, step.case, "a", {"level": "vip"})
        assert standing(step.case) == [("a", "waiting")]
    assert resumed(definition, step.case, "a", {"level": "regular"}).case.status == "done"


def test_a_chain_of_a_thousand_steps_without_people_is_walked():
    uids = [f"n{index}" for index in range(1000)]
    nodes = [node("start", "start"), *(node(uid, "fork") for uid in uids), node("end", "end")]
    line = ["start", *uids, "end"]
    definition = flow(nodes, [f"{one}>{other}" for one, other in pairwise(line)])
    assert interpreter.start(definition, {}, world()).case.status == "done"


def test_a_step_of_an_unknown_type_stops_its_token():
    case = interpreter.start(chain(node("x", "teleport"), "end"), {}, world()).case
    assert token_on(case, "x").reason.params == {"node": "x"}


def test_an_edge_to_nowhere_stops_its_token():
    definition = flow([node("start", "start")], ["start>gone"])
    assert token_on(interpreter.start(definition, {}, world()).case, "gone").reason.code == "case.unknown_node"


def test_a_step_whose_settings_are_incomplete_stops_its_token():
    case = interpreter.start(chain(node("n", "notify", text={"en": "x"}), "end"), {}, world()).case
    assert (token_on(case, "n").reason.code, token_on(case, "n").reason.params) == ("case.incomplete_node", {"key": "to"})


def test_one_failed_branch_leaves_the_other_running():
    nodes = [node("start", "start"), node("f", "fork"), task("a"), node("x", "teleport"), node("end", "end")]
    definition = flow(nodes, ["start>f", "f>a", "f>x", "a>end", "x>end"])
    case = interpreter.start(definition, {}, world()).case
    assert standing(case) == [("a", "waiting"), ("x", "failed")]
    after = resumed(definition, case, "a").case
    assert (after.status, after.live, after.failed) == ("failed", 1, 1)


def test_resume_leaves_the_given_case_alone():
    definition = parallel("a", "b")
    before = interpreter.start(definition, {"note": "x"}, world()).case
    saved = json.dumps(before.to_json())
    resumed(definition, before, "a", {"note": "y"})
    assert json.dumps(before.to_json()) == saved


def test_retry_leaves_the_given_case_alone():
    definition = decision(edge("d>a", all_of(rule("amount", "greater", "1"))), edge("d>b", default=True))
    before = interpreter.start(definition, {"amount": "many"}, world()).case
    before.data["amount"] = "5.00"
    saved = json.dumps(before.to_json())
    assert interpreter.retry(definition, before, token_on(before, "d").id, world()).case.status == "running"
    assert json.dumps(before.to_json()) == saved


@pytest.mark.parametrize(("token", "signal"), [(99, "submitted"), (2, "join"), (2, ""), (1, "submitted")])
def test_a_signal_that_nobody_waits_for_is_a_fault(token, signal):
    definition = chain(task("a"), "end")
    case = interpreter.start(definition, {}, world()).case
    assert token_on(case, "a").id == 2
    with pytest.raises(Fault):
        interpreter.resume(definition, case, token, signal, {}, world())


def test_a_step_that_cannot_be_resumed_is_a_fault():
    definition = parallel("a", "b")
    case = resumed(definition, interpreter.start(definition, {}, world()).case, "a").case
    with pytest.raises(Fault):
        resumed(definition, case, "j")


def test_who_did_a_step_last_is_remembered():
    definition = chain(task("a"), task("b", who={"by": "handler", "node": "a"}), "end")
    first = interpreter.start(definition, {}, world())
    second = resumed(definition, first.case, "a", the_world=world(actor="person:bob"))
    assert second.case.handlers == {"a": "person:bob"}
    assert [asked.args for asked, _ in second.answers] == [{"by": "person", "person": "bob"}]
    assert first.case.handlers == {}


def test_the_clock_is_nobody_and_handles_nothing():
    definition = chain(task("a"), "end")
    case = interpreter.start(definition, {}, world()).case
    assert resumed(definition, case, "a", the_world=world(actor=None)).case.handlers == {}


def test_the_facts_of_a_case_are_kept():
    case = interpreter.start(chain("end"), {}, world(), initiator="person:alice", unit="u1").case
    assert (case.initiator, case.unit) == ("person:alice", "u1")


@pytest.mark.parametrize("result", ["completed", "approved", "rejected", "cancelled"])
def test_an_end_gives_the_case_its_result(result):
    assert interpreter.start(chain(node("e", "end", result=result)), {}, world()).case.result == result


def test_a_saved_case_reads_back_as_the_same():
    definition = parallel("a", "b")
    case = resumed(definition, interpreter.start(definition, {"note": "漏水"}, world()).case, "a").case
    failed = interpreter.start(chain(node("x", "teleport"), "end"), {}, world()).case
    for one in (case, failed):
        assert Case.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_replay_from_the_recorded_answers_equals_the_original_step():
    definition = chain(task("a", who={"by": "role", "role": "engineer"}), task("b", who={"by": "initiator"}), "end")
    first = interpreter.start(definition, {"note": "x"}, world(), initiator="person:alice")
    asked = [(question, found) for question, found in first.answers]

    again = interpreter.start(
        definition, {"note": "x"}, World(world().now, replayed(asked), "person:anna"), initiator="person:alice"
    )
    assert (again.case, again.trail, again.effects, again.answers) == (first.case, first.trail, first.effects, first.answers)
    second = resumed(definition, first.case, "a")
    replay = resumed(definition, again.case, "a", the_world=World(world().now, replayed(second.answers), "person:anna"))
    assert (replay.case, replay.trail, replay.effects) == (second.case, second.trail, second.effects)


def test_a_replay_that_asks_something_else_says_so():
    definition = chain(task("a", who={"by": "role", "role": "engineer"}), "end")
    changed = chain(task("a", who={"by": "role", "role": "manager"}), "end")
    asked = interpreter.start(definition, {}, world()).answers
    with pytest.raises(Unanswered):
        interpreter.start(changed, {}, World(world().now, replayed(asked)))
    with pytest.raises(Unanswered):
        interpreter.start(definition, {}, World(world().now, replayed([])))


def test_a_bug_of_ours_stops_the_step_that_hits_upon_it_and_the_ticket_goes_on_when_it_is_mended(quiet, monkeypatch, caplog):
    definition = chain(node("n", "notify", to={"by": "customer"}, text={"en": "hello"}), "end")
    with monkeypatch.context() as broken:
        broken.setitem(NODE_TYPES, "notify", replace(NODE_TYPES["notify"], enter=lambda at: None + 1))
        step = interpreter.start(definition, {}, world())
    reason = token_on(step.case, "n").reason
    assert (reason.code, reason.params["error"].split(":")[0]) == ("case.bug", "TypeError")
    assert "step n of" in caplog.text and "Traceback" in caplog.text
    assert interpreter.retry(definition, step.case, token_on(step.case, "n").id, world()).case.result == "completed"
