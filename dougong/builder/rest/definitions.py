"""Definitions over the API: drafts, their checks, versions, sample calculations and plays."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, url_for
from sqlalchemy import select

from dougong.platform import documents as store
from dougong.platform.documents import Document, Version
from dougong.platform.messages import language, pick, say
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError
from dougong.platform.rest.shapes import ListQuery, page_of
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
from .shapes import (
    Brought,
    CheckDraft,
    Copy,
    DefinitionHead,
    DefinitionOut,
    DefinitionQuery,
    Made,
    NewDefinition,
    Play,
    Played,
    Problems,
    Publish,
    Published,
    ReachOut,
    ReachQuery,
    Restore,
    Sample,
    SampleOut,
    Saved,
    SaveDraft,
    Trial,
    TrialOut,
    VersionHead,
    VersionOut,
)

room = Room("definitions", __name__, "Definitions: forms, record types, workflows, decision tables, settlements, roles.")
answers_for(room)


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
