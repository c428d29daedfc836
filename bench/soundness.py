"""Verifying workflows: well-built ones of 100 and 1,000 steps, fifty branches beside each other, and compiling a large one.

Against the milliseconds that a person does not notice while drawing. CPU of one process; medians.
"""

import random
import statistics
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

from dougong.runtime.checks.soundness import verdict
from dougong.runtime.checks.structure import problems
from dougong.runtime.definition import Definition
from tests.drawing import edge, flow, flow_doc, node, task

from ._figure import Figure, Once, cpu_ms

ROUNDS: Final = 7
GROWTH: Final = 15.0  # from 100 to 1,000 steps
KINDS: Final = ("task", "sequence", "sequence", "choice", "all", "some", "loop")


def figures() -> Iterator[Figure]:
    small, large, broad, wrong = well_built(100), well_built(1000), wide(), unsound()
    cases: list[tuple[str, Callable[[], Any], float]] = [
        (f"exact verification of a workflow of {len(small.nodes)} steps", lambda: verdict(small), 20),
        (f"exact verification of a workflow of {len(large.nodes)} steps", lambda: verdict(large), 500),
        ("exact verification of 50 parallel branches of 20 steps", lambda: verdict(broad), 500),
        ("verification of an unsound workflow of 100 steps, with trace and fix", lambda: verdict(wrong), 20),
        ("every check of the graph of 1,000 steps", lambda: list(problems(large)), 500),
        ("compiling a workflow of 1,000 steps", lambda: Definition.from_json(large.doc), 20),
    ]
    found = {}
    for name, work, most in cases:
        found[name] = median(work)
        yield Figure(name, found[name], "ms", most, 1.0)
    first, second = list(found.values())[:2]
    yield Figure("growth of verification from 100 to 1,000 steps", second / first, "x", GROWTH, 1.0)


def median(work: Once) -> float:
    return statistics.median(cpu_ms(work, 1) for _ in range(ROUNDS))


def well_built(size: int) -> Definition:
    """Blocks within blocks of all kinds: sequences, decisions, parallel branches, some of them, loops."""
    drawing = _Blocks(random.Random(1))
    before = "start"
    while len(drawing.nodes) < size - 1:
        before = drawing.block(before, 3)
    drawing.nodes.append(node("end", "end"))
    return flow(drawing.nodes, [*drawing.edges, edge(f"{before}>end", uid="last")])


class _Blocks:
    def __init__(self, chance: random.Random) -> None:
        self.chance, self.nodes, self.edges = chance, [node("start", "start")], list[dict[str, Any]]()

    def after(self, before: str, kind: str, **config: Any) -> str:
        uid = f"n{len(self.nodes)}"
        self.nodes.append(task(uid) if kind == "user_task" else node(uid, kind, **config))
        self.line(before, uid)
        return uid

    def line(self, source: str, target: str) -> None:
        self.edges.append(edge(f"{source}>{target}", uid=f"e{len(self.edges)}"))

    def block(self, before: str, depth: int) -> str:
        match self.chance.choice(KINDS) if depth else "task":
            case "task":
                return self.after(before, "user_task")
            case "sequence":
                return self.block(self.block(before, depth - 1), depth - 1)
            case "loop":
                head = self.after(before, "user_task")
                choice = self.after(self.block(head, depth - 1), "decide")
                self.line(choice, head)
                return self.after(choice, "user_task")
            case kind:
                return self.branches(kind, before, depth)

    def branches(self, kind: str, before: str, depth: int) -> str:
        split = self.after(before, {"choice": "decide", "all": "fork", "some": "some"}[kind])
        first, *others = [self.block(split, depth - 1) for _ in range(3)]
        join = {"choice": ("notify", {}), "all": ("join", {}), "some": ("join", {"mode": "reaching"})}[kind]
        meet = self.after(first, join[0], **join[1])
        for other in others:
            self.line(other, meet)
        return meet


def wide(branches: int = 50, steps: int = 20) -> Definition:
    lines = [[f"t{branch}_{step}" for step in range(steps)] for branch in range(branches)]
    ways = [f"{one}>{other}" for line in lines for one, other in pairwise(["f", *line, "j"])]
    nodes = [node("start", "start"), node("f", "fork"), *(task(uid) for line in lines for uid in line), node("j", "join")]
    return flow([*nodes, node("end", "end")], ["start>f", *ways, "j>end"])


def unsound(size: int = 96) -> Definition:
    """A join behind a decision, at the end of a long line."""
    line = ["start", *(f"t{index}" for index in range(size - 6)), "d"]
    nodes = [node("start", "start"), *(task(uid) for uid in line[1:-1]), node("d", "decide"), task("a"), task("b")]
    ways = [*(f"{one}>{other}" for one, other in pairwise(line)), "d>a", "d>b", "a>j", "b>j", "j>end"]
    return Definition.from_json(flow_doc([*nodes, node("j", "join"), node("end", "end")], list(ways)))
