"""An approval, and whatever its approvers may do with it: nobody signs twice, what is counted is what there is, and it never
stands where nobody can go on."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dougong.runtime import interpreter
from dougong.runtime.case import Case, Token
from dougong.runtime.nodes._seats import signer
from dougong.runtime.reason import Refused
from dougong.runtime.step import Step
from dougong.runtime.world import World, replayed
from tests.drawing import NOW, edge, flow, node, task
from tests.runtime.approving import world

LETTERS = "abcdef"
WEIGHTS = [
    {"uid": one, "who": {"by": "role", "role": one}, "weight": weight}
    for one, weight in zip("abcd", (40, 30, 20, 10), strict=True)
]
LATE = [
    {"uid": "d", "when": {"after": {"amount": 1, "unit": "hours"}}, "then": "reassign", "to": {"by": "role", "role": "bef"}}
]
VACANT: dict[str, Any] = {"by": "unit", "unit": {"of": "initiator"}}
AMONG = [{"uid": "m", "who": {"by": "role", "role": "bdef"}}]
MAY = {"transfer": True, "delegate": True, "add_signer": True, "send_back": "any", "deadlines": LATE}
MODES: tuple[dict[str, Any], ...] = (
    {}, {"reject": "all"}, {"mode": "all"}, {"mode": "all", "reject": "all"}, {"mode": "sequence"}, {"mode": "claim"},
    {"mode": "ratio", "percent": 60}, {"mode": "ratio", "percent": 50, "reject": "any_one"},
    {"mode": "weight", "weights": WEIGHTS, "passing": 60}, {"mode": "sequence", "reject": "all"},
    {"mode": "ratio", "percent": 50, "compare": "exceeded", "reject": "ratio", "reject_percent": 30},
    {"mode": "all", "reject": "ratio", "reject_percent": 50, "reject_compare": "exceeded"},
    {"mode": "weight", "weights": WEIGHTS, "passing": 60, "reject": "ratio", "reject_percent": 25},
    {"who": VACANT, "nobody": "others", "nobody_to": {"by": "role", "role": "abcd"}, "mode": "all", "among": AMONG},
    {"who": {"by": "role", "role": "iab"}, "initiator": "head", "repeated": "ever", "mode": "sequence"},
)  # fmt: skip
SIGNALS = (
    "approve", "approve", "approve", "reject", "transfer", "delegate", "reply", "add_before", "add_beside", "add_after",
    "remove_signer", "merge", "deadline", "send_back",
)  # fmt: skip
DOINGS_FIRST = ("approve", 0, "a", "a")  # the step before
DOINGS = st.lists(
    st.tuples(st.sampled_from(SIGNALS), st.integers(0, 9), st.sampled_from(LETTERS), st.sampled_from(LETTERS)), max_size=14
)


def drawn(config: dict[str, Any]) -> Any:
    nodes = [
        node("start", "start"), task("t"), node("p", "approval", **{"who": {"by": "role", "role": "abcd"}, **MAY, **config}),
        node("e", "end", result="approved"), node("no", "end", result="rejected"),
    ]  # fmt: skip
    return flow(nodes, ["start>t", "t>p", "p>e", edge("p>no", on="rejected")])


def seats(case: Case) -> list[Token]:
    """Of all who have a task or wait for those before them."""
    return [one for one in case.tokens.values() if one.parent is not None]


def sound(case: Case) -> None:
    whole = next((one for one in case.tokens.values() if "votes" in one.memo), None)
    assert case.failed == 0 and case.live == len(case.tokens)
    if whole is None:
        return
    votes, own = whole.memo["votes"], [one for one in seats(case) if one.parent == whole.id]
    queue, more = votes["queue"], whole.memo.get("more", {})
    signed = [*whole.memo["agreed"], *whole.memo.get("against", [])]
    asked = [one for one in map(signer, seats(case)) if one] + [one["person"] for one in queue]
    assert len({*signed, *asked}) == len(signed) + len(asked), (signed, asked)
    assert any(one.signal == "submitted" for one in seats(case)), "somebody can go on"
    assert votes["seats"] == votes["yes"] + votes["no"] + len(own) + len(queue), votes
    if votes["mode"] == "weight":
        left = sum(one.memo["weight"] + more.get(str(one.id), 0) for one in own)
        assert votes["weight"] == votes["yes_weight"] + votes["no_weight"] + left, votes
    if votes["mode"] == "sequence":
        assert len({one.memo.get("added_by") for one in own}) <= 1 or any(one.memo.get("added_by") for one in own)


def done(definition: Any, case: Case, doing: tuple[str, int, str, str], known: Any = None) -> Step:
    """What was picked, by whoever has the task that was picked; the steps before the approval are just done. `known`: the
    answers that the world gave, to be given once more."""
    signal, which, one, other = doing
    found = [token for token in case.tokens.values() if token.signal == "submitted"]
    token = found[which % len(found)]
    if token.node != "p":
        return interpreter.resume(definition, case, token.id, "submitted", {}, asked("person:i", known))
    persons, added = list({one, other}), [each.id for each in seats(case) if each.memo.get("added_by")]
    values = {"opinion": "x", "to": "start" if signal == "send_back" else other, "persons": persons, "deadline": "d"}
    values |= {"token": added[which % len(added)] if added else 0, **({"add": persons} if signal == "add_after" else {})}
    if signal == "deadline":
        token = next(each for each in case.tokens.values() if "votes" in each.memo)
    verb = "approve" if signal == "add_after" else signal
    return interpreter.resume(
        definition, case, token.id, verb, values, asked(f"person:{token.memo.get('person') or one}", known)
    )


def asked(actor: str, known: Any) -> World:
    return world(actor) if known is None else World(NOW, replayed(known), actor)


@given(st.sampled_from(MODES), DOINGS)
def test_whatever_is_done_nobody_signs_twice_and_somebody_can_go_on(config: dict[str, Any], doings: Any) -> None:
    definition = drawn(config)
    case = interpreter.start(definition, {}, world("person:i"), initiator="person:i", unit="u").case
    for doing in [DOINGS_FIRST, *doings]:
        if case.status == "done":
            return
        with suppress(Refused):
            step = done(definition, Case.from_json(json.loads(json.dumps(case.to_json()))), doing)
            assert done(definition, case, doing, step.answers).case.to_json() == step.case.to_json(), "straight, by the answers"
            if not interpreter.is_lasting(step):
                undone = interpreter.undo(definition, step.case, json.loads(json.dumps(step.undo)), world(None)).case
                sound(undone)
                assert who_signs(undone) == who_signs(case)
            case = step.case
        sound(case)


def who_signs(case: Case) -> list[tuple[str, bool]]:
    return sorted((signer(one), one.signal == "submitted") for one in seats(case))
