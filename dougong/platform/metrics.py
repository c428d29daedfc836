"""What Prometheus is told: requests, latency, failures, the database, and what waits for the worker. Never whose it is.

Several processes of one server share a folder (PROMETHEUS_MULTIPROC_DIR): whichever is asked answers for all of them.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic, perf_counter
from typing import Any, NamedTuple

from flask import Flask, Response, g, got_request_exception, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from . import wakeups
from .store import READS, WRITES, db

KEPT_SECONDS = 10
DRIVERS = ("sqlite3", "psycopg")  # by name: whoever uses one need not load the other
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Waiting(NamedTuple):
    """What should have been done by now, how long the oldest of it has waited (in seconds), and what was given up."""

    due: int
    oldest: float
    dead: int


class Figures:
    """Of one application. What was found to be waiting is good for some seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        known: Any = {"registry": self.registry}
        self.requests = Counter(
            "dougong_requests", "Requests answered, by endpoint and status.", ("endpoint", "method", "status"), **known
        )
        self.latency = Histogram(
            "dougong_request_seconds", "Time until an answer began.", ("endpoint",), buckets=BUCKETS, **known
        )
        self.exceptions = Counter("dougong_exceptions", "Exceptions that no view caught, by class.", ("type",), **known)
        self.db_errors = Counter("dougong_db_errors", "Statements that the database refused, by class.", ("type",), **known)
        self._until, self._waiting = 0.0, Waiting(0, 0.0, 0)

    def waiting(self) -> Waiting:
        """Raises what the database raises."""
        if monotonic() >= self._until:
            self._waiting, self._until = _waiting(), monotonic() + KEPT_SECONDS
        return self._waiting

    def text(self) -> bytes:
        """Raises what the database raises."""
        now = CollectorRegistry()
        now.register(_Now(self.waiting()))
        counted = self.registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(now)


class _Now(Collector):
    """What is read at the moment of asking. The pools are those of the process that answers."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("dougong_effects_due", "Effects that should have been performed by now.", self._waiting.due)
        yield GaugeMetricFamily(
            "dougong_effects_oldest_seconds", "How long the oldest of them has waited.", self._waiting.oldest
        )
        yield GaugeMetricFamily("dougong_effects_dead", "Effects that were given up.", self._waiting.dead)
        used = GaugeMetricFamily("dougong_pool_in_use", "Database connections in use.", labels=("engine",))
        size = GaugeMetricFamily("dougong_pool_size", "Database connections that are kept.", labels=("engine",))
        for name, key in (("reads", READS), ("writes", WRITES)):
            pool = db.engines[key].pool
            if isinstance(pool, QueuePool):
                used.add_metric((name,), pool.checkedout())
                size.add_metric((name,), pool.size())
        yield used
        yield size


def init_metrics(app: Flask) -> None:
    app.extensions["dougong_figures"] = figures = Figures()

    @app.before_request
    def begun() -> None:
        g.counted_from = perf_counter()

    @app.after_request
    def ended(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        figures.requests.labels(endpoint, _method(), response.status_code).inc()
        figures.latency.labels(endpoint).observe(perf_counter() - g.counted_from)
        return response

    @got_request_exception.connect_via(app)
    def failed(sender: Flask, exception: BaseException, **_: Any) -> None:
        figures.exceptions.labels(type(exception).__name__).inc()
        if any(kind.__module__.partition(".")[0] in DRIVERS for kind in type(exception).__mro__):  # SQLAlchemy tells of its own
            figures.db_errors.labels(type(exception).__name__).inc()

    app.extensions["dougong_figures_failed"] = failed  # a signal forgets who is known to nobody else
    with app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "handle_error", lambda context: _refused(figures, context))


def answer(figures: Figures) -> Response:
    return Response(figures.text(), content_type=CONTENT_TYPE_LATEST)


def _waiting() -> Waiting:
    found = wakeups.backlog(db.session())
    oldest = min((datetime.fromisoformat(one.oldest) for one in found if one.oldest), default=None)
    seconds = max(0.0, (datetime.now(UTC) - oldest).total_seconds()) if oldest else 0.0
    return Waiting(sum(one.waiting for one in found), seconds, sum(one.dead for one in found))


def _method() -> str:
    """Only those that there are: a client may invent others without end."""
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"


def _refused(figures: Figures, context: Any) -> None:
    figures.db_errors.labels(type(context.original_exception).__name__).inc()
