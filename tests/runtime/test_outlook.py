"""What is still to come of a ticket: steps for people one after another, and how long that usually takes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from dougong.runtime import interpreter
from dougong.runtime.outlook import outlook
from dougong.runtime.past import Past, past, standing_since
from dougong.runtime.route import foretell, route
from tests.drawing import all_of, edge, field, flow, form_doc, node, rule, task, world

BEGUN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TICKET = form_doc(field("quote", "money"), field("level"))
DEAR = all_of(rule("quote", "greater", "5000"))
REPAIR = flow(
    [
        node("start", "start"), task("look"), node("needed", "decide"), task("allow"), node("both", "fork"), task("parts"),
        task("paint"), node("ready", "join"), node("end", "end"),
    ],
    [
        "start>look", "look>needed", edge("needed>allow", DEAR), edge("needed>both", default=True), "allow>both",
        "both>parts", "both>paint", "parts>ready", "paint>ready", "ready>end",
    ],
    TICKET,
)  # fmt: skip
HOURS = {"look": 2, "allow": 10, "parts": 5, "paint": 1}


def hours(number):
    return timedelta(hours=number)


def known(quotes, flow=REPAIR, took=HOURS):
    """The history of tickets that were played, each step taking its hours."""
    return [line for number, quote in enumerate(quotes) for line in played(flow, f"t{number}", {"quote": quote}, took)]


def played(flow, ticket, data, took):
    """Whoever is done first goes on first."""
    at, begun = BEGUN, {}
    step = interpreter.start(flow, data, world())
    yield ticket, at.isoformat(), [list(move) for move in step.trail]
    while step.case.tokens:
        for token in step.case.tokens.values():
            begun.setdefault(token.id, at)
        due = {begun[token.id] + hours(took[token.node]): token.id for token in step.case.tokens.values() if token.node in took}
        at = min(due)
        step = interpreter.resume(flow, step.case, due[at], "submitted", {}, world())
        yield ticket, at.isoformat(), [list(move) for move in step.trail]


def test_how_long_a_step_took_is_the_median_of_its_visits():
    found = past(known(["6000", "1", "1", "1", "1", "6000"]))
    assert found.tickets == 6
    assert {uid: found.took[uid] for uid in ("look", "parts", "paint")} == {
        "look": hours(2),
        "parts": hours(5),
        "paint": hours(1),
    }
    assert "allow" not in found.took  # twice is not enough
    assert (found.taken["needed_allow"], found.taken["needed_both"]) == (2, 4)


def test_the_longest_of_branches_counts_and_a_certain_way_alone():
    found = past(known(["1"] * 5 + ["6000"] * 5))
    cheap = outlook(REPAIR, foretell(REPAIR, {"quote": "80"}), [("start", timedelta())], found)
    dear = outlook(REPAIR, foretell(REPAIR, {"quote": "8000"}), [("start", timedelta())], found)
    assert cheap == (2, 2, 2, hours(7))
    assert dear == (3, 3, 3, hours(17))


def test_ways_that_are_open_are_weighed_by_how_often_they_were_taken():
    found = past(known(["1"] * 15 + ["6000"] * 5))
    assert outlook(REPAIR, foretell(REPAIR, {}), [("start", timedelta())], found) == (2, 3, 2.25, hours(9.5))


def test_a_way_that_was_rarely_taken_does_not_keep_what_is_usual_from_being_told():
    rare, often = past(known(["1"] * 12 + ["6000"] * 4)), past(known(["1"] * 11 + ["6000"] * 4))
    assert "allow" not in rare.took
    start = [("start", timedelta())]
    assert outlook(REPAIR, foretell(REPAIR, {}), start, rare) == (2, 3, 2.25, hours(7))
    assert outlook(REPAIR, foretell(REPAIR, {}), start, often).left is None
    assert outlook(REPAIR, foretell(REPAIR, {"quote": "8000"}), start, rare).left is None  # it is on that way


def test_what_the_past_does_not_tell_often_enough_is_not_known():
    found = past(known(["1"] * 4))
    assert outlook(REPAIR, foretell(REPAIR, {}), [("start", timedelta())], found) == (2, 3, None, None)
    assert outlook(REPAIR, foretell(REPAIR, {}), [("start", timedelta())], Past()) == (2, 3, None, None)
    never = past(known(["1"] * 5))  # but the dear ones have always been rare
    assert outlook(REPAIR, foretell(REPAIR, {}), [("start", timedelta())], never) == (2, 3, 2, hours(7))


@pytest.mark.parametrize(("stood", "left"), [(0, 5), (3, 2), (5, 0), (50, 0)])
def test_the_time_that_it_has_stood_there_is_gone_already(stood, left):
    found = past(known(["1"] * 5))
    standing = [("parts", hours(stood)), ("ready", timedelta())]
    ahead = route(REPAIR, {}, [(uid, "waiting") for uid, _ in standing], [], [])
    assert outlook(REPAIR, ahead, standing, found) == (1, 1, 1, hours(left))


LOOP = flow(
    [node("start", "start"), task("do"), node("good", "decide"), task("again"), node("end", "end")],
    ["start>do", "do>good", edge("good>again", DEAR), edge("good>end", default=True), "again>good"], TICKET,
)  # fmt: skip


def test_a_way_that_only_leads_back_does_not_count():
    found = past(known(["1"] * 5, LOOP, {"do": 3, "again": 7}))
    assert outlook(LOOP, foretell(LOOP, {}), [("start", timedelta())], found) == (1, 1, 1, hours(3))
    back = outlook(LOOP, route(LOOP, {}, [("again", "waiting")], [], []), [("again", timedelta())], found)
    assert back == (1, 1, 1, None)


def test_those_who_sign_beside_each_other_are_one_visit():
    lines = [
        ("t", BEGUN.isoformat(), [[1, "sign", "wait", []], [2, "sign", "wait", []], [3, "sign", "go", []]]),
        ("t", (BEGUN + hours(2)).isoformat(), [[2, "sign", "go", []]]),
        ("t", (BEGUN + hours(5)).isoformat(), [[1, "sign", "go", ["out"]]]),
    ]
    assert past(line for number in range(5) for line in [(f"{number}", *rest) for _, *rest in lines]).took == {"sign": hours(5)}


def test_since_when_a_token_waits_a_reminder_meanwhile_changes_nothing():
    lines = [
        ("t", BEGUN.isoformat(), [[1, "start", "go", ["a"]], [2, "look", "wait", []]]),
        ("t", (BEGUN + hours(2)).isoformat(), [[2, "look", "wait", []]]),
    ]
    assert standing_since(lines) == {("t", 2): BEGUN}
    assert standing_since([*lines, ("t", (BEGUN + hours(3)).isoformat(), [[2, "look", "go", []]])]) == {}


INCLUSIVE = flow(
    [
        node("start", "start"), node("which", "some"), task("long"), task("short"), task("none"),
        node("join", "join", mode="reaching"), node("end", "end"),
    ],
    [
        "start>which", edge("which>long", DEAR), edge("which>short", all_of(rule("level", "equals", "vip"))),
        edge("which>none", default=True), "long>join", "short>join", "none>join", "join>end",
    ],
    TICKET,
)  # fmt: skip
EACH = {"long": hours(9), "short": hours(2), "none": hours(1)}


def test_of_an_inclusive_split_what_is_usual_counts():
    def asked(taken, **data):
        taken = {f"which_{uid}": times for uid, times in taken.items()}
        return outlook(INCLUSIVE, foretell(INCLUSIVE, data), [("start", timedelta())], Past(9, EACH, taken))

    assert asked({"short": 9, "long": 1}) == (1, 1, 1, hours(2))
    assert asked({"short": 9, "long": 5}) == (1, 1, 1, hours(9))
    assert asked({"short": 9, "long": 1, "none": 3}) == (1, 1, 1, hours(1.75))
    assert asked({"short": 1}) == (1, 1, None, None)
    assert asked({"short": 9}, quote="6000", level="vip") == (1, 1, 1, hours(9))


def test_of_a_race_the_first_counts():
    race = flow(
        [node("start", "start"), node("race", "first"), task("slow"), task("quick"), node("end", "end")],
        ["start>race", "race>slow", "race>quick", "slow>end", "quick>end"], TICKET,
    )  # fmt: skip
    took = Past(5, {"slow": hours(9), "quick": hours(2)})
    assert outlook(race, foretell(race, {}), [("start", timedelta())], took) == (1, 1, 1, hours(2))


def test_while_a_race_is_on_its_shortest_and_longest_way_are_told():
    race = flow(
        [node("start", "start"), node("race", "first"), task("slow"), task("then"), task("quick"), node("end", "end")],
        ["start>race", "race>slow", "race>quick", "slow>then", "then>end", "quick>end"], TICKET,
    )  # fmt: skip
    standing = [(uid, timedelta()) for uid in ("race", "slow", "quick")]
    ahead = route(race, {}, [(uid, "waiting") for uid, _ in standing], [], [])
    assert outlook(race, ahead, standing, Past(0, {}, {}))[:2] == (1, 2)


def test_a_long_workflow_is_no_matter():
    steps = [task(f"t{number}") for number in range(1500)]
    line = ["start", *(one["uid"] for one in steps), "end"]
    ways = [f"{one}>{other}" for one, other in pairwise(line)]
    long = flow([node("start", "start"), *steps, node("end", "end")], ways, TICKET)
    took = Past(5, {one["uid"]: hours(1) for one in steps})
    assert outlook(long, foretell(long, {}), [("start", timedelta())], took) == (1500, 1500, 1500, hours(1500))
