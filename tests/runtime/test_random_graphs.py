"""Whatever is drawn, tokens are conserved, nothing hangs, and a saved case goes on as if it had never been saved."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.checks.structure import problems
from tests import many
from tests.drawing import all_of, edge, field, flow, form_doc, node, rule, task, world

TICKET = form_doc(*(field(key, "number") for key in "xyz"), field("t"))
TYPES = [
    "user_task", "decide", "fork", "join", "set", "end", "notify", "some", "first", "terminate", "cancel", "until", "loop",
]  # fmt: skip
LOOPS = {True: "again", False: None}
KINDS = ["decide", "parallel", "loop", "sequence"]
BLOCKS = st.recursive(
    st.sampled_from(["task", "set", "notify"]),
    lambda inner: st.tuples(st.sampled_from(KINDS), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=8,
)  # fmt: skip
ANSWERS = st.lists(st.tuples(st.integers(0, 7), st.sampled_from("xyz"), st.integers(-2, 2)), max_size=25)


class Drawing:
    """A well-structured flow, block by block: one way in, one way out."""

    def __init__(self):
        self.nodes, self.edges, self.count = [node("start", "start")], [], 0

    def add(self, type):
        self.count += 1
        uid = f"{type}{self.count}"
        made = {
            "user_task": lambda: task(uid),
            "set": lambda: node(uid, "set", fields=[{"uid": "s", "field": "x", "formula": "x + 1"}]),
            "notify": lambda: node(uid, "notify", to={"by": "customer"}, text={"en": "{t}"}),
        }.get(type, lambda: node(uid, type))
        self.nodes.append(made())
        return uid

    def join(self, source, target, when=None, default=False):
        self.edges.append(edge(f"{source}>{target}", when, default=default, uid=f"e{len(self.edges)}"))

    def block(self, block, before, when=None, default=False):
        """Draw it after `before`; answers where it ends."""
        if isinstance(block, str):
            uid = self.add({"task": "user_task"}.get(block, block))
            self.join(before, uid, when, default)
            return uid
        kind, inner = block
        if kind == "sequence":
            for index, one in enumerate(inner):
                before = self.block(one, before, when if index == 0 else None, default if index == 0 else False)
            return before
        return {"decide": self.decide, "parallel": self.parallel, "loop": self.loop}[kind](inner, before, when, default)

    def decide(self, inner, before, when, default):
        split = self.add("decide")
        self.join(before, split, when, default)
        meet = self.add("notify")
        for index, one in enumerate(inner):
            last = index == len(inner) - 1
            asks = None if last else all_of(rule("xyz"[index % 3], "greater", str(index)))
            self.join(self.block(one, split, asks, last), meet)
        return meet

    def parallel(self, inner, before, when, default):
        fork, meet = self.add("fork"), None
        self.join(before, fork, when, default)
        ends = [self.block(one, fork) for one in inner]
        meet = self.add("join")
        for end in ends:
            self.join(end, meet)
        return meet

    def loop(self, inner, before, when, default):
        head = self.add("user_task")
        self.join(before, head, when, default)
        last = self.block(("sequence", inner), head)
        back = self.add("decide")
        self.join(last, back)
        self.join(back, head, all_of(rule("y", "less", "0")))
        out = self.add("notify")
        self.join(back, out, default=True)
        return out

    def definition(self, block):
        self.join(self.block(block, "start"), self.add("end"))
        return flow(self.nodes, self.edges, TICKET)


def conserved(step, before):
    """Tokens after = tokens before - gone + born, and the counters agree with what stands there."""
    case = step.case
    assert set(case.tokens) == (set(before) - set(step.gone)) | set(step.born)
    assert case.live == len(case.tokens)
    assert case.failed == sum(token.state == "failed" for token in case.tokens.values())
    for token in case.tokens.values():
        assert token.state in ("waiting", "failed")
        assert (token.reason is not None) is (token.state == "failed")
        assert (token.signal is not None) or token.state == "failed"
    assert case.status == ("failed" if case.failed else "running" if case.live else "done")
    assert (case.result is not None) or case.status != "done"


def played(definition, answers, *, reloaded):
    step = interpreter.start(definition, {"x": "0", "y": "0", "z": "0"}, world())
    conserved(step, ())
    for pick, key, number in answers:
        case = Case.from_json(json.loads(json.dumps(step.case.to_json()))) if reloaded else step.case
        waiting = [token for token in case.tokens.values() if token.signal == "submitted"]
        if not waiting:
            break
        token = waiting[pick % len(waiting)]
        step = interpreter.resume(definition, case, token.id, "submitted", {key: str(number)}, world())
        conserved(step, case.tokens)
    return step.case


@given(BLOCKS, ANSWERS)
def test_a_well_structured_flow_has_no_problems_and_never_fails(block, answers):
    definition = Drawing().definition(block)
    assert [problem.reason.code for problem in problems(definition)] == []
    case = played(definition, answers, reloaded=False)
    assert case.status in ("running", "done")
    assert case.status == "done" or any(token.signal == "submitted" for token in case.tokens.values())


@given(BLOCKS, ANSWERS)
def test_saved_and_reloaded_between_all_steps_it_goes_the_same_way(block, answers):
    definition = Drawing().definition(block)
    assert played(definition, answers, reloaded=True).to_json() == played(definition, answers, reloaded=False).to_json()


@settings(max_examples=many(600))
@given(BLOCKS, st.data(), ANSWERS)
def test_what_the_checks_let_pass_never_waits_for_ever(block, data, answers):
    """Of a good flow with one line led elsewhere: either the checks say so, or every ticket can still go on."""
    drawing = Drawing()
    drawing.definition(block)
    places = st.sampled_from([one["uid"] for one in drawing.nodes if one["uid"] != "start"])
    data.draw(st.sampled_from(drawing.edges))["target"] = data.draw(places)
    definition = flow(drawing.nodes, drawing.edges, TICKET)
    if list(problems(definition)):
        return
    case = played(definition, answers, reloaded=False)
    assert case.status == "done" or any(token.signal == "submitted" for token in case.tokens.values())


@given(st.data(), ANSWERS)
def test_any_graph_at_all_ends_waits_or_fails_with_a_reason(data, answers):
    count = data.draw(st.integers(1, 7))
    nodes = [node("start", "start"), *(_any_node(f"n{i}", data.draw(st.sampled_from(TYPES))) for i in range(count))]
    places = st.sampled_from([one["uid"] for one in nodes])
    ways = data.draw(st.lists(st.tuples(places, places, st.booleans(), st.booleans()), max_size=12))
    edges = [
        edge(f"{source}>{target}", all_of(rule("x", "greater", "0")) if asks else None, uid=f"e{index}", on=LOOPS[loops])
        for index, (source, target, asks, loops) in enumerate(ways)
        if target != "start"
    ]
    definition = flow(nodes, edges, TICKET)
    step = interpreter.start(definition, {}, world())
    assert step.case.live == len(step.case.tokens)
    assert all(token.state in ("waiting", "failed") for token in step.case.tokens.values())
    list(problems(definition))  # the checks never break on what somebody has drawn
    for pick, key, number in answers:
        waiting = [token for token in step.case.tokens.values() if token.signal == "submitted" and token.state == "waiting"]
        if not waiting:
            break
        before = step.case.tokens
        step = interpreter.resume(
            definition, step.case, waiting[pick % len(waiting)].id, "submitted", {key: str(number)}, world()
        )
        assert set(step.case.tokens) == (set(before) - set(step.gone)) | set(step.born)
        assert step.case.failed == sum(token.state == "failed" for token in step.case.tokens.values())


def _any_node(uid, type):
    match type:
        case "user_task":
            return task(uid)
        case "set":
            return node(uid, "set", fields=[{"uid": "s", "field": "x", "formula": "1 / x"}])
        case "notify":
            return node(uid, "notify", to={"by": "customer"}, text={"en": "hello"})
        case "cancel":
            return node(uid, "cancel", nodes=["n0", "n1", "n3"])
        case "until":
            return node(uid, "until", step="n0", when=all_of(rule("y", "greater", "0")))
        case "loop":
            return node(uid, "loop", most=2, when=all_of(rule("z", "greater", "-1")))
    return node(uid, type)
