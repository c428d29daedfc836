"""Deadlines and waits by the worker's clock, and the clock of a ticket that stands still while only the customer can act."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from dougong.platform.store import driver_reading, moment, transaction
from dougong.platform.wakeups import Wakeup
from dougong.runtime.host import answers, repairs, tasks, verbs, worker
from dougong.runtime.host.tables import Clock, EffectRow, History, Notice, Record, Task
from dougong.runtime.host.verbs import Actor, Done
from tests.cast import Cast
from tests.drawing import edge, field, flow_doc, form_doc, node, task
from tests.host.test_races import publish

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)  # an ordinary working week


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the time of day for the steps of tickets."""
    now = [MONDAY]

    class Clockwork(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return now[0].astimezone(tz) if tz else now[0].replace(tzinfo=None)

    monkeypatch.setattr(verbs, "datetime", Clockwork)
    monkeypatch.setattr(answers, "datetime", Clockwork)

    def set_to(day: int, clock: str) -> None:
        now[0] = datetime.fromisoformat(f"2026-03-{day:02} {clock}").replace(tzinfo=SHANGHAI)

    return set_to


def local(text: str | None) -> str:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%d %H:%M") if text else ""


def timers(cast: Cast, ticket_id: str) -> dict[str, EffectRow]:
    with cast.reading() as session:
        asked = select(EffectRow).where(EffectRow.ticket_id == ticket_id, EffectRow.kind == "timer", EffectRow.state == "todo")
        return {row.args["values"]["deadline"]: row for row in session.scalars(asked)}


def due_now(cast: Cast, *effect_ids: str) -> None:
    """These timers are due, and the worker performs whatever is."""
    with cast.app.app_context():
        with transaction(None) as session:
            session.execute(update(Wakeup).where(Wakeup.effect_id.in_(effect_ids)).values(due_at="2020-01-01T00:00:00.000Z"))
        while worker.sweep():
            pass


def told(cast: Cast, name: str) -> list[str]:
    with cast.reading() as session:
        return [one.text["zh-Hans"] for one in session.scalars(select(Notice).where(Notice.member_id == cast.member_id(name)))]


def test_a_task_is_due_by_its_calendar_and_says_so(cast: Cast, at: Any) -> None:
    ticket_id = cast.file()
    with cast.reading() as session:
        its = session.scalars(select(Task).where(Task.ticket_id == ticket_id)).one()
    assert local(its.due_at) == "02 15:00"  # ten o'clock, four hours, and lunch
    assert {name: local(row.args["due"]) for name, row in timers(cast, ticket_id).items()} == {
        "respond": "02 12:00", "head": "02 15:00",
    }  # fmt: skip
    page = cast.sign_in("frank").get("/t/acme/inbox?tab=queue").text
    assert "已超时" in page  # that Monday is long past
    assert "已超时" in cast.sign_in("frank").get(f"/t/acme/tickets/{ticket_id}").text


def test_a_deadline_reminds_then_tells_the_head_and_dies_with_the_task(cast: Cast) -> None:
    ticket_id = cast.file()
    due_now(cast, timers(cast, ticket_id)["respond"].id)
    assert told(cast, "frank") == ["请尽快办理“网点诊断”，时限已到"]
    assert told(cast, "helen") == []
    again = timers(cast, ticket_id)["respond"]
    assert again.args["values"]["count"] == 1
    due_now(cast, timers(cast, ticket_id)["head"].id)
    assert [one for one in told(cast, "helen") if "没有响应" in one]
    assert cast.sign_in("helen").get(f"/t/acme/tickets/{ticket_id}").status_code == 200
    assert cast.waiting(ticket_id) == ["diagnose"]
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    due_now(cast, again.id)
    assert len([one for one in told(cast, "frank") if "时限已到" in one]) == 1
    with cast.reading() as session:
        row = session.scalars(select(EffectRow).where(EffectRow.id == again.id)).one()
        verbs = session.scalars(select(History.verb).where(History.ticket_id == ticket_id).order_by(History.step)).all()
    assert row.state == "void"
    assert verbs[:3] == ["filed", "deadline", "deadline"]


def test_of_two_that_are_due_in_one_batch_the_second_is_void_where_the_first_has_ended_its_step(cast: Cast) -> None:
    deadlines = [
        {"uid": name, "when": {"after": {"amount": hours, "unit": "hours"}}, "then": then, "to": {"by": "initiator"}}
        for name, hours, then in (("first", 1, "leave"), ("second", 2, "escalate"))
    ]
    work = task("work", who={"by": "initiator"}, rights={"*": "write"}, deadlines=deadlines)
    form = form_doc(field("note"), key="late")
    nodes = [node("start", "start"), work, task("late", who={"by": "initiator"}, rights={"*": "write"}), node("end", "end")]
    edges = ["start>work", "work>end", edge("work>late", on="deadline"), "late>end"]
    publish(cast, form, flow_doc(nodes, edges, key="late", form="late"))
    tickets = [cast.file("bob", "late", note="n") for _ in range(2)]
    due_now(cast, *(row.id for ticket in tickets for row in timers(cast, ticket).values()))
    assert [cast.waiting(ticket) for ticket in tickets] == [["late"], ["late"]]
    with cast.reading() as session:
        rows = session.scalars(select(EffectRow).where(EffectRow.ticket_id.in_(tickets))).all()
    assert sorted((row.args["values"]["deadline"], row.state, row.attempts) for row in rows) == [
        ("first", "done", 1), ("first", "done", 1), ("second", "void", 0), ("second", "void", 0),
    ]  # fmt: skip
    with cast.app.app_context(), transaction(None) as session:
        assert session.scalars(select(Wakeup.effect_id).where(Wakeup.due_at <= moment())).all() == []


def test_what_is_taken_back_is_due_when_it_was_and_what_has_run_out_meanwhile_is_due_now(cast: Cast) -> None:
    ticket_id = cast.file()
    before = {name: row.id for name, row in timers(cast, ticket_id).items()}
    due_at = cast.open_task(ticket_id, "diagnose").due_at
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    assert {row.id for row in timers(cast, ticket_id).values()}.isdisjoint(before.values())
    due_now(cast, before["head"])  # the worker has seen that it is void, and forgotten it
    cast.sign_in("frank").post(f"/t/acme/tickets/{ticket_id}/take_back")
    assert {name: row.id for name, row in timers(cast, ticket_id).items()} == before
    assert cast.open_task(ticket_id, "diagnose").due_at == due_at
    with cast.app.app_context(), transaction(None) as session:
        assert session.scalars(select(Wakeup.due_at).where(Wakeup.effect_id == before["head"])).all() == [due_at]


def to_the_rating(cast: Cast, ticket_id: str) -> None:
    for name, step, values in [
        ("frank", "diagnose", {"diagnosis": "x", "quote": "100", "needs_parts": "false"}),
        ("ivan", "parts", {"parts_result": "not_needed"}),
        ("judy", "quality", {"quality_result": "passed"}),
        ("kevin", "supervise", {"supervisor_note": "ok"}),
        ("frank", "close", {"result": "fixed", "solution": "x", "closed_on": "2026-03-03", "service_dealer": dealer(cast)}),
    ]:
        cast.work(name, ticket_id, step, **values)


def dealer(cast: Cast) -> str:
    with cast.reading() as session:
        return session.scalars(select(Record.id).where(Record.entity_key == "dealer")).first() or ""


def rate(cast: Cast, ticket_id: str, stars: str) -> None:
    """As the customer does over his link."""
    its = cast.open_task(ticket_id, "rate")
    actor = Actor(cast.tenants["acme"], "Asia/Shanghai", "customer", "客户", frozenset({"customer"}))
    with cast.reading():
        assert isinstance(tasks.submit(actor, its.id, its.revision, {"rating": stars}), Done)


def clock_of(cast: Cast, ticket_id: str) -> Clock:
    with cast.reading() as session:
        return session.scalars(select(Clock).where(Clock.ticket_id == ticket_id)).one()


def test_the_clock_stands_still_while_only_the_customer_can_act_and_loses_nothing(cast: Cast, at: Any) -> None:
    ticket_id = cast.file()
    assert (clock_of(cast, ticket_id).state, local(clock_of(cast, ticket_id).due_at)) == ("running", "05 10:00")
    at(3, "11:00")
    to_the_rating(cast, ticket_id)
    paused = clock_of(cast, ticket_id)
    assert (paused.state, paused.due_at) == ("paused", None)
    assert paused.time_left == timedelta(hours=15).total_seconds() * 1000  # 1 + 5 that day, 8, 1
    at(9, "17:30")
    rate(cast, ticket_id, "2")  # a bad rating: the supervisor has to call
    resumed = clock_of(cast, ticket_id)
    assert (resumed.state, local(resumed.due_at)) == ("running", "11 16:30")
    assert [[local(part) for part in one] for one in resumed.pauses] == [["03 11:00", "09 17:30"]]
    at(10, "09:00")
    cast.work("kevin", ticket_id, "callback", callback_note="x")
    ended = clock_of(cast, ticket_id)
    assert (ended.state, ended.due_at, ended.time_left) == ("stopped", None, 14.5 * 3600 * 1000)
    assert "时限内完成" in cast.sign_in("bob").get(f"/t/acme/tickets/{ticket_id}").text


def test_a_suspended_ticket_takes_no_time(cast: Cast, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket_id = cast.file()
    actor = Actor(cast.tenants["acme"], "Asia/Shanghai", "person:" + cast.member_id("alice"), "Alice", frozenset())
    for day, yes in ((3, True), (5, False)):
        monkeypatch.setattr(repairs, "moment", lambda day=day: moment(datetime(2026, 3, day, 10, 0, tzinfo=SHANGHAI)))
        with cast.reading():
            repairs.suspend(actor, ticket_id, "x", yes=yes)
    found = clock_of(cast, ticket_id)
    assert (found.state, local(found.due_at)) == ("running", "09 10:00")


def test_when_the_time_of_a_ticket_is_over_the_manager_is_told_once(cast: Cast) -> None:
    ticket_id = cast.file()
    with cast.reading() as session:
        asked = select(EffectRow.id).where(EffectRow.ticket_id == ticket_id, EffectRow.kind == "clock")
        effect_id = session.scalars(asked).one()
    due_now(cast, effect_id)
    assert told(cast, "helen") == ["工单已超过约定的时限"]
    assert clock_of(cast, ticket_id).told_at
    assert cast.sign_in("helen").get(f"/t/acme/tickets/{ticket_id}").status_code == 200


def test_a_target_that_has_been_put_off_tells_nobody(cast: Cast) -> None:
    """The clock stood still meanwhile: the timer of its old end says nothing."""
    ticket_id = cast.file()
    with cast.reading() as session:
        asked = select(EffectRow.id).where(EffectRow.ticket_id == ticket_id, EffectRow.kind == "clock")
        old = session.scalars(asked).one()
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Clock).values(due_at="2099-01-01T00:00:00.000Z"))
    due_now(cast, old)
    assert told(cast, "helen") == [] and clock_of(cast, ticket_id).told_at is None


def test_the_company_s_calendar_is_chosen_kept_and_reckoned_with(cast: Cast) -> None:
    """A deadline in working time that names no calendar follows it; without one, the standard week."""
    alice = cast.sign_in("alice")
    asked = {"start": "2026-09-30T09:00:00Z", "amount": 2, "unit": "hours"}  # five in the afternoon, then a week of holidays
    assert reckoned(cast, asked) == "08 10:00"
    assert alice.post("/t/acme/settings/calendar", data={"calendar": "hotline_7x12"}).status_code == 302
    assert reckoned(cast, asked) == "30 19:00"
    assert alice.post("/t/acme/settings/calendar", data={"calendar": "gone"}).status_code == 404
    assert cast.sign_in("bob").post("/t/acme/settings/calendar", data={"calendar": ""}).status_code == 403
    documents = alice.get("/t/acme/builder/api/documents?kind=calendar").json
    kept = next(one["id"] for one in documents if one["key"] == "hotline_7x12")
    assert alice.delete(f"/t/acme/builder/api/documents/{kept}").status_code == 422
    alice.post("/t/acme/settings/calendar", data={"calendar": ""})
    assert reckoned(cast, asked) == "01 10:00"
    assert alice.delete(f"/t/acme/builder/api/documents/{kept}").status_code == 204
    assert "公司默认日历" in alice.get("/t/acme/settings/audit").text


def reckoned(cast: Cast, asked: dict[str, Any]) -> str:
    tenant = cast.tenants["acme"]
    with cast.reading(), driver_reading(tenant) as connection:
        return local(answers.world(connection, tenant, "Asia/Shanghai", None).ask("later", **asked)["moment"])


def test_a_deadline_on_the_last_day_there_is_is_shown(cast: Cast) -> None:
    """9999-12-31 is written for "never": in Shanghai it is already the day after."""
    due = [{"uid": "d", "when": {"field": "visit"}, "then": "remind"}]
    step = task("a", who={"by": "initiator"}, deadlines=due)
    doc = flow_doc([node("start", "start"), step, node("end", "end")], ["start>a", "a>end"], form="far")
    far = form_doc(field("visit", "moment"))
    publish(cast, {**far, "uid": "ffar", "key": "far"}, {**doc, "uid": "wfar", "key": "far"})
    filed = cast.api(cast.token("bob"))(
        "POST", "/tickets", {"workflow": "far", "values": {"visit": "9999-12-31T23:59:59+00:00"}}
    )
    page = cast.sign_in("bob").get(f"/t/acme/tickets/{filed.json['ticket_id']}")
    assert page.status_code == 200 and "12-31 23:59" in page.text
