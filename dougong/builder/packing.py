"""The verbs of packs: preview, import, export. An import is all or nothing, in one transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from dougong.platform import audit
from dougong.platform import documents as store
from dougong.platform.documents import Document, Version
from dougong.platform.people import Binding
from dougong.platform.store import db, transaction
from dougong.platform.tenancy import Tenant
from dougong.runtime.canonical import content_hash
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Refused

from . import connected, documents, packs
from .checks import references
from .packs import PlanItem, Ref
from .tables import InstalledPack

LIBRARY = Path(str(files("dougong"))).parent / "packs"


@dataclass(frozen=True)
class Preview:
    """What an import would do. It can be done where `problems` is empty and nothing is taken."""

    pack: dict[str, Any]
    items: list[PlanItem]
    problems: dict[Ref, list[Problem]]
    fingerprint: str

    @property
    def possible(self) -> bool:
        return not self.problems and not any(item.what == "taken" for item in self.items)


@cache
def library() -> list[dict[str, Any]]:
    """The packs that ship with the platform: read once, for reading only."""
    return [packs.read(path.read_bytes()) for path in sorted(LIBRARY.glob("*.json"))]


def on_shelf(name: str) -> bytes | None:
    """One of them, by the name of its file."""
    return next((path.read_bytes() for path in LIBRARY.glob("*.json") if path.stem == name), None)


def preview(raw: bytes) -> Preview:
    """Raises Refused for what is no pack."""
    pack = packs.read(raw)
    return _preview(db.session(), pack)


def import_pack(by: Any, raw: bytes, fingerprint: str | None = None, keep: Collection[Ref] = ()) -> Preview:
    """Take a pack in and publish it; what is to be kept stays as it is here.

    Raises Refused, or Unpublishable where a story fails; then nothing is written.
    """
    pack = packs.read(raw)
    with transaction(by.tenant_id) as session:
        found = _preview(session, pack)
        if fingerprint is not None and fingerprint != found.fingerprint:
            raise Refused("pack.moved_on")
        for item in found.items:
            if item.what == "taken":
                raise Refused("pack.key_taken", "", kind=item.kind, key=item.key)
        mine = {(item.kind, item.key) for item in found.items if item.what == "change"} & set(keep)
        items = [item for item in pack["items"] if (item["kind"], item["key"]) not in mine]
        if wrong := _preview(session, {**pack, "items": items}).problems if mine else found.problems:
            ref, problems = next(iter(wrong.items()))
            raise Refused("pack.item_wrong", problems[0].path, item=f"{ref[0]}/{ref[1]}", why=problems[0].reason.to_json())
        kept = {(item.kind, item.key) for item in found.items if item.what == "kept"}
        own = [document for kind, key in kept if (document := store.find(session, kind, key))]
        written = [_write(session, by, item) for item in items if (item["kind"], item["key"]) not in kept]
        batch = [document for document in written if document.active is None or document.changed]
        batch += [document for document in own if document.active is None]
        batch += _locked(session, written, batch)
        if batch:
            documents.publish_all(session, by, batch, note=f"{pack['key']} {pack['version']}")
        _remember(session, by, pack, kept)
        audit.record(session, by, "imported", "pack", pack["key"], pack["title"], version=pack["version"])
    return found


def uninstall(by: Any, key: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Put away what a pack has brought; tickets under way go on. Answers the titles of the pack and of what stays, as something
    else needs it. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        row = session.scalar(select(InstalledPack).where(InstalledPack.key == key))
        if row is None:
            raise LookupError(key)
        present = {(one.kind, one.key): one for one in store.listed(session, drafts=True)}
        mine = {(kind, name) for kind, name in row.items if (kind, name) in present}
        needed = {ref for ref, one in present.items() if ref not in mine for ref in references(one.draft)}
        needed |= {(kind, name) for other in installed(session) if other.key != key for kind, name in other.items}
        needed.add(("calendar", session.get_one(Tenant, by.tenant_id).calendar or ""))
        stay = packs.closure(mine & needed, {ref: present[ref].draft for ref in mine})
        for ref in mine - stay.keys():
            present[ref].archived = True
            audit.record(session, by, "archived", ref[0], present[ref].id, present[ref].title)
        session.delete(row)
        audit.record(session, by, "uninstalled", "pack", key, row.title, version=row.version)
        return row.title, [present[ref].title for ref in stay]


def export(session: Session, head: dict[str, Any], chosen: Iterable[Ref]) -> bytes:
    """The versions in force of the chosen items and of all that they refer to. Raises Refused where one is not published."""
    known = documents.in_force(session)
    chosen = list(chosen)
    for kind, key in chosen:
        if (kind, key) not in known:
            raise Refused("pack.not_published", "", kind=kind, key=key)
    return packs.build(head, [known[ref] for ref in packs.closure(chosen, known)])


def export_installed(session: Session, key: str) -> tuple[InstalledPack, bytes]:
    """An installed pack as it now stands in this tenant. Raises LookupError."""
    row = session.scalar(select(InstalledPack).where(InstalledPack.key == key))
    if row is None:
        raise LookupError(key)
    head = {"key": row.key, "version": row.version, "title": row.title, "summary": row.summary, "icon": row.icon}
    known = documents.in_force(session)
    return row, packs.build(head, [known[ref] for ref in packs.closure([(kind, name) for kind, name in row.items], known)])


def installed(session: Session) -> list[InstalledPack]:
    return list(session.scalars(select(InstalledPack).order_by(InstalledPack.key)))


def unmanned(session: Session, rows: Iterable[InstalledPack]) -> dict[str, int]:
    """By the key of a pack how many of its roles have nobody behind them."""
    bound = set(session.scalars(select(Binding.role_key).distinct()))
    return {row.key: sum(kind == "role" and key not in bound for kind, key in row.items) for row in rows}


def _preview(session: Session, pack: dict[str, Any]) -> Preview:
    present = documents.drafts(session)
    unset = {(item["kind"], item["key"]): list(connected.problems(session, item)) for item in pack["items"]}
    problems = {**{ref: found for ref, found in unset.items() if found}, **packs.problems(pack, present)}
    return Preview(pack, packs.plan(pack, present, _brought(session, pack["key"])), problems, packs.fingerprint(pack, present))


def _brought(session: Session, key: str) -> dict[Ref, dict[str, Any]]:
    """What the pack has published here so far, of each item the last: by what is noted of its versions."""
    noted = select(Version).where(Version.note.startswith(f"{key} ", autoescape=True)).options(undefer(Version.body))
    return {(one.kind, one.key): one.body for one in session.scalars(noted.order_by(Version.number))}


def _locked(session: Session, written: list[Document], batch: list[Document]) -> list[Document]:
    """Workflows of the pack that are as they were, while something that they are locked to changes: else it would reach none of
    their tickets."""
    changed = {f"{one.kind}/{one.key}" for one in batch}
    same = [one for one in written if one.kind == "workflow" and one not in batch]
    in_force = [(one, store.active_version(session, one.kind, one.key)) for one in same]
    return [one for one, version in in_force if version and changed & set(version.lock)]


def _write(session: Session, by: Any, item: dict[str, Any]) -> Document:
    found = store.find(session, item["kind"], item["key"])
    if found is None:
        return store.create(session, by, item, content_hash(item))
    found.archived = False
    if found.draft != item:
        store.save(session, by, found, found.revision, item, content_hash(item))
    return found


def _remember(session: Session, by: Any, pack: dict[str, Any], kept: Collection[Ref]) -> None:
    row = session.scalar(select(InstalledPack).where(InstalledPack.key == pack["key"])) or InstalledPack(key=pack["key"])
    row.version, row.title, row.summary = pack["version"], pack["title"], pack.get("summary", {})
    row.icon = pack.get("icon", "")
    row.items = [[item["kind"], item["key"]] for item in pack["items"] if (item["kind"], item["key"]) not in kept]
    row.installed_by = by.name if by else "dougong"
    session.add(row)
