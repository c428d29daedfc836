"""A target of a workflow that its own waits overrun on the longest way."""

import pytest

from dougong.platform.messages import say
from dougong.runtime.checks.deadlines import problems
from tests.drawing import all_of, edge, flow, form_doc, node, rule, task

TICKET = form_doc({"uid": "q", "key": "quote", "type": "money", "title": {"en": "quote"}})
DEAR = all_of(rule("quote", "greater", "5000"))


def span(amount, unit="days", **more):
    return {"amount": amount, "unit": unit, **more}


def wait(uid, *args, pauses=None, **more):
    return node(uid, "wait", until={"after": span(*args, **more)}, **({"pauses": pauses} if pauses else {}))


def told(nodes, edges, within, **called):
    drawn = flow([node("start", "start"), *nodes, node("end", "end")], edges, TICKET, clock={"within": within})
    return [(one.nodes, one.path) for one in problems(drawn, called)]


def codes(nodes, edges, within, **called):
    drawn = flow([node("start", "start"), *nodes, node("end", "end")], edges, TICKET, clock={"within": within})
    return [(one.reason.code.removeprefix("check.target_"), *one.nodes) for one in problems(drawn, called)]


def line(first, second, within):
    return told([first, task("do"), second], ["start>a", "a>do", "do>b", "b>end"], within)


TOO_SHORT = [(("a", "b"), "/clock/within")]


@pytest.mark.parametrize(
    ("first", "second", "within", "found"),
    [
        (wait("a", 2), wait("b", 1), span(3), []),
        (wait("a", 2), wait("b", 1), span(71, "hours"), TOO_SHORT),
        (wait("a", 90, "minutes"), wait("b", 1, "hours"), span(2, "hours"), TOO_SHORT),
        (wait("a", 2, pauses=True), wait("b", 1), span(2), []),
        (wait("a", 2, time="working"), wait("b", 3, time="working"), span(3), []),  # it may begin in the evening
        (wait("a", 3, time="working"), wait("b", 3, time="working"), span(3), TOO_SHORT),
        (wait("a", 5), wait("b", 5), span(1, time="working"), []),  # it may be a holiday
        (wait("a", 1, time="working"), wait("b", 2, time="working"), span(2, time="working"), TOO_SHORT),
        (wait("a", 1, time="working", calendar="x"), wait("b", 2, time="working", calendar="x"), span(2, time="working"), []),
        (wait("a", 3, "hours", time="working"), wait("b", 9, "hours", time="working"), span(1, time="working"), []),
        (wait("a", 3, "hours", time="working"), wait("b", 9, "hours", time="working"), span(11, "hours", time="working"),
         TOO_SHORT),
        (node("a", "wait", until={"field": "day"}), wait("b", 2), span(2), []),
    ],
)  # fmt: skip
def test_what_is_certain_is_told(first, second, within, found):
    assert line(first, second, within) == found


def test_the_longest_way_counts():
    nodes = [node("d", "decide"), wait("a", 5), wait("b", 1)]
    edges = ["start>d", edge("d>a", DEAR), edge("d>b", default=True), "a>end", "b>end"]
    assert told(nodes, edges, span(3)) == [(("a",), "/clock/within")]
    assert told(nodes, edges, span(5)) == []


def test_a_way_back_is_not_counted_twice():
    nodes = [wait("a", 2), node("d", "decide")]
    assert told(nodes, ["start>a", "a>d", edge("d>a", DEAR), edge("d>end", default=True)], span(3)) == []


def test_a_branch_that_another_may_overtake_does_not_count():
    nodes = [node("f", "fork"), wait("a", 5), task("do"), node("j", "join", mode="first"), wait("b", 2)]
    edges = ["start>f", "f>a", "f>do", "a>j", "do>j", "j>b", "b>end"]
    assert told(nodes, edges, span(6)) == []
    both = [{**one, "config": {"mode": "all"}} if one["uid"] == "j" else one for one in nodes]
    assert told(both, edges, span(6)) == TOO_SHORT


def due(uid, amount, then="escalate", **more):
    return {"uid": uid, "when": {"after": span(amount)}, "then": then, "to": {"by": "initiator"}, **more}


def test_deadlines_that_are_kept_may_be_too_late_all_the_same():
    nodes = [task("a", deadlines=[due("d1", 1, "remind"), due("d2", 3), due("d3", 2)]), wait("w", 1)]
    edges = ["start>a", "a>w", "w>end"]
    assert codes(nodes, edges, span(3)) == []  # the first that is more than a reminder
    assert codes(nodes, edges, span(2)) == [("before_deadlines", "a", "w")]
    still = [task("a", deadlines=[due("d2", 3)], pauses=True), task("b", who={"by": "customer"}, deadlines=[due("d2", 3)])]
    assert codes(still, ["start>a", "a>b", "b>end"], span(2)) == []


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        ({"order": "sequence", "times": 3}, 6),
        ({"order": "parallel", "times": 3}, 2),
        ({"times": 3}, 2),
        ({"order": "sequence", "over": "quote", "times": 3}, 2),  # a list may have one entry
        ({"order": "sequence", "times": 3, "complete": "count", "needs": 2}, 4),
        ({"order": "sequence", "times": 3, "complete": "count", "needs": 9}, 6),
        ({"order": "sequence", "times": 3, "complete": "percent", "percent": 34}, 4),
        ({"order": "sequence", "times": 3, "complete": "condition", "when": DEAR}, 2),  # it may hold at once
    ],
)
def test_items_that_are_done_one_after_the_other_have_the_deadline_of_their_step_each(settings, days):
    each = node("a", "for_each", who={"by": "initiator"}, deadlines=[due("d", 2)], **settings)
    edges = ["start>a", "a>w", "w>end"]
    assert codes([each, wait("w", 1)], edges, span(days + 1)) == []
    assert codes([each, wait("w", 1)], edges, span(days + 1, "days", time="working")) == []
    assert codes([each, wait("w", 1)], edges, span(days * 24 + 23, "hours")) == [("before_deadlines", "a", "w")]


def test_the_way_for_what_is_overdue_is_not_taken_before():
    nodes = [task("a", deadlines=[due("d", 2, "leave")]), wait("w", 1)]
    edges = ["start>a", "a>end", edge("a>w", on="deadline"), "w>end"]
    assert codes(nodes, edges, span(2)) == [("too_short", "a", "w")]
    assert codes(nodes, edges, span(3)) == []


def test_a_workflow_that_is_waited_for_takes_the_time_of_its_own_waits():
    inner = flow([node("start", "start"), wait("x", 2), wait("y", 1), node("end", "end")], ["start>x", "x>y", "y>end"], TICKET)
    call, after = node("c", "call", workflow="inner"), wait("w", 1)
    edges = ["start>c", "c>w", "w>end"]
    assert codes([call, after], edges, span(3), inner=inner) == [("too_short", "c", "w")]
    assert codes([call, after], edges, span(4), inner=inner) == []
    assert codes([call, after], edges, span(3)) == []
    on = node("c", "call", workflow="inner", then="go_on")
    assert codes([on, after], edges, span(3), inner=inner) == []


def test_it_is_said_with_the_waits_and_their_length():
    drawn = flow(
        [node("start", "start"), wait("a", 2), wait("b", 4, "hours", time="working"), node("end", "end")],
        ["start>a", "a>b", "b>end"], TICKET, clock={"within": span(2)},
    )  # fmt: skip
    [found] = problems(drawn, {})
    assert say(found.reason, "zh-Hans") == "目标时限是 2 天，但有一条路线上光是等待就更久：“a” 2 天、“b” 4 工作小时。"
    assert "“a” 2 days, “b” 4 working hours" in say(found.reason, "en")
    assert found.severity == "warning"


def test_without_a_target_nothing_is_too_long():
    drawn = flow([node("start", "start"), wait("a", 2), node("end", "end")], ["start>a", "a>end"], TICKET)
    assert list(problems(drawn, {})) == []
