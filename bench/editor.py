"""Opening a published workflow of 500 steps in the editor against opening one of four, in turn, in a real browser.

From the address to the first card. Medians of interleaved rounds.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

from tests.e2e.provide_browser import executable

from ._figure import Figure, interleaved
from ._scene import EMAIL, FORM, PASSWORD, WORKFLOW, publish, set_up, text

STEPS = 500
ROUNDS = 5
BAR = 2.5


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app, tenant_id = set_up(Path(folder))
        with app.app_context():
            _, large, small = publish(tenant_id, {**FORM, "uid": "form500", "key": "large"}, _large(), _small())
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        found, peer = _opened(address, *(f"{address}/t/bench/builder/{workflow}" for workflow in (large, small)))
        server.close()
    yield Figure(
        f"opening a published workflow of {STEPS} steps / of four, to the first card (browser)", found, "ms", peer, BAR
    )


def _large() -> dict[str, Any]:
    """Fifty decisions in a row, each over ten ways of one task: 500 steps and their places."""
    nodes: list[dict[str, Any]] = [{"uid": "start", "type": "start", "title": text("start")}]
    edges: list[dict[str, Any]] = []
    layout: dict[str, dict[str, int]] = {"start": {"x": 0, "y": 0}}
    before = "start"
    more = {"combinator": "and", "rules": [{"field": "more", "operator": "is_true"}]}
    for row in range((STEPS - 2) // 4):
        decide, yes, no, after = (f"{name}{row}" for name in ("d", "y", "n", "a"))
        kinds = {decide: "decide", yes: "user_task", no: "user_task", after: "user_task"}
        for column, (uid, kind) in enumerate(kinds.items()):
            config = {"config": {"who": {"by": "initiator"}}} if kind == "user_task" else {}
            nodes.append({"uid": uid, "type": kind, "title": text(f"step {uid}"), **config})
            layout[uid] = {"x": (row % 20) * 900 + column * 220, "y": (row // 20) * 300 + (120 if uid == no else 0)}
        ways = [(before, decide, None), (decide, yes, more), (decide, no, None), (yes, after, None), (no, after, None)]
        for source, target, when in ways:
            edge: dict[str, Any] = {"uid": f"{source}-{target}", "source": source, "target": target}
            edges.append({**edge, **({"when": when} if when else {"default": True} if source == decide else {})})
        before = after
    nodes.append({"uid": "end", "type": "end", "title": text("end")})
    edges.append({"uid": "last", "source": before, "target": "end"})
    layout["end"] = {"x": 0, "y": 3000}
    head = {"format": 1, "uid": "workflow500", "kind": "workflow", "key": "large", "title": text("large"), "form": "large"}
    return {**head, "nodes": nodes, "edges": edges, "layout": {"nodes": layout}}


def _small() -> dict[str, Any]:
    return {**WORKFLOW, "uid": "workflow4", "key": "small", "form": "large"}


def _opened(address: str, large: str, small: str) -> tuple[float, float]:
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=executable(), args=quiet)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/sign-in")
        page.locator("[name=email]").fill(EMAIL)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("button.primary").click()
        page.wait_for_url("**/inbox*")
        _once(page, large)  # fills the caches
        found = interleaved(lambda: _once(page, large), lambda: _once(page, small), ROUNDS)
        browser.close()
    return found


def _once(page: Page, editor: str) -> float:
    page.goto("about:blank")
    begun = time.perf_counter()
    page.goto(editor, wait_until="commit")
    page.locator(".react-flow__node").first.wait_for()
    return (time.perf_counter() - begun) * 1000
