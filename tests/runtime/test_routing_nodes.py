"""Stories of the steps that route: each is played straight, and saved and reloaded between all steps."""

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.checks.structure import problems
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.regions import before
from tests.drawing import all_of, edge, field, flow, form_doc, node, options, rule, task, text, world

TICKET = form_doc(field("amount", "number"), field("level", "choice", config=options("vip", "regular")), field("note"))
VIP = all_of(rule("level", "equals", "vip"))
MUCH = all_of(rule("amount", "greater", "100"))


def drawn(nodes, edges):
    return flow([node("start", "start"), *nodes, node("end", "end")], edges, TICKET)


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def told(request):
    """Play a story; answers (status, result, the steps at which somebody or something is waited for)."""

    def play(definition, *say):
        found = simulate.play(definition, [["start", say[0]], *say[1:]], reloaded=request.param)
        assert found.refused == []
        assert found.case.live == len(found.case.tokens)
        return found.case.status, found.case.result, sorted(token.node for token in found.case.tokens.values())

    return play


def codes(definition):
    return [problem.reason.code for problem in problems(definition)]


def checked(definition, uid):
    one = definition.node[uid]
    return [(where, reason.code) for where, reason in NODE_TYPES[one.type].check(definition, one)]


# --- some

SOME = drawn(
    [node("some", "some"), task("a"), task("b"), task("c"), node("meet", "join", mode="reaching")],
    [
        "start>some", edge("some>a", VIP), edge("some>b", MUCH), edge("some>c", default=True),
        "a>meet", "b>meet", "c>meet", "meet>end",
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        ({"level": "vip", "amount": "200"}, ["a", "b"]),
        ({"level": "vip"}, ["a"]),
        ({"level": "regular", "amount": "5"}, ["c"]),  # the default way, alone
    ],
)
def test_all_ways_whose_condition_holds_are_taken_and_meet_again(told, data, taken):
    assert told(SOME, data) == ("running", None, taken)
    assert told(SOME, data, *([uid, {}] for uid in taken)) == ("done", "completed", [])


def test_where_no_way_is_open_it_is_an_incident():
    definition = drawn(
        [node("s", "some"), task("a"), task("b")], ["start>s", edge("s>a", VIP), edge("s>b", MUCH), "a>end", "b>end"]
    )
    [token] = interpreter.start(definition, {}, world()).case.tokens.values()
    assert (token.state, token.reason.code) == ("failed", "case.no_way_out")
    assert ("", "check.no_default") in checked(definition, "s")


@pytest.mark.parametrize(
    ("data", "ways"),
    [
        ({}, {"a": False, "b": False, "c": False}),
        ({"level": "vip"}, {"a": True, "b": False}),
        ({"level": "regular", "amount": "5"}, {"c": True}),
        ({"level": "regular"}, {"b": False, "c": False}),
    ],
)
def test_the_route_knows_which_ways_are_certain_and_which_are_open(data, ways):
    found = NODE_TYPES["some"].foresee(SOME, SOME.node["some"], data)
    assert {way.target: sure for way, sure in found} == ways


# --- first

RACE = drawn(
    [node("first", "first"), task("a"), task("b"), node("wait", "until", when=VIP), task("z"), task("other")],
    ["start>first", "first>a", "first>b", "first>wait", "a>z", "b>other", "wait>other", "z>end", "other>end"],
)


def test_the_first_that_goes_on_wins_and_the_others_are_cancelled(told):
    assert told(RACE, {}) == ("running", None, ["a", "b", "first", "wait"])
    assert told(RACE, {}, ["a", {}]) == ("running", None, ["z"])
    assert told(RACE, {}, ["b", {}]) == ("running", None, ["other"])
    assert told(RACE, {}, ["b", {}], ["other", {}]) == ("done", "completed", [])


def test_a_race_within_a_race_is_one_race(told):
    definition = drawn(
        [node("outer", "first"), node("inner", "first"), task("a"), task("b"), task("c"), task("z")],
        ["start>outer", "outer>inner", "outer>c", "inner>a", "inner>b", "a>z", "b>z", "c>z", "z>end"],
    )
    assert told(definition, {}) == ("running", None, ["a", "b", "c", "inner", "outer"])
    assert told(definition, {}, ["a", {}]) == ("running", None, ["z"])
    assert told(definition, {}, ["c", {}], ["z", {}]) == ("done", "completed", [])


def test_a_race_against_a_condition_that_already_holds_is_over_at_once(told):
    assert told(RACE, {"level": "vip"}) == ("running", None, ["other"])


def test_who_races_must_wait():
    definition = drawn(
        [node("first", "first"), task("a"), node("s", "notify", to={"by": "customer"}, text=text("x"))],
        ["start>first", "first>a", "first>s", "a>end", "s>end"],
    )
    assert checked(definition, "first") == [("", "check.first_needs_waiting")]
    assert checked(RACE, "first") == []


def test_what_was_undone_races_again():
    first = interpreter.start(RACE, {}, world())
    token = next(token for token in first.case.tokens.values() if token.node == "a")
    step = interpreter.resume(RACE, first.case, token.id, "submitted", {}, world())
    back = interpreter.undo(RACE, step.case, step.undo, world()).case
    assert sorted((token.node, token.parent) for token in back.tokens.values()) == sorted(
        (token.node, token.parent) for token in first.case.tokens.values()
    )


def test_before_a_join_is_what_lies_within_its_block_and_not_its_next_turn():
    nodes = [node("some", "some"), task("a"), task("b"), node("j", "join", mode="reaching"), node("again", "decide")]
    turns = drawn(nodes, ["start>some", "some>a", "some>b", "a>j", "b>j", "j>again", "again>some", "again>end"])
    assert (before(turns, "j", ["a_j"]), before(turns, "j", ["a_j", "b_j"])) == ({"a"}, {"a", "b"})


# --- terminate

BOTH = ["start>fork", "fork>a", "fork>b", "a>stop", "b>end"]


def test_it_ends_everything_with_its_result(told):
    definition = drawn([node("fork", "fork"), task("a"), task("b"), node("stop", "terminate", result="rejected")], BOTH)
    assert told(definition, {}, ["a", {}]) == ("done", "rejected", [])
    assert told(definition, {}, ["b", {}]) == ("running", "completed", ["a"])


def test_who_was_about_to_begin_when_it_ended_asks_nobody():
    definition = flow(
        [node("start", "start"), node("f", "fork"), node("stop", "terminate"), task("a")], ["start>f", "f>stop", "f>a"]
    )
    step = interpreter.start(definition, {}, world())
    assert (step.case.status, step.case.tokens, step.effects) == ("done", {}, [])


def test_a_ticket_may_end_there_alone():
    definition = flow([node("start", "start"), task("a"), node("stop", "terminate")], ["start>a", "a>stop"], TICKET)
    assert codes(definition) == []


# --- cancel


def region(*nodes):
    return drawn(
        [node("fork", "fork"), task("a"), task("b"), task("b2"), task("c"), node("x", "cancel", nodes=list(nodes)), task("z")],
        ["start>fork", "fork>a", "fork>b", "fork>c", "a>x", "x>z", "b>b2", "b2>end", "c>end", "z>end"],
    )


def test_it_takes_away_what_stands_on_its_steps_and_goes_on(told):
    assert told(region("b", "b2"), {}, ["a", {}]) == ("running", None, ["c", "z"])
    assert told(region("b", "b2"), {}, ["b", {}], ["a", {}]) == ("running", None, ["c", "z"])
    assert told(region("b2"), {}, ["a", {}]) == ("running", None, ["b", "c", "z"])


def test_what_a_join_within_had_counted_is_forgotten(told):
    nodes = [
        node("fork", "fork"), task("a"), task("b"), task("c"), node("meet", "join", mode="any"),
        node("loop", "loop", most=1), node("x", "cancel", nodes=["b", "c", "meet"]), task("z"),
    ]  # fmt: skip
    edges = [
        "start>fork", "fork>a", "fork>b", "fork>c", "b>meet", "c>meet", "meet>z", "a>x", "x>loop",
        edge("loop>fork", on="again"), "loop>end", "z>end",
    ]  # fmt: skip
    definition = drawn(nodes, edges)
    assert told(definition, {}, ["b", {}], ["a", {}], ["b", {}]) == ("running", None, ["a", "c", "z", "z"])


def test_it_names_steps_that_are_there():
    assert checked(region("b", "gone", "x"), "x") == [("/nodes/1", "check.no_such_step"), ("/nodes/2", "check.no_such_step")]


# --- until


def milestone(**config):
    return drawn(
        [node("fork", "fork"), task("a"), node("u", "until", **config), task("z")],
        ["start>fork", "fork>a", "fork>u", "u>z", "a>end", "z>end"],
    )


def test_it_waits_until_the_data_say_so(told):
    definition = milestone(when=VIP)
    assert told(definition, {}) == ("running", None, ["a", "u"])
    assert told(definition, {}, ["a", {"level": "vip"}]) == ("running", "completed", ["z"])
    assert told(definition, {}, ["a", {"level": "regular"}]) == ("running", "completed", ["u"])
    assert told(definition, {"level": "vip"}) == ("running", None, ["a", "z"])


def test_it_waits_until_a_step_has_been_done(told):
    assert told(milestone(step="a"), {}, ["a", {}]) == ("running", "completed", ["z"])


def test_a_condition_that_is_wrong_is_an_incident_of_who_waits_only():
    definition = milestone(when=all_of(rule("gone", "equals", "1")))
    case = interpreter.start(definition, {}, world()).case
    assert sorted((token.node, token.state) for token in case.tokens.values()) == [("a", "waiting"), ("u", "failed")]
    assert checked(definition, "u") == [("/when", "condition.unknown_field")]


def test_it_has_to_wait_for_something():
    assert checked(milestone(), "u") == [("/when", "check.until_what")]
    assert checked(milestone(step="fork"), "u") == [("/step", "check.no_such_step")]
    assert checked(milestone(step="a"), "u") == []


# --- loop


def looping(*more, **config):
    return drawn(
        [task("a"), node("loop", "loop", **config), task("z"), task("y")],
        ["start>a", "a>loop", edge("loop>a", on="again"), "loop>z", "z>end", "y>end", *more],
    )


def test_it_goes_round_while_the_condition_holds(told):
    definition = looping(when=VIP, most=5)
    assert told(definition, {}, ["a", {"level": "vip"}]) == ("running", None, ["a"])
    assert told(definition, {}, ["a", {"level": "vip"}], ["a", {"level": "regular"}]) == ("running", None, ["z"])


def test_it_goes_round_so_many_times_at_most(told):
    again = ["a", {"level": "vip"}]
    assert told(looping(when=VIP, most=2), {}, again, again) == ("running", None, ["a"])
    assert told(looping(when=VIP, most=2), {}, again, again, again) == ("running", None, ["z"])
    assert told(looping(edge("loop>y", on="capped"), when=VIP, most=1), {}, again, again) == ("running", None, ["y"])
    assert told(looping(most=1), {}, ["a", {}], ["a", {}]) == ("running", None, ["z"])


def test_where_it_must_not_go_on_somebody_has_to_look():
    found = simulate.play(looping(when=VIP, most=1, capped="fail"), [["start", {}], *[["a", {"level": "vip"}]] * 2])
    [token] = found.case.tokens.values()
    assert (token.state, token.reason.code) == ("failed", "case.loop_capped")


def test_the_turns_are_counted_anew_the_next_time(told):
    definition = drawn(
        [task("a"), node("inner", "loop", most=1), node("outer", "loop", most=1)],
        ["start>a", "a>inner", edge("inner>a", on="again"), "inner>outer", edge("outer>a", on="again"), "outer>end"],
    )
    assert told(definition, {}, *[["a", {}]] * 3) == ("running", None, ["a"])
    assert told(definition, {}, *[["a", {}]] * 4) == ("done", "completed", [])


def test_a_loop_in_which_nobody_is_asked_ends_too_but_needs_a_cap_and_a_way():
    step = node("s", "set", fields=[{"uid": "f", "field": "amount", "formula": "amount + 1"}])
    definition = drawn([step, node("loop", "loop", most=3)], ["start>s", "s>loop", edge("loop>s", on="again"), "loop>end"])
    assert codes(definition) == []
    assert interpreter.start(definition, {"amount": "0"}, world()).case.data == {"amount": "4"}
    bare = drawn([node("loop", "loop", most=3)], ["start>loop", "loop>end"])
    assert checked(bare, "loop") == [("", "check.loop_without_way")]


def test_a_join_that_no_way_leads_to_yet_is_not_asked_for_a_number_of_none():
    def wrong(*ways):
        nodes = [node("start", "start"), node("fork", "fork"), node("meet", "join", mode="count", needs=2), node("end", "end")]
        definition = flow(nodes, list(ways), form_doc())
        return [(where, reason.params) for where, reason in NODE_TYPES["join"].check(definition, definition.node["meet"])]

    assert wrong("start>fork") == []
    assert wrong("start>fork", "fork>meet") == [("/needs", {"ways": 1})]


# --- a join that waits for some


def some_of_four(needs, **more):
    """Four at once; when `needs` of them have come in z has it, who may begin all of it anew."""
    four = ["a", "b", "c", "d"]
    nodes = [node("fork", "fork"), *map(task, four), node("meet", "join", mode="count", needs=needs, **more), task("z")]
    nodes += [node("again", "decide")]
    ways = ["start>fork", *(f"fork>{one}" for one in four), *(f"{one}>meet" for one in four), "meet>z", "z>again"]
    return drawn(nodes, [*ways, edge("again>fork", VIP), edge("again>end", default=True)])


@pytest.mark.parametrize("needs", [1, 2, 3])
def test_who_comes_after_enough_have_come_in_changes_nothing(told, needs):
    definition, order = some_of_four(needs), ["c", "a", "d", "b"]
    for come in range(5):
        went_on = ["z"] if come >= needs else []
        assert told(definition, {}, *([one, {}] for one in order[:come]))[2] == sorted(
            [*order[come:], *went_on, *(["meet"] if come and not went_on else [])]
        )
    assert told(definition, {}, *([one, {}] for one in order), ["z", {}]) == ("done", "completed", [])


@pytest.mark.parametrize("needs", [1, 2, 3])
def test_when_all_have_come_in_the_next_round_begins(told, needs):
    order = [[one, {}] for one in ("c", "a", "d", "b")]
    again = [*order, ["z", {"level": "vip"}], *order[: needs - 1]]
    assert "z" not in told(some_of_four(needs), {}, *again)[2]
    assert "z" in told(some_of_four(needs), {}, *again, order[needs - 1])[2]


def test_who_is_late_for_his_round_is_not_counted_in_the_next(told):
    """After two the next round begins, with two of the first still at work: they do not begin it."""
    begun = [["c", {}], ["a", {}], ["z", {"level": "vip"}]]
    assert told(some_of_four(2), {}, *begun, ["d", {}], ["b", {}])[2] == ["a", "b", "c", "d"]
