"""How much the page of a workflow brings before its first picture: scripts, styles and words, compressed. The bar is 200 KB."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dougong.platform.assets import STATIC
from tests.cast import Cast

BAR = 200_000
MANIFEST: dict[str, Any] = json.loads((STATIC / "builder" / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_workflow_is_drawn_before_200_kb_have_come(cast: Cast, language: str) -> None:
    alice = cast.sign_in("alice")
    workflow = next(one["id"] for one in alice.get("/t/acme/builder/api/documents").json if one["kind"] == "workflow")
    page = alice.get(f"/t/acme/builder/{workflow}").text
    found = set(re.findall(r'(?:src|href)="/static/([^"?]+\.(?:js|css))', page))
    parts = ("src/builder/main.tsx", "src/builder/workflow/index.tsx", f"virtual:catalogue/{language}")
    found |= {f"builder/{file}" for part in parts for file in brought(part)}
    assert len(found) > 8
    weights = {name: len(gzip.compress((STATIC / name).read_bytes())) for name in found}
    assert sum(weights.values()) < BAR, weights


def brought(part: str) -> Iterator[str]:
    """The files of a part of the build and of all that it imports, except lazily."""
    todo, seen = [part], set()
    while todo:
        chunk = MANIFEST[one := todo.pop()]
        if one not in seen:
            seen.add(one)
            yield from (chunk["file"], *chunk.get("css", []))
            todo += chunk.get("imports", [])
