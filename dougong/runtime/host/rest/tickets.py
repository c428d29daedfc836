"""Tickets over the API: list, file, see, comment, retry; and files."""

from typing import Any

from flask import Response, abort, g, url_for

from dougong.platform import files
from dougong.platform.files import FileRefused
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError, Detail, answer, missing
from dougong.platform.rest.shapes import Input, ListQuery, choice, free, ident, page_of, several, text
from dougong.platform.rest.shell import BYTES, Room, uploaded

from .. import cases, definitions, reading, showing, ticket_verbs
from ..acting import actor
from ..cases import NotFound, NotStarted, Refused
from ..tables import Ticket
from ._common import refused, strictly
from ._told import ticket_told
from .shapes import Filed, FileOut, TicketHead, TicketOut

room = Room("tickets", __name__, "Tickets: filed, seen, talked about.")


class TicketQuery(ListQuery):
    q = text(100, load_default="", says="Words of the number, the title, who filed it or the open summary.")
    workflow = text(40, load_default="")
    state = choice("running", "done", "failed")
    part = choice("initiator", "copy", says="Only what one filed, or was sent a copy of.")


class NewTicket(Input):
    workflow = text(40, 1, "repair", required=True)
    values = free({"contact_name": "王芳", "phone": "13800138000"}, required=True, says="By field key, as the start form asks.")


class NewComment(Input):
    text = text(5000, load_default="", example="客户要求周末上门")
    files = several(ident(), 20, load_default=list, example=[], says="Ids of one's own uploads.")


@room.operation("GET", "/tickets", "tickets.see", query=TicketQuery, answer=page_of(TicketHead))
def list_tickets(asked: dict[str, Any]) -> Any:
    """The tickets that the caller may see, the newest first."""
    wanted = reading.filtered(
        g.who, text=asked["q"], workflow=asked["workflow"], state=asked.get("state", ""), part=asked.get("part", "")
    )
    return page(wanted, Ticket.id, asked, lambda ticket: ticket)


@room.operation("POST", "/tickets", "tickets.file", body=NewTicket, answer=Filed, status=201)
def file_ticket(asked: dict[str, Any]) -> Any:
    """File a ticket. A field that the start form does not let the caller write is refused."""
    me, document = actor(), definitions.workflow(asked["workflow"])
    if document is None or not cases.may_start(me, document):
        abort(404)
    start = (definition := definitions.compiled(me.tenant_id, document.id, document.active or 0)).start
    raw = strictly(asked["values"])(definition.form_of(start), definition.rights_of(start))
    done = cases.file(me, document, raw)
    if isinstance(done, Refused):
        raise refused(done)
    where = url_for("api_tickets.get_ticket", ticket_id=done.ticket_id)
    return {"ticket_id": done.ticket_id, "number": done.number}, 201, {"Location": where}


@room.operation("GET", "/tickets/<ticket_id>", "tickets.see", answer=TicketOut)
def get_ticket(ticket_id: str) -> Any:
    """A ticket with its values, open tasks, route and timeline, as far as the caller may see them."""
    return ticket_told(g.who, reading.ticket(g.who, ticket_id) or abort(404))


@room.operation("POST", "/tickets/<ticket_id>/comments", "tickets.see", body=NewComment, status=204)
def comment_on_ticket(asked: dict[str, Any], ticket_id: str) -> None:
    """Say something in the timeline."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    words = asked["text"].strip()
    if not words and not asked["files"]:
        raise ApiError(422, "api.422", details=[Detail("field.required", "/text")])
    cases.comment(actor(), ticket.id, words, asked["files"])


@room.operation("POST", "/tickets/<ticket_id>/retry/<int(max=1000000):token>", "tickets.repair", status=204)
def retry_ticket(ticket_id: str, token: int) -> None:
    """Try a failed step once more."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    ticket_verbs.retry(actor(), ticket.id, token)


@room.operation("POST", "/files", "tickets.see", upload=True, answer=FileOut, status=201, takes_key=False)
def upload_file() -> Any:
    """Keep a file. It belongs to the caller until it is saved with a ticket or a record; unused, it goes after a week."""
    return files.take(g.who.tenant_id, uploaded(), actor().uploads), 201


@room.operation("GET", "/files/<file_id>", "tickets.see", binary=True)
def download_file(file_id: str) -> Response:
    """The bytes of a file, to who may see what it belongs to."""
    try:
        found = files.served(showing.file(g.who, file_id) or abort(404))
    except LookupError:
        abort(404)
    found.mimetype = BYTES
    return found


@room.when(FileRefused)
def file_refused(error: FileRefused) -> Any:
    return answer(ApiError(422, "api.422", details=[Detail(error.code, "/file", error.params)]))


@room.when(NotFound, NotStarted)
def not_found(error: Exception) -> Any:
    return missing()
