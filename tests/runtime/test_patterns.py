"""The 43 control-flow patterns (Russell, ter Hofstede, van der Aalst, Mulyar 2006), as far as a ticket process has a use for
them: each drawn and played by the interpreter, straight and reloaded. `docs/patterns.md` is made of this table.

A line of a play names the step that is done; "!step" expects that nobody waits there. What stands at the end is expected in
words: the steps at which somebody waits, or "done".
"""

import json
from pathlib import Path
from typing import Any

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from tests.drawing import all_of, edge, field, flow, form_doc, node, options, rule, task, world

TICKET = form_doc(
    field("x", "choice", config=options("a", "b")), field("again", "choice", config=options("yes", "no")),
    field("parts", "choices", config=options("door", "lock", "pump")), field("order"),
)  # fmt: skip
A, B, AGAIN = (all_of(rule(key, "equals", value)) for key, value in (("x", "a"), ("x", "b"), ("again", "yes")))
EITHER = all_of(rule("x", "not_empty"))


def drawn(nodes: list[Any], ways: list[Any]) -> Any:
    return flow([node("start", "start"), *nodes, node("end", "end")], ways, TICKET)


def branches(join: Any, *, split: str = "fork", names: str = "abc") -> Any:
    """start, a split, a task on each branch, the join, a task z, the end."""
    nodes = [node("s", split), *(task(one) for one in names), join, task("z")]
    return drawn(nodes, ["start>s", *(f"s>{one}" for one in names), *(f"{one}>j" for one in names), "j>z", "z>end"])


def rounds(**mode: Any) -> Any:
    """Two branches whose join may be reached again before the first round is over: a is asked once more."""
    nodes = [
        node("s", "fork"),
        task("a"),
        node("d", "decide"),
        node("f", "fork"),
        task("b"),
        node("j", "join", **mode),
        task("z"),
    ]
    ways = [
        "start>s",
        "s>a",
        "s>b",
        "a>f",
        "f>d",
        "f>j",
        edge("d>a", AGAIN),
        edge("d>end", default=True, uid="out"),
        "b>j",
        "j>z",
    ]
    return drawn(nodes, [*ways, "z>end"])


def each(**config: Any) -> Any:
    who = {"who": {"by": "initiator"}, "rights": {"*": "write"}}
    return drawn([node("e", "for_each", **who, **config), task("z")], ["start>e", "e>z", "z>end"])


def turns() -> Any:
    nodes = [node("s", "fork"), task("a", turn="device"), task("b", turn="device"), node("j", "join"), task("z")]
    return drawn(nodes, ["start>s", "s>a", "s>b", "a>j", "b>j", "j>z", "z>end"])


ITEM = [{"item": one} for one in ("door", "lock", "pump")]
LIST = {"parts": ["door", "lock", "pump"]}
LOOP = drawn(
    [task("a"), node("l", "loop", when=AGAIN, most=3), task("z")],
    ["start>a", "a>l", {**edge("l>a"), "on": "again"}, edge("l>z"), "z>end"],
)
CYCLES = drawn(
    [node("d", "decide"), task("a"), task("b"), node("m", "decide")],
    ["start>d", edge("d>a", A), edge("d>b", default=True), "a>b", "b>m", edge("m>a", AGAIN), edge("m>end", default=True)],
)
SPLIT = drawn(
    [node("s", "some"), task("a"), task("b"), node("j", "join", mode="reaching"), task("z")],
    ["start>s", edge("s>a", EITHER), edge("s>b", B), edge("s>j", default=True), "a>j", "b>j", "j>z", "z>end"],
)
AROUND = drawn(
    [node("s", "some"), task("a"), task("b"), node("j", "join", mode="reaching"), node("d", "decide")],
    [
        "start>s", edge("s>a", EITHER), edge("s>b", B), edge("s>j", default=True), "a>j", "b>j", "j>d",
        edge("d>s", AGAIN), edge("d>end", default=True),
    ],
)  # fmt: skip
CANCEL = drawn(
    [node("s", "fork"), task("a"), task("b"), task("c"), node("x", "cancel", nodes=["b", "c"]), task("z")],
    ["start>s", "s>a", "s>b", "b>c", "c>end", "a>x", "x>z", "z>end"],
)
ALL = node("j", "join")
ANY, TWO = ({"mode": "any"}, {"mode": "count", "needs": 2})
CUT = {"rest": "cancelled"}

# number, name, how it is drawn, the definition, what is filed, who does what, and what stands then
PLAYED: list[tuple[int, str, str, Any, dict[str, Any], list[Any], str]] = [
    (1, "Sequence", "two tasks in a line", drawn([task("a"), task("b")], ["start>a", "a>b", "b>end"]), {}, ["a"], "b"),
    (2, "Parallel split", "fork", branches(ALL), {}, [], "a b c"),
    (3, "Synchronization", "join: all", branches(ALL), {}, ["a", "c", "b"], "z"),
    (4, "Exclusive choice", "decide", drawn([node("d", "decide"), task("a"), task("b")], [
        "start>d", edge("d>a", A), edge("d>b", default=True), "a>end", "b>end"]), {"x": "a"}, [], "a"),
    (5, "Simple merge", "two ways into one step", CYCLES, {"x": "a"}, ["a"], "b"),
    (6, "Multi-choice", "some", SPLIT, {"x": "b"}, [], "a b"),
    (7, "Structured synchronizing merge", "join: those that were taken", SPLIT, {"x": "a"}, ["a"], "z"),
    (8, "Multi-merge", "two branches into one step without a join", drawn(
        [node("s", "fork"), task("a"), task("b"), task("c")], ["start>s", "s>a", "s>b", "a>c", "b>c", "c>end"]),
     {}, ["a", "b"], "c c"),
    (9, "Structured discriminator", "join: the first, the rest ignored",
     branches(node("j", "join", **ANY)), {}, ["b"], "a c z"),
    (10, "Arbitrary cycles", "lines that lead back, several ways in", CYCLES, {"again": "yes"}, ["b", "a"], "b"),
    (11, "Implicit termination", "several ends", drawn(
        [node("s", "fork"), task("a"), task("b")], ["start>s", "s>a", "s>b", "a>end", "b>end"]), {}, ["a", "b"], "done"),
    (13, "Instances, number known at design time", "for each: n times", each(times=2), {}, [("e", 1), ("e", 2)], "z"),
    (14, "Instances, number known at run time", "for each: entries of a list", each(over="parts"), LIST,
     [("e", "lock"), ("e", "door"), ("e", "pump")], "z"),
    (16, "Deferred choice", "first", drawn([node("s", "first"), task("a"), task("b"), task("z")], [
        "start>s", "s>a", "s>b", "a>z", "b>end", "z>end"]), {}, ["a"], "z"),
    (17, "Interleaved parallel routing", "branches whose steps take turns", turns(), {}, ["a"], "b j"),
    (18, "Milestone", "until: a step has been done", drawn(
        [node("s", "fork"), task("a"), node("u", "until", step="a"), task("b"), node("j", "join")],
        ["start>s", "s>a", "s>u", "u>b", "a>j", "b>j", "j>end"]), {}, ["!b", "a"], "b j"),
    (19, "Cancel activity", "cancel: a step", CANCEL, {}, ["a"], "z"),
    (21, "Structured loop", "loop with a cap", LOOP, {"again": "yes"}, ["a", "a"], "a"),
    (25, "Cancel region", "cancel: several steps", CANCEL, {}, ["b", "a"], "z"),
    (26, "Cancel instances", "cancel: a step for each", drawn(
        [node("s", "fork"), task("a"), node("e", "for_each", who={"by": "initiator"}, over="parts"),
        node("x", "cancel", nodes=["e"])],
        ["start>s", "s>a", "s>e", "e>end", "a>x", "x>end"]), LIST, ["a"], "done"),
    (28, "Blocking discriminator", "join: the first; the next round waits",
     rounds(**ANY), {"again": "yes"}, ["a", "a"], "a b j z"),
    (29, "Cancelling discriminator", "join: the first, the rest cancelled",
     branches(node("j", "join", **ANY, **CUT)), {}, ["b"], "z"),
    (30, "Structured partial join", "join: n of m, the rest ignored",
     branches(node("j", "join", **TWO)), {}, ["b", "a"], "c z"),
    (31, "Blocking partial join", "join: n of m; the next round waits", rounds(**TWO), {"again": "yes"}, ["a", "a"], "a b j"),
    (32, "Cancelling partial join", "join: n of m, the rest cancelled",
     branches(node("j", "join", **TWO, **CUT)), {}, ["b", "a"], "z"),
    (33, "Generalized AND-join", "join: all; what comes twice begins the next round",
     rounds(), {"again": "yes"}, ["a", "a", "b"],
     "a j z"),
    (35, "Cancelling partial join of instances", "for each: n of them", each(over="parts", complete="count", needs=2), LIST,
     [("e", "pump"), ("e", "door")], "z"),
    (36, "Dynamic partial join of instances", "for each: until a condition holds", each(
        over="parts", complete="condition", when=A), LIST, [("e", "pump", {"x": "a"})], "z"),
    (37, "Local synchronizing merge", "join: those that were taken", SPLIT, {"x": "b"}, ["b", "a"], "z"),
    (38, "General synchronizing merge", "the same within a loop", AROUND, {"x": "b", "again": "yes"}, ["a", "b"], "a b"),
    (39, "Critical section", "hold and release, across tickets (tests/host/test_holding.py); turns within one", drawn(
        [node("h", "hold", name="device"), task("a"), node("r", "release", name="device"), task("z")],
        ["start>h", "h>a", "a>r", "r>z", "z>end"]), {}, ["h", "a"], "z"),
    (40, "Interleaved routing", "steps that take turns, in any order", turns(), {}, ["a", "b"], "z"),
    (42, "Thread split", "two lines to the same step", drawn(
        [node("s", "fork"), task("a")], ["start>s", edge("s>a", uid="one"), edge("s>a", uid="two"), "a>end"]), {}, [], "a a"),
    (43, "Explicit termination", "terminate", drawn(
        [node("s", "fork"), task("a"), task("b"), node("t", "terminate")], ["start>s", "s>a", "s>b", "a>t", "b>end"]),
     {}, ["a"], "done"),
]  # fmt: skip


@pytest.mark.parametrize("reloaded", [False, True], ids=["straight", "reloaded"])
@pytest.mark.parametrize("one", PLAYED, ids=[f"{one[0]} {one[1]}" for one in PLAYED])
def test_a_pattern_runs_as_it_is_drawn(one, reloaded):
    _, _, _, definition, filed, says, expected = one
    said = [["start", filed]]
    for line in says:
        uid, item, values = (line, None, {}) if isinstance(line, str) else (*line, {})[:3]
        if uid.startswith("!"):
            case = simulate.play(definition, said, reloaded=reloaded).case
            assert not [token for token in case.tokens.values() if token.node == uid[1:] and token.signal == "submitted"]
            continue
        said.append([uid, values, *([{"item": item}] if item is not None else [])])
    found = simulate.play(definition, said, reloaded=reloaded)
    assert found.refused == []
    case = found.case
    assert case.failed == 0, [token.reason for token in case.tokens.values()]
    standing = [token.node for token in case.tokens.values() if token.signal in ("submitted", "join")]
    assert " ".join(sorted(standing)) == ("" if expected == "done" else expected)
    assert (case.status == "done") is (expected == "done")


def test_20_cancel_case():
    definition = branches(ALL)
    case = interpreter.start(definition, {}, world()).case
    assert interpreter.cancel(definition, case, "cancelled", world()).case.status == "done"


def test_15_an_instance_is_added_while_the_others_run():
    definition = each(over="parts", add_item=True)
    case = interpreter.start(definition, LIST, world()).case
    parent = next(token for token in case.tokens.values() if token.parent is None)
    step = interpreter.resume(definition, case, parent.id, "add_item", {"item": "hinge"}, world())
    assert sorted(token.memo["item"] for token in step.case.tokens.values() if token.parent) == [
        "door",
        "hinge",
        "lock",
        "pump",
    ]


def test_27_complete_instances():
    definition = each(over="parts")
    case = Case.from_json(json.loads(json.dumps(interpreter.start(definition, LIST, world()).case.to_json())))
    parent = next(token for token in case.tokens.values() if token.parent is None)
    after = interpreter.skip(definition, case, parent.id, world()).case
    assert [token.node for token in after.tokens.values()] == ["z"]


def test_24_a_message_is_kept_until_somebody_waits_for_it():
    definition = drawn([node("r", "receive", name="paid", key="order"), task("z")], ["start>r", "r>z", "z>end"])
    found = simulate.play(definition, [["start", {"order": "A1"}], ["r", {"body": {}}]])
    assert (found.refused, [token.node for token in found.case.tokens.values()]) == ([], ["z"])
    assert found.effects[0] == (
        "await",
        {"name": "paid", "key": "A1"},
    )  # what was sent before is looked for: tests/host/test_nodes.py


ELSEWHERE = {
    15: ("Instances, number not known", "for each: an item is added while the others run"),
    20: ("Cancel case", "an administrator, or terminate"),
    22: ("Recursion", "a sub-process that is its own workflow, 20 deep at most (tests/runtime/test_calling_nodes.py)"),
    24: ("Persistent trigger", "receive: a message is kept until somebody waits for it"),
    27: ("Complete instances", "an administrator skips the step"),
}
NOT = {
    12: (
        "Instances without synchronization",
        "raise a ticket in a loop; a step that starts many and waits for none is not offered",
    ),
    23: ("Transient trigger", "not offered: a message that nobody waits for is kept, since people answer early"),
    34: (
        "Static partial join of instances",
        "not offered: the rest is cancelled (35); tasks that count for nothing annoy people",
    ),
    41: ("Thread merge", "not offered: what comes over one way twice is two rounds of a join (33)"),
}


def test_the_page_tells_what_is_played():
    page = Path(__file__).parents[2] / "docs" / "patterns.md"
    assert page.read_text("utf-8") == told()
    assert len(PLAYED) + len(ELSEWHERE) >= 36


def told() -> str:
    rows = {number: (name, how, "runs") for number, name, how, *_ in PLAYED}
    rows |= {number: (name, how, "runs") for number, (name, how) in ELSEWHERE.items()}
    rows |= {number: (name, how, "no") for number, (name, how) in NOT.items()}
    lines = [f"| {number} | {name} | {how} | {runs} |" for number, (name, how, runs) in sorted(rows.items())]
    runs = sum(row[2] == "runs" for row in rows.values())
    return (
        "# The 43 control-flow patterns\n\n"
        "Names: Russell, ter Hofstede, van der Aalst, Mulyar, “Workflow Control-Flow Patterns: A Revised View”,\n"
        "BPM-06-22, 2006.\n"
        f"{runs} of 43 run as drawn; each is a story in `tests/runtime/test_patterns.py`; `told()` there writes this page.\n\n"
        "| # | pattern | how it is drawn | |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"
    )
