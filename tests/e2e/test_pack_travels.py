"""A template pack leaves Acme for Globex in the browser, and leaves again as the same bytes; a hostile file goes nowhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from dougong.platform.documents import Document, Version
from dougong.platform.messages import t
from tests.e2e.behind import Behind
from tests.e2e.conftest import Person
from tests.e2e.languages import mainly

# by language: the pack that travels, so that each finds Globex without it
PACKS = {"zh": ("appliance_repair", "家电售后报修"), "en": ("dealer_rebate", "Dealer rebates")}


def hostile(raw: bytes) -> dict[str, bytes]:
    """By what the words must name."""
    pack = json.loads(raw)
    pack["items"][0]["onload"] = "alert(1)"
    return {
        "onload": json.dumps(pack).encode(),
        "UTF-8": raw[:-200],
        "60": b"[" * 100_000,
        "5000000": b" " * 6_000_000,
    }


@mainly("en")
def test_a_pack_travels_and_comes_out_as_the_same_bytes(
    somebody: Callable[..., Person], behind: Behind, shot: Callable[..., None], tmp_path: Path, language: str
) -> None:
    tag = {"zh": "zh-Hans", "en": "en"}[language]
    key, title = PACKS[language]
    alice, charlie = somebody("alice", language), somebody("charlie", language)
    page = alice.go("/t/acme/packs/")
    shot(page, f"{language}/packs")
    first = exported(page, tag, title, tmp_path / f"{key}.json")

    before = stored(behind)
    page = offered(charlie, tag, tmp_path / f"{key}.json")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("tbody tr")).to_have_count(len(json.loads(first)["items"]))
    expect(page.get_by_text(t("packs.what.add", tag), exact=True)).to_have_count(len(json.loads(first)["items"]))
    assert stored(behind) == before  # a preview writes nothing
    shot(page, f"{language}/pack-preview")
    page.get_by_role("button", name=t("packs.import", tag), exact=True).click()
    expect(page.locator(".toast")).to_be_visible()
    assert exported(page, tag, title, tmp_path / "again.json") == first


def test_a_hostile_file_is_refused_with_words_and_nothing_is_written(
    somebody: Callable[..., Person], behind: Behind, tmp_path: Path
) -> None:
    charlie = somebody("charlie")
    before = stored(behind)
    raw = (Path(__file__).parents[2] / "packs" / "appliance_repair.json").read_bytes()
    for named, bad in hostile(raw).items():
        path = tmp_path / f"{named}.json"
        path.write_bytes(bad)
        page = offered(charlie, "zh-Hans", path)
        expect(page.get_by_role("alert")).to_contain_text(named)
        expect(page.get_by_text(t("packs.nothing_written", "zh-Hans"))).to_be_visible()
        assert stored(behind) == before


def test_charlie_finds_nothing_of_acme(somebody: Callable[..., Person], behind: Behind) -> None:
    """Neither pages nor files: all look like what was never there, in his own words."""
    ticket_id = behind.file()
    pages = ["inbox", f"tickets/{ticket_id}", "board", "records/customer", "settlement/", "builder/", "packs/", "settings/"]
    files = ["tickets.xlsx", "records/customer.csv", "packs/appliance_repair.json", "settings/audit.csv"]
    charlie = somebody("charlie")
    for place in [f"acme/{one}" for one in pages + files] + [f"globex/tickets/{ticket_id}"]:
        answer = charlie.page.goto(f"{charlie.server}/t/{place}")
        assert answer is not None and answer.status == 404, place
        expect(charlie.page.get_by_role("heading", level=1)).to_have_text(t("error.404", "zh-Hans"))
        assert "王芳" not in charlie.page.content()


def exported(page: Page, tag: str, title: str, to: Path) -> bytes:
    tile = page.locator(".tile").filter(has=page.get_by_text(title, exact=True))
    with page.expect_download() as download:
        tile.get_by_role("link", name=t("packs.export_again", tag)).click()
    download.value.save_as(to)
    return to.read_bytes()


def offered(charlie: Person, tag: str, file: Path) -> Page:
    """Uploaded, and what is then shown of it."""
    page = charlie.go("/t/globex/packs/")
    page.get_by_role("button", name=t("packs.upload", tag)).click()
    dialog = page.locator("dialog#upload")
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.locator("[data-file-name]")).to_have_text(file.name)
    dialog.get_by_role("button", name=t("packs.preview", tag)).click()
    page.wait_for_url("**/packs/preview")
    return page


def stored(behind: Behind) -> tuple[Any, Any]:
    """How many definitions and versions Globex has."""
    with behind.reading("globex") as session:
        counted = [session.scalar(select(func.count()).select_from(table)) for table in (Document, Version)]
        return counted[0], counted[1]
