"""The route of a ticket: the way it has gone, and the way it will go with what is known now."""

from dougong.runtime import interpreter
from dougong.runtime.route import foretell, route
from tests.drawing import all_of, edge, field, flow, form_doc, node, options, rule, task, world

TICKET = form_doc(
    field("quote", "money"), field("level", "choice", config=options("vip", "regular")), field("rating", "rating")
)
NODES = [
    node("start", "start"), task("diagnose"), node("needed", "decide"), task("approve"), node("both", "fork"), task("parts"),
    task("quality"), node("ready", "join"), node("good", "decide"), task("callback"), node("end", "end"),
]  # fmt: skip
DEAR = all_of(rule("quote", "greater", "5000"))
REPAIR = flow(
    NODES,
    [
        "start>diagnose", "diagnose>needed", edge("needed>approve", DEAR), edge("needed>both", default=True), "approve>both",
        "both>parts", "both>quality", "parts>ready", "quality>ready", "ready>good",
        edge("good>callback", all_of(rule("rating", "at_most", "2"))), edge("good>end", default=True), "callback>end",
    ],
    TICKET,
)  # fmt: skip


def test_before_it_is_filed_what_is_not_known_yet_is_possible():
    ahead = foretell(REPAIR, {})
    assert ahead.nodes["start"] == "current"
    assert ahead.nodes["diagnose"] == ahead.nodes["needed"] == "ahead"
    assert {ahead.nodes[uid] for uid in ("approve", "both", "parts", "callback", "end")} == {"possible"}
    assert ahead.edges["start_diagnose"] == "ahead"
    assert ahead.edges["needed_approve"] == "possible"


def test_once_a_value_is_known_the_way_is_certain():
    dear, cheap = foretell(REPAIR, {"quote": "6000.00"}), foretell(REPAIR, {"quote": "80.00"})
    assert dear.nodes["approve"] == dear.nodes["both"] == dear.nodes["ready"] == "ahead"
    assert "approve" not in cheap.nodes
    assert cheap.nodes["both"] == "ahead"
    assert cheap.edges["needed_both"] == "ahead"
    assert "needed_approve" not in cheap.edges


def test_a_field_that_was_left_empty_is_known_to_be_empty():
    assert "approve" not in foretell(REPAIR, {"quote": None}).nodes


def test_the_steps_ahead_stand_in_their_order_with_how_certain_they_are():
    ahead = foretell(REPAIR, {"quote": "6000.00"}).ahead
    assert [uid for uid, _ in ahead] == [
        "diagnose", "needed", "approve", "both", "parts", "quality", "ready", "good", "callback", "end",
    ]  # fmt: skip
    assert dict(ahead)["ready"] is True
    assert dict(ahead)["callback"] is False


def history(*said):
    """Play it and remember what the host would: visited nodes, taken edges."""
    step = interpreter.start(REPAIR, {}, world())
    moves = [*step.trail]
    for uid, values in said:
        token = next(one for one in step.case.tokens.values() if one.node == uid)
        step = interpreter.resume(REPAIR, step.case, token.id, "submitted", values, world())
        moves += step.trail
    standing = [(token.node, token.state) for token in step.case.tokens.values()]
    taken = [uid for move in moves for uid in move.edges]
    return route(REPAIR, step.case.data, standing, [move.node for move in moves], taken)


def test_the_way_it_has_gone_is_drawn_as_taken():
    found = history(("diagnose", {"quote": "80.00"}))
    assert (found.nodes["start"], found.nodes["diagnose"], found.nodes["needed"]) == ("done", "done", "done")
    assert found.nodes["parts"] == found.nodes["quality"] == "current"
    assert [uid for uid, state in found.edges.items() if state == "taken"] == [
        "start_diagnose",
        "diagnose_needed",
        "needed_both",
        "both_parts",
        "both_quality",
    ]
    assert "approve" not in found.nodes


def test_a_branch_that_waits_at_the_join_is_current_there():
    found = history(("diagnose", {"quote": "80.00"}), ("parts", {}))
    assert (found.nodes["parts"], found.nodes["ready"], found.nodes["quality"]) == ("done", "current", "current")
    assert found.edges["quality_ready"] == "ahead"


def test_an_ended_ticket_has_nothing_ahead():
    found = history(("diagnose", {"quote": "80.00"}), ("parts", {}), ("quality", {"rating": 5}))
    assert (found.ahead, found.nodes["end"]) == ([], "done")
    assert set(found.edges.values()) == {"taken"}


def test_a_step_that_failed_is_told_above_all():
    found = route(REPAIR, {}, [("needed", "failed"), ("parts", "waiting")], ["start", "diagnose", "needed"], [])
    assert (found.nodes["needed"], found.nodes["parts"]) == ("failed", "current")


def test_a_loop_does_not_keep_it_from_answering():
    back = all_of(rule("level", "equals", "vip"))
    loop = flow(
        [node("start", "start"), task("a"), node("d", "decide"), task("b"), node("end", "end")],
        ["start>a", "a>d", edge("d>b", back), edge("d>end", default=True), "b>a"], TICKET,
    )  # fmt: skip
    found = route(loop, {}, [("a", "waiting")], ["start", "a"], ["start_a"])
    assert [uid for uid, _ in found.ahead] == ["d", "b", "end"]
    assert found.nodes["a"] == "current"
    sure = route(loop, {"level": "regular"}, [("a", "waiting")], ["start", "a"], ["start_a"])
    assert sure.ahead == [("d", True), ("end", True)]


def test_what_stands_on_steps_that_are_gone_is_left_out():
    assert route(REPAIR, {}, [("gone", "waiting")], ["gone"], []).nodes == {}


RACE = flow(
    [
        node("start", "start"),
        node("race", "first"),
        task("sure"),
        task("quiet"),
        task("refund"),
        task("ship"),
        node("end", "end"),
    ],
    ["start>race", "race>sure", "race>quiet", "sure>ship", "quiet>refund", "refund>ship", "ship>end"],
    TICKET,
)


def test_of_rivals_only_what_each_would_reach_is_certain():
    """A ticket that waits for whichever comes first was told what follows of each."""
    standing = [("race", "waiting"), ("sure", "waiting"), ("quiet", "waiting")]
    found = route(RACE, {}, standing, ["start", "race"], ["start_race"])
    assert (found.nodes["refund"], found.nodes["ship"]) == ("possible", "ahead")
    assert (found.edges["sure_ship"], found.edges["quiet_refund"], found.edges["ship_end"]) == ("possible", "possible", "ahead")
    ahead = dict(route(RACE, {}, [("quiet", "waiting")], [], []).ahead)  # the race is over
    assert ahead == {"refund": True, "ship": True, "end": True}
