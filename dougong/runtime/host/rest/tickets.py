"""Tickets over the API: list, file, see, comment, retry; and files."""

from typing import Any

from flask import Response, abort, g, url_for
from marshmallow import fields

from dougong.platform import files
from dougong.platform.files import FileRefused
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError, Detail, answer, missing
from dougong.platform.rest.shapes import Input, ListQuery, choice, free, ident, page_of, several, text, whole
from dougong.platform.rest.shell import BYTES, Room, uploaded
from dougong.runtime.reason import Refused as NotAllowed

from .. import copying, definitions, filing, items, readable, reading, repairs, ticket_verbs
from ..acting import actor
from ..tables import Ticket
from ..verbs import NotFound, NotStarted, Refused
from ._common import chosen_of, refused, strictly
from ._told import route_told, ticket_told
from .shapes import Filed, FileOut, RouteOut, TicketHead, TicketOut

room = Room("tickets", __name__, "Tickets: filed, seen, talked about.")


class TicketQuery(ListQuery):
    q = text(100, load_default="", says="Words of the number, the title, who filed it or the open summary.")
    workflow = text(40, load_default="")
    state = choice("running", "done", "failed")
    part = choice("initiator", "copy", says="Only what one filed, or was sent a copy of.")


class NewTicket(Input):
    workflow = text(40, 1, "repair", required=True)
    values = free({"contact_name": "王芳", "phone": "13800138000"}, required=True, says="By field key, as the start form asks.")
    chosen = free(
        {},
        load_default=dict,
        says="Ids of members, by the uid of the step that they are chosen for.",
    )
    copies = several(
        ident(), copying.MOST, load_default=list, example=[], says="Ids of members who get a copy, if it allows that."
    )


class NewComment(Input):
    text = text(5000, load_default="", example="客户要求周末上门")
    files = several(ident(), 20, load_default=list, example=[], says="Ids of one's own uploads.")


class ActOnTicket(Input):
    verb = choice("recall", "revoke", "withdraw", "take_back", "urge", "copy", required=True, example="urge")
    opinion = text(2000, load_default="", example="")
    persons = several(ident(), 20, load_default=list, example=[], says="With copy: ids of members.")


class Repair(Input):
    """`token`: where the case stands; `node`: where it is to go on; `keep`: cancelled, moved back or reopened, it keeps what it
    has taken from stock and settled, which is given back otherwise."""

    verb = choice("skip", "move", "reopen", "cancel", "suspend", "resume", "let_go", required=True, example="suspend")
    reason = text(2000, 1, "客户出差", required=True)
    token = whole(0, 10**8, 0, load_default=0)
    node = text(40, load_default="", example="")
    keep = fields.Boolean(load_default=False)


class NewItem(Input):
    item = text(200, 1, "备用泵", required=True, says="What it is called.")


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
    if document is None or not filing.may_start(me, document):
        abort(404)
    start = (definition := definitions.compiled(me.tenant_id, document.id, document.active or 0)).start
    raw = strictly(asked["values"])(definition.form_of(start), definition.rights_of(start))
    done = filing.file(me, document, raw, chosen=chosen_of(asked["chosen"]), copies=asked["copies"])
    if isinstance(done, Refused):
        raise refused(done)
    where = url_for("api_tickets.get_ticket", ticket_id=done.ticket_id)
    return {"ticket_id": done.ticket_id, "number": done.number}, 201, {"Location": where}


@room.operation("GET", "/tickets/<ticket_id>", "tickets.see", answer=TicketOut)
def get_ticket(ticket_id: str) -> Any:
    """A ticket with its values, open tasks, route and timeline, as far as the caller may see them."""
    return ticket_told(g.who, reading.ticket(g.who, ticket_id) or abort(404))


@room.operation("GET", "/tickets/<ticket_id>/route", "tickets.see", answer=RouteOut)
def get_ticket_route(ticket_id: str) -> Any:
    """The way a ticket has gone and will go with what is known now, and when it will be done as such tickets usually are."""
    return route_told(g.who, reading.ticket(g.who, ticket_id) or abort(404))


@room.operation("POST", "/tickets/<ticket_id>/comments", "tickets.see", body=NewComment, status=204)
def comment_on_ticket(asked: dict[str, Any], ticket_id: str) -> None:
    """Say something in the timeline."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    words = asked["text"].strip()
    if not words and not asked["files"]:
        raise ApiError(422, "api.422", details=[Detail("field.required", "/text")])
    ticket_verbs.comment(actor(), ticket.id, words, asked["files"])


@room.operation("POST", "/tickets/<ticket_id>/items/<int(max=1000000):token>", "tickets.see", body=NewItem, status=204)
def add_item(asked: dict[str, Any], ticket_id: str, token: int) -> None:
    """One more item for a list that is being worked through."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    items.add(actor(), ticket.id, token, asked["item"].strip(), repairs=g.who.may("tickets.repair"))


@room.operation("POST", "/tickets/<ticket_id>/retry/<int(max=1000000):token>", "tickets.repair", status=204)
def retry_ticket(ticket_id: str, token: int) -> None:
    """Try a failed step once more."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    repairs.retry(actor(), ticket.id, token)


@room.operation("POST", "/tickets/<ticket_id>/act", "tickets.see", body=ActOnTicket, status=204)
def act_on_ticket(asked: dict[str, Any], ticket_id: str) -> None:
    """Recall, withdraw or revoke what one filed, take back one's last step, urge, send copies."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    ticket_verbs.act(actor(), ticket.id, asked["verb"], asked["opinion"], asked["persons"])


@room.operation("POST", "/tickets/<ticket_id>/repair", "tickets.repair", body=Repair, status=204)
def repair_ticket(asked: dict[str, Any], ticket_id: str) -> None:
    """Skip or move a step, reopen, cancel, suspend, resume, give up what it has to itself; the reason stands in the history."""
    ticket = reading.ticket(g.who, ticket_id) or abort(404)
    repairs.act(actor(), ticket.id, asked["verb"], asked["reason"], asked["token"], asked["node"], keep=asked["keep"])


@room.when(NotAllowed)
def not_allowed(error: NotAllowed) -> Any:
    return answer(ApiError(422, "api.422", details=[Detail(error.reason.code, error.path, error.reason.params)]))


@room.operation("POST", "/files", "tickets.see", upload=True, answer=FileOut, status=201, takes_key=False)
def upload_file() -> Any:
    """Keep a file. It belongs to the caller until it is saved with a ticket or a record; unused, it goes after a week."""
    return files.take(g.who.tenant_id, uploaded(), actor().uploads), 201


@room.operation("GET", "/files/<file_id>", "tickets.see", binary=True)
def download_file(file_id: str) -> Response:
    """The bytes of a file, to who may see what it belongs to."""
    try:
        found = files.served(readable.file(g.who, file_id) or abort(404))
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
