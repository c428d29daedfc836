"""Lists as Excel and CSV files: what the page shows, with the same filters and the same rights, up to a limit that is said."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from flask import Blueprint, Response, g, request
from flask.globals import app_ctx, request_ctx

from dougong.platform.access import needs
from dougong.platform.messages import language, pick, t
from dougong.platform.sheets import attachment, capped, csv_parts
from dougong.platform.store import db
from dougong.platform.web import when
from dougong.platform.workbook import XLSX, xlsx_parts
from dougong.runtime.form_view import shown

from .. import definitions, readable, reading
from ..saving import NAMES
from ..tables import Ticket

pages = Blueprint("exports", __name__, url_prefix="/t/<tenant>")

MOST = 20_000


@pages.get("/tickets.<any(xlsx, csv):kind>")
@needs("tickets.see")
def tickets(kind: str) -> Response:
    """With one workflow chosen, its fields too, each only where this person may read it."""
    workflow = request.args.get("workflow", "")[:40]
    asked = {name: request.args.get(name, "")[:100] for name in ("state", "incident")}
    wanted = reading.filtered(g.who, text=request.args.get("q", "")[:100], workflow=workflow, **asked)
    document = definitions.workflow(workflow) if workflow else None
    form = definitions.compiled(g.who.tenant_id, document.id, document.active or 0).form if document else None
    fields = [field for field in form.fields.values() if field.kind != "none" and not field.type.unseen] if form else []
    names = ("number", "title", "workflow", "state", "initiator", "started", "ended")
    header = [t(f"export.{name}") for name in names] + [pick(field.title) for field in fields]
    return sheet(kind, t("tickets.title"), header, _rows(wanted, fields), MOST)


def _rows(wanted: Any, fields: list[Any]) -> Iterator[list[Any]]:
    titles = {one.key: pick(one.title) for one in definitions.workflows()}
    for ticket in db.session.scalars(wanted.order_by(Ticket.id.desc()).limit(MOST + 1)):
        state = t(f"state.{ticket.state}") if ticket.state != "done" else t(f"result.{ticket.result or 'completed'}")
        head = [ticket.number, pick(ticket.title), titles.get(ticket.workflow_key, ticket.workflow_key), state]
        times = [ticket.initiator_name, when(ticket.started_at, "long"), when(ticket.ended_at, "long")]
        yield [*head, *times, *_values(ticket, fields)]


def _values(ticket: Ticket, fields: list[Any]) -> list[str]:
    if not fields:
        return []
    rights = readable.rights(g.who, ticket)
    told = [field for field in fields if field.shows_at(rights)]
    words = {field.key: shown(field, ticket.data.get(field.key), language(), NAMES) for field in told}
    return [words.get(field.key, "") for field in fields]


def sheet(kind: str, title: str, header: list[str], rows: Any, most: int = 0) -> Response:
    """A table to be saved; the name carries the title in UTF-8. Where there are more rows than `most`, the last one says so.

    A CSV is sent while its rows are read, an Excel file once it is written.
    """
    rows = capped(rows, most, t("export.cut", n=most)) if most else rows
    parts = xlsx_parts(title, header, rows) if kind == "xlsx" else csv_parts(header, rows)
    first = next(parts)  # what fails at once is an error of the page, not a file that ends too soon
    mimetype = XLSX if kind == "xlsx" else "text/csv; charset=utf-8"
    return download(_meanwhile(chain([first], parts)), mimetype, f"{title}.{kind}")


def _meanwhile(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Made while they are sent: the request and what it reads from stay until the last. (Flask's `stream_with_context` lets go
    of both before the first, and begins anew.)"""

    def within() -> Iterator[bytes]:
        with app_ctx, request_ctx:
            yield b""
            yield from parts

    found = within()
    next(found)
    return found


def download(body: bytes | Iterable[bytes], mimetype: str, name: str) -> Response:
    answer = Response(body, mimetype=mimetype)
    answer.headers["Content-Disposition"] = attachment(name)
    return answer
