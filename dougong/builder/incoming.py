"""Files between preview and import: they wait a day in the data folder of their tenant, named by their content."""

import hashlib
import re
import time
from contextlib import suppress
from pathlib import Path

from flask import current_app, g

WAITS = 24 * 3600  # seconds


def keep(raw: bytes) -> str:
    """Answers the name by which it is found again."""
    path = _folder() / hashlib.sha256(raw).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    for one in path.parent.iterdir():
        with suppress(FileNotFoundError):  # somebody else was faster
            if one.stat().st_mtime < time.time() - WAITS:
                one.unlink()
    return path.name


def kept(name: str) -> bytes | None:
    path = _folder() / name
    return path.read_bytes() if re.fullmatch(r"[0-9a-f]{64}", name) and path.exists() else None


def forget(name: str) -> None:
    """One that has been kept."""
    (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.config["HOME"]) / "incoming" / str(g.who.tenant_id)
