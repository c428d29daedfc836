"""JSON as we keep it: read with suspicion, written in one form, so that a hash means content.

Canonical form: sorted keys, one space of indent, UTF-8 in NFC, a line feed at the end, numbers only as integers
(within what a browser holds exactly) or decimal strings. Canvas positions stand under `layout`, outside the hash.
"""

import hashlib
import json
import re
import unicodedata
from typing import Any, Final

from .reason import Refused

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 60
MAX_INTEGER: Final = 2**53 - 1
MAX_STRING: Final = 100_000

_BRACKET = re.compile(r"[\[\]{}]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _Inexact(str):
    """A number with a fraction or exponent, NaN or an infinity, kept only until its path is known."""


class _Doubled(dict):  # type: ignore[type-arg]
    """An object in which a key stood twice; `key` says which."""

    key = ""


def parse(raw: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Read one JSON document from outside. Raises Refused with the path of what is wrong."""
    if len(raw) > max_bytes:
        raise Refused("json.too_large", found=len(raw), limit=max_bytes)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("json.not_utf8", position=error.start) from None
    _check_depth(text, max_depth)
    try:
        doc = json.loads(text, parse_float=_Inexact, parse_constant=_Inexact, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise Refused("json.syntax", line=error.lineno, column=error.colno) from None
    except ValueError:  # an integer of more digits than Python converts
        raise Refused("json.number_too_large", limit=MAX_INTEGER) from None
    return clean(doc)


def clean(doc: Any, path: str = "") -> Any:
    """The same document with its strings in NFC; refuses what a canonical document cannot hold."""
    match doc:
        case _Inexact():
            raise Refused("json.inexact", path, found=str(doc)[:40])
        case _Doubled():
            raise Refused("json.duplicate_key", path, key=doc.key)
        case float():
            raise Refused("json.inexact", path, found=str(doc))
        case str():
            return _clean_string(doc, path)
        case bool() | None:
            return doc
        case int():
            if abs(doc) > MAX_INTEGER:
                raise Refused("json.number_too_large", path, limit=MAX_INTEGER)
            return doc
        case list():
            return [clean(item, f"{path}/{index}") for index, item in enumerate(doc)]
        case dict():
            return {_clean_string(key, path): clean(value, f"{path}/{_escape(key)}") for key, value in doc.items()}
    raise Refused("json.not_json", path, found=type(doc).__name__)


def canonical(doc: Any) -> bytes:
    return (json.dumps(doc, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def content_hash(doc: dict[str, Any]) -> str:
    """SHA-256 of what the document says, without where its boxes stand on the canvas."""
    return hashlib.sha256(canonical({key: value for key, value in doc.items() if key != "layout"})).hexdigest()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    doubled = _Doubled(found)
    doubled.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return doubled


def _check_depth(text: str, limit: int) -> None:
    """Count brackets outside strings before parsing: a deep document would exhaust the parser's stack."""
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    depth = 0
    for bracket in _BRACKET.finditer(outside):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > limit:
            raise Refused("json.too_deep", limit=limit)


def _clean_string(text: str, path: str) -> str:
    if len(text) > MAX_STRING:
        raise Refused("json.string_too_long", path, found=len(text), limit=MAX_STRING)
    if _CONTROL.search(text):
        raise Refused("json.control_character", path)
    return unicodedata.normalize("NFC", text)


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
