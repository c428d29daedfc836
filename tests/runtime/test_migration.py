"""A running case goes over to another version by uid; what cannot is stuck with a reason."""

import pytest

from dougong.runtime import interpreter
from dougong.runtime.migration import Stuck, migrated, problems, removed
from tests.drawing import chain, edge, flow, node, task, world


def standing(case):
    return sorted((token.node, token.state) for token in case.tokens.values())


def begun(definition, *done):
    case = interpreter.start(definition, {}, world()).case
    for uid in done:
        token = next(token for token in case.tokens.values() if token.node == uid)
        case = interpreter.resume(definition, case, token.id, "submitted", {}, world()).case
    return case


def test_a_step_that_is_still_there_keeps_its_place_wherever_it_is_drawn():
    old, new = chain(task("a"), task("b"), "end"), chain(task("x"), task("b"), task("a"), "end")
    case = migrated(old, new, begun(old), {})
    assert (standing(case), removed(old, new)) == ([("a", "waiting")], [])
    token = next(iter(case.tokens.values()))
    assert interpreter.resume(new, case, token.id, "submitted", {}, world()).case.status == "done"


def test_a_step_that_is_no_more_holds_its_cases_up_unless_it_is_mapped():
    old, new = chain(task("a"), task("b"), "end"), chain(task("b"), "end")
    with pytest.raises(Stuck) as stuck:
        migrated(old, new, begun(old), {})
    assert (stuck.value.reason.code, stuck.value.node, removed(old, new)) == ("migrate.step_removed", "a", ["a"])
    assert standing(migrated(old, new, begun(old), {"a": "b"})) == [("b", "waiting")]
    assert standing(migrated(old, new, begun(old, "a"), {})) == [("b", "waiting")]


def test_a_step_of_another_type_is_another_step():
    old, new = chain(task("a"), "end"), chain(node("a", "notify", to={"by": "initiator"}, text={"en": "x"}), "end")
    with pytest.raises(Stuck, match="other_type"):
        migrated(old, new, begun(old), {})
    assert [one.code for one in problems(old, new, {"a": "a"})] == ["migrate.other_type"]
    assert [one.code for one in problems(old, new, {"q": "a", "a": "q"})] == ["migrate.no_old_step", "migrate.no_new_step"]


def branches(*names, ways=None, join="j"):
    nodes = [node("start", "start"), node("f", "fork"), *(task(one) for one in names), node(join, "join"), node("end", "end")]
    into = [edge(f"{one}>{join}", uid=(ways or {}).get(one)) for one in names]
    return flow(nodes, ["start>f", *(f"f>{one}" for one in names), *into, f"{join}>end"])


def test_what_has_come_in_at_a_join_counts_in_the_new_version_too():
    old, new = branches("a", "b", "c"), branches("c", "b", "a", ways={"a": "w1"})
    case = migrated(old, new, begun(old, "a", "c"), {})
    token = next(token for token in case.tokens.values() if token.node == "b")
    assert interpreter.resume(new, case, token.id, "submitted", {}, world()).case.status == "done"


def test_what_has_come_in_over_a_way_that_is_no_more_is_held_up():
    old, new = branches("a", "b", "c"), branches("b", "c")
    with pytest.raises(Stuck, match="way_removed"):
        migrated(old, new, begun(old, "a"), {})


def test_a_join_that_has_been_renamed():
    old, new = branches("a", "b"), branches("a", "b", join="k")
    case = migrated(old, new, begun(old, "a"), {"j": "k"})
    token = next(token for token in case.tokens.values() if token.node == "b")
    assert interpreter.resume(new, case, token.id, "submitted", {}, world()).case.status == "done"


def test_there_and_back_it_is_as_it_was():
    old, new = branches("a", "b"), branches("b", "a", join="k")
    case = begun(old, "a")
    back = migrated(new, old, migrated(old, new, case, {"j": "k"}), {"k": "j"})
    assert [(t.node, t.memo) for t in back.tokens.values()] == [(t.node, t.memo) for t in case.tokens.values()]
    assert (back.handlers, back.memo, back.data) == (case.handlers, case.memo, case.data)
