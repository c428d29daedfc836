"""The verbs of a definition's life: create, save, check, publish, restore, copy, archive.

Each owns its transaction. A draft may be saved with any problem; it may be published with none. Publishing writes the lock:
the versions of everything that the document refers to, as they stand then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from dougong import schemas
from dougong.platform import audit, documents
from dougong.platform.documents import Document, Stale, Version
from dougong.platform.store import db, new_id, transaction
from dougong.platform.tenancy import Tenant
from dougong.runtime.canonical import clean, content_hash
from dougong.runtime.definition import COMPILED, Definition
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.upgrades import upgraded

from . import connected, simulate, starters
from .checks import check, is_publishable, references
from .placing import placed
from .simulate import Play, verdict

LOCKED = ("form", "settlement", "calendar", "table", "role", "entity", "workflow")
Doc = Mapping[str, Any]


class Unpublishable(Exception):
    """The draft has errors; `problems` by document id."""

    def __init__(self, problems: dict[str, list[Problem]]) -> None:
        super().__init__("the draft has errors")
        self.problems = problems


@dataclass(frozen=True)
class Saved:
    revision: int
    problems: list[Problem] = field(default_factory=list)


def create(by: Any, kind: str, title: dict[str, str], key: str | None = None) -> str:
    """A new draft that has what its kind needs at least. Answers its id."""
    with transaction(by.tenant_id) as session:
        zone = session.get_one(Tenant, by.tenant_id).zone
        return add(session, by, starters.starter(kind, title, key or free_key(session, kind), zone)).id


def create_from(by: Any, body: Doc) -> str:
    """A new draft with this content; the key must be free."""
    with transaction(by.tenant_id) as session:
        return add(session, by, body).id


def add(session: Session, by: Any, body: Doc) -> Document:
    """Within a transaction of the caller: a new draft with this content, which must have a title and a key that is free."""
    body = _read(body, body.get("kind", ""))
    if not any(words.strip() for words in body["title"].values()):
        raise Refused("schema.required", "/title", key="title")
    if documents.find(session, body["kind"], body["key"]) is not None:
        raise Refused("document.key_taken", "/key", key=body["key"])
    return documents.create(session, by, body, content_hash(body))


def copy(by: Any, document_id: str, title: dict[str, str], number: int | None = None) -> str:
    """A draft of one's own to modify, of the draft or of a version: a new key and a new uid (elements inside keep theirs)."""
    with transaction(by.tenant_id) as session:
        source = get(session, document_id)
        what = source.draft if number is None else version_of(session, document_id, number).body
        words = {"uid": new_id(), "key": free_key(session, source.kind, source.key), "title": title}
        body = _read({**what, **words}, source.kind)
        return documents.create(session, by, body, content_hash(body)).id


def save(by: Any, document_id: str, revision: int, body: Any) -> Saved:
    """Raises Refused where it is no document of this kind, Stale where the draft has moved on."""
    with transaction(by.tenant_id) as session:
        document = get(session, document_id)
        body = _read(body, document.kind)
        for name in ("uid", "key"):
            if body[name] != document.draft[name]:
                raise Refused(f"document.{name}_is_fixed", f"/{name}")
        if document.revision != revision:
            raise Stale(document)
        if body == document.draft:
            return Saved(document.revision, problems_of(session, body))
        documents.save(session, by, document, revision, body, content_hash(body))
        return Saved(document.revision, problems_of(session, body))


def publish(
    by: Any, document_id: str, revision: int, note: str = "", companions: Iterable[str] = (), name: str = ""
) -> dict[str, int]:
    """Publish a draft, and with it the drafts of `companions` (ids). All or none. Answers the new version numbers by id.

    `name` is what the version of the first is called, `note` stands at all of them. Raises Stale, Unpublishable.
    """
    with transaction(by.tenant_id) as session:
        first = get(session, document_id)
        if first.revision != revision:
            raise Stale(first)
        batch = {document.id: document for document in (first, *(get(session, one) for one in companions))}
        return publish_all(session, by, list(batch.values()), note, {document_id: name})


def publish_all(
    session: Session, by: Any, batch: list[Document], note: str = "", names: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Within a transaction of the caller: check the whole batch against what would then be in force, and freeze it."""
    refs = in_force(session) | {(document.kind, document.key): document.draft for document in batch}
    problems = {
        document.id: [*connected.problems(session, document.draft), *problems_with(document.draft, refs)] for document in batch
    }
    wrong = {one: found for one, found in problems.items() if not is_publishable(found)}
    if wrong:
        raise Unpublishable(wrong)
    found = {}
    order = {
        kind: index for index, kind in enumerate(("role", "calendar", "entity", "form", "table", "workflow", "settlement"))
    }
    for document in _ordered(batch, order):
        lock, said = _lock(session, document.draft, batch), {"note": note, "name": (names or {}).get(document.id, "")}
        version = _in_force(session, document, lock, said)
        version = version or documents.freeze(session, by, document, lock, content_hash(document.draft), **said)
        found[document.id] = version.number
    return found


def _in_force(session: Session, document: Document, lock: Mapping[str, int], said: Mapping[str, str]) -> Version | None:
    """The version in force, where that is this draft already, with these words: pressed twice, it is published once."""
    there = version_of(session, document.id, document.active) if document.active else None
    same = there and (there.body, there.lock, there.note, there.name) == (document.draft, lock, said["note"], said["name"])
    return there if same else None


def problems_of(session: Session, body: Doc) -> list[Problem]:
    """While drawing: what is wrong with a draft, beside the other drafts, errors first; stories are played on publishing."""
    return [*connected.problems(session, body), *check(body, drafts(session))]


def problems_with(body: Doc, refs: Mapping[tuple[str, str], Doc]) -> list[Problem]:
    """Everything that keeps a document from being published: the checks, and its stories."""
    found = check(body, refs)
    if is_publishable(found) and body["kind"] == "workflow":
        found += story_problems(body, refs)
    return found


def story_problems(body: Doc, refs: Mapping[tuple[str, str], Doc]) -> list[Problem]:
    """Each story is played twice: straight, and saved and reloaded between all steps."""
    needed = [ref for (kind, _), ref in refs.items() if kind in COMPILED]
    definition = Definition.from_json(body, needed)
    found = []
    for index, story in enumerate(body.get("stories", ())):
        reasons = verdict(definition, story) or verdict(definition, story, reloaded=True)
        if reasons:
            params = {"title": story["title"], "why": reasons[0].to_json()}
            found.append(Problem(Reason("check.story_fails", params), path=f"/stories/{index}"))
    return found


def restore(by: Any, document_id: str, revision: int, number: int) -> Saved:
    """The body of an earlier version becomes the draft."""
    with transaction(by.tenant_id) as session:
        document, version = get(session, document_id), version_of(session, document_id, number)
        documents.save(session, by, document, revision, version.body, version.hash)
        audit.record(session, by, "restored", document.kind, document.id, document.title, version=number)
        return Saved(document.revision, problems_of(session, version.body))


def version_of(session: Session, document_id: str, number: int) -> Version:
    """Raises LookupError."""
    get(session, document_id)
    version = session.scalar(select(Version).where(Version.document_id == document_id, Version.number == number))
    if version is None:
        raise LookupError(number)
    return version


def play(session: Session, document_id: str, story: Mapping[str, Any]) -> Play:
    """How the draft of a workflow goes with this story. Raises Unpublishable where it has errors, Refused."""
    document = get(session, document_id)
    if document.kind != "workflow":
        raise Refused("schema.choice", "", what="kind", expected="workflow", found=document.kind)
    refs = drafts(session)
    problems = check(document.draft, refs)
    if not is_publishable(problems):
        raise Unpublishable({document.id: problems})
    needed = [ref for (kind, _), ref in refs.items() if kind in COMPILED]
    return simulate.played(Definition.from_json(document.draft, needed), story)


def archive(by: Any, document_id: str) -> list[dict[str, str]]:
    """Put a definition away. Answers the titles of those that still refer to it; then nothing is done."""
    with transaction(by.tenant_id) as session:
        document = get(session, document_id)
        users = [user.title for user in used_by(session, document)]
        if document.kind == "calendar" and session.get_one(Tenant, by.tenant_id).calendar == document.key:
            raise Refused("document.calendar_is_kept")
        if not users:
            document.archived = True
            audit.record(session, by, "archived", document.kind, document.id, document.title)
        return users


def get(session: Session, document_id: str) -> Document:
    """Raises LookupError: foreign, missing and archived are told alike."""
    document = session.scalar(select(Document).where(Document.id == document_id, ~Document.archived))
    if document is None:
        raise LookupError(document_id)
    return document


def drafts(session: Session) -> dict[tuple[str, str], Doc]:
    return {(document.kind, document.key): document.draft for document in documents.listed(session, drafts=True)}


def in_force(session: Session) -> dict[tuple[str, str], Doc]:
    """The bodies of all versions in force."""
    wanted = select(Version).join(
        Document,
        (Document.tenant_id == Version.tenant_id) & (Document.id == Version.document_id) & (Document.active == Version.number),
    )
    found = session.scalars(wanted.where(~Document.archived).options(undefer(Version.body)))
    return {(version.kind, version.key): version.body for version in found}


def used_by(session: Session, document: Document) -> list[Document]:
    """Where-used: the definitions whose draft names this one."""
    everything = documents.listed(session, drafts=True)
    return [one for one in everything if (document.kind, document.key) in references(one.draft)]


def unpublished_references(session: Session, document: Document) -> list[Document]:
    """What this draft refers to, however indirectly, that has changes which are not published yet: the companions to offer."""
    found: dict[str, Document] = {}
    todo = [document]
    while todo:
        for kind, key in sorted(references(todo.pop().draft)):
            one = documents.find(session, kind, key)
            if one is not None and one.id not in found and one.id != document.id and not one.archived:
                found[one.id] = one
                todo.append(one)
    return [one for one in found.values() if one.changed]


def _read(body: Any, kind: str) -> dict[str, Any]:
    """Any JSON from outside as a canonical document of this kind. Raises Refused with the path."""
    if kind not in schemas.KINDS:
        raise Refused("document.unknown_kind", "/kind", found=str(kind)[:40])
    found: dict[str, Any] = clean(body)
    found = dict(upgraded(found)) if isinstance(found, dict) else found
    for path, code, params in schemas.problems(kind, found):
        raise Refused(code, path, **params)
    return placed(found)


def _lock(session: Session, body: Doc, batch: list[Document]) -> dict[str, int]:
    """ "kind/key" -> version of all that a document refers to, and of what that refers to."""
    found: dict[str, int] = {}
    todo = [references(body)]
    while todo:
        for kind, key in sorted(todo.pop()):
            name = f"{kind}/{key}"
            document = documents.find(session, kind, key)
            if name in found or document is None or document.active is None:
                continue
            found[name] = document.active
            inner = documents.version(session, kind, key, document.active)
            if inner is not None and kind != "workflow":
                todo.append(references(inner.body))
    return found


def _ordered(batch: list[Document], order: Mapping[str, int]) -> list[Document]:
    """What is referred to before what refers to it, so that the lock names the new versions."""
    uses_settlement = {document.id for document in batch if any(kind == "settlement" for kind, _ in references(document.draft))}
    return sorted(batch, key=lambda document: (document.id in uses_settlement, order.get(document.kind, 9), document.key))


def free_key(session: Session, kind: str, wish: str = "") -> str:
    """One that no definition of the kind has, like the wished one."""
    stem = (wish.rstrip("0123456789_") or kind)[:30]
    taken = set(session.scalars(select(Document.key).where(Document.kind == kind)))
    return next(key for n in range(1, 10_000) if (key := f"{stem}_{n}") not in taken)


def reading() -> Session:
    return db.session()
