"""The pages of BPMN: a file shown before it is imported, its import, and export."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for

from dougong.platform.access import needs
from dougong.platform.messages import language, say, t
from dougong.platform.store import db
from dougong.runtime.definition import Definition
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.picture import drawing
from dougong.runtime.reason import Refused

from . import exchange, incoming
from .bpmn.markup import MAX_BYTES

bpmn = Blueprint("bpmn", __name__, url_prefix="/t/<tenant>/builder/bpmn")


@bpmn.get("/")
@needs("design.edit")
def index() -> str:
    return render_template("builder/bpmn.html")


@bpmn.post("/preview")
@needs("design.edit")
def preview() -> Any:
    """What would be made of an uploaded file. Nothing is written to the tenant."""
    upload = request.files.get("file")
    try:
        if not upload:
            raise Refused("file.none")
        raw = upload.stream.read(MAX_BYTES + 1)
        return _shown(exchange.preview(db.session(), raw), incoming.keep(raw))
    except Refused as refused:
        return render_template("builder/bpmn.html", wrong=say(refused.reason)), 422


@bpmn.post("/import")
@needs("design.edit")
def take() -> Any:
    """Make drafts of what has been previewed."""
    name, title = request.form.get("name", ""), request.form.get("title", "").strip()[:100]
    raw = incoming.kept(name) or abort(404)
    try:
        made, _ = exchange.bring(g.who, raw, title, request.form.get("form", exchange.NEW_FORM))
    except Refused as refused:
        return _shown(exchange.preview(db.session(), raw), name, title=title, wrong=say(refused.reason)), 422
    incoming.forget(name)
    flash(t("bpmn.imported"))
    return redirect(url_for("builder.edit", document_id=made))


@bpmn.get("/<document_id>.bpmn")
@needs("design.see")
def export(document_id: str) -> Any:
    """The draft as it is saved."""
    try:
        name, raw = exchange.export(db.session(), document_id, language())
    except LookupError:
        abort(404)
    except Refused as refused:
        return render_template("builder/bpmn.html", wrong=say(refused.reason)), 422
    answer = Response(raw, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _shown(found: exchange.Preview, name: str, **more: Any) -> str:
    definition = Definition.from_json(found.document, found.forms.values())
    problems = [one for one in found.problems if one.severity == "error"]
    made = [(NODE_TYPES[type].title, count) for type, count in found.found.made.items() if type in NODE_TYPES]
    titles = {node["uid"]: node["title"] for node in found.document["nodes"]}
    return render_template(
        "builder/bpmn.html", preview=found, name=name, drawing=drawing(definition), made=made, problems=problems, titles=titles,
        **more,
    )  # fmt: skip
