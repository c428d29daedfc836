"""Lists a page at a time: a cursor names the last row that was seen: nothing is skipped or told twice while rows come in."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select

from ..store import db
from .errors import ApiError, Detail


def page(
    wanted: Select[Any], by: Any, asked: Mapping[str, Any], shape: Callable[..., Any], *, newest_first: bool = True
) -> dict[str, Any]:
    """One page of `wanted` in the order of `by` (an id, so: of time). Rows of several entities go to `shape` as they come."""
    size = asked["limit"]
    if "cursor" in asked:
        seen = _seen(asked["cursor"])
        wanted = wanted.where(by < seen if newest_first else by > seen)
    ordered = wanted.order_by(None).order_by(by.desc() if newest_first else by).add_columns(by).limit(size + 1)
    rows = db.session.execute(ordered).all()
    following = _cursor(rows[size - 1][-1]) if len(rows) > size else None
    return {"items": [shape(*row[:-1]) for row in rows[:size]], "next": following}


def slices(rows: list[Any], asked: Mapping[str, Any], key: Callable[[Any], str]) -> dict[str, Any]:
    """The same of a short list that is in memory, in the order of `key`."""
    size, seen = asked["limit"], _seen(asked["cursor"]) if "cursor" in asked else ""
    left = [row for row in sorted(rows, key=key) if key(row) > seen]
    return {"items": left[:size], "next": _cursor(key(left[size - 1])) if len(left) > size else None}


def _cursor(seen: str) -> str:
    return base64.urlsafe_b64encode(f"v1:{seen}".encode()).decode().rstrip("=")


def _seen(cursor: str) -> str:
    try:
        read = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        read = ""
    if not read.startswith("v1:") or not read.isprintable():
        raise ApiError(422, "api.422", details=[Detail("api.cursor", "query/cursor")])
    return read.removeprefix("v1:")
