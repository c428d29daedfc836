"""Files: the bytes where `storage.py` keeps them, what they are in the database, and who they belong to.

A file is uploaded first and belongs to its uploader; the ticket or record that is saved with it becomes its owner. It is
served only to who may see its owner, as an attachment, with the type that its bytes are (`contents.py`).

While its bytes come or go a file is nobody's: whatever happens to the process, `reap` finds it by its row and takes both away.
"""

import hashlib
import io
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask import Response, current_app, send_file
from sqlalchemy import Index, Integer, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage

from . import contents
from .contents import TEXTS, TYPES, Unfit
from .storage import StorageDown, storage
from .store import Base, TenantOwned, moment, new_id, transaction

MAX_BYTES = 20_000_000
NOBODY: Final = "nobody"
UNUSED: Final = timedelta(days=7)  # an upload that has been saved with nothing goes
LEFT: Final = timedelta(hours=1)  # whose bytes were to come or go since then was left behind
REAPED_AT_ONCE: Final = 1_000
MOST_OF_ONE = 200  # files of one ticket or record, and uploads that nobody has saved with anything
_UNSAID = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")  # what a name must not hide
_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"


class File(TenantOwned, Base):
    """`owner` is NOBODY at first, "upload:<who>" when its bytes are there, then "ticket:<id>" or "record:<id>"; pieces of an
    import are of "intake:<id>"."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_size", "tenant_id", "size"),)

    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[str] = mapped_column(String(24), default=moment)

    @property
    def key(self) -> str:
        return key_of(self.tenant_id, self.id)

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "size": self.size, "type": self.type}


class FileRefused(Exception):
    """`code` is of the catalogue."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def take(tenant_id: str, upload: FileStorage, owner: str) -> dict[str, Any]:
    """Keep an upload; answers it in JSON. Raises FileRefused for what is too large, too much, or not a type on the list."""
    return keep(tenant_id, *_judged(upload), owner)


def keep(tenant_id: str, name: str, kind: str, raw: bytes, owner: str) -> dict[str, Any]:
    """Somebody's, as one of his uploads of this day. What is not judged must have an owner to whom no file is served."""
    found = put(tenant_id, name, kind, raw)
    try:
        with transaction(tenant_id) as session:
            _few(session, owner)
            own(session, [found["id"]], owner)
    except Exception:
        with suppress(StorageDown):
            remove(tenant_id, found["id"])
        raise
    return found


def put(tenant_id: str, name: str, kind: str, raw: bytes) -> dict[str, Any]:
    """Its bytes are there, and it is nobody's: it goes, unless somebody is given it soon (`own`)."""
    file = File(id=new_id(), tenant_id=tenant_id, name=name, type=kind, size=len(raw), owner=NOBODY)
    file.sha256 = hashlib.sha256(raw).hexdigest()
    key, found = file.key, file.to_json()
    with transaction(tenant_id) as session:
        session.add(file)
    try:
        storage().put(key, raw)
    except Exception:
        with suppress(StorageDown):
            remove(tenant_id, found["id"])
        raise
    return found


def own(session: Session, ids: list[str], owner: str) -> None:
    """Raises FileRefused where there is no room for all that the tenant has with them."""
    kept = session.scalar(select(func.sum(File.size))) or 0
    if kept > (most := current_app.config["FILES_MOST"]):
        raise FileRefused("file.tenant_full", limit=most // 1_000_000_000)
    session.execute(update(File).where(File.id.in_(ids)).values(owner=owner))


def remove(tenant_id: str, file_id: str) -> None:
    """One that is nobody's: its bytes first, so that none are left without a row."""
    storage().delete(key_of(tenant_id, file_id))
    with transaction(tenant_id) as session:
        session.execute(delete(File).where(File.id == file_id, File.owner == NOBODY))


def reap(tenant_id: str, now: datetime) -> int:
    """What was never saved with anything goes, and what was left behind by a process that died. How many files."""
    unused, left = moment(now - UNUSED), moment(now - LEFT)
    with transaction(tenant_id) as session:
        session.execute(update(File).where(File.owner.startswith("upload:"), File.at < unused).values(owner=NOBODY))
        wanted = select(File.id).where(File.owner == NOBODY, File.at < left).order_by(File.id).limit(REAPED_AT_ONCE)
        found = session.scalars(wanted).all()
    for file_id in found:
        remove(tenant_id, file_id)
    return len(found)


def served(file: File) -> Response:
    """As an attachment that no browser runs. Raises LookupError where its bytes are gone."""
    raw = storage().get(file.key)
    return _alone(send_file(io.BytesIO(raw), mimetype=file.type, as_attachment=True, download_name=file.name))


def small(file: File) -> Response:
    """A photo small enough to stand in a page, drawn anew. Raises LookupError where it is none."""
    if not file.type.startswith("image/"):
        raise LookupError(file.id)
    try:
        drawn = contents.thumbnail(storage().get(file.key))
    except Unfit:
        raise LookupError(file.id) from None
    return _alone(send_file(io.BytesIO(drawn), mimetype="image/jpeg", max_age=86_400))


def key_of(tenant_id: str, file_id: str) -> str:
    """Where the bytes of a file lie."""
    return f"{tenant_id}/{file_id}"


def found(session: Session, ids: list[str]) -> dict[str, File]:
    return {file.id: file for file in session.scalars(select(File).where(File.id.in_(ids)))} if ids else {}


def _judged(upload: FileStorage) -> tuple[str, str, bytes]:
    """Name, type and bytes as they are kept. The name ends as the type does; no folder, no hidden mark is left in it."""
    name = _UNSAID.sub("", upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()
    stem, suffix = Path(name).stem[:180], Path(name).suffix.lower()
    wanted = TYPES.get(suffix)
    if wanted is None:
        raise FileRefused("file.type", name=name[:200], types=" ".join(TYPES))
    raw = upload.stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise FileRefused("file.too_large", name=name, limit=MAX_BYTES // 1_000_000)
    kind = contents.type_of(raw)
    if kind and kind.startswith("image/") and wanted.startswith("image/"):
        try:
            raw, kind = contents.redrawn(raw)
        except Unfit as unfit:
            raise FileRefused(unfit.code, name=name, limit=contents.MOST_PIXELS // 1_000_000) from None
        suffix = suffix if TYPES[suffix] == kind else f".{kind.removeprefix('image/').replace('jpeg', 'jpg')}"
    elif kind != wanted and not (kind in TEXTS and wanted in TEXTS):
        raise FileRefused("file.content", name=name)
    return f"{stem}{suffix}", TYPES[suffix], raw


def _few(session: Session, owner: str) -> None:
    """Is there room for one more of the uploader's of this day?"""
    today = moment(datetime.now(UTC) - timedelta(days=1))
    waiting = session.scalar(select(func.count()).select_from(File).where(File.owner == owner, File.at > today)) or 0
    if waiting >= MOST_OF_ONE:
        raise FileRefused("file.too_many", limit=MOST_OF_ONE)


def _alone(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
