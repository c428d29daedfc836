"""Plays a counterexample with the real interpreter: decisions go as the trace says, tasks are done in its order."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from unittest import mock

from dougong.runtime import interpreter
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.outcome import Go
from tests.drawing import world


def followed(definition, trace):
    """The case as it stands after the trace. Every move of it has been made, and the decisions were those it names."""
    plan = {one["node"]: [other["ways"] for other in trace if other["node"] == one["node"]] for one in trace}

    def decided(at):
        ways = plan.get(at.node.uid)
        chosen = ways.pop(0) if ways else [at.out[0].uid]
        return Go(tuple(edge for edge in at.out if edge.uid in chosen))

    free = {name: replace(NODE_TYPES[name], enter=decided) for name in ("decide", "some")}
    with mock.patch.dict(NODE_TYPES, free):
        steps = [interpreter.start(definition, {}, world())]
        for one in trace:
            if definition.node[one["node"]].type == "user_task":
                case = steps[-1].case
                token = next(token for token in case.on(one["node"]) if token.signal and token.via in one["took"])
                steps.append(interpreter.resume(definition, case, token.id, "submitted", {}, world()))
    made = Counter((move.node, move.edges) for step in steps for move in step.trail if move.outcome == "go")
    races = {uid for uid, node in definition.node.items() if node.type == "first"}
    asked = Counter((one["node"], tuple(one["ways"])) for one in trace if one["node"] not in races)
    assert asked <= made, asked - made
    return steps[-1].case


def is_stuck(case):
    return bool(case.tokens) and all(token.signal == "join" for token in case.tokens.values())


def has_met(case):
    """Two tokens have come over one line: they stand there, or a join has counted them."""
    standing = [(token.node, token.via) for token in case.tokens.values()]
    return len(set(standing)) < len(standing) or any(token.memo.get("more") for token in case.tokens.values())


class Free:
    """Decisions that go each way in turn: `runs` begins something once for each row of choices that it asks for."""

    def __init__(self):
        self.plan, self.asked = [], []

    def chosen(self, options):
        at = len(self.asked)
        self.asked.append(len(options))
        return options[self.plan[at] if at < len(self.plan) else 0]

    def runs(self, work):
        self.plan = []
        while True:
            self.asked = []
            yield work()
            self.plan = [*self.plan, *[0] * (len(self.asked) - len(self.plan))]
            while self.plan and self.plan[-1] + 1 == self.asked[len(self.plan) - 1]:
                self.plan.pop()
            if not self.plan:
                return
            self.plan[-1] += 1


def some_of(at):
    ways = [edge for edge in at.out if not edge.default]
    some = [some for count in range(len(ways)) for some in combinations(ways, count + 1)]
    return [*some, *((edge,) for edge in at.out if edge.default)]


def every_rest(definition, most):
    """All that a ticket can come to, played by the interpreter with free conditions: by what stands where, the states that
    follow; and the steps that were passed. None where there are more than so many."""
    free = Free()
    types = {
        "decide": replace(NODE_TYPES["decide"], enter=lambda at: Go(free.chosen([(edge,) for edge in at.out]))),
        "some": replace(NODE_TYPES["some"], enter=lambda at: Go(free.chosen(some_of(at)))),
    }
    follows, cases, passed = {}, {}, set()
    with mock.patch.dict(NODE_TYPES, types):
        steps = list(free.runs(lambda: interpreter.start(definition, {}, world())))
        todo = [_noted(step, cases, passed) for step in steps]
        while todo:
            name = todo.pop()
            if name in follows:
                continue
            case, follows[name] = cases[name], set()
            for token in [token for token in case.tokens.values() if definition.node[token.node].type == "user_task"]:
                for step in free.runs(lambda: interpreter.resume(definition, case, token.id, "submitted", {}, world())):  # noqa: B023
                    follows[name].add(_noted(step, cases, passed))
            todo += follows[name]
            if len(cases) > most:
                return None
    return follows, passed


def _noted(step, cases, passed):
    passed |= {move.node for move in step.trail}
    tokens = sorted((token.node, token.via or "", str(token.signal), str(token.memo)) for token in step.case.tokens.values())
    name = str((tokens, sorted((key, value) for key, value in step.case.memo.items() if key.startswith("join:"))))
    cases.setdefault(name, step.case)
    return name
