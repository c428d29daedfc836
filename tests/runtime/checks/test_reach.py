"""What must hold for a ticket to come to a step."""

import random

import pytest

from dougong.platform.messages import say
from dougong.runtime import interpreter
from dougong.runtime.checks.reach import reach
from dougong.runtime.fields._type import Codes
from tests.drawing import all_of, edge, field, flow, form_doc, node, options, rule, task, world

TICKET = form_doc(field("quote", "money"), field("level", "choice", config=options("vip", "regular")), field("kind"))
DEAR, VIP, TOY = (
    all_of(rule("quote", "greater", "5000")),
    all_of(rule("level", "equals", "vip")),
    all_of(rule("kind", "equals", "toy")),
)


def signed(uid, **more):
    return node(uid, "approval", who={"by": "role", "role": "boss"}, **more)


def drawn(nodes, ways):
    line = [node("start", "start"), *nodes, node("end", "end")]
    return flow(line, ways, TICKET)


def told(flow, uid, tag="en"):
    return [say(one, tag) for one in reach(flow, uid, Codes()).needs]


CHOICE = drawn(
    [task("look"), node("how", "decide"), task("dear"), task("vip"), task("plain"), task("done")],
    ["start>look", "look>how", edge("how>dear", DEAR), edge("how>vip", VIP), edge("how>plain", default=True),
     "dear>done", "vip>done", "plain>end", "done>end"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("uid", "zh", "en"),
    [
        ("look", [], []),
        ("dear", ["quote 大于 5000"], ["quote is more than 5000"]),
        (
            "vip",
            ["level 等于 VIP", "下列条件都不成立：quote 大于 5000"],
            ["level is VIP", "none of these holds: quote is more than 5000"],
        ),
        (
            "plain",
            ["下列条件都不成立：quote 大于 5000、level 等于 VIP"],
            ["none of these holds: quote is more than 5000, level is VIP"],
        ),
        (
            "done",
            ["以下情况之一：（quote 大于 5000）、（level 等于 VIP、下列条件都不成立：quote 大于 5000）"],
            ["one of these: (quote is more than 5000), (level is VIP, none of these holds: quote is more than 5000)"],
        ),
        ("end", [], []),
    ],
)
def test_the_conditions_of_a_decision(uid, zh, en):
    assert (told(CHOICE, uid, "zh-Hans"), told(CHOICE, uid, "en")) == (zh, en)


def test_a_way_before_that_cannot_hold_as_well_is_not_told():
    apart = drawn(
        [node("how", "decide"), task("vip"), task("plain"), task("toy")],
        ["start>how", edge("how>vip", VIP), edge("how>plain", all_of(rule("level", "equals", "regular"))),
         edge("how>toy", TOY), edge("how>end", default=True), "vip>end", "plain>end", "toy>end"],
    )  # fmt: skip
    assert told(apart, "plain") == ["level is REGULAR"]
    assert told(apart, "toy") == ["kind is toy", "none of these holds: level is VIP, level is REGULAR"]


def test_the_steps_that_are_passed_and_the_ways_that_lead_there():
    found = reach(CHOICE, "done", Codes())
    assert [one.uid for one in found.passes] == ["look"]
    assert found.must == ["start_look", "look_how"]
    assert found.may == ["how_dear", "how_vip", "dear_done", "vip_done"]
    assert reach(CHOICE, "start", Codes()) == reach(CHOICE, "nowhere", Codes()) == ((), (), (), ())


def test_a_step_to_which_nothing_leads():
    lost = drawn([task("a"), task("lost")], ["start>a", "a>end", "lost>end"])
    assert reach(lost, "lost", Codes()).must == ()


def test_what_an_approval_says():
    shown = drawn([signed("sign"), task("sad"), task("glad")], ["start>sign", edge("sign>sad", on="rejected"), "sign>glad",
                                                               "sad>end", "glad>end"])  # fmt: skip
    assert told(shown, "sad") == ["“sign” ends as “Refused”"]
    assert told(shown, "glad") == ["“sign” does not end as “Refused”"]
    assert told(shown, "end") == []
    silent = drawn([signed("sign"), task("glad")], ["start>sign", "sign>glad", "glad>end"])
    assert told(silent, "glad") == ["“sign” does not end the ticket"]
    assert told(silent, "sign") == []


def test_where_a_refusal_may_end_it_one_of_the_ways_must_hold():
    asked = drawn(
        [node("how", "decide"), signed("sign"), task("do")],
        ["start>how", edge("how>sign", DEAR), edge("how>do", default=True), "sign>do", "do>end"],
    )
    (words,) = told(asked, "do")
    assert words.startswith("one of these: ")
    assert "(quote is more than 5000, “sign” does not end the ticket)" in words
    assert "(none of these holds: quote is more than 5000)" in words


def test_a_join_of_all_asks_for_each_branch():
    def joined(**mode):
        return drawn(
            [node("fork", "fork"), task("a"), node("ok", "decide"), task("b"), node("join", "join", **mode), task("on"),
             node("off", "end")],
            ["start>fork", "fork>a", "a>ok", edge("ok>join", DEAR), edge("ok>off", default=True), "fork>b", "b>join",
             "join>on", "on>end"],
        )  # fmt: skip

    assert told(joined(), "on") == ["quote is more than 5000"]
    assert "fork_b" in reach(joined(), "on", Codes()).must
    assert told(joined(mode="first"), "on") == []


def test_a_way_back_asks_for_nothing():
    loop = drawn(
        [task("do"), node("good", "decide"), task("mend")],
        ["start>do", "do>good", edge("good>end", VIP), edge("good>mend", default=True), "mend>do"],
    )
    assert told(loop, "do") == []
    assert told(loop, "end") == ["level is VIP"]
    assert reach(loop, "do", Codes()).must == ["start_do"]
    again = drawn([task("do"), node("loop", "loop", most=3)], ["start>do", "do>loop", edge("loop>do", on="again"), "loop>end"])
    assert told(again, "end") == []


def test_more_ways_than_one_can_read_are_counted():
    cases = [f"c{index}" for index in range(6)]
    many = drawn(
        [node("how", "decide"), *(task(uid) for uid in cases), task("on"), node("off", "end")],
        ["start>how", *(edge(f"how>{uid}", all_of(rule("kind", "equals", uid))) for uid in cases),
         edge("how>off", default=True), *(f"{uid}>on" for uid in cases), "on>end"],
    )  # fmt: skip
    assert told(many, "on") == ["one of 6 ways is taken"]
    assert told(many, "off")[0].endswith(", …")


def test_joins_within_joins_are_no_matter():
    depth = 300
    nodes = [node(f"f{n}", "fork") for n in range(depth)] + [node(f"j{n}", "join") for n in range(depth)]
    ways = ["start>f0", *(f"f{n}>f{n + 1}" for n in range(depth - 1)), *(f"j{n + 1}>j{n}" for n in range(depth - 1))]
    ways += [f"f{depth - 1}>j{depth - 1}", *(edge(f"f{n}>j{n}", uid=f"x{n}") for n in range(depth)), "j0>end"]
    assert reach(drawn(nodes, ways), "end", Codes()).needs == []


@pytest.mark.parametrize("seed", range(60))
def test_whoever_comes_there_has_taken_every_way_that_must_be_taken(seed):
    chance = random.Random(seed)
    uids = [f"n{index}" for index in range(12)]
    kinds = {uid: chance.choice(["decide", "some", "fork", "task", "join"]) for uid in uids}
    ways = ["start>n0"]
    for index, uid in enumerate(uids):
        onward = [*uids[index + 1 :], "end"]
        several = chance.sample(onward, min(len(onward), 2)) if kinds[uid] in ("decide", "some", "fork") else onward[:1]
        conditional = kinds[uid] in ("decide", "some")
        for number, target in enumerate(several):
            ask = chance.choice([DEAR, VIP, TOY]) if conditional and not number else None
            ways.append(edge(f"{uid}>{target}", ask, default=conditional and bool(number)))
    modes = {"decide": {}, "some": {}, "fork": {}, "join": {"mode": chance.choice(["all", "first", "reaching"])}}
    nodes = [task(uid) if kinds[uid] == "task" else node(uid, kinds[uid], **modes[kinds[uid]]) for uid in uids]
    flow = drawn(nodes, ways)
    data = {
        "quote": chance.choice(["1", "6000"]),
        "level": chance.choice(["vip", "regular"]),
        "kind": chance.choice(["toy", "x"]),
    }
    step = interpreter.start(flow, data, world())
    moves = list(step.trail)
    while open_ := [token for token in step.case.tokens.values() if token.signal == "submitted"]:
        step = interpreter.resume(flow, step.case, chance.choice(open_).id, "submitted", {}, world())
        moves += step.trail
    taken: set[str] = set()
    for move in moves:
        if move.outcome == "go":
            missing = set(reach(flow, move.node, Codes()).must) - taken
            assert not missing, (move.node, missing)
        taken |= set(move.edges)
