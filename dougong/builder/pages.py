"""The pages of the builder: the list of definitions, the window of the editors, the server's own preview of a form."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dougong.platform import documents as store
from dougong.platform import links
from dougong.platform.access import needs
from dougong.platform.messages import LANGUAGES, language
from dougong.platform.regions import Names
from dougong.platform.store import db, moment
from dougong.runtime.form import EVERYTHING, Form
from dougong.runtime.form_view import FieldView, form_view
from dougong.runtime.nodes._example import Example
from dougong.runtime.picture import drawing
from dougong.runtime.print_layout import PrintLayout
from dougong.schemas import KINDS

from . import documents, handbook
from .drawable import drawable

pages = Blueprint("builder", __name__, url_prefix="/t/<tenant>/builder")
ORDER = ("workflow", "form", "entity", "table", "settlement", "calendar", "role")  # as people look for them
BLANK = "……"  # in a look at paper, where a value will stand


@pages.get("/")
@needs("design.see")
def index() -> str:
    kind = request.args.get("kind", "")
    text = request.args.get("q", "").strip()[:100]
    everything = sorted(store.listed(db.session()), key=lambda one: ORDER.index(one.kind))
    found = [one for one in everything if kind not in KINDS or one.kind == kind]
    wanted = text.casefold()
    shown = [one for one in found if wanted in one.key or any(wanted in words.casefold() for words in one.title.values())]
    counts = Counter(one.kind for one in everything)
    return render_template("builder/index.html", documents=shown, kinds=ORDER, kind=kind, text=text, counts=counts)


@pages.get("/handbook")
@needs("design.see")
def show_handbook() -> str:
    """What can be drawn, and how it is set, with an example of each step."""
    text = request.args.get("q", "")[:100]
    found = handbook.chapters(language(), text)
    steps = [one for chapter in found for one in chapter.entries if one.example]
    drawings = {one.name: _drawing(one.example, one.name) for one in steps if one.example}
    return render_template("builder/handbook.html", chapters=found, drawings=drawings, text=text)


def _drawing(example: Example, type: str) -> dict[str, Any]:
    """Marked are the steps that it is the example of."""
    definition = handbook.definition(example)
    return drawing(definition, marked=(node.uid for node in definition.nodes if node.type == type))


@pages.post("/new")
@needs("design.edit")
def new() -> Response:
    kind, title = request.form.get("kind", ""), request.form.get("title", "").strip()[:100]
    if kind not in KINDS or not title:
        abort(400)
    words = dict.fromkeys(LANGUAGES, title)
    return redirect(url_for(".edit", document_id=documents.create(g.who, kind, words)))


@pages.get("/<document_id>")
@needs("design.see")
def edit(document_id: str) -> str:
    try:
        document = documents.get(db.session(), document_id)
    except LookupError:
        abort(404)
    return render_template("builder/edit.html", document=document)


@pages.get("/<document_id>/preview")
@needs("design.see")
def preview(document_id: str) -> str:
    """The draft of a form as people will see it: drawn by the same templates as at run time, within a frame of the editor."""
    try:
        document = documents.get(db.session(), document_id)
    except LookupError:
        abort(404)
    if document.kind not in ("form", "entity"):
        abort(404)
    g.framed = True
    form = Form.from_json(drawable(document.draft))
    now = datetime.now(ZoneInfo(g.tenant.zone))
    if "paper" in request.args:
        return _on_paper(document, form, now)
    sections = form_view(form, form.defaults(now), EVERYTHING, now, language(), Names())
    ports = {"choose": "", "upload": "", "regions": url_for("public.regions")}
    return render_template("builder/preview.html", document=document, sections=sections, ports=ports)


def _on_paper(document: Any, form: Form, now: datetime) -> str:
    """As a ticket will be printed: every field, with something in it."""
    layout = PrintLayout.from_json(form.paper)
    views = form_view(form, {}, {"*": "read"}, now, language(), Names())
    sections = [replace(one, visible=True, fields=tuple(map(_told, one.fields))) for one in layout.printed(views)]
    more = {"address": links.address("builder.edit", tenant=g.tenant.slug, document_id=document.id), "printed_at": moment()}
    return render_template("builder/paper.html", document=document, layout=layout, sections=sections, blank=BLANK, **more)


def _told(view: FieldView) -> FieldView:
    table = replace(view.table, rows=(tuple(map(_told, view.table.fresh)),)) if view.table else None
    return replace(view, visible=True, value=None, shown=BLANK, table=table)
