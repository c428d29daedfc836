"""What a form asks for while it is filled in: files that are brought, and whom or what one may choose."""

from typing import Any, Final

from flask import Blueprint, Response, abort, g, jsonify, request
from sqlalchemy import select

from dougong.platform import files
from dougong.platform.access import needs
from dougong.platform.files import FileRefused
from dougong.platform.messages import pick, t
from dougong.platform.people import Member, Unit
from dougong.platform.store import db
from dougong.platform.web import problem

from .. import approving, finding, naming, readable, reading, showing
from ..acting import actor
from ..tables import Task

pages = Blueprint("filling", __name__, url_prefix="/t/<tenant>")

OF_TASK: Final = "task:"  # what a chooser of a task's verb says it is for: this and the id of the task


@pages.post("/uploads")
@needs("tickets.see")
def upload() -> Any:
    """Keep a file; it belongs to the uploader until it is saved with a ticket or record."""
    given = request.files.get("file")
    if given is None:
        return problem("file.none", 422)
    try:
        return jsonify(files.take(g.who.tenant_id, given, actor().uploads)), 201
    except FileRefused as refused:
        return problem(refused.code, 422, **refused.params)


@pages.get("/files/<file_id>")
@needs("tickets.see")
def download(file_id: str) -> Response:
    """To who may see what the file belongs to; always as an attachment."""
    try:
        return files.served(readable.file(g.who, file_id) or abort(404))
    except LookupError:
        abort(404)


@pages.get("/files/<file_id>/small")
@needs("tickets.see")
def small(file_id: str) -> Response:
    """A photo as it stands in a page, under the same right."""
    try:
        return files.small(readable.file(g.who, file_id) or abort(404))
    except LookupError:
        abort(404)


@pages.get("/choices/<kind>")
@needs("tickets.see")
def choices(kind: str) -> Response:
    """What a chooser offers: [{id, title, hint, data}], at most 20."""
    text, entity = request.args.get("q", "").strip()[:100], request.args.get("entity", "")[:50]
    match kind:
        case "person":
            wanted = select(Member).where(Member.active, Member.name.icontains(text, autoescape=True))
            if entity == "others" or entity.startswith(OF_TASK):  # of a verb that nobody does to himself
                wanted = wanted.where(Member.id != g.who.member_id)
            if entity.startswith(OF_TASK) and (among := _among(entity.removeprefix(OF_TASK))) is not None:
                wanted = wanted.where(Member.id.in_(among))
            people = list(db.session.scalars(wanted.order_by(Member.name, Member.id).limit(20)))
            where = naming.places([one.id for one in people])
            found = [{"id": one.id, "title": one.name, "hint": where.get(one.id, one.email)} for one in people]
        case "unit":
            units = [
                one
                for one in db.session.scalars(select(Unit).order_by(Unit.code))
                if text.casefold() in pick(one.name).casefold()
            ]
            found = [{"id": one.id, "title": pick(one.name), "hint": t(f"unit.{one.kind}")} for one in units[:20]]
        case "record" if g.who.may("records.see"):
            found = [showing.record_choice(one) for one in finding.records(reading.sight_of_records(g.who), text, 20, entity)]
        case _:
            abort(404)
    return jsonify(found)


def _among(of: str) -> list[str] | None:
    """The members who may be chosen for what is done with a task of his own. `of`: its id, and what that is."""
    task_id, _, act = of.partition(":")
    task = db.session.scalar(select(Task).where(Task.id == task_id)) or abort(404)
    if not reading.addressed(g.who, task):
        abort(404)
    return approving.among_whom(g.who, task).get(act, [])
