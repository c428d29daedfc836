"""Workflows to and from other tools: a draft exported as BPMN, a file previewed, and imported as a draft with a form for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from dougong.platform import documents as store
from dougong.platform.messages import LANGUAGES, say
from dougong.platform.store import new_id, transaction
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Refused
from dougong.runtime.upgrades import upgraded

from . import documents, starters
from .bpmn.drawing import Remark
from .bpmn.reading import Import, imported
from .bpmn.words import shortened
from .bpmn.writing import written
from .checks import check

NEW_FORM: Final = ""  # the choice of a form: a new one with the fields that the file tells of
Doc = Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """What an import would make. `form`: the one that is offered first; `problems`: what is left to do afterwards."""

    found: Import
    document: dict[str, Any]
    forms: dict[str, Doc]
    form: str
    problems: list[Problem]


def export(session: Session, document_id: str, language: str) -> tuple[str, bytes]:
    """The draft of a workflow: a name for the file, and the file. Raises LookupError, Refused."""
    document = documents.get(session, document_id)
    if document.kind != "workflow":
        raise LookupError(document_id)
    return f"{document.key}.bpmn", written(upgraded(document.draft), language)


def preview(session: Session, raw: bytes) -> Preview:
    """Nothing is written. Raises Refused."""
    found = imported(raw, _roles(session))
    drafts = documents.drafts(session)
    forms = {key: draft for (kind, key), draft in drafts.items() if kind == "form"}
    form = found.document.get("form", NEW_FORM)
    form = form if form in forms else NEW_FORM
    body = _workflow(session, found, form or "new")
    refs = drafts if form else {**drafts, ("form", "new"): _form(found, "new", body["title"])}
    return Preview(found, body, forms, form, check(body, refs))


def bring(by: Any, raw: bytes, title: str | None = None, form: str | None = None) -> tuple[str, Import]:
    """A draft of the file, and of a form where none is chosen (None: the file's own, if it is there): both or nothing.
    Answers the workflow's id. Raises Refused."""
    with transaction(by.tenant_id) as session:
        found = imported(raw, _roles(session))
        own = found.document.get("form", NEW_FORM)
        key = form if form is not None else own if store.find(session, "form", own) else NEW_FORM
        if key and store.find(session, "form", key) is None:
            raise Refused("check.no_such_form", "/form", form=key)
        words = found.document["title"]
        if title is not None and title not in words.values():
            words = dict.fromkeys(LANGUAGES, title)
        if not key:
            key = documents.add(session, by, _form(found, documents.free_key(session, "form"), words)).key
        body = {**_workflow(session, found, key), "title": words}
        return documents.add(session, by, body).id, found


def _roles(session: Session) -> dict[str, str]:
    """Keys by title, in every language."""
    return {words: role.key for role in store.listed(session, "role") for words in role.title.values() if words}


def _workflow(session: Session, found: Import, form: str) -> dict[str, Any]:
    """As it would be kept: under its own key and uid where that key is free, else as a copy."""
    key = found.document.get("key", "")
    is_free = bool(key) and store.find(session, "workflow", key) is None
    head = {"key": key if is_free else documents.free_key(session, "workflow", key), "form": form}
    if not is_free or "uid" not in found.document:
        head["uid"] = new_id()
    told = _told(found.remarks)
    nodes = [{**node, "remark": told[node["uid"]]} if node["uid"] in told else node for node in found.document["nodes"]]
    return {**found.document, **head, "nodes": nodes}


def _told(remarks: list[Remark]) -> dict[str, dict[str, str]]:
    """By step: all that was remarked about it, a line each, in every language."""
    lines: dict[str, list[Remark]] = {}
    for one in remarks:
        if one.step:
            lines.setdefault(one.step, []).append(one)
    return {
        uid: {tag: shortened("\n".join(say(one.reason, tag) for one in found)) for tag in LANGUAGES}
        for uid, found in lines.items()
    }


def _form(found: Import, key: str, title: Mapping[str, str]) -> dict[str, Any]:
    form = starters.starter("form", dict(title), key)
    form["sections"][0]["fields"] = found.fields
    return form
