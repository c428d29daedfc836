"""Plays a counterexample with the real interpreter: decisions go as the trace says, tasks are done in its order."""

from collections import Counter
from dataclasses import replace
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
