"""The addresses for machines: alive, ready, figures; and a server that ends well."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from flask import request
from sqlalchemy import text, update
from sqlalchemy.exc import SQLAlchemyError

from dougong import create_app
from dougong.platform import serving
from dougong.platform.access import public
from dougong.platform.environment import SETTINGS
from dougong.platform.store import driver_reading, driver_transaction, moment, owner_connection, transaction
from dougong.platform.wakeups import Wakeup
from dougong.platform.web import POLICY
from tests.cast import Cast, close

BEGINS = ("PRAGMA busy_timeout=0", "BEGIN IMMEDIATE")
ROOT = Path(__file__).parents[2]


def figures(cast: Cast) -> dict[str, float]:
    cast.app.extensions["dougong_figures"]._until = 0
    text = cast.app.test_client().get("/metrics").text
    return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{.*\})?) ([\d.e+-]+)$", text, re.MULTILINE)}


def test_it_lives_and_is_ready(cast: Cast) -> None:
    stranger = cast.app.test_client()
    assert (stranger.get("/healthz").status_code, stranger.get("/healthz").text) == (200, "ok\n")
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "database": "ok", "migrations": "ok", "worker": "ok"})
    assert answer.headers["Content-Security-Policy"] == POLICY.format(ancestors="'none'")


def test_a_database_that_is_behind_or_away_gets_no_requests(cast: Cast) -> None:
    stranger = cast.app.test_client()
    with cast.app.app_context(), owner_connection() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        connection.commit()
    assert (stranger.get("/readyz").status_code, stranger.get("/readyz").json["migrations"]) == (503, "behind")  # type: ignore[index]
    nowhere = "postgresql://nobody@127.0.0.1:1/none" if cast.place.postgres else f"sqlite:///{cast.home}/no/such/folder.db"
    app = create_app({"TESTING": True, "HOME": cast.home, "DATABASE_URL": nowhere})
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json and answer.json["database"]) == (503, "unreachable")
    assert app.test_client().get("/healthz").status_code == 200
    close(app)


def test_a_worker_that_is_late_is_said(cast: Cast) -> None:
    cast.file()
    assert cast.app.test_client().get("/readyz").json["worker"] == "ok"  # type: ignore[index]
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).values(since=moment(datetime.now(UTC) - timedelta(minutes=5))))
    found = figures(cast)
    assert found["dougong_effects_due"] >= 1 and 299 < found["dougong_effects_oldest_seconds"] < 400
    answer = cast.app.test_client().get("/readyz")
    assert (answer.status_code, answer.json and answer.json["worker"]) == (200, "late")


def test_what_was_given_up_is_counted_over_all_tenants(cast: Cast) -> None:
    cast.file()
    assert figures(cast)["dougong_effects_dead"] == 0
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).values(due_at=None))
    assert figures(cast)["dougong_effects_dead"] >= 1


def test_requests_are_counted_by_endpoint_and_never_by_tenant(alone: Cast) -> None:
    bob = alone.sign_in("bob")
    before = figures(alone)
    for _ in range(3):
        bob.get("/t/acme/inbox")
    bob.get("/no/such/page")
    bob.open("/t/acme/inbox", method="NONSENSE1")
    found = figures(alone)
    name = 'dougong_requests_total{endpoint="inbox.inbox",method="GET",status="200"}'
    counted = [one for one in found if one.startswith("dougong_requests_total") and "inbox" in one and "GET" in one]
    assert len(counted) == 1, (name, counted)
    assert found[counted[0]] - before.get(counted[0], 0) == 3
    assert found['dougong_requests_total{endpoint="none",method="GET",status="404"}'] == 1
    assert any('method="other"' in one for one in found)
    whole = alone.app.test_client().get("/metrics").text
    assert not re.search("acme|globex|NONSENSE|bob|" + alone.tenants["acme"], whole)
    assert found['dougong_pool_size{engine="reads"}'] > 0 and "dougong_request_seconds_bucket" in whole


def test_what_the_database_refuses_is_counted(alone: Cast) -> None:
    with alone.app.app_context(), pytest.raises(SQLAlchemyError), transaction(alone.tenants["acme"]) as session:
        session.execute(text("SELECT 1 FROM tenant WHERE slug = nonsense()"))

    @alone.app.get("/bare")
    @public
    def bare() -> str:
        with driver_transaction(alone.tenants["acme"]) as driver:
            driver.execute("SELECT nonsense()", {})
        return ""

    alone.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert alone.app.test_client().get("/bare").status_code == 500
    found = figures(alone)
    kind = "UndefinedFunction" if alone.place.postgres else "OperationalError"
    assert found[f'dougong_db_errors_total{{type="{kind}"}}'] == 2
    assert found[f'dougong_exceptions_total{{type="{kind}"}}'] == 1


def test_while_the_database_is_out_of_reach_one_is_asked_to_come_again(alone: Cast) -> None:
    """Locked by another, read only, or without an answer: in the reader's language, a page or as the API says it."""
    if not alone.place.postgres:
        other = sqlite3.connect(alone.home / "dougong.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

    def waits() -> str:
        with driver_reading() as driver:
            for order in ("SELECT pg_terminate_backend(pg_backend_pid())",) if driver.locks_rows else BEGINS:
                driver._execute(order)
        return ""

    def writes() -> str:
        with transaction(None) as session:
            session.execute(text("SET TRANSACTION READ ONLY" if alone.place.postgres else "PRAGMA query_only=1"))
            session.execute(update(Wakeup).values(attempt=0))
        return ""

    for address in ("/waits", "/api/v1/waits"):
        alone.app.add_url_rule(address, address, public(waits))
    alone.app.add_url_rule("/writes", "/writes", public(writes))
    alone.app.config["PROPAGATE_EXCEPTIONS"] = False
    client, english = alone.app.test_client(), {"Accept-Language": "en"}
    page, answer = client.get("/waits", headers=english), client.get("/api/v1/waits", headers=english)
    assert page.status_code == 503 and "Nothing was saved. Try again in a moment" in page.text
    assert (answer.status_code, answer.json["error"]["code"], answer.headers["Retry-After"]) == (503, "api.503", "10")
    if not alone.place.postgres:
        other.close()
    assert client.get("/writes", headers=english).status_code == 503  # it may only be read


@pytest.mark.parametrize(
    ("here", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 403),  # a proxy on this machine, of which we were not told
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 403),
        ("192.0.2.7", {"Authorization": "Bearer the-token"}, 200),
        ("192.0.2.7", {"Authorization": "Bearer another"}, 403),
        ("192.0.2.7", {"Authorization": "Bearer "}, 403),
        ("192.0.2.7", {"Authorization": "Basic dGhlLXRva2VuOg=="}, 403),
    ],
)
def test_figures_are_for_this_machine_or_for_the_token(cast: Cast, here: str, headers: dict[str, str], status: int) -> None:
    cast.app.config["METRICS_TOKEN"] = "the-token"
    answer = cast.app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": here})
    assert answer.status_code == status


def test_without_a_token_there_is_none(cast: Cast) -> None:
    for given in ("", "None", "Bearer "):
        headers = {"Authorization": f"Bearer {given}"}
        answer = cast.app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, "198.51.100.1", "127.0.0.1 http"),
        (1, "198.51.100.1", "198.51.100.1 https"),
        (1, "1.1.1.1, 198.51.100.1", "198.51.100.1 https"),  # what a client says of himself stands first, and is not believed
        (2, "198.51.100.1, 10.0.0.1", "198.51.100.1 https"),
    ],
)
def test_only_proxies_that_we_know_of_are_believed(tmp_path: Path, hops: int, forwarded: str, seen: str) -> None:
    app = create_app({"TESTING": True, "HOME": tmp_path, "PROXY_HOPS": hops})

    @app.get("/seen")
    @public
    def look() -> str:
        return f"{request.remote_addr} {request.scheme}"

    protocols = ", ".join(["https"] * max(1, hops))
    answer = app.test_client().get("/seen", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": protocols})
    assert answer.text == seen
    close(app)


class Slow:
    """A server of waitress with an address that takes its time."""

    def __init__(self, seconds: float, patience: float) -> None:
        self.begun = threading.Event()

        def app(environ: dict[str, Any], start: Any) -> list[bytes]:
            self.begun.set()
            time.sleep(seconds)
            start("200 OK", [("Content-Length", "200000")])
            return [b"x" * 200_000]

        self.server = serving.listening(app, "127.0.0.1", 0, threads=2)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=serving.serve, args=(self.server, self.stop, patience))
        self.thread.start()
        self.answers: list[int] = []

    def ask(self) -> threading.Thread:
        def asking() -> None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.server.effective_port}/", timeout=10) as answer:
                    self.answers.append(len(answer.read()))
            except OSError:
                self.answers.append(-1)

        thread = threading.Thread(target=asking)
        thread.start()
        return thread


def test_what_has_been_begun_is_answered_and_nothing_new_is_taken() -> None:
    slow = Slow(seconds=1.5, patience=10)
    idle = HTTPConnection("127.0.0.1", int(slow.server.effective_port))
    idle.connect()  # somebody who says nothing does not keep us
    first = slow.ask()
    slow.begun.wait(5)
    slow.stop.set()
    time.sleep(0.8)
    late = slow.ask()
    begun = time.monotonic()
    slow.thread.join(10)
    first.join()
    late.join()
    idle.close()
    assert sorted(slow.answers) == [-1, 200_000]
    assert time.monotonic() - begun < 5


def test_patience_has_an_end() -> None:
    slow = Slow(seconds=4, patience=0.5)
    asking = slow.ask()
    slow.begun.wait(5)
    slow.stop.set()
    begun = time.monotonic()
    slow.thread.join(10)
    assert time.monotonic() - begun < 3
    asking.join()
    assert slow.answers == [-1]


def test_who_reads_slowly_keeps_nobody_waiting() -> None:
    def app(environ: dict[str, Any], start: Any) -> Any:
        start("200 OK", [])
        return (b"x" * 1_000_000 for _ in range(40 if environ["PATH_INFO"] == "/large" else 1))

    server, stop = serving.listening(app, "127.0.0.1", 0, threads=2), threading.Event()
    thread = threading.Thread(target=serving.serve, args=(server, stop, 0.1))
    thread.start()
    slow = [HTTPConnection("127.0.0.1", int(server.effective_port)) for _ in range(2)]
    for one in slow:
        one.request("GET", "/large")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/", timeout=10) as answer:
            assert len(answer.read()) == 1_000_000
    finally:
        for one in slow:
            one.close()
        stop.set()
        thread.join(10)


@pytest.mark.parametrize("words", [("serve", "--port", "0", "--no-demo"), ("worker",)])
def test_a_signal_ends_the_process_in_order(cast: Cast, words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dougong", *words], cwd=ROOT, env={**os.environ, **cast.environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        told = next(line for line in process.stdout if "Dougong" in line or "worker:" in line)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(20) == 0, (told, rest)
    assert "Traceback" not in rest


def test_every_setting_stands_in_the_manual() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "dougong").rglob("*.py")] + [(ROOT / "app.py").read_text("utf-8")]
    asked = re.compile(r"(?:environ(?:\.get)?[(\[]\s*|envvar=)\"([A-Z_]+)\"")
    found = {name for source in sources for name in asked.findall(source)}
    found |= {one.variable for one in SETTINGS.values()}
    assert len(found) >= 20
    assert {name for name in found if f"`{name}`" not in (ROOT / "docs" / "operations.md").read_text("utf-8")} == set()
