"""Waiting, and deadlines: when their timers are due, and what happens then. The world's clock stands still at NOW."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dougong import schemas
from dougong.builder.checks import check
from dougong.runtime import interpreter
from dougong.runtime.calendar import standard
from dougong.runtime.definition import Definition
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.world import World
from tests.drawing import chain, edge, field, flow_doc, form_doc, node, task, text

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 2, 13, 17, 0, tzinfo=SHANGHAI)
TICKET = form_doc(field("day", "date"), field("visit", "moment"), field("note"))
OFFICE = {
    "format": 1, "uid": "office", "kind": "calendar", "key": "office", "title": text("office"), "zone": "Asia/Shanghai",
    "shifts": [{"uid": "am", "days": [1, 2, 3, 4, 5], "from": "09:00", "to": "12:00"},
               {"uid": "pm", "days": [1, 2, 3, 4, 5], "from": "13:00", "to": "18:00"}],
    "dates": [{"uid": "up", "from": "2026-02-14", "like": 1}, {"uid": "sf", "from": "2026-02-15", "to": "2026-02-23"}],
}  # fmt: skip
REFS = (TICKET, OFFICE)
WORKING = {"time": "working", "calendar": "office"}
CLERK, HEAD = {"by": "role", "role": "clerk"}, {"by": "role", "role": "head"}


def at(moment=FRIDAY):
    """The world at a moment; the company's calendar is the standard week."""

    def answer(question):
        if question.kind == "later":
            asked = question.args
            found = standard("Asia/Shanghai").later(datetime.fromisoformat(asked["start"]), asked["amount"], asked["unit"])
            return {"moment": found.isoformat()}
        return {"principals": [f"role:{question.args.get('role', 'anybody')}"], "nobody": False}

    return World(moment, answer, None)


def started(step, data=None, moment=FRIDAY):
    definition = chain(step, "end", refs=REFS)
    return definition, interpreter.start(definition, data or {}, at(moment))


def timers(step):
    return [effect.args for _, effect in step.effects if effect.kind == "timer"]


def local(moment):
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def waiting(until, data=None, **config):
    _, step = started(node("w", "wait", until=until, **config), data)
    return [local(timer["due"]) for timer in timers(step)] or step.case.status


@pytest.mark.parametrize(
    ("until", "data", "due"),
    [
        ({"after": {"amount": 90, "unit": "minutes"}}, {}, "02-13 18:30"),
        ({"after": {"amount": 3, "unit": "days"}}, {}, "02-16 17:00"),
        ({"after": {"amount": 90, "unit": "minutes", **WORKING}}, {}, "02-14 09:30"),
        ({"after": {"amount": 2, "unit": "days", **WORKING}}, {}, "02-24 17:00"),
        ({"after": {"amount": 2, "unit": "hours", "time": "working"}}, {}, "02-16 10:00"),  # the company's own: no 调休
        ({"field": "day"}, {"day": "2026-03-02"}, "03-02 00:00"),
        ({"field": "visit"}, {"visit": "2026-03-02T01:30:00Z"}, "03-02 09:30"),
        ({"field": "visit", "offset": {"amount": -30, "unit": "minutes"}}, {"visit": "2026-03-02T01:30:00Z"}, "03-02 09:00"),
        ({"field": "day", "offset": {"amount": -2, "unit": "days", **WORKING}}, {"day": "2026-02-25"}, "02-14 09:00"),
        ({"field": "day", "offset": {"amount": 1, "unit": "days", **WORKING}}, {"day": "2026-02-14"}, "02-24 09:00"),
    ],
)
def test_a_wait_is_due_when_its_time_has_passed(until, data, due):
    assert waiting(until, data) == [due]


def test_a_timer_leads_on_and_is_named_in_utc():
    definition, step = started(node("w", "wait", until={"after": {"amount": 1, "unit": "hours"}}))
    assert timers(step) == [{"signal": "due", "due": "2026-02-13T10:00:00.000Z"}]
    assert interpreter.resume(definition, step.case, 2, "due", {}, at()).case.status == "done"


@pytest.mark.parametrize(
    ("data", "otherwise", "found"),
    [
        ({}, "go", "done"),
        ({"day": "2026-02-13"}, "go", "done"),
        ({}, "fail", "case.date_is_empty"),
        ({"day": "2026-02-12"}, "fail", "case.date_is_past"),
    ],
)
def test_an_empty_or_past_date_goes_on_at_once_or_stops(data, otherwise, found):
    _, step = started(node("w", "wait", until={"field": "day"}, otherwise=otherwise), data)
    reasons = [token.reason.code for token in step.case.tokens.values() if token.reason]
    assert (reasons or [step.case.status]) == [found]


@pytest.mark.parametrize(
    "until",
    [
        {"after": {"amount": 200_000, "unit": "hours"}},
        {"after": {"amount": 500_000, "unit": "days", **WORKING}},
        {"field": "day", "offset": {"amount": 1, "unit": "hours", **WORKING}},
    ],
)
def test_what_is_too_far_away_stops_with_a_reason(until):
    _, step = started(node("w", "wait", until=until), {"day": "9999-12-31"})
    assert [token.reason.code.split(".")[0] for token in step.case.tokens.values()] == ["calendar"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("amount", [3, -3])
@pytest.mark.parametrize(
    "of", [{"unit": "hours"}, {"unit": "days"}, {"unit": "days", "time": "working"}, {"unit": "days", **WORKING}], ids=str
)
def test_near_the_ends_of_the_calendar_nothing_is_reckoned_with_and_it_says_so(zone, amount, of):
    for key, found in (("day", "{}"), ("visit", "{}T00:00:00+00:00"), ("visit", "{}T23:59:59+00:00")):
        for day in ("0001-01-01", "9999-12-31"):
            when = {"field": key, "offset": {"amount": amount, **of}}
            for one in (node("w", "wait", until=when), task("w", deadlines=[{"uid": "d", "when": when, "then": "remind"}])):
                _, step = started(one, {key: found.format(day)}, FRIDAY.astimezone(ZoneInfo(zone)))
                assert [token.reason.code for token in step.case.tokens.values()] == ["calendar.no_such_year"]


def deadline(then, amount=2, **more):
    return {"uid": f"d{then}", "when": {"after": {"amount": amount, "unit": "hours", **WORKING}}, "then": then, **more}


def test_a_task_has_a_timer_for_each_deadline_and_is_due_by_the_first_that_is_more_than_a_reminder():
    step = task("a", deadlines=[deadline("remind", 1), deadline("escalate", 3, to=HEAD), deadline("leave", 8)])
    _, step = started(step)
    assert [(timer["values"]["deadline"], local(timer["due"])) for timer in timers(step)] == [
        ("dremind", "02-13 18:00"), ("descalate", "02-14 11:00"), ("dleave", "02-14 17:00"),
    ]  # fmt: skip
    assert local(step.case.tokens[2].memo["due"]) == "02-14 11:00"


def passed(definition, step, uid, count=0, moment=FRIDAY):
    return interpreter.resume(definition, step.case, 2, "deadline", {"deadline": uid, "count": count}, at(moment))


def test_what_happens_when_a_deadline_passes():
    told = [deadline("remind"), deadline("escalate", to=HEAD, text=text("late")), deadline("reassign", to=HEAD)]
    definition, step = started(task("a", deadlines=told))
    for uid, effect in (
        ("dremind", ("overdue", {"title": text("a"), "token": 2, "then": "remind"})),
        (
            "descalate",
            (
                "overdue",
                {"title": text("a"), "token": 2, "then": "escalate", "text": text("late"), "principals": ["role:head"]},
            ),
        ),
        ("dreassign", ("open_task", {"principals": ["role:head"], "customer": False, "again": True})),
        ("gone", None),
    ):
        found = passed(definition, step, uid)
        assert [(one.kind, one.args) for _, one in found.effects] == ([effect] if effect else [])
        assert [(token.state, token.node) for token in found.case.tokens.values()] == [("waiting", "a")]
        assert interpreter.resume(definition, found.case, 2, "submitted", {}, at()).case.status == "done"


def test_it_is_reminded_again_until_the_most():
    repeat = {"every": {"amount": 1, "unit": "hours", **WORKING}, "most": 2}
    definition, step = started(task("a", deadlines=[deadline("remind", repeat=repeat)]))
    later = datetime(2026, 2, 14, 11, 0, tzinfo=SHANGHAI)
    again = [timers(passed(definition, step, "dremind", count, later)) for count in (0, 1, 2)]
    assert [[(local(one["due"]), one["values"]["count"]) for one in found] for found in again] == [
        [("02-14 12:00", 1)], [("02-14 12:00", 2)], [],
    ]  # fmt: skip


def overdue_flow(*deadlines, on="deadline"):
    late = {**edge("a>late"), **({"on": on} if on else {})}
    nodes = [node("start", "start"), task("a", deadlines=list(deadlines)), task("late"), node("end", "end")]
    return flow_doc(nodes, ["start>a", "a>end", late, "late>end"])


def test_another_way_is_taken():
    definition = Definition.from_json(overdue_flow(deadline("leave")), REFS)
    step = interpreter.start(definition, {}, at())
    assert [token.node for token in passed(definition, step, "dleave").case.tokens.values()] == ["late"]
    assert interpreter.resume(definition, step.case, 2, "submitted", {}, at()).case.status == "done"


def test_a_deadline_at_an_empty_date_is_none_and_at_a_past_one_due_at_once():
    soon = {"uid": "d", "when": {"field": "day", "offset": {"amount": -1, "unit": "days"}}, "then": "remind"}
    assert timers(started(task("a", deadlines=[soon]))[1]) == []
    _, step = started(task("a", deadlines=[soon]), {"day": "2026-02-01"})
    assert [local(timer["due"]) for timer in timers(step)] == ["02-13 17:00"]


ROLES = {("role", key): {"kind": "role", "key": key} for key in ("clerk", "head")}
KNOWN = {("form", "form"): TICKET, ("calendar", "office"): OFFICE, **ROLES}


def said(*deadlines, refs=KNOWN, on="deadline"):
    found = check(overdue_flow(*deadlines, on=on), refs)
    return [(one.reason.code, one.path) for one in found if one.severity == "error"]


def test_an_ordinary_deadline_has_no_problems():
    assert said(deadline("leave"), deadline("escalate", to=HEAD), deadline("remind")) == []
    before = {"amount": -2, "unit": "hours"}
    for name in ("day", "visit"):  # two hours before a day begins, or before the appointment
        assert said(deadline("leave"), {"uid": "x", "when": {"field": name, "offset": before}, "then": "remind"}) == []
    for name in ("wait", "user_task"):
        assert "properties" in NODE_TYPES[name].config
        assert schemas.config_validator(NODE_TYPES[name].config)


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (deadline("escalate"), ("check.deadline_without_people", "/deadlines/0/to")),
        (deadline("escalate", to={"by": "role", "role": "gone"}), ("check.no_such_role", "/deadlines")),
        ({**deadline("remind"), "when": {"field": "note"}}, ("check.field_of_kind", "/deadlines/0/when/field")),
        (
            {**deadline("remind"), "when": {"after": {"amount": 1, "unit": "days", "calendar": "office"}}},
            ("check.calendar_not_asked", "/deadlines/0/when/after/calendar"),
        ),
        (
            {**deadline("remind"), "when": {"after": {"amount": 1, "unit": "days", "time": "working", "calendar": "gone"}}},
            ("check.no_such_calendar", "/deadlines"),
        ),
        (
            {**deadline("remind"), "when": {"after": {"amount": 5000, "unit": "days"}}},
            ("schema.too_great", "/deadlines/0/when/after/amount"),
        ),
    ],
)
def test_what_is_wrong_with_a_deadline_is_said_where_it_stands(one, problem):
    code, path = problem
    assert (code, f"/nodes/1/config{path}") in said(deadline("leave"), {**one, "uid": "x"}) + said({**one, "uid": "x"})


def test_another_way_must_be_drawn():
    assert ("check.deadline_without_way", "/nodes/1/config/deadlines/0/then") in said(deadline("leave"), on="")


# --- approvals


def asked(*deadlines, **config):
    """An approval by two, both of whom must agree."""
    step = node("a", "approval", **{"who": CLERK, "mode": "all", **config}, deadlines=list(deadlines))

    def answer(question):
        if question.kind == "persons":
            return {"persons": ["anna", "ben"]}
        if question.args.get("by") == "person":
            return {"principals": [f"person:{question.args['person']}"], "nobody": False}
        return at().answer(question)

    world = World(FRIDAY, answer, None)
    definition = chain(step, "end", refs=REFS)
    return definition, interpreter.start(definition, {}, world, initiator="person:carl"), world


def test_the_approvers_of_a_step_share_its_deadlines():
    _, step, _ = asked(deadline("pass", 3))
    assert [local(timer["due"]) for timer in timers(step)] == ["02-14 11:00"]
    assert [local(token.memo["due"]) for token in step.case.tokens.values()] == ["02-14 11:00"] * 3


@pytest.mark.parametrize(
    ("then", "status", "result", "stands"),
    [
        ("pass", "done", "completed", []),
        ("reject", "done", "rejected", []),
        ("return", "running", None, ["start"]),
        ("remind", "running", None, ["a", "a", "a"]),
    ],
)
def test_an_approval_that_nobody_decides_in_time(then, status, result, stands):
    definition, step, world = asked(deadline(then))
    found = interpreter.resume(definition, step.case, 2, "deadline", {"deadline": f"d{then}"}, world)
    assert (found.case.status, found.case.result) == (status, result)
    assert [token.node for token in found.case.tokens.values()] == stands


def test_who_has_agreed_before_an_approval_passes_by_itself_is_remembered():
    definition, step, world = asked(deadline("pass"))
    anna = World(FRIDAY, world.answer, "person:anna")
    once = interpreter.resume(definition, step.case, 3, "approve", {"opinion": "ok"}, anna)
    found = interpreter.resume(definition, once.case, 2, "deadline", {"deadline": "dpass"}, world)
    assert found.case.memo["agreed"]["last"] == ["anna"]


def given_to(*others, mode="all", **config):
    """The step of `asked`, a has agreed in time, then the deadline gives it to these others: who has it and how it ends when
    all of them agree."""
    definition, step, world = asked(deadline("reassign", to={"by": "role", "role": "others"}), **config, mode=mode)
    others = list(others)

    def answer(question):
        wanted = question.kind == "persons" and question.args.get("role") == "others"
        return {"persons": others} if wanted else world.answer(question)

    def by(who):
        return World(FRIDAY, answer, who and f"person:{who}")

    case = step.case
    if mode == "all":
        case = interpreter.resume(definition, case, 3, "approve", {"opinion": "ok"}, by("anna")).case
    case = interpreter.resume(definition, case, 2, "deadline", {"deadline": "dreassign"}, by(None)).case
    seen = []
    while case.status == "running" and len(seen) < 5:
        seats = [token for token in case.tokens.values() if token.parent is not None]
        seen.append([token.memo["person"] for token in seats])
        case = interpreter.resume(definition, case, seats[0].id, "approve", {"opinion": "ok"}, by(seats[0].memo["person"])).case
    return seen, case.status, case.memo["agreed"]["last"]


def test_others_decide_instead_of_those_who_were_late_and_what_was_decided_stands():
    assert given_to("dan", "eve") == ([["dan", "eve"], ["eve"]], "done", ["anna", "dan", "eve"])
    assert given_to("anna", "dan") == ([["dan"]], "done", ["anna", "dan"])
    assert given_to("dan", "eve", mode="sequence") == ([["dan"], ["eve"]], "done", ["dan", "eve"])
    assert given_to("dan", "eve", mode="any") == ([["dan", "eve"]], "done", ["dan"])


def test_where_there_is_nobody_to_give_it_to_it_is_the_administrators():
    assert given_to() == ([[""]], "done", ["anna", ""])


def test_of_weights_the_others_share_what_is_left():
    weights = [{"uid": "w1", "who": CLERK, "weight": 3}]  # anna and ben, three each
    seen, status, agreed = given_to("dan", "eve", mode="weight", weights=weights, passing=6)
    assert (seen, status, agreed) == ([["dan", "eve"], ["eve"]], "done", ["dan", "eve"])


# --- each entry of a list


def test_each_item_of_a_list_has_the_deadlines_of_its_step():
    step = node("a", "for_each", who=CLERK, times=2, deadlines=[deadline("remind"), deadline("escalate", 4, to=HEAD)])
    definition, begun = started(step)
    assert [(token.id, effect.args["values"]["deadline"]) for token, effect in begun.effects if effect.kind == "timer"] == [
        (3, "dremind"), (3, "descalate"), (4, "dremind"), (4, "descalate"),
    ]  # fmt: skip
    found = interpreter.resume(definition, begun.case, 3, "deadline", {"deadline": "descalate"}, at())
    assert [(effect.kind, effect.args["token"]) for _, effect in found.effects] == [("overdue", 3)]
    assert len(found.case.tokens) == 3


def test_the_first_of_an_answer_and_a_timer_takes_the_other_away():
    nodes = [
        node("start", "start"), node("race", "first"), task("a"), task("late"), node("end", "end"),
        node("w", "wait", until={"after": {"amount": 1, "unit": "hours"}}),
    ]  # fmt: skip
    ways = ["start>race", "race>a", "race>w", "a>end", "w>late", "late>end"]
    definition = Definition.from_json(flow_doc(nodes, ways), REFS)
    begun = interpreter.start(definition, {}, at())
    waits = next(token for token in begun.case.tokens.values() if token.node == "w")
    found = interpreter.resume(definition, begun.case, waits.id, "due", {}, at())
    assert [token.node for token in found.case.tokens.values()] == ["late"]
