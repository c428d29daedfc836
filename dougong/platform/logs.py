"""Log lines, for machines (one JSON object each) or for people, with the request, tenant and ticket they belong to.

What stands in a line is ours: ids, routes, durations, names of classes. What somebody typed never does: an address is given
as its route, for a link may be a secret, and an exception by its class and place, for its words may quote a form.
"""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, g, has_request_context, request

from .store import moment, new_id

FORMATS: Final = ("text", "json")
SANE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET: Final = frozenset({"static", "health.healthz", "health.readyz", "health.figures"})  # asked every few seconds
ROOT: Final = Path(__file__).parents[2]

log = logging.getLogger("dougong.request")


def init_logs(app: Flask) -> None:
    """To be called before anything else that looks at requests, so that it begins first and ends last."""
    app.before_request(_begin)
    app.after_request(_end)
    app.log_exception = _failed  # type: ignore[method-assign, assignment]  # Flask's own tells the address


def to_stderr(kind: str) -> None:
    """Once a process: everything that is logged goes to stderr in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if kind == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("dougong").setLevel(logging.INFO)


def about(ticket_id: str) -> None:
    """From here on this request is about that ticket."""
    if has_request_context():
        g.ticket_id = ticket_id


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {"at": moment(), "level": record.levelname.lower(), "logger": record.name}
        found |= {"message": record.getMessage()} | _context() | getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            found["error"] = list(_told(record.exc_info[1]))
        return json.dumps(found, ensure_ascii=True, default=str)


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {**getattr(record, "fields", {}), **_context()}
        words = [moment(), record.levelname, record.getMessage(), *(f"{name}={value}" for name, value in fields.items())]
        lines = [" ".join(_in_one_line(word) for word in words)]
        if record.exc_info and record.exc_info[1]:
            lines += [f"    {_in_one_line(line)}" for one in _told(record.exc_info[1]) for line in (one["type"], *one["at"])]
        return "\n".join(lines)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if SANE.fullmatch(given) else new_id()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    fields = {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else "(none)",
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1),
    }
    level = logging.DEBUG if request.endpoint in QUIET else logging.INFO
    log.log(level, "request", extra={"fields": fields})
    return response


def _failed(error: Any) -> None:
    log.error("failed", exc_info=error)


def _context() -> dict[str, str]:
    """Who is asking and for what, as far as is known by now."""
    if not has_request_context():
        return {}
    tenant = g.get("tenant")
    named = {name: (request.view_args or {}).get(f"{name}_id") for name in ("ticket", "task")}
    found = {
        "request": g.get("request_id"),
        "tenant": tenant.id if tenant else None,
        "ticket": g.get("ticket_id") or named["ticket"],
        "task": named["task"],
    }
    return {name: str(value)[:64] for name, value in found.items() if value}


def _told(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """It, and what it came from: class and places; its words only where we wrote them."""
    while error is not None:
        kind = type(error)
        words = f": {error}"[:300] if kind.__module__.partition(".")[0] == "dougong" else ""
        at = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        yield {"type": f"{kind.__module__}.{kind.__qualname__}{words}", "at": at}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(path: str) -> str:
    return path.removeprefix(f"{ROOT}/")


def _in_one_line(text: str) -> str:
    """What would begin a new line, or hide one, is written out."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
