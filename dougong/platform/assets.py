"""The built island and the pages' own scripts and styles: addresses that change with their content."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import url_for
from markupsafe import Markup

STATIC = Path(str(files("dougong").joinpath("static")))
BUILT = "/static/builder/assets/"  # what changes there gets another name


@cache
def _manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STATIC / "builder" / "manifest.json").read_text("utf-8"))
    return found


def url(entry: str) -> str:
    """The script of an entry of the build, such as "src/pages/main.ts"."""
    return url_for("static", filename=f"builder/{_manifest()[entry]['file']}")


@cache
def brought(*entries: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scripts and style sheets of entries and of all that they import, except lazily. An unknown entry brings nothing."""
    scripts: dict[str, None] = {}
    sheets: dict[str, None] = {}
    todo = [entry for entry in reversed(entries) if entry in _manifest()]
    while todo:
        part = _manifest()[todo.pop()]
        if part["file"] not in scripts:
            scripts[part["file"]] = None
            sheets.update(dict.fromkeys(part.get("css", [])))
            todo += part.get("imports", [])
    return tuple(scripts), tuple(sheets)


def opening(*entries: str) -> tuple[list[str], list[str]]:
    """The scripts and style sheets of entries and of all that they import: asked for at once, not one after the other."""
    scripts, sheets = (_addresses(names) for names in brought(*entries))
    return scripts, sheets


def editor(kind: str, language: str) -> tuple[list[str], list[str]]:
    """What the window of an editor opens with."""
    return opening("src/builder/main.tsx", f"virtual:catalogue/{language}", f"src/builder/{kind}/index.tsx")


def _addresses(names: Iterable[str]) -> list[str]:
    return [url_for("static", filename=f"builder/{name}") for name in names]


@cache
def stamp(name: str) -> str:
    """The address of a file of static/, with a stamp of its content."""
    return f"{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@cache
def _icons() -> dict[str, str]:
    """Outline icons by name, from lucide-static, collected when the island is built."""
    found: dict[str, str] = json.loads((STATIC / "builder" / "icons.json").read_text("utf-8"))
    return found


def drawing(name: str) -> str:
    """What is drawn of an icon; a square where the name is not known."""
    return _icons().get(name, '<rect width="18" height="18" x="3" y="3" rx="2"/>')


def icon(name: str, size: int = 16) -> Markup:
    """An icon as inline SVG in the colour of the text."""
    return Markup(  # noqa: S704 (the drawing comes from our build, the name is only looked up)
        f'<svg class="icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{drawing(name)}</svg>'
    )
