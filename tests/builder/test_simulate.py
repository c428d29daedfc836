"""A play without a world: who fills what at which step, what comes of it, and what is told where a story does not come true."""

import pytest

from dougong.builder.samples import calculated
from dougong.builder.simulate import play, verdict
from dougong.platform.messages import say
from dougong.runtime.reason import Reason, Refused
from tests.drawing import all_of, edge, field, flow, flow_doc, form_doc, node, options, rule, task, text
from tests.runtime import settling

FORM = form_doc(
    field("note", required=True),
    field("amount", "money"),
    field("level", "choice", config=options("vip", "regular")),
    field(
        "customer",
        "record",
        config={"entity": "customer", "fill": [{"from": "level", "to": "level"}, {"from": "name", "to": "note"}]},
    ),
    field("dealer", "record", config={"entity": "dealer"}),
    field("day", "date"),
)
FEE = {
    "format": 1,
    "uid": "fee",
    "kind": "settlement",
    "key": "fee",
    "title": text("fee"),
    "partner": "dealer",
    "date": "day",
    "currency": "CNY",
    "inputs": [
        field("dealer", "record", config={"entity": "dealer"}),
        field("day", "date"),
        {**field("grade", "choice", config=options("A", "B")), "from": {"input": "dealer", "field": "grade"}},
    ],
    "line": {
        "dimensions": [{"uid": "g", "input": "grade"}],
        "rules": [
            {"uid": "a", "when": {"g": {"in": ["A"]}}, "charge": {"model": "flat", "amount": "144"}},
            {"uid": "rest", "when": {}, "charge": {"model": "flat", "amount": "80"}},
        ],
    },
}
NODES = [
    node("start", "start", rights={"*": "hidden", "note": "write", "customer": "write", "level": "read"}),
    node("d", "decide"),
    task("boss", rights={"*": "read", "amount": "required"}),
    task("clerk", rights={"*": "read", "dealer": "required"}),
    node("pay", "settle", settlement="fee", inputs={"dealer": "dealer"}, amount_field="amount"),
    node("end", "end"),
]
EDGES = [
    "start>d",
    edge("d>boss", all_of(rule("level", "equals", "vip"))),
    edge("d>clerk", default=True),
    "boss>clerk",
    "clerk>pay",
    "pay>end",
]
REPAIR = flow(NODES, EDGES, FORM, FEE)
RECORDS = {"vip": {"name": "周先生", "level": "vip"}, "dealer_a": {"grade": "A"}}


def told(say, then, records=None):
    story = {"uid": "s", "title": text("s"), "say": say, "then": then, **({"records": records} if records else {})}
    straight, reloaded = verdict(REPAIR, story), verdict(REPAIR, story, reloaded=True)
    assert straight == reloaded
    return [(reason.code, reason.params) for reason in straight]


WHOLE = [["start", {"note": "漏水"}], ["clerk", {"dealer": "dealer_a"}]]


def test_a_story_that_comes_true_is_not_worth_a_word():
    then = {
        "status": "done",
        "result": "completed",
        "waiting": [],
        "data": {"amount": "80.00", "note": "漏水"},
        "visited": ["start", "d", "clerk", "clerk", "pay", "end"],
    }
    assert told(WHOLE, then) == []


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ({"status": "running"}, "工单应“进行中”，实际“已结束”。"),
        ({"result": "rejected"}, "结果应为“rejected”，实际为“completed”。"),
        ({"waiting": ["boss"]}, "工单应停在“boss”，实际停在“—”。"),
        ({"visited": ["start", "end"]}, "工单应经过“start、end”，实际经过“start、d、clerk、clerk、pay、end”。"),
        ({"data": {"amount": "81.00"}}, "“amount”应为“81.00”，实际为“80.00”。"),
        ({"data": {"level": "vip"}}, "“level”应为“vip”，实际为“—”。"),
    ],
)
def test_what_does_not_come_true_is_told_in_words(then, words):
    [(code, params)] = told(WHOLE, then)
    assert say(Reason(code, params), "zh-Hans") == words


def test_records_fill_in_what_the_step_may_not_write_and_what_it_left_out():
    say = [["start", {"customer": "vip", "note": "漏水"}]]
    assert told(say, {"waiting": ["boss"], "data": {"level": "vip", "note": "漏水"}}, RECORDS) == []
    found = play(REPAIR, say, RECORDS)
    assert found.case.data["customer"] == {"id": "vip", "title": ""}
    assert play(REPAIR, say).case.data.get("level") is None


def test_a_record_fills_in_its_row_and_the_row_is_calculated_with_it():
    fill = [{"from": "price", "to": "price"}]
    columns = [
        field("part", "record", config={"entity": "part", "fill": fill}),
        field("count", "number"),
        field("price", "money"),
        field("amount", "formula", config={"formula": "count * price"}),
    ]
    form = form_doc(field("items", "subform", config={"columns": columns}))
    whole = flow([node("start", "start"), node("end", "end")], ["start>end"], form)
    found = play(whole, [["start", {"items": [{"part": "seal", "count": "3"}]}]], {"seal": {"price": "2.50"}})
    assert [(row["price"], row["amount"]) for row in found.case.data["items"]] == [("2.50", "7.5")]


def test_a_settlement_looks_up_in_the_records_of_the_story():
    assert told(WHOLE, {"data": {"amount": "144.00"}}, RECORDS) == []
    assert told(WHOLE, {"data": {"amount": "80.00"}}) == []


@pytest.mark.parametrize(
    ("say", "code"),
    [
        ([["gone", {}]], "story.no_such_step"),
        ([["clerk", {"dealer": "d"}]], "story.begins_elsewhere"),
        ([["start", {"note": "x"}], ["start", {"note": "y"}]], "story.begins_elsewhere"),
        ([["start", {}]], "story.field_refused"),
        ([["start", {"note": "x" * 500}]], "story.field_refused"),
        ([["start", {"note": "x"}], ["boss", {"amount": "1"}]], "story.nobody_waits"),
        ([["start", {"note": "x"}], ["clerk", {"dealer": "d"}], ["clerk", {"dealer": "d"}]], "story.nobody_waits"),
        ([["start", {"note": "x"}], ["clerk", {}]], "story.field_refused"),
    ],
)
def test_what_nobody_could_do_is_refused_with_the_reason(say, code):
    assert [found for found, _ in told(say, {"status": "done"})] == [code]


def test_a_refused_field_says_why():
    [(_, params)] = told([["start", {}]], {})
    assert params == {"field": "note", "why": {"code": "field.required", "params": {}}}


def test_what_a_step_may_not_write_is_not_taken_from_a_story_either():
    assert told([["start", {"note": "x", "level": "vip"}]], {"waiting": ["clerk"]}) == []


def test_why_a_ticket_stopped_is_told_with_what_did_not_come_true():
    broken = flow(
        [
            node("start", "start"),
            node("s", "set", fields=[{"uid": "1", "field": "note", "formula": "1 / 0"}]),
            node("end", "end"),
        ],
        ["start>s", "s>end"],
        FORM,
    )
    story = {"say": [["start", {"note": "x"}]], "then": {"status": "done"}}
    assert [reason.code for reason in verdict(broken, story)] == ["story.differs.status", "formula.division_by_zero"]
    assert verdict(broken, {**story, "then": {"status": "failed"}}) == []


def test_a_step_without_a_form_takes_what_it_is_given():
    bare = flow([node("start", "start"), task("a"), node("end", "end")], ["start>a", "a>end"])
    assert play(bare, [["start", {"x": 1}], ["a", {"y": 2}]]).case.data == {"x": 1, "y": 2}


def test_effects_are_told_and_nothing_else_happens():
    found = play(REPAIR, WHOLE, RECORDS)
    assert [kind for kind, _ in found.effects] == ["open_task", "settle"]
    assert found.effects[1][1]["amount"] == "144.00"


def test_a_sample_is_calculated_as_at_run_time():
    draft = {
        **FEE,
        "statement": {
            "dimensions": [],
            "rules": [
                {"uid": "bonus", "when": {}, "charge": {"model": "percentage", "measure": {"lines": True}, "percent": "5"}}
            ],
        },
    }
    refs = {
        ("entity", "dealer"): {
            **form_doc(field("grade", "choice", config=options("A", "B"))),
            "kind": "entity",
            "key": "dealer",
        }
    }
    found = calculated(draft, [{"dealer": "d", "grade": "A"}, {"dealer": "d"}, {"dealer": "d", "grade": "Z"}], refs)
    assert [one.get("amount") for one in found["lines"]] == ["144.00", "80.00", None]
    assert found["lines"][2]["errors"]["grade"]["code"] == "field.choice.unknown"
    assert [one["gross"] for one in found["statements"]] == ["235.20"]
    assert calculated({**draft, "partner": "gone"}, [], refs) == {"problems": True, "lines": [], "statements": []}


def test_the_clock_of_a_sample_is_that_of_the_settlement():
    """Half past eleven in the evening of the last of October, in Shanghai, is in October."""
    until = settling.rule("october", settling.flat("5"), valid={"below": "2026-11-01"})
    line = settling.table(until, settling.rule("later", settling.flat("7")))
    draft = settling.drawn(line=line, date="at", zone="Asia/Shanghai")
    found = calculated(draft, [{"dealer": "d", "at": "2026-10-31T23:30"}, {"dealer": "d", "at": "2026-11-01T00:00"}], {})
    assert [one["rule"] for one in found["lines"]] == ["october", "later"]


@pytest.mark.parametrize(("draft", "lines"), [(None, []), ({"kind": "form"}, []), (FEE, {}), (FEE, [1]), (FEE, [{}] * 201)])
def test_a_sample_of_nonsense_is_refused(draft, lines):
    with pytest.raises(Refused):
        calculated(draft, lines, {})


def test_a_story_is_what_its_schema_says():
    from dougong import schemas

    story = {"uid": "s", "title": text("s"), "say": WHOLE, "then": {"status": "done"}, "records": RECORDS}
    assert schemas.problems("workflow", flow_doc(NODES, EDGES, stories=[story])) == []
    assert [
        code for _, code, _ in schemas.problems("workflow", flow_doc(NODES, EDGES, stories=[{**story, "records": {"a": 1}}]))
    ] == ["schema.type"]


BOARD = flow(
    [
        node("start", "start"),
        node("board", "approval", who={"by": "role", "role": "board"}, mode="all", transfer=True),
        node("head", "approval", who={"by": "unit_head", "unit": {"of": "initiator"}}, initiator="self"),
        node("end", "end"),
    ],
    ["start>board", "board>head", "head>end"],
    FORM,
)
BEGUN = ["start", {"note": "x"}]


@pytest.mark.parametrize(
    ("said", "waiting"),
    [
        ([], {"li", "wang"}),
        ([["board", {}, {"by": "wang"}]], {"li"}),
        ([["board", {}, {"by": "li"}], ["board", {}, {"by": "wang"}]], {"unit_head"}),
        ([["board", {"to": "zhao"}, {"by": "li", "signal": "transfer"}]], {"zhao", "wang"}),
    ],
)
def test_who_approves_is_named_in_the_story(said, waiting):
    for reloaded in (False, True):
        found = play(BOARD, [BEGUN, *said], people={"board": ["li", "wang"]}, reloaded=reloaded)
        assert found.refused == []
        assert {token.memo["person"] for token in found.case.tokens.values() if token.signal == "submitted"} == waiting


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["board", {}, {"by": "nobody"}], "story.nobody_waits"),
        (["board", {}, {"by": "li", "signal": "reject"}], "approval.opinion_missing"),
        (["board", {"token": "x"}, {"by": "li", "signal": "remove_signer"}], "story.unreadable"),
        (["board", {}, {"by": "li", "signal": "dance"}], "story.nobody_waits"),
    ],
)
def test_what_a_person_of_a_story_cannot_do_is_told(line, code):
    assert [reason.code for _, reason in play(BOARD, [BEGUN, line], people={"board": ["li", "wang"]}).refused] == [code]


def test_a_refusal_ends_the_story_of_an_approval():
    story = {
        "say": [BEGUN, ["board", {"opinion": "no"}, {"by": "wang", "signal": "reject"}]],
        "people": {"board": ["li", "wang"]},
    }
    assert verdict(BOARD, {**story, "then": {"status": "done", "result": "rejected", "waiting": []}}) == []
    assert [one.code for one in verdict(BOARD, {**story, "then": {"result": "approved"}})] == ["story.differs.result"]


def test_a_story_counts_what_it_has_settled_itself_and_draws_from_its_own_pools():
    """Ten a line to the first, five from the second on; and what a pool of 8 adds."""
    steps = [{"uid": "one", "below": "2", "rate": "10"}, {"uid": "more", "below": None, "rate": "5"}]
    second = {"model": "volume", "qualifier": {"count": True, "over": {"period": "month", "so_far": True}}, "tiers": steps}
    pool = {"uid": "p", "measure": {"count": True}, "rate": "5", "budget": "8"}
    doc = {**FEE, "line": {"dimensions": [], "rules": [{"uid": "one", "when": {}, "charge": second}]}, "pools": [pool]}
    pay = {"settlement": "fee", "inputs": {"dealer": "dealer"}, "amount_field": "amount"}
    nodes = [node("start", "start"), node("p", "settle", **pay), task("a"), node("q", "settle", **pay), node("end", "end")]
    definition = flow(nodes, ["start>p", "p>a", "a>q", "q>end"], FORM, doc)
    say = [["start", {"note": "x", "dealer": {"id": "d", "title": "D"}}], ["a", {}]]
    for reloaded in (False, True):
        found = play(definition, say, {"d": {"grade": "A"}}, reloaded=reloaded)
        assert [args["amount"] for args in found.settled] == ["15.00", "8.00"]
        assert found.case.data["amount"] == "8.00"


HOUR = {"uid": "s", "field": "note", "formula": "HOUR(NOW())"}
LATE = flow(
    [
        node("start", "start"), task("t"), node("late", "set", fields=[HOUR]),
        node("today", "decide"), task("same"), task("other"),
    ],
    ["start>t", "t>late", "late>today", edge("today>same", all_of(rule("day", "is_today"))), edge("today>other", default=True)],
    FORM,
)  # fmt: skip


def clocked(*say, at="2026-10-01T23:30", zone="Asia/Shanghai", reloaded=False):
    return play(LATE, [["start", {"note": "x", "day": "2026-10-01"}], *say], clock={"at": at, "zone": zone}, reloaded=reloaded)


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_story_begins_when_it_says_and_a_line_puts_its_clock_forward(reloaded):
    def stands(*say, **more):
        case = clocked(*say, reloaded=reloaded, **more).case
        return case.data["note"], [token.node for token in case.tokens.values()]

    assert stands(["t", {}]) == ("23", ["same"]), "the day of its zone: in Greenwich it is the first as well, at three"
    assert stands(["t", {}], zone="America/New_York") == ("23", ["same"])
    assert stands(["t", {}, {"at": "2026-10-02T00:15"}]) == ("0", ["other"])


@pytest.mark.parametrize(
    ("clock", "at", "code"),
    [
        ({}, "2026-10-01T23:29", "story.goes_back"),
        ({}, "2026-02-30T10:00", "story.no_such_moment"),
        ({"at": "2026-02-30T10:00"}, "2026-10-02T00:00", "story.no_such_moment"),
        ({"zone": "Mars/Base"}, "2026-10-02T00:00", "story.no_such_zone"),
        ({"zone": "America"}, "2026-10-02T00:00", "story.no_such_zone"),
    ],
)
def test_a_clock_that_cannot_be_is_told(clock, at, code):
    found = clocked(["t", {}, {"at": at}], **clock)
    assert [reason.code for _, reason in found.refused] == [code]
