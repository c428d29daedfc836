"""Versioned documents: a draft with a revision, and versions that never change. What stands in them is the builder's affair."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, String, Text, UniqueConstraint, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from . import audit
from .store import Base, TenantOwned, moment, new_id, refers


class Document(TenantOwned, Base):
    """`revision` rises with every save of the draft; `active` is the version in force (启用中), None before the first."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "key"),)

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    draft_hash: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    active: Mapped[int | None] = mapped_column(Integer)
    active_hash: Mapped[str | None] = mapped_column(String(64))
    archived: Mapped[bool] = mapped_column(Boolean, default=False)
    updated_at: Mapped[str] = mapped_column(String(24), default=moment)
    updated_by: Mapped[str] = mapped_column(String(120), default="")

    @property
    def changed(self) -> bool:
        """Does the draft say something else than the version in force?"""
        return self.draft_hash != self.active_hash


class Version(TenantOwned, Base):
    """`lock`: {"kind/key": version number} of all that the body refers to, as it was when this was published."""

    __tablename__ = "version"
    __table_args__ = (
        refers("document_id", "document"),
        UniqueConstraint("tenant_id", "document_id", "number"),
        Index("ix_version_kind_key", "tenant_id", "kind", "key", "number"),
    )

    document_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    hash: Mapped[str] = mapped_column(String(64))
    lock: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    name: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[str] = mapped_column(String(24), default=moment)
    published_by: Mapped[str] = mapped_column(String(120), default="")


class Stale(Exception):
    """The draft has moved on since it was read. `current` is what stands there now, with who saved it."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"draft is at revision {document.revision}")
        self.current = {**head(document), "draft": document.draft}


def head(document: Document) -> dict[str, Any]:
    """A document without its draft, in JSON."""
    return {
        "id": document.id,
        "kind": document.kind,
        "key": document.key,
        "title": document.title,
        "revision": document.revision,
        "active": document.active,
        "changed": document.changed,
        "updated_at": document.updated_at,
        "updated_by": document.updated_by,
    }


def find(session: Session, kind: str, key: str) -> Document | None:
    return session.scalar(select(Document).where(Document.kind == kind, Document.key == key))


def listed(session: Session, *kinds: str, drafts: bool = False) -> list[Document]:
    """`drafts`: read what is drawn in them too, at once."""
    wanted = select(Document).where(~Document.archived).order_by(Document.kind, Document.key)
    wanted = wanted.options(undefer(Document.draft)) if drafts else wanted
    return list(session.scalars(wanted.where(Document.kind.in_(kinds)) if kinds else wanted))


def descriptions(session: Session, kind: str) -> dict[str, Any]:
    """By key: what is drawn says of itself, which is little of a draft; None where it says nothing."""
    wanted = select(Document.key, Document.draft["description"]).where(~Document.archived, Document.kind == kind)
    found: dict[str, Any] = dict(session.execute(wanted).all())
    return found


def in_force(session: Session, kind: str) -> list[tuple[Document, dict[str, int]]]:
    """Those that have a version in force, each with what that is locked to."""
    at = (Version.document_id == Document.id) & (Version.number == Document.active)
    wanted = select(Document, Version.lock).join(Version, at).where(~Document.archived, Document.kind == kind)
    return [(document, lock) for document, lock in session.execute(wanted.order_by(Document.key))]


def create(session: Session, by: Any, body: Mapping[str, Any], content_hash: str) -> Document:
    document = Document(
        id=new_id(),
        kind=body["kind"],
        key=body["key"],
        title=body["title"],
        draft=dict(body),
        draft_hash=content_hash,
        updated_by=by.name if by else "dougong",
    )
    session.add(document)
    session.flush()
    audit.record(session, by, "created", body["kind"], document.id, body["title"])
    return document


def save(session: Session, by: Any, document: Document, revision: int, body: Mapping[str, Any], content_hash: str) -> None:
    """A new draft over the one at `revision`. Raises Stale where that is not the present one; nothing is lost."""
    if document.revision != revision:
        raise Stale(document)
    document.draft, document.draft_hash, document.title = dict(body), content_hash, body["title"]
    document.revision += 1
    document.updated_at, document.updated_by = moment(), by.name if by else "dougong"


RUNNING: list[Callable[[Session], Mapping[tuple[str, int], int]]] = []  # who counts what runs, by (document id, version)
PUBLISHED: list[Callable[[Session, Document, dict[str, Any]], None]] = []  # who is told, within the transaction


def freeze(session: Session, by: Any, document: Document, lock: dict[str, int], content_hash: str, **said: str) -> Version:
    """The draft becomes the next version, and that the one in force. `said`: its name and note."""
    session.flush()
    last = session.scalar(select(func.max(Version.number)).where(Version.document_id == document.id)) or 0
    version = Version(
        id=new_id(),
        document_id=document.id,
        kind=document.kind,
        key=document.key,
        number=last + 1,
        body=dict(document.draft),
        hash=content_hash,
        lock=lock,
        **said,
        published_by=by.name if by else "dougong",
    )
    session.add(version)
    document.active, document.active_hash = version.number, content_hash
    session.flush()
    for tell in PUBLISHED:
        tell(session, document, version.body)
    audit.record(session, by, "published", document.kind, document.id, document.title, version=version.number)
    return version


def versions_of(session: Session, document_id: str) -> list[Version]:
    return list(session.scalars(select(Version).where(Version.document_id == document_id).order_by(Version.number.desc())))


def running_on(session: Session, document: Document) -> dict[int, int]:
    """How much runs on each version of a document: on a workflow's own, on the others through the locks of those."""
    found: Counter[int] = Counter()
    for count in RUNNING:
        running, name = count(session), f"{document.kind}/{document.key}"
        wanted = select(Version.document_id, Version.number, Version.lock)
        users = session.execute(wanted.where(tuple_(Version.document_id, Version.number).in_(list(running))))
        locks = {(document_id, number): lock for document_id, number, lock in users}
        for (document_id, number), many in running.items():
            used = number if document_id == document.id else locks.get((document_id, number), {}).get(name)
            if used:
                found[used] += many
    return dict(found)


def version(session: Session, kind: str, key: str, number: int) -> Version | None:
    wanted = select(Version).where(Version.kind == kind, Version.key == key, Version.number == number)
    return session.scalar(wanted)


def active_version(session: Session, kind: str, key: str) -> Version | None:
    document = find(session, kind, key)
    return version(session, kind, key, document.active) if document and document.active else None
