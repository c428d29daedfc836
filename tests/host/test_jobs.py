"""Effects and timers on the jobs engine: enqueued with what brings them, done once, taken over from the dead, replayed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from dougong.platform import jobs
from dougong.platform.audit import Audit
from dougong.platform.guard import TenantWall
from dougong.platform.jobs import Executor
from dougong.platform.messages import t
from dougong.platform.store import db, driver_transaction, moment, new_id, transaction
from dougong.platform.wakeups import LONGEST_PAUSE, MAX_ATTEMPTS, Wakeup, claim, pause
from dougong.runtime.case import Token
from dougong.runtime.host import clocks, effects, worker
from dougong.runtime.host.tables import EffectRow, Notice
from dougong.runtime.outcome import Effect
from tests.cast import Cast, fields

Done = list[tuple[str, tuple[str, int]]]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def without_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests count what waits for the worker: the demo's repairs have no deadlines here, and no clock."""
    monkeypatch.setattr(effects, "LATER", effects.LATER - {"timer"})
    monkeypatch.setattr(clocks, "follow", lambda *asked: None)


@contextmanager
def engine(cast: Cast, perform: Callable[..., None]) -> Iterator[jobs.Jobs]:
    with jobs.running(cast.app, perform) as found:
        yield found


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


def test_what_is_enqueued_in_a_transaction_runs_with_its_commit_never_without_and_once_for_one_id(cast: Cast) -> None:
    ran: list[str] = []

    def perform(tenant_id: str, batch: list[tuple[str, int]]) -> None:
        ran.append(batch[0][0])

    with engine(cast, perform) as found:
        options: Any = {"workflow_name": jobs.JOB, "queue_name": "effects", "queue_partition_key": "t", "app_version": "1"}

        def enqueue(connection: Any, name: str, **more: Any) -> None:
            connection.execute(text(f"INSERT INTO executor VALUES ('{name}', '', '', '9')"))  # for the business
            found.client.enqueue_in_transaction(connection, {**options, **more}, "t", [[name, 0]])

        with found.database.begin() as connection:
            enqueue(connection, "committed", workflow_id="one")
        with pytest.raises(ZeroDivisionError), found.database.begin() as connection:
            enqueue(connection, "rolled back")
            1 / 0  # noqa: B018
        with found.database.begin() as connection:
            enqueue(connection, "again", workflow_id="one")
        with found.database.begin() as connection:
            enqueue(connection, "last")
        until(lambda: "last" in ran)
        time.sleep(0.5)
        assert sorted(ran) == ["committed", "last"]
        with found.database.begin() as connection:
            names = connection.scalars(select(Executor.id).where(Executor.place == "")).all()
        assert sorted(names) == ["again", "committed", "last"]


def test_the_engines_tables_are_not_there_for_the_application(cast: Cast) -> None:
    with engine(cast, lambda tenant_id, batch: None), cast.app.app_context(), pytest.raises(TenantWall):
        db.session.execute(text("SELECT count(*) FROM workflow_status"))


def test_a_process_that_stands_still_within_a_transaction_of_the_engine_loses_it(cast: Cast) -> None:
    """On PostgreSQL its locks would be held for as long as it stands; on SQLite the file has one writer whatever we do."""
    database = jobs.own_engine(cast.app.config["DATABASE_URL"])
    with database.begin() as connection:
        if connection.dialect.name == "postgresql":
            assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "20s"
        else:
            assert connection.scalar(text("PRAGMA busy_timeout")) == 20_000
    database.dispose()


def test_a_worker_tells_what_is_to_be_told_and_leaves_nothing_behind(cast: Cast) -> None:
    stop = threading.Event()
    works = threading.Thread(target=worker.run, args=(cast.app, stop))
    works.start()
    try:
        cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
        until(lambda: notices(cast))
        until(lambda: not wakeups(cast))
        assert [notice.member_id for notice in notices(cast)] == [cast.member_id("emma")]
    finally:
        stop.set()
        works.join(30)
    with cast.app.app_context():
        assert db.session.scalars(select(Executor.id)).all() == []


def test_a_batch_is_of_one_tenant_and_queue() -> None:
    due = [jobs.Due(tenant, f"{at:03}", 0, queue) for at in range(120) for tenant in "ab" for queue in ("effects", "calls")]
    found = list(jobs.jobs_of(due))
    assert sorted(one for batch in found for one in batch) == sorted(due)
    assert {len({(one.tenant_id, one.queue) for one in batch}) for batch in found} == {1}
    assert max(len(batch) for batch in found if batch[0].queue == "effects") == jobs.BATCH["effects"]
    assert [one.effect_id for batch in found for one in batch if one[::3] == ("a", "calls")] == [f"{n:03}" for n in range(120)]


def test_what_was_handed_over_is_not_handed_over_again_and_comes_back_if_it_was_lost(cast: Cast) -> None:
    cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
    with engine(cast, lambda tenant_id, batch: None) as found:  # an engine that loses everything
        assert found.hand_over() > 0
        assert found.hand_over() == 0
    hour_comes(cast)
    with cast.app.app_context():
        assert worker.sweep() > 0
    assert len(notices(cast)) == 1


def test_what_has_been_due_longest_is_handed_over_first_and_what_is_due_later_not_at_all(cast: Cast) -> None:
    now = datetime.now(UTC)
    due = {"a": now - timedelta(minutes=1), "b": now - timedelta(minutes=3), "c": now - timedelta(minutes=2), "d": now + HOUR}
    with cast.app.app_context(), transaction(None) as session:
        session.execute(delete(Wakeup))
        session.add_all(Wakeup(tenant_id="t", effect_id=one, due_at=moment(at)) for one, at in due.items())
        session.flush()
        rounds = [[one.effect_id for one in claim(session.connection(), HOUR, 2)] for _ in range(3)]
    assert rounds == [["b", "c"], ["a"], []]


def test_a_clock_that_was_put_back_makes_nothing_wait_until_it_catches_up(cast: Cast) -> None:
    """What was handed over or begun is due as it would have been, who is dead is missed; a timer waits for its time."""
    now = datetime.now(UTC)
    ahead = now + timedelta(days=2)
    due = {
        "new": (0, ahead, ahead), "handed over": (0, ahead, ahead + jobs.HANDED_OVER),
        "failed": (3, ahead, ahead + timedelta(hours=1)), "again": (1, now, now + timedelta(minutes=2)),
        "timer": (0, ahead + timedelta(days=9), ahead + timedelta(days=9)),
    }  # fmt: skip
    with cast.app.app_context(), transaction(None) as session:
        session.execute(delete(Wakeup))
        session.add(Executor(id="dead", place="", started_at=moment(now), seen_at=moment(ahead)))
        for name, (attempt, since, at) in due.items():
            session.add(Wakeup(tenant_id="t", effect_id=name, attempt=attempt, since=moment(since), due_at=moment(at)))
    database = jobs.own_engine(cast.app.config["DATABASE_URL"])
    jobs.Jobs("me", database, SimpleNamespace(), timedelta(seconds=90))._beat()  # type: ignore[arg-type]
    with database.begin() as connection:
        found = dict(iter(connection.execute(select(Wakeup.effect_id, Wakeup.due_at))))
        seen = dict(iter(connection.execute(select(Executor.id, Executor.seen_at))))
        connection.execute(delete(Executor))
    database.dispose()
    soon, late = moment(now + timedelta(minutes=1)), moment(now + jobs.HANDED_OVER + timedelta(minutes=1))
    assert found["new"] < soon and found["handed over"] < soon and soon < found["failed"] < late
    assert found["timer"] == moment(due["timer"][2]) and found["again"] == moment(due["again"][2])
    assert set(seen) == {"me", "dead"} and max(seen.values()) < soon


def test_who_comes_with_an_older_count_does_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that runs twice, a worker that was thought dead: the row counts how often it was begun."""
    calls: list[str] = []
    monkeypatch.setitem(effects.AFTER, "notify", lambda session, row: partial(calls.append, row.id))
    cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
    with cast.reading() as session:
        effect_id = session.scalars(select(EffectRow.id).order_by(EffectRow.id)).first() or ""
    acme = cast.tenants["acme"]

    def kept() -> tuple[str, int, str]:
        with cast.reading() as session:
            row = session.scalars(select(EffectRow).where(EffectRow.id == effect_id)).one()
            return row.state, row.attempts, row.error

    def the_first_wakes_up() -> None:
        worker._finish(acme, effect_id, 0)
        worker._wait(acme, effect_id, 0, 0)
        worker._postpone(acme, effect_id, 0, "his call fails")
        worker.perform(acme, effect_id, 0)

    with cast.app.app_context():
        assert worker._begin(acme, effect_id, 0, 60) is not None  # the first, who then stands still
        assert worker._begin(acme, effect_id, 0, 60) is None  # his job, run by another
        assert worker._begin(acme, effect_id, 1, 60) is not None  # who was woken when his time was over
        due = due_at(effect_id)
        the_first_wakes_up()
        assert (kept(), due_at(effect_id)) == (("todo", 2, ""), due)
        worker.perform(acme, effect_id, 2)
        worker._postpone(acme, effect_id, 2, "it was done all the same")
        the_first_wakes_up()
    assert (kept(), calls) == (("done", 3, ""), [effect_id]) and effect_id not in wakeups(cast)


def due_at(effect_id: str) -> str | None:
    with transaction(None) as session:
        return session.scalar(select(Wakeup.due_at).where(Wakeup.effect_id == effect_id))


def test_a_call_is_not_made_by_who_stood_still_before_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def stands_still(session: Any, row: Any) -> Callable[[], None]:
        time.sleep(0.3)
        return partial(calls.append, row.id)

    monkeypatch.setitem(effects.AFTER, "notify", stands_still)
    cast.app.config["TAKE_OVER_SECONDS"] = 0.2
    cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
    waiting = wakeups(cast)
    with cast.app.app_context():
        worker.sweep()
    assert calls == [] and wakeups(cast) == waiting != []


def test_tries_come_more_and_more_slowly_and_never_together() -> None:
    pauses = [[pause(attempt) for _ in range(50)] for attempt in range(1, MAX_ATTEMPTS)]
    for shorter, longer in pairwise(pauses[:6]):
        assert max(shorter) < min(longer) and len(set(shorter)) > 40
    assert max(pauses[-1]) <= LONGEST_PAUSE * 1.25


@pytest.mark.parametrize("ever_seen", [True, False])
def test_who_is_not_seen_for_long_is_succeeded(cast: Cast, ever_seen: bool) -> None:
    """Its jobs go back into their queue, and run."""
    cast.app.config["TAKE_OVER_SECONDS"] = 1
    ran: list[str] = []
    with engine(cast, lambda tenant_id, batch: ran.append(batch[0][0])) as found:
        dead = new_id()
        with found.database.begin() as connection:
            found.client.enqueue_in_transaction(
                connection,
                {"workflow_name": jobs.JOB, "queue_name": "effects", "queue_partition_key": "t", "app_version": "1",
                 "workflow_id": "begun", "delay_seconds": 3600},
                "t", [["left", 0]],
            )  # fmt: skip
            table = "workflow_status" if connection.dialect.name == "sqlite" else "dbos.workflow_status"
            connection.execute(
                text(f"UPDATE {table} SET status = 'PENDING', executor_id = :dead WHERE workflow_uuid = 'begun'"),
                {"dead": dead},
            )
            if ever_seen:
                connection.execute(text("INSERT INTO executor VALUES (:id, 'gone', :at, :at)"), {"id": dead, "at": moment()})
        until(lambda: ran == ["left"])
        with found.database.begin() as connection:
            assert connection.scalars(select(Executor.id)).all() == [found.id]


def notices(cast: Cast) -> list[Notice]:
    with cast.reading() as session:
        return list(session.scalars(select(Notice)))


def wakeups(cast: Cast) -> list[str]:
    with cast.app.app_context():
        return list(db.session.scalars(select(Wakeup.effect_id).order_by(Wakeup.effect_id)))


def hour_comes(cast: Cast) -> None:
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).where(Wakeup.due_at.is_not(None)).values(due_at="2020-01-01T00:00:00.000Z"))


def test_an_admin_sees_what_was_given_up_and_has_it_tried_once_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up(cast, monkeypatch)
    alice = cast.sign_in("alice")
    page = alice.get("/t/acme/settings/effects").text
    assert "已放弃" in page and "no connection" in page and "站内通知" in page
    assert "no connection" in alice.get("/t/acme/settings/effects?state=dead&kind=notify").text
    assert "没有符合条件的内容" in alice.get("/t/acme/settings/effects?state=done").text
    assert cast.sign_in("bob").get("/t/acme/settings/effects").status_code == 403
    assert "no connection" not in cast.sign_in("charlie").get("/t/globex/settings/effects").text
    with cast.reading() as session:
        effect_id = session.scalars(select(EffectRow.id).where(EffectRow.state == "dead")).first()
    for _ in range(2):
        assert alice.post(f"/t/acme/settings/effects/{effect_id}/retry").status_code == 302
    with cast.app.app_context():
        assert worker.sweep() == 1
    with cast.reading() as session:  # what waits already is not tried again
        assert session.scalars(select(Audit.verb).where(Audit.verb == "retried")).all() == ["retried"]
    with cast.reading() as session:
        assert session.scalars(select(EffectRow.state).where(EffectRow.id == effect_id)).one() == "done"
    assert "再试" in alice.get("/t/acme/settings/audit").text


def test_what_fails_once_more_is_given_up_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up(cast, monkeypatch)
    monkeypatch.setitem(effects.AFTER, "notify", broken)
    cast.sign_in("alice").post("/t/acme/settings/effects/retry")
    with cast.app.app_context():
        assert worker.sweep() > 0
        assert worker.sweep() == 0
    with cast.reading() as session:
        assert set(session.execute(select(EffectRow.state, EffectRow.attempts))) == {("dead", MAX_ATTEMPTS + 1)}


def test_the_operator_sees_counts_and_ages_and_no_content_and_has_all_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up(cast, monkeypatch)
    dead = len(wakeups(cast))
    operator = cast.sign_in("operator")
    page = operator.get("/operator").text
    assert f"{dead}</span>" in page and "没有后台进程在运行" in page
    assert "no connection" not in page and "空调" not in page
    assert cast.sign_in("alice").post("/operator/retry").status_code == 404
    assert operator.post("/operator/retry", data={"tenant": cast.tenants["globex"]}).status_code == 302
    with cast.app.app_context():
        assert worker.sweep() == 0
    assert operator.post("/operator/retry", data={"tenant": cast.tenants["acme"]}).status_code == 302
    with cast.app.app_context():
        assert worker.sweep() == dead
    assert len(notices(cast)) == 1 and "没有等待的事项" in operator.get("/operator").text


def given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket whose notices have been tried too often."""
    with monkeypatch.context() as meanwhile:
        meanwhile.setitem(effects.AFTER, "notify", broken)
        cast.file(description="空调漏水", fault_category="leak", leak_amount="drip")
        for _ in range(MAX_ATTEMPTS):
            hour_comes(cast)
            with cast.app.app_context():
                worker.sweep()


def broken(session: Any, row: Any) -> None:
    raise RuntimeError("no connection")


def reminder(cast: Cast, ticket_id: str, at: str) -> int:
    """As the step that opens the task asks for it. Answers the token."""
    token = cast.open_task(ticket_id, "diagnose").token
    wanted = Effect("remind", {"title": {"zh-Hans": "诊断", "en": "Diagnose"}, "hours": 24})
    acme = SimpleNamespace(tenant_id=cast.tenants["acme"])
    with cast.app.app_context(), driver_transaction(acme.tenant_id) as connection:
        effects.take(connection, acme, ticket_id, None, Token(token, "diagnose", None), wanted, at)  # type: ignore[arg-type]
    return token


def reminded(cast: Cast) -> list[str]:
    with cast.app.app_context():
        worker.sweep()
    with cast.reading() as session:
        return [notice.text["zh-Hans"] for notice in session.scalars(select(Notice)) if "24 小时" in notice.text["zh-Hans"]]


def test_a_timer_waits_for_its_hour_and_fires_once(cast: Cast) -> None:
    ticket_id = cast.file()
    reminder(cast, ticket_id, moment())
    assert reminded(cast) == []
    hour_comes(cast)
    assert reminded(cast) == ["“诊断”已等待 24 小时，还没有办理"]
    assert reminded(cast) == ["“诊断”已等待 24 小时，还没有办理"] and wakeups(cast) == []


def test_a_timer_is_void_with_the_commit_that_moves_its_token_on(cast: Cast) -> None:
    ticket_id = cast.file()
    reminder(cast, ticket_id, moment())
    cast.work("frank", ticket_id, "diagnose", diagnosis="x", quote="100", needs_parts="false")
    with cast.reading() as session:
        assert session.scalars(select(EffectRow.state).where(EffectRow.kind == "remind")).all() == ["void"]
    hour_comes(cast)
    assert reminded(cast) == [] and wakeups(cast) == []


def test_a_timer_and_the_step_that_would_cancel_it_wait_for_each_other_in_one_order(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fires, and while it does so its task is done: neither is stopped by the other."""
    begun = threading.Event()

    def slowly(session: Any, row: Any) -> None:
        row.error = "begun"
        session.flush()  # its own row is locked, the ticket's is asked for later: by the notice that refers to it
        begun.set()
        time.sleep(1)  # meanwhile the other posts
        effects.remind(session, row)

    monkeypatch.setitem(effects.AFTER, "remind", slowly)
    ticket_id = cast.file()
    reminder(cast, ticket_id, "2020-01-01T00:00:00.000Z")
    frank, task = cast.sign_in("frank"), cast.open_task(ticket_id, "diagnose")
    fires = threading.Thread(target=reminded, args=(cast,))
    fires.start()
    assert begun.wait(20)
    values = fields({"diagnosis": "x", "quote": "100", "needs_parts": "false"})
    assert frank.post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision, **values}).status_code == 302
    fires.join()
    with cast.reading() as session:
        row = session.scalars(select(EffectRow).where(EffectRow.kind == "remind")).one()
    assert (row.state, row.attempts, len(reminded(cast))) == ("done", 1, 1)


def test_a_web_process_that_has_no_worker_beside_it_loses_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under gunicorn: the functions that perform come with the worker, what is to be performed is written all the same."""
    assert effects.LATER | {"timer"} == effects.AFTER.keys()
    assert all(t(f"effect.{kind}", "en") != f"effect.{kind}" for kind in effects.AFTER)
    monkeypatch.setattr(effects, "AFTER", {})
    ticket_id = cast.file()
    reminder(cast, ticket_id, "2999-01-01T00:00:00.000Z")
    with cast.reading() as session:
        assert sorted(session.scalars(select(EffectRow.kind))) == ["notify", "remind"]
