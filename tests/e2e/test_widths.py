"""Every editor and the main pages as wide as a desk, a tablet and a phone, in light and in dark: nothing sticks out."""

from collections.abc import Callable
from typing import Final, Literal

from tests.e2e.conftest import Person
from tests.e2e.languages import mainly
from tests.e2e.test_accessible import EDITORS

WIDTHS: Final = {1440: 900, 1024: 768, 390: 844}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
PAGES: Final = {"inbox": "inbox", "tickets": "tickets", "periods": "settlement/", "packs": "packs/"}
OVER: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@mainly("en")
def test_nothing_sticks_out(somebody: Callable[..., Person], server: str, shot: Callable[..., None], language: str) -> None:
    page = somebody("alice", language).page
    documents = page.request.get(f"{server}/t/acme/builder/api/documents").json()
    ids = {(one["kind"], one["key"]): one["id"] for one in documents}
    paths = {kind: f"builder/{ids[kind, key]}" for kind, key in {"workflow": "repair", **EDITORS}.items()}
    wrong = []
    for name, path in {**paths, **PAGES}.items():
        page.goto(f"{server}/t/acme/{path}")
        page.wait_for_load_state("networkidle")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                if page.evaluate(OVER) > 0:
                    wrong.append((name, width))
                shot(page, f"{language}/widths/{name}-{width}-{scheme}")
    assert wrong == []
