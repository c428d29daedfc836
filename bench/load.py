"""The whole flow of a ticket over HTTP, 32 clients at once, on both stores: filed, its page read, its one task done.

Wall time of a ticket against that of an empty view of the same server under the same clients, and how many a second, with the
median and the slowest hundredth of the requests. The clients share the two cores with the server.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.stores import serving

from ._figure import Figure
from .http import _Browser

CLIENTS, SECONDS, ROUNDS = 32, 4.0, 3
BAR = 130.0  # of this stage, so that it gets no worse


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield _figure("SQLite", Path(folder) / "sqlite", {})
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        yield _figure("PostgreSQL", Path(folder) / "pg", postgres.config(postgres.created()))


def _figure(store: str, home: Path, config: dict[str, Any]) -> Figure:
    with _server(home, config) as port:
        rounds = [(_all(port, _ticket), _all(port, _empty)) for _ in range(ROUNDS)]
    tickets = [len(one) / SECONDS for one, _ in rounds]
    spans = sorted(span for one, _ in rounds for three in one for span in three)
    empties = [len(other) / SECONDS for _, other in rounds]
    return Figure(
        f"a ticket filed, read and done / an empty view, {CLIENTS} clients (wall, {store}, waitress with 8 threads)",
        1000 / statistics.median(tickets), "ms", 1000 / statistics.median(empties), BAR,
        {
            "tickets_per_second": round(statistics.median(tickets), 1),
            "request_p50_ms": round(spans[len(spans) // 2] * 1000, 1),
            "request_p99_ms": round(spans[len(spans) * 99 // 100] * 1000, 1),
        },
    )  # fmt: skip


def _ticket(browser: _Browser) -> list[float]:
    """How long its three requests took."""
    spans = []

    def timed(*asked: Any) -> tuple[int, str, str]:
        begun = time.perf_counter()
        answer = browser.ask(*asked)
        spans.append(time.perf_counter() - begun)
        return answer

    status, address, _ = timed("POST", "/t/bench/tickets/new/bench", {"f.note": "a", "f.amount": "1"})
    assert status == 302, status
    _, _, page = timed("GET", address)
    task = re.search(r'action="(/t/bench/tasks/[^"/]+)"', page)
    assert task, page[:300]
    status, _, body = timed("POST", task[1], {"revision": "1", "f.note": "b", "f.amount": "2"})
    assert status == 302, (status, body[:300])
    return spans


def _empty(browser: _Browser) -> list[float]:
    browser.empty()
    return []


def _all(port: int, work: Callable[[_Browser], list[float]]) -> list[list[float]]:
    """What all clients did within the time."""
    done: list[list[float]] = []
    ends = time.perf_counter() + SECONDS

    def client() -> None:
        browser = _Browser(port)
        browser.cookie, browser.token = first.cookie, first.token
        while time.perf_counter() < ends:
            done.append(work(browser))

    first = _Browser(port)
    first.sign_in()
    ends = time.perf_counter() + SECONDS
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@contextmanager
def _server(home: Path, config: dict[str, Any]) -> Iterator[int]:
    import http.client
    import os

    home.mkdir(parents=True)
    port = 18900 + int(time.time()) % 90
    process = subprocess.Popen([sys.executable, "-m", "bench.server", str(home), str(port), "8"], env={**os.environ, **config})
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port).request("GET", "/bare/")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()
