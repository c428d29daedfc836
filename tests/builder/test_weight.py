"""How much the page of a workflow brings before its first picture: scripts, styles and words, compressed. The bar is 200 KB."""

import gzip
import re

import pytest

from dougong.platform.assets import STATIC, brought
from tests.cast import Cast

BAR = 200_000


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_workflow_is_drawn_before_200_kb_have_come(cast: Cast, language: str) -> None:
    alice = cast.sign_in("alice")
    workflow = next(one["id"] for one in alice.get("/t/acme/builder/api/documents").json if one["kind"] == "workflow")
    page = alice.get(f"/t/acme/builder/{workflow}", headers={"Accept-Language": language}).text
    found = set(re.findall(r'(?:src|href)="/static/([^"?]+\.(?:js|css))', page))
    scripts, sheets = brought("src/builder/main.tsx", "src/builder/workflow/index.tsx", f"virtual:catalogue/{language}")
    assert {f"builder/{name}" for name in scripts + sheets} <= found  # asked for by the page: none waits for another
    built = next(name for name in found if name.startswith("builder/assets/"))
    with alice.get(f"/static/{built}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]  # and once only
    weights = {name: len(gzip.compress((STATIC / name).read_bytes())) for name in found}
    assert sum(weights.values()) < BAR, weights


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_what_the_cards_say_of_deadlines_is_among_the_first_words(language: str) -> None:
    """They are drawn before the words of the inspectors come."""
    scripts, _ = brought(f"virtual:catalogue/{language}")
    words = "".join((STATIC / "builder" / name).read_text("utf-8") for name in scripts)
    units = ("minutes", "hours", "days", "workdays", "words", "words.working")
    assert [one for one in units if f'"builder.span.{one}"' not in words] == []
