"""Drawings of every type of step, and whatever anybody may do with them: it ends, waits for somebody, or fails with a reason.

And it is the same whether the case was saved and loaded between the steps, or played once more from what history keeps.
"""

import json
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.runtime import interpreter, machine
from dougong.runtime.case import Case
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.reason import Refused
from dougong.runtime.world import Question, World, replayed
from dougong.schemas import config_validator, errors
from tests import many
from tests.drawing import NOW, all_of, edge, field, flow, form_doc, node, options, rule
from tests.runtime.test_table import atom, table_doc

FORM = form_doc(
    *(field(key, "number") for key in "xyz"), field("t"), field("many", "choices", config=options("one", "two")),
    field("day", "date"), field("amount", "money"), field("part", "record", config={"entity": "part"}),
)  # fmt: skip
PART = {**form_doc(field("name"), field("stock", "number"), key="part"), "kind": "entity"}
TABLE = table_doc([field("x", "number")], [field("price", "number")], ({"x": atom("less", "1")}, {"price": "7"}))
DATA = {"x": "0", "part": {"id": "p", "title": "P"}, "t": "k", "many": ["one", "two"]}
CLERK, PEOPLE = {"by": "role", "role": "clerk"}, {"by": "role", "role": "ab"}
SOON = {"after": {"amount": 1, "unit": "hours"}}
LATE = [{"uid": "d", "when": SOON, "then": "leave"}, {"uid": "r", "when": SOON, "then": "reassign", "to": PEOPLE}]
ASKS = {"rights": {"*": "write"}, "send_back": "any", "transfer": True, "delegate": True, "deadlines": LATE}
POSITIVE = all_of(rule("x", "greater", "0"))
WHO: dict[str, Any] = {"who": CLERK, **ASKS}
CONFIGS: dict[str, list[dict[str, Any]]] = {
    "user_task": [WHO, {"who": {"by": "initiator"}, "turn": "once"}, {"who": CLERK, "turn": "once"}],
    "approval": [
        *({**WHO, "who": PEOPLE, "mode": mode, "add_signer": True} for mode in ("any", "all", "sequence", "claim")),
        {"who": PEOPLE, "mode": "ratio", "percent": 60, "reject": "all"},
        {"who": {"by": "role", "role": "nobody"}, "nobody": "pass"},
    ],
    "for_each": [
        {**WHO, "over": "many", "add_item": True, "deadlines": [{"uid": "d", "when": SOON, "then": "remind"}]},
        {"who": CLERK, "times": 2, "order": "sequence"},
        {"who": CLERK, "over": "many", "complete": "count", "needs": 1},
    ],
    "join": [
        *({"mode": mode} for mode in ("all", "any", "reaching")),
        {"mode": "count", "needs": 2, "rest": "cancelled"},
    ],
    "set": [{"fields": [{"uid": "s", "field": "x", "formula": "1 / x"}]}],
    "notify": [{"to": {"by": "customer"}, "text": {"en": "{t}"}}],
    "cancel": [{"nodes": ["n0", "n1", "n3"]}],
    "until": [{"step": "n0", "when": POSITIVE}],
    "loop": [{"most": 2, "when": POSITIVE}, {"most": 2, "when": POSITIVE, "capped": "fail"}],
    "wait": [{"until": SOON}, {"until": {"field": "day"}}],
    "send": [{"name": "paid", "key": "t", "body": []}],
    "receive": [{"name": "paid", "key": "t", "into": [{"uid": "i", "from": "x", "field": "x"}]}],
    "decide_by_table": [{"table": "t", "inputs": {"x": "x"}, "outputs": {"price": "y"}}],
    "call": [{"workflow": "other", "give": [], "back": [{"uid": "b", "from": "x", "field": "x"}]}],
    "http": [{"connection": "c", "path": "/a/{t}", "into": [{"uid": "i", "from": "x", "field": "x"}]}],
    "hold": [{"name": "device"}, {"name": "device", "key": "t"}],
    "release": [{"name": "device"}],
    "write_record": [
        {"entity": "part", "how": "create", "into": "part", "values": [{"uid": "v", "field": "name", "formula": "t"}]},
        {
            "entity": "part",
            "how": "change",
            "record": "part",
            "values": [{"uid": "v", "field": "stock", "how": "add", "formula": "-x", "at_least": "0"}],
        },
    ],
    "put_back": [{"entity": "part"}],
    "settle": [
        {"settlement": "gone", "inputs": {}, "amount_field": "amount"},
        {"settlement": "gone", "inputs": {}, "over": "many"},
    ],
}
OF_PEOPLE = {"to": "c", "persons": ["c", "d"], "token": 4, "opinion": "why", "item": "three"}
FROM_OUTSIDE = {
    "body": {"x": "4"},
    "data": {"x": "5"},
    "result": "done",
    "reason": {"code": "x", "params": {}},
    "deadline": "d",
    "records": [{"id": "new", "title": "New"}],
}
TYPES = sorted(set(NODE_TYPES) - {"start", "revoke"})  # where a ticket or its revocation begins
WAITING = [name for name in TYPES if NODE_TYPES[name].signals]  # four times as often as the others
OUTCOMES = [None, None, None, *sorted({outcome for kind in NODE_TYPES.values() for outcome in kind.outcomes})]
DOINGS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 9), st.sampled_from("xyz"), st.integers(-1, 2)), min_size=4, max_size=15
)


def answer(question: Question) -> Any:
    match question.kind:
        case "people":
            return {"principals": ["role:clerk"], "nobody": question.args["by"] == "nobody"}
        case "persons":
            return {"persons": list(question.args["role"]) if question.args.get("role") == "ab" else []}
        case "later":
            return {"moment": NOW.isoformat()}
    return dict(question.args.get("values", {}))


@pytest.fixture(autouse=True, scope="module")
def few_moves():
    """A drawing that goes round in circles is stopped sooner than in life."""
    with mock.patch.multiple(machine, MAX_MOVES=200, MAX_TOKENS=100):
        yield


@st.composite
def drawings(draw):
    types = draw(st.lists(st.sampled_from([*TYPES, *WAITING * 3]), min_size=1, max_size=7))
    nodes = [node("start", "start"), *(_any_node(draw, f"n{index}", type) for index, type in enumerate(types))]
    places = [one["uid"] for one in nodes]
    edges = [edge(f"{one}>{other}", uid=f"line{index}") for index, (one, other) in enumerate(pairwise(places))]
    ways = st.tuples(st.sampled_from(places[1:]), st.sampled_from(places[1:]), st.booleans(), st.sampled_from(OUTCOMES))
    for index, (source, target, asks, outcome) in enumerate(draw(st.lists(ways, max_size=8))):
        edges.append(edge(f"{source}>{target}", POSITIVE if asks else None, uid=f"e{index}", on=outcome))
    return flow(nodes, edges, FORM, TABLE, PART)


def _any_node(draw, uid: str, type: str):
    return node(uid, type, **draw(st.sampled_from(CONFIGS.get(type, [{}]))))


class Run:
    """A case, and what history would keep of its steps."""

    def __init__(self, definition: Any, *, reloaded: bool) -> None:
        self.definition, self.reloaded = definition, reloaded
        self.step = interpreter.start(definition, DATA, self.world(), initiator="person:i")
        self.rows: list[Any] = []
        self.keep(("start", None, {}))

    def world(self) -> World:
        return World(NOW, answer, "person:a")

    @property
    def case(self) -> Case:
        return Case.from_json(json.loads(json.dumps(self.step.case.to_json()))) if self.reloaded else self.step.case

    def keep(self, done: Any) -> None:
        answers = [[list(asked), found] for asked, found in self.step.answers]
        self.rows.append(json.loads(json.dumps([done, answers])))

    def do(self, pick: int, verb: int, key: str, number: int) -> bool:
        """One doing of somebody, with what it needs and more. False where nobody can do anything any more."""
        case = self.case
        waiting = sorted(
            (one for one in case.everywhere() if one.state == "waiting" and self.verbs(one)), key=lambda one: one.id
        )
        if not waiting:
            return False
        token = waiting[pick % len(waiting)]
        verbs = self.verbs(token)
        signal = verbs[verb % len(verbs)]
        fields = {key: str(number)}
        values = fields if signal == "submitted" else {**OF_PEOPLE, **FROM_OUTSIDE, "fields": fields}
        before = dict(case.tokens)
        try:
            step = interpreter.resume(self.definition, case, token.id, signal, values, self.world())
        except (Refused, interpreter.Fault):
            return True  # the case is untouched
        self.step = step
        conserved(step, before)
        self.keep((token.id, signal, values))
        return True

    def verbs(self, token: Any) -> list[str]:
        known = NODE_TYPES[self.definition.node[token.node].type].signals
        return sorted(known) if token.signal != "turn" else []


def conserved(step: Any, before: Any) -> None:
    case = step.case
    assert set(case.tokens) == (set(before) - set(step.gone)) | set(step.born)
    assert case.live == len(case.tokens)
    assert case.failed == sum(token.state == "failed" for token in case.tokens.values())
    for token in case.tokens.values():
        assert token.state in ("waiting", "failed"), token
        assert (token.reason is not None) is (token.state == "failed")
        assert token.signal is not None or token.state == "failed"
        assert token.parent is None or token.parent in case.tokens
    assert case.status == ("failed" if case.failed else "running" if case.live else "done")


def played(definition: Any, doings: Any, *, reloaded: bool) -> Run:
    run = Run(definition, reloaded=reloaded)
    conserved(run.step, ())
    for doing in doings:
        if not run.do(*doing):
            break
    return run


def once_more(definition: Any, rows: list[Any]) -> Case:
    """From history alone: what was done, and how the world answered then."""
    case = None
    for done, answers in rows:
        world = World(NOW, replayed([(Question(*asked), found) for asked, found in answers]), "person:a")
        token, signal, values = done
        if case is None:
            case = interpreter.start(definition, DATA, world, initiator="person:i").case
        else:
            case = interpreter.resume(definition, case, token, signal, values, world).case
    assert case is not None
    return case


def test_the_settings_are_such_as_can_be_saved():
    assert set(CONFIGS) == set(TYPES) - {"decide", "fork", "some", "first", "end", "terminate"}
    wrong = [
        (type, problem)
        for type, configs in CONFIGS.items()
        for config in configs
        for problem in errors(config_validator(NODE_TYPES[type].config), config)
    ]
    assert wrong == []


@settings(max_examples=many(300))
@given(drawings(), DOINGS)
def test_whatever_is_drawn_and_done_it_ends_waits_for_somebody_or_fails_with_a_reason(definition, doings):
    run = played(definition, doings, reloaded=False)
    for token in run.step.case.tokens.values():
        assert token.state == "waiting" or (token.reason and token.reason.code != "case.incomplete_node"), token


@settings(max_examples=many(200))
@given(drawings(), DOINGS)
def test_straight_saved_and_loaded_and_from_history_are_the_same(definition, doings):
    straight, saved = (played(definition, doings, reloaded=reloaded) for reloaded in (False, True))
    assert straight.step.case.to_json() == saved.step.case.to_json()
    assert straight.rows == saved.rows
    assert once_more(definition, straight.rows).to_json() == straight.step.case.to_json()


@settings(max_examples=many(200))
@given(drawings(), DOINGS)
def test_a_step_that_is_taken_back_has_never_been(definition, doings):
    run = Run(definition, reloaded=False)
    for doing in doings:
        before, steps = run.case, len(run.rows)
        if not run.do(*doing) or len(run.rows) == steps:
            continue
        try:
            back = interpreter.undo(definition, run.case, json.loads(json.dumps(run.step.undo)), run.world())
        except Refused:
            continue
        conserved(back, run.case.tokens)
        assert stands(back.case) == stands(before)


def stands(case: Case) -> dict[str, Any]:
    """All of a case but the number of its last token; a field that is empty is one that is not there."""
    doc = case.to_json()
    tokens = sorted(doc["tokens"], key=lambda token: token["id"])
    data = {key: value for key, value in doc["data"].items() if value is not None}
    return {**doc, "tokens": tokens, "data": data, "last_token": None}
