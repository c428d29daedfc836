"""Files: the bytes in the data folder, what they are in the database, and who they belong to.

A file is uploaded first and belongs to its uploader; the ticket or record that is saved with it becomes its owner. It is
served only to who may see its owner, as an attachment, with its type taken from a list and never guessed by the browser.
"""

import hashlib
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage

from .store import Base, TenantOwned, moment, new_id

MAX_BYTES = 20_000_000
TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
}  # fmt: skip
MAGIC = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
    "application/pdf": b"%PDF",
}


class File(TenantOwned, Base):
    """`owner` is "upload:<who>" at first, then "ticket:<id>" or "record:<id>"."""

    __tablename__ = "file"

    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[str] = mapped_column(String(24), default=moment)

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "size": self.size, "type": self.type}


class FileRefused(Exception):
    """`code` is of the catalogue."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def take(session: Session, tenant_id: str, upload: FileStorage, owner: str) -> File:
    """Keep an upload. Raises FileRefused for what is too large or of a type that is not on the list."""
    name = Path(upload.filename or "").name[:200]
    kind = TYPES.get(Path(name).suffix.lower())
    raw = upload.stream.read(MAX_BYTES + 1)
    if kind is None:
        raise FileRefused("file.type", name=name, types=" ".join(TYPES))
    if len(raw) > MAX_BYTES:
        raise FileRefused("file.too_large", name=name, limit=MAX_BYTES // 1_000_000)
    if not raw.startswith(MAGIC.get(kind, b"")):
        raise FileRefused("file.content", name=name)
    file = File(id=new_id(), name=name, type=kind, size=len(raw), sha256=hashlib.sha256(raw).hexdigest(), owner=owner)
    path = path_of(tenant_id, file.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    session.add(file)
    session.flush()
    return file


def path_of(tenant_id: str, file_id: str) -> Path:
    return Path(current_app.config["HOME"]) / "files" / tenant_id / file_id


def found(session: Session, ids: list[str]) -> dict[str, File]:
    return {file.id: file for file in session.scalars(select(File).where(File.id.in_(ids)))} if ids else {}
