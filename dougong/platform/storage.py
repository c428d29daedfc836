"""Where the bytes of files lie: a folder, or a bucket of an S3-compatible store that is reached through the one door.

FILES_URL: nothing (the data folder), "file:///srv/files", or "s3://bucket/prefix?endpoint=https://host&region=cn-north-1" with
FILES_KEY and FILES_SECRET. A store inside the network is named in OUTBOUND_ALLOW, like every address inside.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, quote, urlsplit

from flask import Flask, current_app
from werkzeug.exceptions import ServiceUnavailable

from .outbound import CallFailed, Limits, call
from .store import new_id

LIMITS: Final = Limits(seconds=30, size=25_000_000, redirects=0)


class StorageDown(ServiceUnavailable):
    """The store does not answer, or not as it should."""


class Storage(Protocol):
    """Keys are ids of ours, with a "/" between them. `get` raises LookupError for what is not there."""

    def put(self, key: str, raw: bytes) -> None: ...
    def get(self, key: str) -> bytes: ...
    def delete(self, key: str) -> None: ...


@dataclass(frozen=True)
class Folder:
    root: Path

    def put(self, key: str, raw: bytes) -> None:
        """All of it or nothing: what is read has been written to its end."""
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{new_id()}.part")
        part.write_bytes(raw)
        part.replace(path)

    def get(self, key: str) -> bytes:
        try:
            return (self.root / key).read_bytes()
        except FileNotFoundError:
            raise LookupError(key) from None

    def delete(self, key: str) -> None:
        """With what a process that died in the middle of `put` has left of it."""
        path = self.root / key
        for one in (path, *path.parent.glob(f"{path.name}.*.part")):
            one.unlink(missing_ok=True)


@dataclass(frozen=True)
class Bucket:
    """`base` is the address of bucket and prefix, in path style, which every store understands."""

    base: str
    region: str
    key: str
    secret: str

    def put(self, key: str, raw: bytes) -> None:
        self._asked("PUT", key, raw, 200)

    def get(self, key: str) -> bytes:
        return self._asked("GET", key, b"", 200)

    def delete(self, key: str) -> None:
        self._asked("DELETE", key, b"", 200, 204, 404)

    def _asked(self, method: str, key: str, body: bytes, *good: int) -> bytes:
        url = f"{self.base}/{quote(key)}"
        try:
            found = call(method, url, signed(self, method, url, body, datetime.now(UTC)), body, LIMITS)
        except CallFailed as error:
            raise StorageDown(description=error.code) from error
        if found.status == 404 and 404 not in good:
            raise LookupError(key)
        if found.status not in good:
            raise StorageDown(description=f"the store of files answered {found.status}")
        return found.body


def signed(
    bucket: Bucket, method: str, url: str, body: bytes, now: datetime, more: dict[str, str] | None = None
) -> dict[str, str]:
    """The headers that say who asks: AWS Signature Version 4, as its documentation works it out."""
    parts, at, digest = urlsplit(url), now.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(body).hexdigest()
    headers = {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": at, **(more or {})}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = "\n".join((method, parts.path, parts.query, lines, names, digest))
    scope = f"{at[:8]}/{bucket.region}/s3/aws4_request"
    told = "\n".join(("AWS4-HMAC-SHA256", at, scope, hashlib.sha256(asked.encode()).hexdigest()))
    key = f"AWS4{bucket.secret}".encode()
    for part in (*scope.split("/"), told):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    who = f"Credential={bucket.key}/{scope},SignedHeaders={names},Signature={key.hex()}"
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 {who}"}


def init_storage(app: Flask) -> None:
    """Raises ValueError for an address that is none of the three."""
    app.extensions["dougong_storage"] = _from_url(
        app.config["FILES_URL"], Path(app.config["HOME"]), app.config["FILES_KEY"], app.config["FILES_SECRET"]
    )


def storage() -> Storage:
    found: Storage = current_app.extensions["dougong_storage"]
    return found


def _from_url(url: str, home: Path, key: str, secret: str) -> Storage:
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not url:
        return Folder(home / "files")
    if parts.scheme == "file" and parts.path.startswith("/"):
        return Folder(Path(parts.path))
    if parts.scheme != "s3" or not parts.netloc or not key or not secret:
        raise ValueError(
            "FILES_URL is file:///… or s3://bucket?endpoint=…&region=…, the latter with FILES_KEY and FILES_SECRET"
        )
    region = asked.get("region", "us-east-1")
    endpoint = asked.get("endpoint", f"https://s3.{region}.amazonaws.com").rstrip("/")
    return Bucket(f"{endpoint}/{parts.netloc}{parts.path.rstrip('/')}", region, key, secret)
