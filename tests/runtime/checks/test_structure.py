"""The graph of a workflow: what keeps a ticket from its end is found before it is published, and nothing else is."""

import time
from itertools import pairwise

import pytest

from dougong.runtime.checks.structure import MAX_NODES, problems
from dougong.runtime.graph import graph_of
from tests.drawing import all_of, edge, flow, node, rule, task

START, END = node("start", "start"), node("end", "end")
YES = all_of(rule("x", "equals", "1"))


def found(nodes, edges):
    return [(problem.reason.code, problem.nodes, problem.edges) for problem in problems(flow([START, *nodes, END], edges))]


def codes(nodes, edges):
    return [code for code, *_ in found(nodes, edges)]


GOOD = {
    "a straight line": ([task("a")], ["start>a", "a>end"]),
    "a decision that meets again": ([node("d", "decide"), task("a"), task("b")], ["start>d", "d>a", "d>b", "a>end", "b>end"]),
    "branches that join": (
        [node("f", "fork"), task("a"), task("b"), node("j", "join")], ["start>f", "f>a", "f>b", "a>j", "b>j", "j>end"],
    ),
    "branches that end by themselves": ([node("f", "fork"), task("a"), task("b")], ["start>f", "f>a", "f>b", "a>end", "b>end"]),
    "a loop through somebody": ([task("a"), node("d", "decide")], ["start>a", "a>d", "d>a", "d>end"]),
    "forks within forks": (
        [node("f", "fork"), node("g", "fork"), task("a"), task("b"), task("c"), node("j", "join"), node("k", "join")],
        ["start>f", "f>g", "f>c", "g>a", "g>b", "a>j", "b>j", "j>k", "c>k", "k>end"],
    ),
    "one join for forks within forks": (
        [node("f", "fork"), node("g", "fork"), task("a"), task("b"), task("c"), node("k", "join")],
        ["start>f", "f>g", "f>c", "g>a", "g>b", "a>k", "b>k", "c>k", "k>end"],
    ),
    "a decision within a branch that comes to the join either way": (
        [node("f", "fork"), task("a"), node("d", "decide"), task("b"), task("c"), task("e"), node("j", "join")],
        ["start>f", "f>a", "f>d", "d>b", "d>c", "b>e", "c>e", "a>j", "e>j", "j>end"],
    ),
    "branches that join one after the other": (
        [node("f", "fork"), task("a"), task("b"), task("c"), node("j", "join"), task("x"), node("k", "join")],
        ["start>f", "f>a", "f>b", "f>c", "a>j", "b>j", "j>x", "x>k", "c>k", "k>end"],
    ),
    "a loop within a branch": (
        [node("f", "fork"), task("a"), node("d", "decide"), task("b"), node("j", "join")],
        ["start>f", "f>a", "f>b", "a>d", "d>a", "d>j", "b>j", "j>end"],
    ),
    "a fork straight into its join": (
        [node("f", "fork"), task("a"), node("j", "join")], ["start>f", "f>a", "f>j", "a>j", "j>end"],
    ),
    "a loop around two parallel parts": (
        [
            task("a"), node("f", "fork"), task("b"), task("c"), node("j", "join"), node("g", "fork"), task("k"), task("l"),
            node("m", "join"), node("d", "decide"),
        ],
        [
            "start>a", "a>f", "f>b", "f>c", "b>j", "c>j", "j>g", "g>k", "g>l", "k>m", "l>m", "m>d", "d>a", "d>end",
        ],
    ),
    "a way back to before the fork": (
        [task("a"), node("f", "fork"), task("b"), task("c"), node("j", "join"), task("e"), node("d", "decide")],
        ["start>a", "a>f", "f>b", "f>c", "b>j", "c>j", "j>e", "e>d", "d>a", "d>end"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("nodes", "edges"), GOOD.values(), ids=GOOD.keys())
def test_a_good_graph_has_no_problems(nodes, edges):
    assert found(nodes, edges) == []


BAD = {
    "nothing leads to a step": ([task("a"), task("b")], ["start>a", "a>end", "b>end"], "check.unreachable", ("b",)),
    "a step leads nowhere": ([node("d", "decide"), task("a")], ["start>d", "d>a", "d>end"], "check.no_way_to_end", ("a",)),
    "a circle without a way out": (
        [node("d", "decide"), task("a"), task("b")], ["start>d", "d>a", "d>end", "a>b", "b>a"], "check.no_way_to_end", ("a",),
    ),
    "steps that go round by themselves": (
        [node("d", "decide"), node("n", "notify")], ["start>d", "d>n", "d>end", "n>d"], "check.automatic_loop", ("d", "n"),
    ),
    "a step that goes to itself": (
        [node("d", "decide")], ["start>d", "d>d", "d>end"], "check.automatic_loop", ("d",),
    ),
    "a join after a decision": (
        [node("d", "decide"), task("a"), task("b"), node("j", "join")],
        ["start>d", "d>a", "d>b", "a>j", "b>j", "j>end"], "check.deadlock", ("j",),
    ),
    "a join of one branch twice": (
        [node("f", "fork"), node("d", "decide"), task("b"), task("c"), node("j", "join"), task("e")],
        ["start>f", "f>d", "f>e", "d>b", "d>c", "b>j", "c>j", "j>end", "e>end"], "check.left_behind", ("j",),
    ),
    "a join after a decision behind a parallel part": (
        [
            node("f", "fork"), task("a"), task("b"), node("j", "join"), node("d", "decide"), task("x"), task("y"),
            node("k", "join"),
        ],
        ["start>f", "f>a", "f>b", "a>j", "b>j", "j>d", "d>x", "d>y", "x>k", "y>k", "k>end"],
        "check.deadlock", ("k",),
    ),
    "a branch that may end without its join": (
        [node("f", "fork"), task("a"), node("d", "decide"), task("b"), node("j", "join")],
        ["start>f", "f>a", "f>d", "d>b", "d>end", "a>j", "b>j", "j>end"], "check.left_behind", ("j",),
    ),
    "a branch that ends all the others at once": (
        [node("f", "fork"), task("a"), node("t", "terminate")], ["start>f", "f>a", "f>t", "a>end"],
        "check.ended_at_once", ("f",),
    ),
    "too few ways out of a decision": ([node("d", "decide")], ["start>d", "d>end"], "check.too_few_ways_out", ("d",)),
    "a task that goes on only when it is late": (
        [task("a"), task("b")], ["start>a", edge("a>b", on="deadline"), "b>end"], "check.outcomes_only", ("a",),
    ),
    "too many ways out of a task": (
        [task("a"), task("b")], ["start>a", "a>b", "a>end", "b>end"], "check.too_many_ways_out", ("a",),
    ),
    "a way into the start": (
        [task("a"), node("d", "decide")], ["start>a", "a>d", "d>start", "d>end"], "check.too_many_ways_in", ("start",),
    ),
    "too few ways into a join": (
        [node("f", "fork"), task("a"), node("j", "join")], ["start>f", "f>a", "f>end", "a>j", "j>end"],
        "check.too_few_ways_in", ("j",),
    ),
    "a way out of the end": ([task("a")], ["start>a", "a>end", edge("end>a")], "check.too_many_ways_out", ("end",)),
}  # fmt: skip


@pytest.mark.parametrize(("nodes", "edges", "code", "where"), BAD.values(), ids=BAD.keys())
def test_a_planted_problem_is_found_where_it_is(nodes, edges, code, where):
    assert (code, where) in [(one, at) for one, at, _ in found(nodes, edges)]


def test_an_edge_that_leads_nowhere_is_named():
    assert ("check.dangling_edge", (), ("a_gone",)) in found([task("a")], ["start>a", "a>end", "a>gone"])


def test_no_start_and_two_starts():
    assert [one.reason.code for one in problems(flow([END], []))] == ["check.one_start"]
    two = flow([START, node("again", "start"), END], ["start>end", "again>end"])
    assert [(one.reason.code, one.reason.params, one.nodes) for one in problems(two)] == [
        ("check.one_start", {"found": 2}, ("start", "again"))
    ]


def test_no_end():
    assert "check.no_end" in [one.reason.code for one in problems(flow([START, task("a")], ["start>a"]))]


def test_a_step_of_an_unknown_type_is_no_problem_of_the_graph():
    assert codes([node("x", "teleport")], ["start>x", "x>end"]) == []


def test_two_lines_between_the_same_steps_are_two():
    graph = graph_of(
        flow([START, node("d", "decide"), END], ["start>d", edge("d>end", YES, uid="one"), edge("d>end", uid="two")])
    )
    assert sorted(key for *_, key in graph.edges(keys=True)) == ["one", "start_d", "two"]


def test_the_size_is_capped():
    nodes = [task(f"n{index}") for index in range(MAX_NODES)]
    assert codes(nodes, []) == ["check.too_large"]


def test_approvals_that_may_all_send_back_anywhere_are_checked_within_seconds():
    """The 600th to 599 before it: 180,000 ways back, of which only the nearest are looked at."""
    uids = [f"n{index}" for index in range(600)]
    who = {"who": {"by": "role", "role": "clerk"}, "rights": {"*": "read"}, "send_back": "any"}
    ways = [
        *(f"{a}>{b}" for a, b in pairwise(["start", *uids, "end"])),
        *(edge(f"{one}>end", uid=f"r{one}", on="rejected") for one in uids),
    ]
    drawn = flow([START, *(node(uid, "approval", **who) for uid in uids), END], ways)
    began = time.perf_counter()
    assert list(problems(drawn)) == []
    assert time.perf_counter() - began < 5


def test_the_most_that_is_allowed_is_checked_within_seconds():
    """60 complete steps (3,540 lines) have more cycles than anybody can count; a chain of 2,000 is as long as it gets."""
    began = time.perf_counter()
    uids = [f"n{index}" for index in range(60)]
    list(
        problems(flow([START, *(node(uid, "decide") for uid in uids), END], [f"{a}>{b}" for a in uids for b in uids if a != b]))
    )
    line = ["start", *(f"n{index}" for index in range(MAX_NODES - 2)), "end"]
    chained = flow([START, *(task(uid) for uid in line[1:-1]), END], [f"{a}>{b}" for a, b in pairwise(line)])
    assert list(problems(chained)) == []
    assert time.perf_counter() - began < 5


def test_many_forks_and_joins_are_checked_within_seconds():
    nodes, edges, before = [], [], "start"
    for index in range(60):
        fork, join, ways = f"f{index}", f"j{index}", [f"t{index}_{way}" for way in range(8)]
        nodes += [node(fork, "fork"), *(task(way) for way in ways), node(join, "join")]
        edges += [f"{before}>{fork}", *(f"{fork}>{way}" for way in ways), *(f"{way}>{join}" for way in ways)]
        before = join
    began = time.perf_counter()
    assert found(nodes, [*edges, f"{before}>end"]) == []
    assert time.perf_counter() - began < 5
