"""The file of a backup: a zip of JSON lines and files, with a manifest that names, counts and hashes every part.

The hashes find damage. They do not find who rewrites the whole file on purpose: keep it where only you can write.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

FORMAT: Final = "dougong-backup"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 200_000_000
BLOCK: Final = 1 << 20
NOTE: Final = (
    "Passwords are hashed and secrets are sealed. The keys that open them (DOUGONG_KEYS, or the file `keys` of the data "
    "folder) and the file `secret` are not in the backup: keep them elsewhere."
)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, OverflowError)
MISSHAPEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Unusable(Exception):
    """A backup that cannot be made or restored; says why, and what to do."""


@dataclass(frozen=True)
class Part:
    """One file within the archive. `rows` is None for what is no list of rows."""

    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Kept:
    """A tenant in the archive. `digest` is its content hash; `faults`: its files that were missing or changed on the disk."""

    id: str
    slug: str
    digest: str
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manifest:
    program: str
    migration: str
    made_at: str
    store: str
    whole: bool
    tenants: list[Kept]
    parts: dict[str, Part]

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "format_version": FORMAT_VERSION, "note": NOTE, **asdict(self)}


def part_of(tenant_id: str, table: str) -> str:
    return f"tenants/{tenant_id}/{table}.jsonl"


def account_part(tenant_id: str | None, table: str) -> str:
    return f"tenants/{tenant_id}/accounts/{table}.jsonl" if tenant_id else f"accounts/{table}.jsonl"


def file_part(tenant_id: str, file_id: str) -> str:
    return f"tenants/{tenant_id}/files/{file_id}"


class Writer:
    """Writes beside its place and moves there at the end: what stands under the name that was asked for is whole."""

    def __init__(self, path: Path) -> None:
        self.path, self._beside = path, path.with_name(f".{path.name}.part")
        self.parts: dict[str, Part] = {}

    def __enter__(self) -> "Writer":
        if self.path.exists():
            raise Unusable(f"{self.path} is there already: choose another name")
        try:
            handle = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise Unusable(f"{self.path} cannot be written: {error.strerror}") from None
        self._file = os.fdopen(handle, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            with self._file:
                self._zip.close()
                self._file.flush()
                os.fsync(self._file.fileno())
            if kind is None:
                self._beside.replace(self.path)
        except OSError as failed:
            raise Unusable(f"{self.path} cannot be written: {failed.strerror}") from error
        finally:
            self._beside.unlink(missing_ok=True)

    def rows(self, name: str, lines: Iterable[bytes]) -> str:
        """A part of rows; none where there are no rows. Answers its SHA-256."""
        taken = iter(lines)
        first = next(taken, None)
        if first is None:
            return hashlib.sha256().hexdigest()
        size, count, total = len(first), 1, hashlib.sha256(first)
        with self._zip.open(_entry(name), "w", force_zip64=True) as out:
            out.write(first)
            for line in taken:
                out.write(line)
                total.update(line)
                size, count = size + len(line), count + 1
        self.parts[name] = Part(size, total.hexdigest(), count)
        return total.hexdigest()

    def file(self, name: str, raw: bytes) -> str:
        """A file as it is. Answers its SHA-256."""
        with self._zip.open(_entry(name), "w", force_zip64=True) as out:
            out.write(raw)
        self.parts[name] = Part(len(raw), hashlib.sha256(raw).hexdigest())
        return self.parts[name].sha256

    def manifest(self, found: Manifest) -> None:
        with self._zip.open(_entry(MANIFEST), "w", force_zip64=True) as out:
            out.write(json.dumps(found.to_json(), ensure_ascii=False, indent=1).encode())


class Reader:
    """An archive that has been looked through: every part is there, as long and as it was written, and nothing else."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self.manifest = _manifest_of(zipped)
        names = zipped.namelist()
        if len(names) != len(set(names)) or set(names) != {MANIFEST, *self.manifest.parts}:
            raise Unusable("what the backup holds is not what its manifest names: it was altered")
        for name, part in self.manifest.parts.items():
            self._looked_through(name, part)

    def has(self, name: str) -> bool:
        return name in self.manifest.parts

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Raises Unusable where a line is no object."""
        if not self.has(name):
            return
        with self._zip.open(name) as lines:
            for line in lines:
                try:
                    row = json.loads(line)
                except MISSHAPEN:
                    row = None
                if not isinstance(row, dict):
                    raise Unusable(f"{name}: a line of it is no row")
                yield row

    def blocks(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as source:
            while block := source.read(BLOCK):
                yield block

    def _looked_through(self, name: str, part: Part) -> None:
        size, total = 0, hashlib.sha256()
        for block in self.blocks(name):
            size += len(block)
            total.update(block)
            if size > part.bytes:
                break
        if (size, total.hexdigest()) != (part.bytes, part.sha256):
            raise Unusable(f"{name} is not as it was written: the backup was altered or damaged")


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Raises Unusable for what is no backup, is cut off, damaged or altered."""
    with path.open("rb") as source:
        try:
            zipped = zipfile.ZipFile(source)
            reader = Reader(zipped)
        except DAMAGED as error:
            raise Unusable(f"{path.name} is no backup, or it was cut off or damaged ({type(error).__name__})") from None
        with zipped:
            yield reader


def _manifest_of(zipped: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in zipped.namelist() or zipped.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise Unusable("no backup: it has no manifest")
    try:
        found = json.loads(zipped.read(MANIFEST))
        if found["format"] != FORMAT:
            raise Unusable(f"no backup of ours: its format is {str(found['format'])[:40]!r}, expected {FORMAT!r}")
        if found["format_version"] != FORMAT_VERSION:
            raise Unusable(
                f"a backup of format {str(found['format_version'])[:40]}, expected {FORMAT_VERSION}: restore it with the "
                f"version of Dougong that made it ({str(found['program'])[:40]})"
            )
        facts = {name: str(found[name]) for name in ("program", "migration", "made_at", "store")}
        tenants = [Kept(**one) for one in found["tenants"]]
        parts = {str(name): Part(**part) for name, part in found["parts"].items()}
    except MISSHAPEN:
        raise Unusable("the manifest of the backup is not understood: it was altered") from None
    return Manifest(**facts, whole=bool(found["whole"]), tenants=tenants, parts=parts)


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the hour: the same content is the same bytes."""
    found = zipfile.ZipInfo(name)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found
