"""The HTTP request that completes a task against an empty Flask view: both over one kept-alive connection to the same server.

CPU of the server process, which tells it itself over an address that only this bench adds.
"""

import http.client
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from ._figure import Figure, interleaved
from ._scene import EMAIL, PASSWORD

ROUNDS, ROUND = 10, 20
BAR = 10.0  # of this stage, so that it gets no worse: the step itself is a third of it (decision 0019); to come down to 2


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as port:
        browser = _Browser(port)
        browser.sign_in()
        browser.file()
        task, empty = interleaved(lambda: browser.cpu(browser.complete), lambda: browser.cpu(browser.empty))
    yield Figure(
        "HTTP request that completes a task / empty Flask view (CPU, waitress, keep-alive, signed in)", task, "ms", empty, BAR
    )


class _Browser:
    """One kept-alive connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = self.token = self.ticket = ""
        self.tasks: list[tuple[str, int]] = []

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode({**form, "csrf_token": self.token}) if form else None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        given = answer.headers.get("Set-Cookie")
        if given and "/tasks/" not in path:  # the page that would show "submitted" is not asked for: let no notes pile up
            self.cookie = given.split(";", 1)[0]
        return answer.status, answer.headers.get("Location", ""), body

    def sign_in(self) -> None:
        _, _, page = self.ask("GET", "/sign-in")
        self.token = _token(page)
        status, _, _ = self.ask("POST", "/sign-in", {"email": EMAIL, "password": PASSWORD})
        assert status == 302, status
        _, _, page = self.ask("GET", "/t/bench/tickets/new/bench")
        self.token = _token(page)

    def file(self) -> None:
        """As many tickets as there will be requests in a round; each task comes back after it was done."""
        for _ in range(ROUND):
            self.ask("POST", "/t/bench/tickets/new/bench", {"f.note": "a", "f.amount": "1", "f.more": "true"})

    def complete(self) -> None:
        task_id, revision = self.tasks.pop()
        values = {"revision": str(revision), "f.note": "again", "f.amount": "12.50", "f.more": "true"}
        status, _, body = self.ask("POST", f"/t/bench/tasks/{task_id}", values)
        assert status == 302, (status, body[:500])

    def empty(self) -> None:
        self.ask("GET", "/bare/")

    def cpu(self, work: object) -> float:
        """CPU of the server for one request, in milliseconds. What brings the tasks' ids is asked before the clock starts."""
        total = 0.0
        for _ in range(ROUNDS):
            self.tasks = [tuple(one) for one in json.loads(self.ask("GET", "/bench/tasks")[2])]  # type: ignore[misc]
            begun = float(self.ask("GET", "/bench/cpu")[2])
            for _ in range(ROUND):
                work()  # type: ignore[operator]
            total += float(self.ask("GET", "/bench/cpu")[2]) - begun
        return total / (ROUNDS * ROUND) * 1000


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:300]
    return found[1]


@contextmanager
def _server(home: Path) -> Iterator[int]:
    port = 18700 + int(time.time()) % 200
    process = subprocess.Popen([sys.executable, "-m", "bench.server", str(home), str(port)])
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port).request("GET", "/bare/")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()
