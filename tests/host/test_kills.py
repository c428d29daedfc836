"""Processes that die or stand still at random moments: what was acknowledged is there, once; no effect is lost or done twice.

A handful of kills; with LONG=1 there are 200 on each store, and a host is taken over after the minute that it is given in life.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter as Counted
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from dougong.platform.jobs import Executor
from dougong.platform.store import db, moment, transaction
from dougong.platform.wakeups import Wakeup
from dougong.runtime.host.tables import Counter, EffectRow, History, Notice, Task, Ticket
from dougong.runtime.host.webhooks import Delivery
from tests import LONG, trap
from tests.cast import Cast
from tests.drawing import field as form_field
from tests.drawing import flow_doc, form_doc, node
from tests.host import marked
from tests.host.marked import SERIES
from tests.host.test_races import file, publish
from tests.host.test_webhooks import REPAIR, subscribe
from tests.processes import begin
from tests.test_command_line import _free_port
from tests.trap import Server, serving

KILLS, LONGEST_LIFE, SUBMITTERS, TAKE_OVER = (200, 8, 4, 60) if LONG else (5, 2, 3, 3)
TIMERS, SPREAD, TIMER_KILLS = (2_000, 120, 50) if LONG else (60, 6, 3)  # SPREAD: seconds over which they are due
PATIENCE = 240  # seconds until a test is held for hung: three processes start at once on two cores that have other work
ROOT = Path(__file__).parents[2]
OF_NOW = EffectRow.kind.not_in(("timer", "clock"))  # the deadlines of the repairs lie hours ahead
URGENT_FORM = {
    "description": "空调漏水",
    "fault_category": "leak",
    "leak_amount": "drip",
}  # whose filing tells the emergency team
URGENT = {**REPAIR, **URGENT_FORM}


@pytest.fixture
def receiver(cast: Cast) -> Iterator[Server]:
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    with serving() as found:
        found.traps["/in"] = trap.answer(204, b"")
        subscribe(cast, found.url("/in"), ["ticket.filed"])
        yield found


class Processes:
    """A server and workers of one place; whoever is killed is started again."""

    def __init__(self, cast: Cast, port: int = 0) -> None:
        more = {"DOUGONG_TAKE_OVER": str(TAKE_OVER), "DOUGONG_OUTBOUND_ALLOW": "127.0.0.1", "PYTHONUNBUFFERED": "1"}
        self.environment, self.port, self.log = {**cast.environment(), **more}, port, cast.home / "log.txt"
        self.running: dict[str, BaseProcess] = {}

    def start(self, name: str) -> None:
        words = ["serve", "--port", str(self.port), "--no-demo"] if name == "server" else ["worker"]
        self.running[name] = begin(marked.run, words, environment=self.environment, log=self.log)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        os.kill(self.running[name].pid or 0, number)
        if number == signal.SIGKILL:
            self.running.pop(name).join()

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.join()


@contextmanager
def processes(cast: Cast, *names: str, port: int = 0) -> Iterator[Processes]:
    found = Processes(cast, port)
    try:
        for name in names:
            found.start(name)
        yield found
    finally:
        found.end()


class Submitters:
    """They file tickets over the API, one after the other, and ask again with the same key when nobody answers."""

    def __init__(self, cast: Cast, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/api/v1/t/acme/tickets"
        self.acknowledged: list[str] = []
        self.stop = threading.Event()
        secrets = [cast.token("bob") for _ in range(SUBMITTERS)]
        self.threads = [threading.Thread(target=self._file, args=one) for one in enumerate(secrets)]

    @contextmanager
    def working(self) -> Iterator[list[str]]:
        for thread in self.threads:
            thread.start()
        try:
            yield self.acknowledged
        finally:
            self.stop.set()
            for thread in self.threads:
                thread.join()

    def _file(self, who: int, secret: str) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            mark = f"{who}-{number}"
            body = json.dumps({"workflow": "repair", "values": {**URGENT, "description": f"漏水 {mark}"}}).encode()
            headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": mark}
            while not self.stop.is_set():
                status = asked(urllib.request.Request(self.address, body, headers, method="POST"))
                assert not 400 <= status < 500, (
                    f"{mark}: {status}"
                )  # nobody is told that he was too late, or that it is unknown
                if status == 201:
                    self.acknowledged.append(mark)
                    break
                self.stop.wait(0.1)
            self.stop.wait(0.05)


def asked(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def until(true: Callable[[], Any], seconds: float) -> float:
    """Seconds that it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s"
        time.sleep(0.2)
    return time.monotonic() - begun


def wakeups(cast: Cast) -> int:
    """What the worker has still to do now."""
    with cast.reading() as session:
        asked = select(func.count()).select_from(Wakeup).join(EffectRow, EffectRow.id == Wakeup.effect_id)
        return int(session.scalar(asked.where(OF_NOW)) or 0)


def test_whoever_is_killed_at_whatever_moment_nothing_is_lost_and_nothing_done_twice(cast: Cast, receiver: Server) -> None:
    names, free_port = ("server", "one", "two"), _free_port()
    chance = random.Random(7)
    with processes(cast, *names, port=free_port) as found:
        with Submitters(cast, free_port).working() as acknowledged:
            until(lambda: len(acknowledged) > 3, PATIENCE)
            for kill in range(KILLS):
                time.sleep(chance.uniform(0.05, LONGEST_LIFE))
                name = names[kill % 3]
                found.kill(name)
                found.start(name)
            before = len(acknowledged)
            until(lambda: len(acknowledged) > before + 3, PATIENCE)
        until(lambda: wakeups(cast) == 0, PATIENCE)
    with cast.reading() as session:
        filed = Counted(words.split()[1] for words in session.scalars(select(Ticket.data["description"].as_string())))
        tickets = session.scalar(select(func.count()).select_from(Ticket))
        tasks = session.scalars(select(func.count()).select_from(Task).group_by(Task.ticket_id)).all()
        steps = session.scalars(select(func.count()).select_from(History).group_by(History.ticket_id)).all()
        states = Counted(
            (row.kind, row.state) for row in session.execute(select(EffectRow.kind, EffectRow.state).where(OF_NOW))
        )
        told = session.scalar(select(func.count()).select_from(EffectRow).where(EffectRow.kind == "notify"))
        marks = session.scalars(select(Counter.last).where(Counter.series.startswith(SERIES))).all()
        notices = Counted(session.scalars(select(Notice.ticket_id)))
        deliveries = {one.id: one.state for one in session.scalars(select(Delivery))}
    assert [mark for mark in acknowledged if filed[mark] != 1] == [] and set(filed.values()) == {1}
    assert set(tasks) == set(steps) == {1} and len(tasks) == len(steps) == tickets
    assert {state for _, state in states} == {"done"}, states
    assert len(marks) == told == 2 * (tickets or 0) and set(marks) == {1}
    assert len(notices) == tickets and set(notices.values()) == {1}
    received = Counted(headers["webhook-id"] for _, _, headers, _ in receiver.seen)
    assert set(deliveries.values()) == {"done"} and set(deliveries) == set(received) and len(deliveries) == tickets


def test_timers_that_are_due_while_workers_die_fire_once_each_and_never_early(cast: Cast) -> None:
    waits = node("w", "wait", until={"after": {"amount": 1, "unit": "hours"}})
    flow = flow_doc([node("start", "start"), waits, node("e", "end")], ["start>w", "w>e"], key="waits", form="waiting")
    publish(cast, form_doc(form_field("note"), key="waiting"), flow)
    file(cast, "waits", cast.member_id("bob"), TIMERS)
    chance, names = random.Random(13), ("one", "two")
    with processes(cast, *names) as found:
        until(lambda: alive(cast) == 2, 90)
        due = set_due(cast, random.Random(11))
        for kill in range(TIMER_KILLS):
            time.sleep(chance.uniform(0.05, 2 * SPREAD / TIMER_KILLS))
            found.kill(names[kill % 2])
            found.start(names[kill % 2])
        until(lambda: not waiting(cast), 3 * SPREAD + 120)
    with cast.reading() as session:
        steps = session.execute(select(History.ticket_id, History.at).where(History.verb == "due")).all()
        assert set(session.scalars(select(EffectRow.state).where(EffectRow.kind == "timer"))) == {"done"}
        assert set(session.scalars(select(Ticket.state).where(Ticket.id.in_(due)))) == {"done"}
    assert Counted(step.ticket_id for step in steps) == dict.fromkeys(due, 1)
    assert [step for step in steps if step.at < due[step.ticket_id]] == []


def set_due(cast: Cast, chance: random.Random) -> dict[str, str]:
    """The hour is over sooner: when, by ticket."""
    now = datetime.now(UTC)
    with cast.reading() as session:
        timers = session.execute(select(EffectRow.id, EffectRow.ticket_id).where(EffectRow.kind == "timer")).all()
    due = {timer.ticket_id: moment(now + timedelta(seconds=chance.uniform(0, SPREAD))) for timer in timers}
    with cast.app.app_context(), transaction(None) as session:
        for timer in timers:
            session.execute(update(Wakeup).where(Wakeup.effect_id == timer.id).values(due_at=due[timer.ticket_id]))
    return due


def alive(cast: Cast) -> int:
    """How many workers have begun."""
    with cast.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Executor)) or 0


def waiting(cast: Cast) -> int:
    with cast.reading() as session:
        asked = select(func.count()).select_from(EffectRow).where(EffectRow.kind == "timer", EffectRow.state == "todo")
        return session.scalar(asked) or 0


def test_a_host_that_never_returns_is_succeeded_in_time(cast: Cast, receiver: Server) -> None:
    """It is killed in the middle of a call, with other effects begun."""
    with processes(cast, "dies") as found:
        in_the_middle_of_a_call(cast, receiver)
        found.kill("dies")
        found.start("lives")
        took = until(lambda: wakeups(cast) == 0, 90)
    assert took < (90 if LONG else 45)
    performed_once(cast)
    assert len(receiver.seen) == 2 and len({headers["webhook-id"] for _, _, headers, _ in receiver.seen}) == 1


def test_who_stood_still_and_goes_on_does_nothing_twice(cast: Cast, receiver: Server) -> None:
    with processes(cast, "stands still") as found:
        in_the_middle_of_a_call(cast, receiver)
        found.kill("stands still", signal.SIGSTOP)
        found.start("lives")
        until(lambda: wakeups(cast) == 0, 90)
        found.kill("stands still", signal.SIGCONT)
        time.sleep(3)
        cast.file()  # and both work on
        until(lambda: wakeups(cast) == 0, 60)
    performed_once(cast)
    assert max(Counted(headers["webhook-id"] for _, _, headers, _ in receiver.seen).values()) == 2


def in_the_middle_of_a_call(cast: Cast, receiver: Server) -> None:
    """A ticket is filed; who makes the first call for it is never answered."""
    waits = threading.Event()

    def silent(handler: Any) -> None:
        receiver.traps["/in"] = trap.answer(204, b"")
        waits.set()
        time.sleep(4)
        raise ConnectionResetError

    receiver.traps["/in"] = silent
    cast.file(**URGENT_FORM)
    assert waits.wait(60)


def performed_once(cast: Cast) -> None:
    with cast.reading() as session:
        assert set(session.scalars(select(EffectRow.state).where(OF_NOW))) == {"done"}
        assert set(session.scalars(select(Counter.last).where(Counter.series.startswith(SERIES)))) == {1}
        assert set(session.scalars(select(Delivery.state))) == {"done"}


def test_who_is_told_to_stop_finishes_what_it_has_begun(cast: Cast, receiver: Server) -> None:
    slow = threading.Event()

    def takes_long(handler: Any) -> None:
        slow.set()
        time.sleep(3)
        trap.answer(204, b"")(handler)

    receiver.traps["/in"] = takes_long
    with processes(cast, "one") as found:
        cast.file(**URGENT_FORM)
        assert slow.wait(60)
        begun = time.monotonic()
        found.kill("one", signal.SIGTERM)
        found.running["one"].join(30)
        assert found.running["one"].exitcode == 0 and time.monotonic() - begun < 20
    performed_once(cast)
    assert wakeups(cast) == 0 and len(receiver.seen) == 1


def test_once_performs_what_is_due_and_leaves(cast: Cast, receiver: Server) -> None:
    cast.file()
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).values(due_at=moment()))
    words = [sys.executable, "-m", "dougong", "worker", "--once"]
    environment = {**os.environ, **cast.environment(), "DOUGONG_OUTBOUND_ALLOW": "127.0.0.1"}
    assert subprocess.run(words, cwd=ROOT, env=environment, timeout=60, check=False).returncode == 0
    assert wakeups(cast) == 0 and len(receiver.seen) == 1
