"""What a ticket has taken it gives back where it goes back before that, or is cancelled: nothing counts twice, or is lost."""

from collections import Counter

import pytest

from dougong.runtime import interpreter
from dougong.runtime.migration import migrated
from dougong.runtime.reason import Refused
from dougong.runtime.taken import OWED, PASSED, TAKEN, against, remembering, taken
from tests.drawing import edge, node
from tests.runtime.stock import Play, asks, drawn, settle, take

LINE = ["start>first", "first>a", "a>one", "one>second", "second>b", "b>two", "two>third", "third>e"]


def line(**config):
    """first, takes at a, second, settles at b, third."""
    steps = [asks("first"), take("a"), settle("one"), asks("second"), take("b"), settle("two"), asks("third", **config)]
    return Play(drawn([*steps, node("e", "end")], LINE))


def at_third(**config):
    return line(**config).do("first").worked().do("second").worked()


def test_sent_back_to_a_step_in_between_it_gives_back_what_came_after_that_alone():
    play = at_third()
    assert (play.waits, play.left()) == (["third"], {"a": 1, "b": 1, "one": 1, "two": 1})
    play.do("third", "send_back", to="second")
    assert play.waits == ["second"]
    with pytest.raises(Refused):
        play.do("second")
    play.worked()
    assert play.left() == {"a": 1, "one": 1}
    play.do("second").worked()
    assert (play.waits, play.left()) == (["third"], {"a": 1, "b": 1, "one": 1, "two": 1})
    play.do("third", "send_back", to="first").worked()
    assert play.left() == {}


def test_so_does_an_approval():
    steps = [asks("first"), take("a"), asks("ok", "approval", mode="any")]
    play = Play(drawn([*steps, node("e", "end")], ["start>first", "first>a", "a>ok", "ok>e"])).do("first").worked()
    play.do("ok", "send_back", to="first").worked()
    assert (play.waits, play.left()) == (["first"], {})


def test_what_comes_straight_back_passes_nothing_again_and_keeps_it():
    play = at_third()
    for to in ("start", "first", "second"):
        play.do("third", "send_back", to=to, straight=True)
        assert (play.waits, play.left()) == ([to], {"a": 1, "b": 1, "one": 1, "two": 1})
        play.do(to)
        assert play.waits == ["third"]
    assert play.do("third", "send_back", to="first").worked().left() == {}, "that it came straight by is no passing"


def test_what_came_straight_back_and_is_refused_there_still_knows_what_came_after_that():
    ways = ["start>ok", "ok>a", "a>board", "board>e", edge("ok>mend", on="rejected"), "mend>e"]
    steps = [asks("ok", "approval"), take("a"), asks("board"), asks("mend"), node("e", "end")]
    play = Play(drawn(steps, ways)).do("ok", "approve").worked().do("board", "send_back", to="ok", straight=True)
    play.do("ok", "reject")
    assert (play.waits, play.left()) == (["mend"], {"a": 1})
    assert play.do("mend", "send_back", to="ok").worked().left() == {}


def test_of_a_loop_only_the_last_turn_is_given_back():
    steps = [asks("x"), take("a"), asks("y"), settle("s"), node("one", "loop", most=3), node("e", "end")]
    definition = drawn(steps, ["start>x", "x>a", "a>y", "y>s", "s>one", edge("one>x", on="again"), "one>e"])
    play = Play(definition).do("x").worked().do("y").do("x").worked()
    assert play.left() == {"a": 2, "s": 1}
    play.do("y", "send_back", to="x").worked()
    assert play.left() == {"a": 1, "s": 1}
    play.do("x").worked().do("y")
    assert play.left() == {"a": 2, "s": 2}


def test_recalled_it_gives_back_what_it_has_settled_too():
    play = at_third().whole(interpreter.recall).worked()
    assert (play.waits, play.left()) == (["start"], {})
    assert play.do("start").do("first").worked().left() == {"a": 1, "one": 1}


def test_cancelled_it_ends_when_it_has_given_all_back():
    play = at_third().whole(interpreter.cancel, "cancelled")
    assert (play.case.status, play.waits) == ("running", ["start"])
    with pytest.raises(Refused):
        play.whole(interpreter.recall)
    play.worked()
    assert (play.case.status, play.case.result, play.left()) == ("done", "cancelled", {})
    assert taken(play.case.memo) == []
    assert line().whole(interpreter.cancel, "cancelled").case.status == "done", "it has taken nothing"


def test_it_may_be_cancelled_and_keep_it_and_gives_it_back_after_all_where_it_is_reopened_before_that():
    play = at_third().whole(interpreter.cancel, "cancelled", keep=True)
    assert (play.case.status, len(play.left())) == ("done", 4)
    play.whole(interpreter.move, None, "second", giving_back=True).worked()
    assert (play.waits, play.left()) == (["second"], {"a": 1, "one": 1})


def test_what_cannot_be_given_back_is_an_incident_that_is_tried_again_or_passed_over():
    play = at_third().whole(interpreter.cancel, "cancelled").worked(refused=True)
    [token] = play.case.tokens.values()
    assert (play.case.status, token.state) == ("failed", "failed")
    assert play.whole(interpreter.retry, token.id).worked().left() == {}
    assert play.case.result == "cancelled"
    play = at_third().whole(interpreter.cancel, "cancelled").worked(refused=True)
    play.whole(interpreter.skip, next(iter(play.case.tokens)))
    assert (play.case.status, play.case.result, len(taken(play.case.memo))) == ("done", "cancelled", 4)


def test_whoever_has_it_again_may_withdraw_and_then_it_gives_back():
    play = at_third().do("third", "send_back", to="start", straight=True).whole(interpreter.withdraw)
    assert play.case.status == "running"
    assert (play.worked().case.result, play.left()) == ("cancelled", {})


def test_a_giving_back_that_is_broken_off_is_still_to_be_done():
    play = at_third().do("third", "send_back", to="second")
    assert OWED in play.token("second").memo and len(taken(play.case.memo)) == 2
    play.whole(interpreter.recall)
    play.balanced()
    assert play.worked().left() == {}
    play = at_third()
    before = play.case
    play.do("third", "send_back", to="second")
    undone = interpreter.undo(play.definition, play.case, play.step.undo, play.world())
    assert undone.case.memo == before.memo and [one.node for one in undone.case.tokens.values()] == ["third"]


@pytest.mark.parametrize(
    ("to", "left"),
    [
        ("first", {}), ("a", {}), ("one", {"a": 1}), ("second", {"a": 1, "one": 1}), ("b", {"a": 1, "one": 1}),
        ("third", {"a": 1, "b": 1, "one": 1, "two": 1}),
    ],
)  # fmt: skip
def test_moved_back_by_an_administrator_or_reopened_it_gives_back_what_will_be_passed_again(to, left):
    play = at_third()
    moved = interpreter.move(play.definition, play.case, play.token("third").id, to, play.world(), giving_back=True)
    play.kept(moved)
    giving = [one for one in play.case.tokens.values() if OWED in one.memo]
    if giving:
        play.written(giving[0])
    passed = {"a": ("a", "one"), "b": ("b",), "one": ("one",)}.get(to, ())  # what it settles at once when it has moved
    found = {node: count for node, count in play.left().items() if node not in passed}
    assert found == {node: count for node, count in left.items() if node not in passed}
    play.balanced()


def test_what_a_step_took_goes_over_to_a_new_version_with_the_step_that_replaces_it():
    play = at_third()
    steps = [asks("one"), take("other"), settle("s"), asks("second"), take("b"), settle("two"), asks("third"), node("e", "end")]
    ways = ["start>one", "one>other", "other>s", "s>second", "second>b", "b>two", "two>third", "third>e"]
    play.definition, old = drawn(steps, ways), play.definition
    play.case = migrated(old, play.definition, play.case, {"first": "one", "a": "other", "one": "s"})
    play.balanced()
    play.do("third", "send_back", to="one").worked()
    assert (play.waits, play.settled, play.stock.total()) == (["one"], Counter(), 0)


def test_cases_that_began_before_it_was_known_which_step_had_taken_what_give_back_all_of_it():
    play = line().do("first").worked()
    old = {"added:part": {"p": {"title": "P", "add": {"stock": "-1"}, "least": {}}}, "acted": True}
    play.case = play.case.but(memo=old)
    play.settled.clear()
    play.do("second").worked()
    assert play.whole(interpreter.recall).step.effects[0][1].args["records"][0]["writes"][0]["add"] == {"stock": "2"}


def test_what_is_the_tickets_again_is_put_together_with_what_came_meanwhile():
    """Lines 3 to 9 were about to be given back, when 1 and 12 became one entry."""
    memo = {TAKEN: [{"node": "s", "token": 12, "first": 1}]}
    assert taken(remembering(memo, [{"node": "s", "token": 9, "first": 3}])) == [{"node": "s", "token": 12, "first": 1}]


def added(token, amount):
    adds = {"r": {"title": "R", "add": {"stock": amount}, "least": {"stock": "0"}}}
    return {"node": "a", "token": token, "entity": "part", "adds": adds}


@pytest.mark.parametrize(("mark", "sums"), [(2, ["-3"]), (3, ["-1", "-2"]), (4, ["-1", "-2"]), (5, ["-3"])])
def test_what_a_step_adds_twice_is_one_sum_unless_something_was_passed_in_between(mark, sums):
    entries = taken(remembering({PASSED: {"first": mark}}, [added(3, "-1"), added(5, "-2")]))
    assert ([one["adds"]["r"]["add"]["stock"] for one in entries], entries[-1]["token"]) == (sums, 5)


def test_what_is_put_back_asks_for_no_bound_but_of_what_becomes_less():
    adds = {"r": {"title": "R", "add": {"in": "-2", "out": "2"}, "least": {"in": "0", "out": "1", "kept": "3"}}}
    [write] = against(adds)
    assert (write["add"], write["least"]) == ({"in": "2", "out": "-2"}, {"out": "1"})
