"""A workflow leaves as BPMN by the editor's own button and comes back by the import page: the same steps, ways and places."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from dougong.platform.messages import t
from tests.e2e.behind import Behind
from tests.e2e.canvas import item
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly
from tests.e2e.test_edit import opened

KEY = "repair"


@mainly("zh")
def test_what_was_exported_is_imported_as_it_was(
    somebody: Callable[..., Person], behind: Behind, tmp_path: Path, language: str
) -> None:
    alice, tag = somebody("alice", language), {"zh": "zh-Hans", "en": "en"}[language]
    canvas = opened(alice, behind, "workflow", KEY, language)
    with alice.page.expect_download() as download:
        alice.page.get_by_role("link", name=canvas.say("builder.exported.bpmn"), exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    page = alice.go("/t/acme/builder/bpmn/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=t("bpmn.look", tag)).click()
    page.locator("[name=title]").fill(f"回来 Back {language}")
    page.locator("[name=form]").select_option("repair_request")
    page.get_by_role("button", name=t("bpmn.take", tag)).click()
    page.locator(".react-flow__node").first.wait_for()
    expect(page.get_by_role("status").filter(has_text=t("bpmn.imported", tag))).to_be_visible()
    assert shape(behind.draft(f"回来 Back {language}")) == shape(behind.draft(item("workflow", KEY)["title"][tag]))


def shape(draft: dict[str, Any]) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """Steps by type and name, ways with their conditions, and where everything stands."""
    nodes = sorted((one["uid"], one["type"], one["title"]["zh-Hans"]) for one in draft["nodes"])
    edges = sorted((one["source"], one["target"], str(one.get("when")), one.get("on", "")) for one in draft["edges"])
    return nodes, edges, draft["layout"]["nodes"]
