"""The jobs engine: DBOS, on an engine of its own in our database. It carries what is due to whoever is free, over all hosts.

`hand_over` turns due wake-ups into jobs, in one transaction; a job is a batch of one tenant. Every process that performs jobs
is an executor with a heartbeat. One that has not been seen for `take_over` is dead: another puts its jobs back into the queue.
A job may therefore run twice; what it does is decided by the rows that it reads again (`wakeups.py`).
"""

import logging
import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import Flask
from sqlalchemy import Connection, Engine, String, create_engine, delete, event, func, make_url, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from . import files
from .engines import driver_url
from .storage import StorageDown
from .store import Base, db, moment, new_id
from .tenancy import Tenant
from .wakeups import CALLS, EFFECTS, FILES, Due, claim, put_back

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

NAME, VERSION, SCHEMA = "dougong", "1", "dbos"
JOB, TIDY = "perform", "tidy"
BATCH: Final = {EFFECTS: 100, CALLS: 5, FILES: 1}  # as many as take about a second, or at worst a minute
AT_ONCE: Final = {EFFECTS: (4, 2), CALLS: (16, 4), FILES: (2, 1)}  # jobs of a process, and how many of them one tenant may have
MOST: Final = 500  # wake-ups handed over at once
HANDED_OVER: Final = timedelta(minutes=15)  # until they are looked for again, should the engine have lost them
KEPT: Final = timedelta(days=1)  # what jobs there were
LAST_SECONDS: Final = 20  # to finish what has been begun

log = logging.getLogger(__name__)
Perform = Callable[[str, list[tuple[str, int]]], None]  # for a tenant: which effects, and the attempt of each


class Executor(Base):
    """A process that performs jobs, and when it was last seen."""

    __tablename__ = "executor"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[str] = mapped_column(String(24))
    seen_at: Mapped[str] = mapped_column(String(24))


_BEAT = """
INSERT INTO executor (id, place, started_at, seen_at) VALUES (:id, :place, :now, :now)
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
"""
_one_engine = threading.Lock()  # DBOS is one a process


def own_engine(url: str) -> Engine:
    """Neither guarded nor begun by us: DBOS begins by itself, and knows no tenants. On SQLite a write begins IMMEDIATE.

    On PostgreSQL a process that stands still within a transaction loses it, and with it the rows that others wait for.
    """
    sqlite = make_url(url).get_backend_name() == "sqlite"
    connect: dict[str, Any] = {} if sqlite else {"options": "-c idle_in_transaction_session_timeout=20000"}
    engine = create_engine(driver_url(url), pool_size=8, max_overflow=16, pool_pre_ping=True, connect_args=connect)
    if sqlite:

        @event.listens_for(engine, "connect")
        def connected(connection: Any, record: Any) -> None:
            connection.isolation_level = "IMMEDIATE"
            connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;")

    return engine


def migrate(app: Flask) -> None:
    """On PostgreSQL its tables are made by the owner, in a schema of their own; on SQLite it makes them at its first launch."""
    if make_url(app.config["DATABASE_URL"]).get_backend_name() != "postgresql":
        return
    from dbos import DBOS

    owner = app.config.get("DATABASE_OWNER_URL") or app.config["DATABASE_URL"]
    DBOS.migrate(driver_url(owner), schema=SCHEMA, application_role=make_url(app.config["DATABASE_URL"]).username)


@contextmanager
def running(app: Flask, perform: Perform) -> Iterator["Jobs"]:
    """This process as an executor. At the end it finishes what it has begun, and hands over what it cannot finish."""
    from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

    def job(tenant_id: str, batch: list[list[Any]]) -> None:
        perform(tenant_id, [(effect_id, attempt) for effect_id, attempt in batch])

    def tidy(at: datetime, context: Any) -> None:
        jobs.tidy()
        with app.app_context():
            tidy_files()

    with _one_engine:
        executor_id, serializer = new_id(), DBOSPortableJSONSerializer()
        database = own_engine(app.config["DATABASE_URL"])
        DBOS(
            config={
                "name": NAME, "application_version": VERSION, "executor_id": executor_id, "serializer": serializer,
                "system_database_engine": database, "dbos_system_schema": SCHEMA, "console_log_level": "WARNING",
                "run_migrations": database.dialect.name == "sqlite",
            }
        )  # fmt: skip
        client = DBOSClient(system_database_engine=database, serializer=serializer, application_name=NAME, lazy=True)
        jobs = Jobs(executor_id, database, client, timedelta(seconds=app.config["TAKE_OVER_SECONDS"]))
        try:
            DBOS.workflow(name=JOB)(job)
            DBOS.workflow(name=TIDY)(tidy)
            with jobs.beating():  # before the first job can begin: one that dies without a heartbeat would not be missed
                DBOS.launch()
                for name, (most, of_one) in AT_ONCE.items():
                    DBOS.register_queue(
                        name, worker_concurrency=most, partition_worker_concurrency=of_one, polling_interval_sec=0.25
                    )
                DBOS.apply_schedules([{"schedule_name": TIDY, "workflow_fn": tidy, "schedule": "17 * * * *", "context": None}])
                yield jobs
                DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=LAST_SECONDS)
            jobs.leave()
        finally:
            DBOS.destroy(destroy_registry=True)
            database.dispose()


class Jobs:
    """The engine as this process sees it."""

    def __init__(self, executor_id: str, database: Engine, client: "DBOSClient", take_over: timedelta) -> None:
        self.id, self.database, self.client, self.patience = executor_id, database, client, take_over

    def hand_over(self) -> int:
        """Turn what is due into jobs: both or neither. How many wake-ups there were."""
        with self.database.begin() as connection:
            due = claim(connection, HANDED_OVER, MOST)
            for one in jobs_of(due):
                self._enqueue(connection, one)
        return len(due)

    def _enqueue(self, connection: Connection, batch: tuple[Due, ...]) -> None:
        tenant_id, queue = batch[0].tenant_id, batch[0].queue
        self.client.enqueue_in_transaction(
            connection,
            {"workflow_name": JOB, "queue_name": queue, "queue_partition_key": tenant_id, "app_version": VERSION},
            tenant_id,
            [[due.effect_id, due.attempt] for due in batch],
        )

    @contextmanager
    def beating(self) -> Iterator[None]:
        """While this lasts, others see that this executor lives, and it looks after the others."""
        stop = threading.Event()
        self._beat()
        beats = threading.Thread(target=self._keep_beating, args=(stop,), daemon=True, name="heartbeat")
        beats.start()
        try:
            yield
        finally:
            stop.set()
            beats.join()

    def _keep_beating(self, stop: threading.Event) -> None:
        while not stop.wait(self.patience.total_seconds() / 6):
            try:
                self._beat()
                self.reap()
            except Exception:
                log.exception("no heartbeat of executor %s", self.id)

    def _beat(self) -> None:
        now = datetime.now(UTC)
        asked = {"id": self.id, "place": f"{platform.node()[:100]} · {os.getpid()}", "now": moment(now)}
        with self.database.begin() as connection:
            self._in_time(connection, now)
            connection.execute(text(_BEAT), asked)

    def _in_time(self, connection: Connection, now: datetime) -> None:
        """The heartbeats say what the clocks have said: one that was put back must not make leases last until it catches up."""
        then = connection.scalar(select(func.max(Executor.seen_at)))
        if then is not None and then > moment(now + self.patience):
            log.warning("the clock was put back: it has said %s already", then)
            put_back(connection, then, now, HANDED_OVER)
            connection.execute(update(Executor).where(Executor.seen_at > moment(now)).values(seen_at=moment(now)))

    def reap(self) -> None:
        """What was begun by an executor that does not live any more goes back into its queue.

        Of two that reap at once both may put a job back, and it runs twice: the rows decide.
        """
        begun = self._begun()  # read first: whoever has begun one of these has shown his heartbeat before
        with self.database.begin() as connection:
            dead = Executor.seen_at <= moment(datetime.now(UTC) - self.patience)
            seen: dict[str, bool] = dict(iter(connection.execute(select(Executor.id, dead))))
            if any(seen.values()):
                connection.execute(delete(Executor).where(dead))
        orphans = [job for job in begun if seen.get(job.executor_id or "", True)]
        if orphans:
            log.warning("%d jobs are taken over from executors that are gone", len(orphans))
            self._put_back(orphans)

    def leave(self) -> None:
        """What this executor could not finish is for the others at once."""
        self._put_back(self._begun(executor_id=self.id))
        with self.database.begin() as connection:
            connection.execute(delete(Executor).where(Executor.id == self.id))

    def _begun(self, **more: Any) -> "list[WorkflowStatus]":
        return self.client.list_workflows(status="PENDING", load_input=False, load_output=False, **more)

    def _put_back(self, begun: "list[WorkflowStatus]") -> None:
        for queue, jobs in groupby(sorted(begun, key=lambda job: job.queue_name or ""), lambda job: job.queue_name):
            self.client.resume_workflows([job.workflow_id for job in jobs], queue_name=queue)

    def tidy(self) -> None:
        """Forget jobs that have long been done."""
        old = (datetime.now(UTC) - KEPT).isoformat()
        while done := self.client.list_workflows(completed_before=old, limit=1000, load_input=False, load_output=False):
            self.client.delete_workflows([job.workflow_id for job in done])


def tidy_files() -> None:
    """Of every tenant. One whose store of files does not answer is looked at again in an hour."""
    for tenant_id in db.session.scalars(select(Tenant.id)).all():
        try:
            files.reap(tenant_id, datetime.now(UTC))
        except StorageDown:
            log.warning("files of tenant %s could not be taken away", tenant_id)


def jobs_of(due: list[Due]) -> Iterator[tuple[Due, ...]]:
    """Batches of one tenant and queue."""
    for (_, queue), found in groupby(sorted(due, key=_whose), _whose):
        batch, size = tuple(found), BATCH[queue]
        yield from (batch[at : at + size] for at in range(0, len(batch), size))


def _whose(due: Due) -> tuple[str, str]:
    return due.tenant_id, due.queue
