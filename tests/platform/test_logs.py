"""Log lines: whose request it was and how it went, in one line each, and nothing that somebody typed."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import request
from sqlalchemy import text

from dougong.platform import logs
from dougong.platform.access import public
from dougong.platform.store import db
from tests.cast import REPAIR, Cast, fields

SECRET = "correct horse battery"


class Lines:
    """What has been logged since, in the form that it has on stderr."""

    def __init__(self, formatter: logging.Formatter) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(formatter)

    def __enter__(self) -> "Lines":
        log = logging.getLogger()
        self.level = logging.getLogger("dougong").level
        logging.getLogger("dougong").setLevel(logging.INFO)
        log.addHandler(self.handler)
        return self

    def __exit__(self, *_: Any) -> None:
        logging.getLogger().removeHandler(self.handler)
        logging.getLogger("dougong").setLevel(self.level)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def found(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self, route: str) -> list[dict[str, Any]]:
        return [one for one in self.found if one.get("route") == route]


@pytest.fixture
def lines() -> Iterator[Lines]:
    with Lines(logs.JsonLines()) as found:
        yield found


@pytest.fixture
def failing(alone: Cast) -> Cast:
    """An address that fails over what was typed, and one where the database does."""

    @alone.app.post("/fails/<token>")
    @public
    def fails(token: str) -> str:
        raise ValueError(f"cannot read {request.form['password']}") from KeyError(token)

    @alone.app.post("/refused")
    @public
    def refused() -> str:
        db.session.execute(text("SELECT nonsense(:word)"), {"word": request.form["password"]})
        return ""

    alone.app.config["PROPAGATE_EXCEPTIONS"] = False
    return alone


def test_a_line_says_who_what_and_how(cast: Cast, lines: Lines) -> None:
    ticket_id = cast.file()
    task = cast.open_task(ticket_id, cast.waiting(ticket_id)[0])
    bob = cast.sign_in("bob")
    answer = bob.get(f"/t/acme/tickets/{ticket_id}?page={SECRET}", headers={"X-Request-ID": "from-the-proxy-1"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy-1"
    (line,) = lines.requests("/t/<tenant>/tickets/<ticket_id>")
    assert line["request"] == "from-the-proxy-1" and line["ticket"] == ticket_id and line["tenant"] == cast.tenants["acme"]
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info") and 0 < line["ms"] < 60_000
    (filed,) = lines.requests("/t/<tenant>/tickets/new/<key>")
    assert filed["ticket"] == ticket_id and filed["status"] == 302
    cast.sign_in("alice").post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision})
    (done,) = lines.requests("/t/<tenant>/tasks/<task_id>")
    assert done["task"] == task.id


def test_nothing_that_was_typed_is_logged(failing: Cast, lines: Lines) -> None:
    client = failing.app.test_client()
    client.post("/sign-in", data={"email": f"{SECRET}@acme.example", "password": SECRET})
    failing.sign_in("bob").post("/t/acme/tickets/new/repair", data=fields({**REPAIR, "description": SECRET}))
    client.get(f"/p/follow/{SECRET}")
    client.get(f"/no/such/{SECRET}?word={SECRET}")
    assert client.post(f"/fails/{SECRET}", data={"password": SECRET}).status_code == 500
    assert client.post("/refused", data={"password": SECRET}).status_code == 500
    assert len(lines.found) >= 8
    for hidden in (SECRET, "battery", "dougong-demo", REPAIR["phone"], "session="):
        assert hidden not in lines.text


@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.TextLines()])
def test_a_failure_says_where_and_whose_but_not_in_whose_words(failing: Cast, formatter: logging.Formatter) -> None:
    with Lines(formatter) as lines:
        answer = failing.app.test_client().post("/fails/token", data={"password": SECRET})
    told = lines.text
    assert "builtins.ValueError" in told and "builtins.KeyError" in told and "tests/platform/test_logs.py:" in told
    assert SECRET not in told
    number = answer.headers["X-Request-ID"]
    assert told.count(number) == 2 and number in answer.text


def test_a_page_about_a_failure_names_the_request_and_others_do_not(failing: Cast) -> None:
    client = failing.app.test_client()
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post("/fails/x", data={"password": "x"}, headers=headers)
        assert answer.headers["X-Request-ID"] in answer.text
    missing = client.get("/no/such/page")
    assert missing.headers["X-Request-ID"] and missing.headers["X-Request-ID"] not in missing.text


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space 1", "a" * 10 + "\u00e9", "<script>alert", "a;b;c;d;e;f"])
def test_a_number_that_is_not_sane_is_replaced(cast: Cast, given: str) -> None:
    found = cast.app.test_client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert found != given and logs.SANE.fullmatch(found)


@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.TextLines()])
@pytest.mark.parametrize("nasty", ["a\nb", "a\r\nb", "a\u2028b", "a\x1b[2Jb", "a\u202eb", "a\x00b", '", "level": "x'])
def test_no_line_can_be_forged(formatter: logging.Formatter, nasty: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "said %s", (nasty,), None)
    record.fields = {"more": nasty}
    told = formatter.format(record)
    assert told.isprintable() and len(told.splitlines()) == 1
    if isinstance(formatter, logs.JsonLines):
        assert json.loads(told)["message"] == f"said {nasty}" and json.loads(told)["level"] == "info"


def test_probes_are_not_worth_a_line(cast: Cast, lines: Lines) -> None:
    for address in ("/healthz", "/readyz", "/metrics", "/static/css/pages.css"):
        cast.app.test_client().get(address, buffered=True)
    assert lines.text == ""
