"""Definitions over the API: drafts, their checks, versions, sample calculations and plays."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, url_for
from marshmallow import fields
from sqlalchemy import select

from dougong.platform import documents as store
from dougong.platform.documents import Document, Version
from dougong.platform.messages import language, pick, say
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError
from dougong.platform.rest.shapes import Input, ListQuery, Output, choice, free, ident, page_of, several, text, texts, whole
from dougong.platform.rest.shell import BYTES, Room, uploaded
from dougong.platform.store import db
from dougong.runtime.reason import Refused
from dougong.runtime.upgrades import upgraded
from dougong.schemas import KINDS

from .. import documents, exchange, samples, trials
from ..api import worded
from ..bpmn.markup import MAX_BYTES
from ..checks import check
from ..reaching import reached
from ._common import answers_for

room = Room("definitions", __name__, "Definitions: forms, record types, workflows, decision tables, settlements, roles.")
answers_for(room)

DRAFT = {"kind": "role", "format": 1, "uid": "r1", "key": "engineer", "title": {"zh-Hans": "工程师", "en": "Engineer"}}


class DefinitionQuery(ListQuery):
    kind = choice(*KINDS)


class ReachQuery(Input):
    node = text(40, 1, "diagnose", required=True, says="The uid of the step.")


class NewDefinition(Input):
    kind = choice(*KINDS, required=True)
    title = texts(required=True)
    key = text(40, 1, load_default=None, allow_none=True, says="Free where none is given.")


class SaveDraft(Input):
    revision = whole(1, 10**8, 1, required=True, says="Of the draft, as it was read.")
    draft = free(DRAFT, required=True, says="The whole document; its schema is that of its kind.")


class Copy(Input):
    title = texts(required=True)


class Publish(Input):
    revision = whole(1, 10**8, 1, required=True)
    name = text(100, load_default="", says="What the new version is called.")
    note = text(2000, load_default="")
    companions = several(ident(), 100, load_default=list, example=[], says="Ids of drafts that are published with it.")


class Restore(Input):
    revision = whole(1, 10**8, 1, required=True)
    number = whole(1, 10**6, 1, required=True, says="The version whose body becomes the draft.")


class CheckDraft(Input):
    draft = free(DRAFT, required=True)


class Sample(Input):
    draft = free({"kind": "settlement"}, required=True)
    lines = several(fields.Dict(), 200, required=True, example=[{"amount": "100.00"}])


class Trial(Input):
    draft = free({"kind": "table"}, required=True)
    values = free({"amount": "100.00"}, required=True, says="By the keys of the inputs.")


class Said(Input):
    node = text(40, 1, "start", required=True, says="The uid of the step.")
    values = free({}, load_default=dict)
    by = text(40, 1, "li", says="Who does it; else whoever has the task.")
    signal = text(20, 1, "approve", says="What is done, where that is not plain: approve, reject, send_back, transfer, ...")


class Play(Input):
    say = several(fields.Nested(Said), 200, 1, [{"node": "start", "values": {}}], required=True, says="Who fills in what.")
    records = free({}, load_default=dict, says="Records that may be chosen: data by id.")
    people = fields.Dict(
        keys=fields.String(), values=several(text(40, 1), 200), load_default=dict,
        metadata={"example": {"finance": ["li", "wang"]}, "description": "Who has a role (by its key), or is unit_head, ..."},
    )  # fmt: skip


class ProblemOut(Output):
    code = fields.String(required=True, metadata={"example": "check.no_end"})
    severity = fields.String(required=True, metadata={"example": "error"})
    path = fields.String(required=True)
    message = fields.String(required=True)
    advice = fields.String(required=True)
    nodes = fields.List(fields.String(), required=True)
    edges = fields.List(fields.String(), required=True)
    field_uids = fields.List(fields.String(), required=True, attribute="fields")


class DefinitionHead(Output):
    id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"example": "workflow"})
    key = fields.String(required=True, metadata={"example": "repair"})
    title = fields.Dict(required=True)
    revision = fields.Integer(required=True)
    active = fields.Integer(required=True, allow_none=True, metadata={"description": "The version in force."})
    changed = fields.Boolean(required=True, metadata={"description": "Does the draft differ from the version in force?"})
    updated_at = fields.String(required=True)
    updated_by = fields.String(required=True)


class DefinitionOut(DefinitionHead):
    draft = fields.Dict(required=True)
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class Made(Output):
    id = fields.String(required=True)


class RemarkOut(Output):
    code = fields.String(required=True, metadata={"example": "bpmn.note.lane"})
    node = fields.String(required=True, metadata={"description": "The uid of the step that it became a note of, if any."})
    line = fields.Integer(required=True, metadata={"description": "Of the file; 0 where it is about the whole."})
    message = fields.String(required=True)


class Brought(Made):
    remarks = fields.List(fields.Nested(RemarkOut), required=True)


class Saved(Output):
    revision = fields.Integer(required=True)
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class Problems(Output):
    problems = fields.List(fields.Nested(ProblemOut), required=True)


class Published(Output):
    versions = fields.Dict(required=True, metadata={"description": "The new version numbers by id."})


class VersionHead(Output):
    number = fields.Integer(required=True)
    name = fields.String(required=True)
    note = fields.String(required=True)
    published_at = fields.String(required=True)
    published_by = fields.String(required=True)


class VersionOut(VersionHead):
    body = fields.Dict(required=True)
    lock = fields.Dict(required=True, metadata={"description": "The versions of what it refers to."})


class SampleOut(Output):
    problems = fields.Boolean(metadata={"description": "True where the draft has errors; then nothing was calculated."})
    lines = fields.List(fields.Dict(), required=True)
    statements = fields.List(fields.Dict(), required=True)
    error = fields.Dict()


class TrialOut(Output):
    problems = fields.Boolean(metadata={"description": "True where the draft has errors; then nothing was decided."})
    hits = fields.List(fields.String(), required=True, metadata={"description": "The uids of the rules that hit."})
    values = fields.Dict(required=True, metadata={"description": "What comes out, by the keys of the outputs."})
    errors = fields.Dict(metadata={"description": "What is wrong with a value, by the key of its input."})
    error = fields.Dict(metadata={"description": "Why nothing could be decided."})


class Passed(Output):
    node = fields.String(required=True, metadata={"example": "diagnose"})
    title = fields.Dict(required=True)


class Need(Output):
    code = fields.String(required=True, metadata={"example": "reach.condition"})
    message = fields.String(required=True, metadata={"example": "quote is more than 5000"})


class ReachOut(Output):
    """`must`: the ways that every ticket takes on its way there; `may`: the others that lead there."""

    sentence = fields.String(required=True)
    passes = fields.List(fields.Nested(Passed), required=True)
    needs = fields.List(fields.Nested(Need), required=True)
    must = fields.List(fields.String(), required=True)
    may = fields.List(fields.String(), required=True)


class Played(Output):
    status = fields.String(required=True, metadata={"example": "done"})
    result = fields.String(required=True, allow_none=True)
    visited = fields.List(fields.String(), required=True)
    waiting = fields.List(fields.String(), required=True)
    data = fields.Dict(required=True)
    refused = fields.List(fields.Dict(), required=True)


@room.operation("GET", "/definitions", "design.see", query=DefinitionQuery, answer=page_of(DefinitionHead))
def list_definitions(asked: dict[str, Any]) -> Any:
    """The definitions, without those that were put away."""
    wanted = select(Document).where(~Document.archived)
    wanted = wanted.where(Document.kind == asked["kind"]) if "kind" in asked else wanted
    return page(wanted, Document.id, asked, store.head)


@room.operation("POST", "/definitions", "design.edit", body=NewDefinition, answer=Made, status=201)
def create_definition(asked: dict[str, Any]) -> Any:
    """A new draft that has what its kind needs at least."""
    made = documents.create(g.who, asked["kind"], asked["title"], asked["key"])
    return {"id": made}, 201, {"Location": url_for("api_definitions.get_definition", document_id=made)}


@room.operation("GET", "/definitions/<document_id>", "design.see", answer=DefinitionOut)
def get_definition(document_id: str) -> Any:
    """A definition with its draft and what is wrong with it."""
    document = documents.get(db.session(), document_id)
    problems = worded(documents.problems_of(db.session(), document.draft))
    return {**store.head(document), "draft": upgraded(document.draft), "problems": problems}


@room.operation("PUT", "/definitions/<document_id>", "design.edit", body=SaveDraft, answer=Saved, refuses=[409])
def save_draft(asked: dict[str, Any], document_id: str) -> Any:
    """Save the draft over the one at `revision`; 409 where it has moved on. It may have problems, and is told which."""
    saved = documents.save(g.who, document_id, asked["revision"], asked["draft"])
    return {"revision": saved.revision, "problems": worded(saved.problems)}


@room.operation("DELETE", "/definitions/<document_id>", "design.edit", status=204, refuses=[409])
def archive_definition(document_id: str) -> None:
    """Put a definition away, where no other refers to it."""
    users = documents.archive(g.who, document_id)
    if users:
        raise ApiError(409, "document.in_use", users="、".join(pick(title) for title in users))


@room.operation("POST", "/definitions/<document_id>/copy", "design.edit", body=Copy, answer=Made, status=201)
def copy_definition(asked: dict[str, Any], document_id: str) -> Any:
    """A draft of one's own to modify."""
    return {"id": documents.copy(g.who, document_id, asked["title"])}, 201


@room.operation("POST", "/definitions/<document_id>/publish", "design.publish", body=Publish, answer=Published)
def publish_definition(asked: dict[str, Any], document_id: str) -> Any:
    """Freeze the draft as the next version, in force from now on; all of the batch or none. Its stories must hold."""
    numbers = documents.publish(g.who, document_id, asked["revision"], asked["note"], asked["companions"], asked["name"])
    return {"versions": numbers}


@room.operation("GET", "/definitions/<document_id>/versions", "design.see", query=ListQuery, answer=page_of(VersionHead))
def list_versions(asked: dict[str, Any], document_id: str) -> Any:
    """The versions of a definition, the newest first."""
    document = documents.get(db.session(), document_id)
    return page(select(Version).where(Version.document_id == document.id), Version.id, asked, lambda one: one)


@room.operation("GET", "/definitions/<document_id>/versions/<int(max=1000000):number>", "design.see", answer=VersionOut)
def get_version(document_id: str, number: int) -> Any:
    """A version, which never changes."""
    return documents.version_of(db.session(), document_id, number)


@room.operation("POST", "/definitions/<document_id>/restore", "design.edit", body=Restore, answer=Saved)
def restore_version(asked: dict[str, Any], document_id: str) -> Any:
    """The body of an earlier version becomes the draft."""
    saved = documents.restore(g.who, document_id, asked["revision"], asked["number"])
    return {"revision": saved.revision, "problems": worded(saved.problems)}


@room.operation("GET", "/definitions/<document_id>/route", "design.see", query=ReachQuery, answer=ReachOut)
def reach_step(asked: dict[str, Any], document_id: str) -> Any:
    """What must hold for a ticket to come to a step of the draft of a workflow, as a sentence and one by one."""
    document = documents.get(db.session(), document_id)
    return reached(document.draft, asked["node"], documents.drafts(db.session()))


@room.operation("POST", "/definitions/<document_id>/play", "design.see", body=Play, answer=Played)
def play_definition(asked: dict[str, Any], document_id: str) -> Any:
    """Play the draft of a workflow with the same interpreter that runs tickets, without any effect."""
    say = [[one.pop("node"), one.pop("values"), one] for one in asked["say"]]
    found = documents.play(db.session(), document_id, {**asked, "say": say})
    case = found.case
    return {
        "status": case.status, "result": case.result, "visited": found.visited, "data": case.data,
        "waiting": sorted(token.node for token in case.tokens.values() if token.state == "waiting"),
        "refused": [{"node": node, **reason.to_json()} for node, reason in found.refused],
    }  # fmt: skip


@room.operation("GET", "/definitions/<document_id>/bpmn", "design.see", binary=True)
def export_bpmn(document_id: str) -> Any:
    """The draft of a workflow as BPMN 2.0, with a diagram."""
    name, raw = exchange.export(db.session(), document_id, language())
    answer = Response(raw, mimetype=BYTES)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@room.operation("POST", "/definitions/bpmn", "design.edit", upload=True, answer=Brought, status=201)
def import_bpmn() -> Any:
    """A workflow drawn elsewhere (BPMN 2.0) as a draft, with a form for it; what has no equal here is told."""
    made, found = exchange.bring(g.who, uploaded().stream.read(MAX_BYTES + 1))
    remarks = [
        {"code": one.reason.code, "node": one.step, "line": one.line, "message": say(one.reason)} for one in found.remarks
    ]
    return {"id": made, "remarks": remarks}, 201


@room.operation("POST", "/check", "design.see", body=CheckDraft, answer=Problems)
def check_draft(asked: dict[str, Any]) -> Any:
    """What is wrong with a document that has not been saved, seen beside the tenant's drafts."""
    draft = asked["draft"]
    if draft.get("kind") not in KINDS:
        raise Refused("document.unknown_kind", "/draft/kind", found=str(draft.get("kind"))[:40])
    return {"problems": worded(check(draft, documents.drafts(db.session())))}


@room.operation("POST", "/sample", "design.see", body=Sample, answer=SampleOut)
def calculate_sample(asked: dict[str, Any]) -> Any:
    """A sample calculation of a settlement draft, with its whole explanation."""
    return samples.calculated(asked["draft"], asked["lines"], documents.drafts(db.session()))


@room.operation("POST", "/decide", "design.see", body=Trial, answer=TrialOut)
def decide_by_table(asked: dict[str, Any]) -> Any:
    """Try a decision table that is being drawn: which rules hit, and what comes out."""
    now = datetime.now(ZoneInfo(g.tenant.zone))
    return trials.decided(asked["draft"], asked["values"], documents.drafts(db.session()), now)
