"""The JSON endpoints of the web builder. A view parses and answers; the verbs stand in `documents.py`.

Errors have one shape: {"error": {code, path, params, message, advice}}. 409 carries the present draft, 422 the problems.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, jsonify, request

from dougong.platform import assets, connections, presence, regions
from dougong.platform import documents as store
from dougong.platform.access import needs
from dougong.platform.documents import Document, Stale
from dougong.platform.messages import advice, language, pick, say, t
from dougong.platform.store import db, transaction
from dougong.platform.web import problem, span
from dougong.runtime.canonical import parse
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.upgrades import upgraded
from dougong.schemas import KINDS

from . import beginning, documents, samples, trials, vocabulary, walking
from .checks import check
from .reaching import reached

TYPES = {dict: "object", int: "integer", list: "array", str: "string"}

api = Blueprint("builder_api", __name__, url_prefix="/t/<tenant>/builder/api")


def body(**wanted: type) -> dict[str, Any]:
    """The request's JSON, read with suspicion: what must be in it, and of which type. Raises Refused."""
    found = parse(request.get_data())
    if not isinstance(found, dict):
        raise Refused("schema.type", what="JSON", expected="object", found=type(found).__name__)
    for name, kind in wanted.items():
        if name not in found:
            raise Refused("schema.required", key=name)
        if type(found[name]) is not kind:  # True is no number here
            raise Refused("schema.type", f"/{name}", what=name, expected=TYPES[kind], found=str(found[name])[:40])
    return found


def companions(asked: dict[str, Any]) -> list[str]:
    found = asked.get("companions", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Refused("schema.type", "/companions", what="companions", expected="array", found=str(found)[:40])
    return found


@api.errorhandler(Refused)
def refused(error: Refused) -> Any:
    return problem(error.reason.code, 422, error.path, **error.reason.params)


@api.errorhandler(LookupError)
def missing(error: LookupError) -> Any:
    return problem("error.404", 404)


@api.errorhandler(Stale)
def stale(error: Stale) -> Any:
    """What has changed meanwhile goes along, so that nothing is lost on either side."""
    answer, status = problem("document.stale", 409, who=error.current["updated_by"])
    return jsonify({**answer.get_json(), "current": error.current}), status


@api.errorhandler(documents.Unpublishable)
def unpublishable(error: documents.Unpublishable) -> Any:
    answer, status = problem("document.unpublishable", 422)
    return jsonify({**answer.get_json(), "problems": {one: worded(found) for one, found in error.problems.items()}}), status


@api.get("/vocabulary")
@needs("design.see")
def get_vocabulary() -> Response:
    found = vocabulary.vocabulary()
    icons = {one["icon"]: assets.drawing(one["icon"]) for group in ("nodes", "fields") for one in found[group]}
    offered = [{"key": one.key, "title": one.title} for one in connections.listed(db.session())]
    return jsonify({**found, "icons": icons, "connections": offered})


@api.get("/regions")
@needs("design.see")
def get_regions() -> Response:
    parent = request.args.get("parent", "")
    return jsonify([regions.option(code, language()) for code, _ in regions.children(parent, language())])


@api.get("/documents")
@needs("design.see")
def list_documents() -> Response:
    """Every definition with its draft: what the editors offer to refer to."""
    found = store.listed(db.session(), *request.args.getlist("kind"), drafts=True)
    return jsonify([_draft(document) for document in found])


@api.post("/documents")
@needs("design.edit")
def create_document() -> Any:
    asked = body(kind=str, title=dict)
    try:
        document_id = documents.create(g.who, asked["kind"], asked["title"], asked.get("key"))
    except KeyError:
        raise Refused("document.unknown_kind", "/kind", found=str(asked["kind"])[:40]) from None
    return jsonify({"id": document_id}), 201


@api.get("/documents/<document_id>")
@needs("design.see")
def get_document(document_id: str) -> Response:
    return jsonify({**_draft(documents.get(db.session(), document_id)), "versions": _versions(document_id)})


@api.get("/documents/<document_id>/problems")
@needs("design.see")
def get_problems(document_id: str) -> Response:
    """What is wrong with the draft, as a save answers it: asked for when the draft can be seen already."""
    document = documents.get(db.session(), document_id)
    problems = documents.problems_of(db.session(), document.draft)
    return jsonify({"revision": document.revision, "problems": worded(problems)})


@api.put("/documents/<document_id>")
@needs("design.edit")
def save_document(document_id: str) -> Response:
    asked = body(revision=int, draft=dict)
    saved = documents.save(g.who, document_id, asked["revision"], asked["draft"])
    return jsonify({"revision": saved.revision, "problems": worded(saved.problems)})


@api.post("/documents/<document_id>/presence")
@needs("design.see")
def tell_presence(document_id: str) -> Response:
    """This page is open: who else has the draft open, and how far it is. A page that is `left` says so once."""
    document = documents.get(db.session(), document_id)
    asked = body(page=str)
    if not 0 < len(page := asked["page"]) <= 36 or not (page.isascii() and page.isalnum()):
        raise Refused("schema.pattern", "/page", what="page", found=page[:40], expected="[0-9a-z]{1,36}")
    with transaction(g.who.tenant_id) as session:
        if asked.get("left"):
            presence.leave(session, g.who, document_id, page)
        else:
            presence.renew(session, g.who, document_id, page)
    found = presence.others(db.session(), document_id, page)
    others = [{"page": one.page, "name": one.name, "self": one.member_id == g.who.member_id} for one in found]
    return jsonify({"revision": document.revision, "others": others})


@api.delete("/documents/<document_id>")
@needs("design.edit")
def archive_document(document_id: str) -> Any:
    users = documents.archive(g.who, document_id)
    if users:
        return problem("document.in_use", 409, users="、".join(pick(title) for title in users))
    return "", 204


@api.post("/documents/<document_id>/copy")
@needs("design.edit")
def copy_document(document_id: str) -> Any:
    asked = body(title=dict)
    number = body(number=int)["number"] if asked.get("number") is not None else None
    return jsonify({"id": documents.copy(g.who, document_id, asked["title"], number)}), 201


@api.get("/documents/<document_id>/companions")
@needs("design.see")
def get_companions(document_id: str) -> Response:
    """What this draft refers to that has unpublished changes: offered to be published with it."""
    document = documents.get(db.session(), document_id)
    found = documents.unpublished_references(db.session(), document)
    return jsonify([store.head(one) for one in found])


@api.post("/documents/<document_id>/publish")
@needs("design.publish")
def publish_document(document_id: str) -> Response:
    asked = body(revision=int)
    note, name = (str(asked.get(key, "")).strip() for key in ("note", "name"))
    numbers = documents.publish(g.who, document_id, asked["revision"], note[:2000], companions(asked), name[:100])
    return jsonify({"versions": numbers, "active": numbers[document_id]})


@api.get("/documents/<document_id>/users")
@needs("design.see")
def get_users(document_id: str) -> Response:
    """Where-used."""
    found = documents.used_by(db.session(), documents.get(db.session(), document_id))
    return jsonify([store.head(one) for one in found])


@api.get("/documents/<document_id>/running")
@needs("design.see")
def get_running(document_id: str) -> Response:
    """How many tickets run on each version."""
    return jsonify(store.running_on(db.session(), documents.get(db.session(), document_id)))


@api.get("/documents/<document_id>/versions/<int(max=1000000):number>")
@needs("design.see")
def get_version(document_id: str, number: int) -> Any:
    document = documents.get(db.session(), document_id)
    found = store.version(db.session(), document.kind, document.key, number)
    if found is None:
        raise LookupError(number)
    return jsonify({"number": number, "body": found.body})


@api.post("/documents/<document_id>/restore")
@needs("design.edit")
def restore_version(document_id: str) -> Response:
    asked = body(revision=int, number=int)
    saved = documents.restore(g.who, document_id, asked["revision"], asked["number"])
    return jsonify({"revision": saved.revision, "problems": worded(saved.problems)})


@api.post("/check")
@needs("design.see")
def check_draft() -> Response:
    """Problems of a document that has not been saved."""
    asked = body(draft=dict)["draft"]
    if asked.get("kind") not in KINDS:
        raise Refused("document.unknown_kind", "/draft/kind", found=str(asked.get("kind"))[:40])
    return jsonify({"problems": worded(check(asked, documents.drafts(db.session())))})


@api.post("/reach")
@needs("design.see")
def reach_step() -> Response:
    """How a ticket gets to a step of a workflow that has not been saved: {draft, node}."""
    asked = body(draft=dict, node=str)
    return jsonify(reached(asked["draft"], asked["node"], documents.drafts(db.session())))


@api.post("/begins")
@needs("design.see")
def begins_by_itself() -> Response:
    """When a workflow with such a start begins next, by the company's clock and calendar: {config} -> {times, zone}."""
    asked = body(config=dict)
    times = beginning.times(db.session(), asked["config"], g.who.tenant_id, g.tenant.zone)
    return jsonify({"times": times, "zone": g.tenant.zone})


@api.post("/sample")
@needs("design.see")
def calculate_sample() -> Any:
    """A sample calculation of a settlement draft: {draft, lines: [{input: value}]}."""
    asked = body(draft=dict, lines=list)
    return jsonify(samples.calculated(asked["draft"], asked["lines"], documents.drafts(db.session())))


@api.post("/decide")
@needs("design.see")
def decide_by_table() -> Any:
    """A decision table that is being drawn, tried: {draft, values: {input: value}}."""
    asked = body(draft=dict, values=dict)
    found = trials.decided(
        asked["draft"], asked["values"], documents.drafts(db.session()), datetime.now(ZoneInfo(g.tenant.zone))
    )
    reasons = {**found.get("errors", {}), **({"": found["error"]} if "error" in found else {})}
    words = {key: say(Reason.from_json(reason)) for key, reason in reasons.items()}
    return jsonify({"hits": found["hits"], "values": found["values"], "problems": found.get("problems", False), "said": words})


@api.post("/walk")
@needs("design.see")
def walk_through() -> Any:
    """A workflow that is being drawn, walked through: {draft, story, past?}."""
    asked = body(draft=dict, story=dict)
    found = walking.walked(asked["draft"], asked["story"], documents.drafts(db.session()), asked.get("past"))
    words = {name: say(Reason.from_json(found[name])) for name in ("refused", "stopped") if name in found}
    told = {"prospect": _prospect(**found["prospect"])} if "prospect" in found else {}
    return jsonify({**found, **words, **told})


def _prospect(fewest: int, most: int, left: int | None, tickets: int) -> str:
    steps = t("builder.walk.steps", n=most) if fewest == most else t("builder.walk.steps_between", fewest=fewest, most=most)
    return steps if left is None else t("builder.walk.usually", steps=steps, time=span(left), n=tickets)


def worded(problems: list[Problem]) -> list[dict[str, Any]]:
    return [{**one.to_json(), "message": say(one.reason), "advice": advice(one.reason)} for one in problems]


def _draft(document: Document) -> dict[str, Any]:
    return {**store.head(document), "draft": upgraded(document.draft)}


def _versions(document_id: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(one, name) for name in ("number", "name", "note", "published_at", "published_by")}
        for one in store.versions_of(db.session(), document_id)
    ]
