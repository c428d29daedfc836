"""The verdict on random graphs is that of brute force, and every counterexample can be played."""

import itertools
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dougong.runtime.checks.mending import mended
from dougong.runtime.checks.soundness import verdict
from dougong.runtime.checks.structure import problems
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._back import places_back
from tests import LONG
from tests.drawing import edge, flow, node, task
from tests.runtime.brute import ENTRY, Player, TooLarge, faults
from tests.runtime.graphs import SHAPED, any_drawing, of_real_steps, sent_back
from tests.runtime.playing import every_rest, followed, has_met, is_stuck

GRAPHS = 10_000 if LONG else 120
START, END = node("start", "start"), node("end", "end")


@pytest.fixture(autouse=True, scope="module")
def shaped():
    """A step of any shape, for the time of these tests."""
    NODE_TYPES["shaped"] = SHAPED
    yield
    del NODE_TYPES["shaped"]


@settings(max_examples=GRAPHS, deadline=None, suppress_health_check=list(HealthCheck))
@example(586616667)  # a fork after a fork, before a join that cancels what is late
@example(162634)  # a join that counts has one way in, and cancels the step before it at once
@example(2006452)  # branches that a join cancels before anybody does anything there
@example(2015645)  # a fork all of whose branches end, and which may go another way instead
@example(3570168813)  # a fork that a join cancels before it forks, one of whose branches leads past that join
@given(st.integers(0, 2**40))
def test_the_verdict_is_that_of_brute_force(seed):
    judged_as_played(any_drawing(random.Random(seed)))


@settings(max_examples=GRAPHS // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**40))
def test_the_verdict_is_that_of_brute_force_where_most_may_send_back(seed):
    judged_as_played(sent_back(random.Random(seed)))


def judged_as_played(definition):
    try:
        found = faults(definition)
    except TooLarge:
        found = None
    judged = verdict(definition)
    if found is not None:
        assert judged.word == ("unsound" if found else "sound"), (found, judged.problems)
    for problem in judged.problems:
        if problem.trace:
            assert played_by_hand(definition, problem), problem


def played_by_hand(definition, problem):
    """Does the brute player come over this trace to what it says?"""
    player, state, clash = Player(definition), (frozenset([ENTRY]), frozenset()), []
    for one in problem.trace:
        ways = {f"{one['node']}{way}" if way.startswith("~") else way for way in one["ways"]}
        moves = [move for move in player.of(one["node"], *state) if set(move[1]) == ways]
        gone = {_name(uid) for uid in one["took"] if uid not in one["ways"]}
        exact = [move for move in moves if {uid.split("~")[-1] for uid in state[0] - move[2][0]} == gone]
        state, clash = (exact or [move for move in moves if move[3]] or moves)[0][2:]
    match problem.reason.code:
        case "check.no_join" | "check.grows":
            return bool(clash)
        case "check.deadlock" | "check.left_behind":
            return bool(state[0]) and not player.moves(state)
    return True


def _name(uid):
    return uid.removeprefix("~") or ENTRY


def fork(*more):
    return [node("f", "fork"), task("a"), task("b"), *more]


PLANTED = {
    "a join behind a decision": (
        [node("d", "decide"), task("a"), task("b"), node("j", "join")],
        ["start>d", "d>a", "d>b", "a>j", "b>j", "j>end"],
        ("check.deadlock", "j"),
    ),
    "a branch that may end without its join": (
        fork(node("d", "decide"), node("j", "join")),
        ["start>f", "f>a", "f>d", "d>b", "d>end", "a>j", "b>j", "j>end"],
        ("check.left_behind", "j"),
    ),
    "branches that come together without a join": (
        fork(task("c"), task("e")),
        ["start>f", "f>a", "f>b", "a>c", "b>c", "c>e", "e>end"],
        ("check.no_join", "c"),
    ),
    "a line back out of a branch": (
        [task("s"), *fork(node("d", "decide"), node("j", "join"))],
        ["start>s", "s>f", "f>a", "f>b", "a>d", "d>s", "d>j", "b>j", "j>end"],
        ("check.grows", "j"),
    ),
    "some branches, and a join that waits for all": (
        [node("s", "some"), task("a"), task("b"), node("j", "join")],
        ["start>s", "s>a", edge("s>b", default=True), "a>j", "b>j", "j>end"],
        ("check.deadlock", "j"),
    ),
    "the first of two events, and a join that waits for both": (
        [node("s", "first"), task("a"), task("b"), node("j", "join")],
        ["start>s", "s>a", "s>b", "a>j", "b>j", "j>end"],
        ("check.deadlock", "j"),
    ),
    "a join that counts, and goes round again while some are late": (
        [task("s"), *fork(node("j", "join", mode="any"), node("d", "decide"))],
        ["start>s", "s>f", "f>a", "f>b", "a>j", "b>j", "j>d", "d>s", "d>end"],
        ("check.grows", "b"),
    ),
    "a branch that is cancelled, and a join that waits for it": (
        fork(node("x", "cancel", nodes=["b"]), node("j", "join")),
        ["start>f", "f>a", "f>b", "a>x", "x>j", "b>j", "j>end"],
        ("check.deadlock", "j"),
    ),
    "a way out of one parallel part into another": (
        [*fork(task("c"), node("j", "join"), node("g", "fork"), task("k"), task("l")), node("m", "join")],
        ["start>f", "f>a", "f>b", "f>c", "a>k", "b>j", "c>j", "j>g", "g>k", "g>l", "k>m", "l>m", "m>end"],
        ("check.no_join", "k"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("nodes", "edges", "expected"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_problem_is_found_with_a_trace_that_the_interpreter_follows(nodes, edges, expected):
    definition = flow([START, *nodes, END], edges)
    problem = verdict(definition).problems[0]
    assert (problem.reason.code, problem.nodes[0]) == expected
    case = followed(definition, problem.trace)
    if problem.reason.code in ("check.deadlock", "check.left_behind"):
        assert is_stuck(case)
    else:
        assert has_met(case) or is_stuck(case)  # a join that is complete goes on at once: one is left over


MENDED = ["a join behind a decision", "a branch that may end without its join", "branches that come together without a join"]
MENDED += ["some branches, and a join that waits for all", "a branch that is cancelled, and a join that waits for it"]


@pytest.mark.parametrize("name", MENDED)
def test_its_fix_makes_it_sound(name):
    nodes, edges, _ = PLANTED[name]
    definition = flow([START, *nodes, END], edges)
    [problem] = verdict(definition).problems
    assert verdict(mended(definition, problem.fix)).word == "sound"


def test_a_branch_that_ends_by_itself_may_not_be_begun_anew_in_each_round():
    nodes = [task("s"), *fork(node("d", "decide"))]
    [problem] = verdict(flow([START, *nodes, END], ["start>s", "s>f", "f>a", "f>b", "a>d", "d>s", "d>end", "b>end"])).problems
    assert (problem.reason.code, problem.edges) == ("check.grows", ("b_end",))


def test_a_list_is_a_step_to_which_it_may_be_sent_back_and_behind_a_join_no_branch_alone():
    each = {"who": {"by": "role", "role": "clerk"}, "times": 2, "rights": {}}
    back = task("c", send_back="any")
    alone = flow([START, node("a", "for_each", **each), back, END], ["start>a", "a>c", "c>end"])
    assert places_back(alone, alone.node["c"]) == {"start", "a"}
    steps = [node("f", "fork"), *(node(uid, "for_each", **each) for uid in "ab"), node("j", "join"), back]
    branches = flow([START, *steps, END], ["start>f", "f>a", "f>b", "a>j", "b>j", "j>c", "c>end"])
    assert (places_back(branches, branches.node["c"]), verdict(branches).word) == ({"start"}, "sound")


def approval(uid):
    return node(uid, "approval", who={"by": "role", "role": "clerk"}, send_back="any")


def test_who_is_no_longer_waited_for_and_is_sent_back_comes_to_the_join_a_second_time():
    steps = [node("s", "some"), task("a"), task("b"), node("d", "decide"), approval("t"), node("j", "join", mode="reaching")]
    ways = ["start>s", "s>a", "s>b", "a>d", "d>t", "d>j", "t>end", "b>j", "j>end"]
    [problem] = verdict(flow([START, *steps, END], ways)).problems
    assert (problem.reason.code, problem.nodes, problem.edges) == ("check.no_join", ("j",), ("b_j", "d_j"))


def test_two_that_may_each_send_back_to_the_other_may_both_send_back_further():
    steps = [node("s", "shaped"), *(node(a, "shaped", back=["s", b], turns={f"{a}_end": 1}) for a, b in ("ab", "ba"))]
    judged = verdict(flow([START, *steps, END], ["start>s", "s>a", "s>b", "s>end", "a>b", "b>a", "b>end"]))
    assert (judged.word, judged.problems) == ("sound", ())


@pytest.mark.parametrize(("branches", "approvals"), [(2, 15), (4, 25)])
def test_ways_back_within_branches_do_not_multiply(branches, approvals):
    """Every approval of a branch may send back to any before it."""
    lines = [[f"t{branch}_{index}" for index in range(approvals)] for branch in range(branches)]
    edges = [f"{a}>{b}" for line in lines for a, b in itertools.pairwise(["f", *line, "j"])]
    steps = [approval("s"), node("f", "fork"), *(approval(uid) for line in lines for uid in line), node("j", "join")]
    judged = verdict(flow([START, *steps, END], ["start>s", "s>f", *edges, "j>end"]))
    assert (judged.word, judged.markings < 50) == ("sound", True)


def test_a_step_that_is_cancelled_takes_the_fork_behind_it_along_with_branches_that_lead_elsewhere():
    nodes = fork(node("k", "fork"), task("c"), task("x"), node("j", "join", mode="any", rest="cancelled"), node("m", "join"))
    ways = ["start>f", "f>a", "f>x", "a>k", "k>b", "k>c", "b>j", "x>j", "c>m", "j>m", "m>end"]
    [problem] = verdict(flow([START, *nodes, END], ways)).problems
    assert (problem.reason.code, problem.nodes, problem.edges) == ("check.deadlock", ("m",), ("c_m",))
    inside = [one if one != "c>m" else "c>j" for one in ways]  # with all that the fork begins before the join
    assert verdict(flow([START, *nodes[:-1], END], [*inside[:-2], "j>end"])).word == "sound"


def test_branches_that_come_together_before_a_step_that_cancels_them_have_met():
    nodes = [node("f", "fork"), task("a"), task("b"), task("t"), node("x", "cancel", nodes=["a", "b", "t", "x"])]
    [problem] = verdict(flow([START, *nodes, END], ["start>f", "f>a", "f>b", "a>t", "b>t", "t>x", "x>end"])).problems
    assert (problem.reason.code, problem.nodes, problem.edges) == ("check.no_join", ("t",), ("a_t", "b_t"))


def test_what_is_too_involved_is_said_to_be_unknown(monkeypatch):
    monkeypatch.setattr("dougong.runtime.checks.exploration.MAX_MARKINGS", 3)
    nodes, edges, _ = PLANTED["a way out of one parallel part into another"]
    judged = verdict(flow([START, *nodes, END], edges))
    assert (judged.word, judged.problems[-1].reason.code) == ("unknown", "check.not_explored")


def test_branches_beside_each_other_do_not_multiply():
    """Fifty branches of twenty steps that lead to one join, and one that leads into another: 20 ** 50 markings."""
    nodes, edges = [node("f", "fork")], ["start>f", "j>end"]
    for branch in range(50):
        line = [f"t{branch}_{index}" for index in range(20)]
        nodes += [task(uid) for uid in line]
        edges += [f"f>{line[0]}", *(f"{one}>{other}" for one, other in itertools.pairwise(line)), f"{line[-1]}>j"]
    definition = flow([START, *nodes, node("j", "join"), END], edges)
    assert (verdict(definition).word, verdict(definition).markings) == ("sound", 2)


SHAPE = {
    "check.ended_at_once",
    "check.automatic_loop",
    "check.too_few_ways_in",
    "check.too_few_ways_out",
    "check.too_many_ways_out",
}


@settings(max_examples=GRAPHS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**40))
def test_a_sound_workflow_never_gets_stuck_when_the_interpreter_plays_every_choice(seed):
    definition = of_real_steps(any_drawing(random.Random(seed)))
    if definition is None or any(problem.reason.code in SHAPE for problem in problems(definition)):
        return
    races = [edge.target for edge in definition.edges if definition.node[edge.source].type == "first"]
    if verdict(definition).word != "sound" or any(definition.node[uid].type != "user_task" for uid in races):
        return
    played = every_rest(definition, 400)
    if played is None:
        return
    follows, passed = played
    ends = {name for name, after in follows.items() if not after}
    assert all(name.startswith("([],") for name in ends), ends
    leads, grown = set(ends), True
    while grown:
        more = {name for name, after in follows.items() if after & leads} - leads
        leads, grown = leads | more, bool(more)
    assert leads == set(follows)
    assert passed == {one.uid for one in definition.nodes}
