"""概况: how a workflow runs, in figures; each sees those of the tickets that he sees."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from dougong.platform.access import Who
from dougong.platform.people import roles_of
from dougong.platform.store import transaction
from dougong.platform.web import span
from dougong.runtime.host import definitions, figures
from dougong.runtime.host.tables import Clock, Task, Ticket
from tests.cast import Cast, words

NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
PAGE = "/t/acme/figures?workflow=repair"
DIAGNOSED = {"diagnosis": "x", "quote": "100", "needs_parts": "false"}


def told(cast: Cast, name: str = "victor", days: int = 7) -> figures.Figures:
    member_id = cast.member_id(name)
    with cast.reading() as session:
        who = Who("", member_id, name, cast.tenants["acme"], roles=roles_of(session, member_id))
        workflow = definitions.workflow("repair")
        assert workflow
        return figures.figures(who, workflow.id, days, NOW)


def change(cast: Cast, table: Any, which: Any, **values: Any) -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(table).where(which).values(**values))


def tasks(cast: Cast, state: str) -> list[str]:
    with cast.reading() as session:
        return list(session.scalars(select(Task.id).where(Task.state == state).order_by(Task.id)))


def test_what_came_and_was_done_by_the_days_of_the_company(cast: Cast) -> None:
    first, second, third = (cast.file() for _ in range(3))
    change(cast, Ticket, Ticket.id == first, started_at="2026-11-13T15:59:59.999Z")  # the last moment before the period
    late = {"state": "done", "ended_at": "2026-11-19T16:00:00.000Z"}
    change(cast, Ticket, Ticket.id == second, started_at="2026-11-13T16:00:00.000Z", **late)  # its first; the night of today
    change(cast, Ticket, Ticket.id == third, started_at="2026-11-18T03:00:00.000Z", state="failed")
    found = told(cast)
    assert (found.running, found.failed, found.filed, found.ended) == (1, 1, 2, 1)
    assert [day for day in found.days if day.filed or day.ended] == [
        (date(2026, 11, 14), 1, 0), (date(2026, 11, 18), 1, 0), (date(2026, 11, 20), 0, 1),
    ]  # fmt: skip
    assert len(found.days) == 7 and told(cast, days=30).filed == 3


def test_how_long_a_step_takes_and_what_is_overdue(cast: Cast) -> None:
    for _ in range(6):
        cast.work("frank", cast.file(), "diagnose", **DIAGNOSED)
    for hours, task in enumerate(tasks(cast, "done"), 1):
        done = NOW - timedelta(days=1)
        opened = done - timedelta(hours=hours)
        change(cast, Task, Task.id == task, opened_at=_kept(opened), done_at=_kept(done))
    late, *_ = tasks(cast, "open")
    change(cast, Task, Task.state == "open", due_at=_kept(NOW))
    change(cast, Task, Task.id == late, due_at=_kept(NOW - timedelta(seconds=1)))
    found = told(cast)
    step = found.steps["diagnose"]
    assert (step.open, step.done, step.usual, step.slow) == (0, 6, timedelta(hours=3), timedelta(hours=5.5))
    steps = found.steps.values()
    assert (found.late, sum(one.open for one in steps), sum(one.late for one in steps)) == (1, 18, 1)
    frank = next(one for one in found.people if one.done)
    assert (frank.done, frank.open) == (6, 0)
    for task in tasks(cast, "done")[:2]:
        change(cast, Task, Task.id == task, done_at=_kept(NOW - timedelta(days=7)))  # not in the period
    assert told(cast).steps["diagnose"][3:] == (4, None, None)  # too few to say


def test_how_many_kept_their_target(cast: Cast) -> None:
    kept, missed, running = (cast.file() for _ in range(3))
    for one in (kept, missed):
        change(cast, Ticket, Ticket.id == one, state="done", started_at=_kept(NOW), ended_at=_kept(NOW))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.query(Clock).delete()
        for one, left in ((kept, 0), (missed, -1), (running, 5)):
            session.add(
                Clock(ticket_id=one, state="stopped", time_left=left, since=_kept(NOW), zone="Asia/Shanghai", pauses=[])
            )
    assert (told(cast).kept, told(cast).timed) == (1, 2)


def test_each_sees_the_figures_of_what_he_sees(cast: Cast) -> None:
    cast.file()
    assert told(cast).running == 1
    assert told(cast, "fiona").running == 0
    assert "各人负荷" not in words(cast.sign_in("bob").get(PAGE).text)
    cast.work("frank", cast.file(), "diagnose", **DIAGNOSED)
    assert "各人负荷" in words(cast.sign_in("victor").get(PAGE).text)


def test_of_very_many_the_latest_are_counted_and_the_page_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        cast.file()
    monkeypatch.setattr(figures, "LATEST", 2)
    found = told(cast)
    assert (found.running, found.cut) == (2, 2)
    assert "只统计最新的 2 张" in words(cast.sign_in("victor").get(PAGE).text)
    monkeypatch.setattr(figures, "LATEST", 4)
    assert "只统计" not in words(cast.sign_in("victor").get(PAGE).text)


@pytest.mark.parametrize("asked", ["days=90", "days=0", "days=x", "workflow=nothing", "workflow=%00"])
def test_whatever_is_asked_there_is_an_answer(cast: Cast, asked: str) -> None:
    assert cast.sign_in("victor").get(f"/t/acme/figures?{asked}").status_code == 200
    assert cast.sign_in("alice").get(f"/t/acme/figures/past?{asked}").status_code == 200


def _kept(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_an_amount_of_time_names_what_there_is_of_it(cast: Cast) -> None:
    named = {0: "0 分钟", 42: "42 分钟", 120: "2 小时", 125: "2 小时 5 分", 1500: "25 小时", -90: "1 小时 30 分"}
    with cast.app.test_request_context():
        assert {minutes: span(minutes * 60_000) for minutes in named} == named
