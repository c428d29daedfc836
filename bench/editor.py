"""The editor of workflows in a real browser: how fast one of 500 steps opens, and how it moves with 500 and with 2,000.

Opening, against opening one of four steps, in turn: from the address to the first card, medians of interleaved rounds.
Panning and dragging: the time of a frame while the pointer is moved, against what 50 frames a second leave (45 with 2,000
steps). Typing: from a key to the picture after it, against 50 ms, the slowest of twenty keys left out.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from dougong.platform import serving
from tests.e2e.provide_browser import executable

from ._figure import Figure, interleaved
from ._scene import EMAIL, FORM, PASSWORD, WORKFLOW, draft, publish, set_up, text

STEPS = 500
ROUNDS = 5
BAR = 2.5
FRAMES = {500: 50, 2000: 45}
TYPED_MS = 50
COUNT = """() => {
  window.frames_ = []; window.moving_ = true;
  const seen = now => { window.frames_.push(now); if (window.moving_) requestAnimationFrame(seen); };
  requestAnimationFrame(seen);
}"""
FRAME_MS = "() => { window.moving_ = false; const all = window.frames_; return (all.at(-1) - all[0]) / (all.length - 1); }"
LISTEN = """() => {
  window.keys_ = [];
  document.addEventListener('beforeinput', () => {
    const begun = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.keys_.push(performance.now() - begun)));
  }, true);
}"""
TYPED = "() => window.keys_.sort((one, other) => one - other).at(-Math.ceil(window.keys_.length / 20) - 1)"


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app, tenant_id = set_up(Path(folder))
        with app.app_context():
            _, large, small = publish(tenant_id, {**FORM, "uid": "form500", "key": "large"}, _large(STEPS), _small())
            (huge,) = draft(tenant_id, _large(2000))
        server = serving.listening(app, "127.0.0.1", 0)
        stop = threading.Event()
        serves = threading.Thread(target=serving.serve, args=(server, stop), daemon=True)
        serves.start()
        address = f"http://127.0.0.1:{server.effective_port}"
        editors = [f"{address}/t/bench/builder/{workflow}" for workflow in (large, small, huge)]
        with _signed_in(address) as page:
            _once(page, editors[0])  # fills the caches
            found, peer = interleaved(lambda: _once(page, editors[0]), lambda: _once(page, editors[1]), ROUNDS)
            moved = {steps: _moved(page, editor) for steps, editor in ((STEPS, editors[0]), (2000, editors[2]))}
        stop.set()
        serves.join()
    yield Figure(
        f"opening a published workflow of {STEPS} steps / of four, to the first card (browser)", found, "ms", peer, BAR
    )
    for steps, (pan, drag, typed) in moved.items():
        rate, also = FRAMES[steps], {"drag_ms": round(drag, 1), "typed_ms": round(typed, 1)}
        yield Figure(f"panning, {steps} steps: a frame / at {rate} a second (browser)", pan, "ms", 1000 / rate, 1, also)
    _, drag, typed = moved[STEPS]
    yield Figure(f"dragging a step, {STEPS} steps: a frame / at 50 a second (browser)", drag, "ms", 20, 1)
    yield Figure(f"typing a title, {STEPS} steps: to the picture / {TYPED_MS} ms (browser)", typed, "ms", TYPED_MS, 1)


def _large(steps: int) -> dict[str, Any]:
    """Decisions in a row, each with two ways that come together: so many steps and their places."""
    nodes: list[dict[str, Any]] = [{"uid": "start", "type": "start", "title": text("start")}]
    edges: list[dict[str, Any]] = []
    layout: dict[str, dict[str, int]] = {"start": {"x": 0, "y": 0}}
    before = "start"
    more = {"combinator": "and", "rules": [{"field": "more", "operator": "is_true"}]}
    for row in range((steps - 2) // 4):
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
    head = {
        "format": 1,
        "uid": f"workflow{steps}",
        "kind": "workflow",
        "key": f"large{steps}",
        "title": text("large"),
        "form": "large",
    }
    return {**head, "nodes": nodes, "edges": edges, "layout": {"nodes": layout}}


def _small() -> dict[str, Any]:
    return {**WORKFLOW, "uid": "workflow4", "key": "small", "form": "large"}


@contextmanager
def _signed_in(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=executable(), args=quiet)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/sign-in")
        page.locator("[name=email]").fill(EMAIL)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("button.primary").click()
        page.wait_for_url("**/inbox*")
        yield page
        browser.close()


def _moved(page: Page, editor: str) -> tuple[float, float, float]:
    """How long a frame takes while one pans, while one drags a step, and a key until it is seen."""
    _once(page, editor)
    page.wait_for_timeout(1500)  # what is loaded later is there
    card = page.locator(".react-flow__node").first
    box = card.bounding_box()
    assert box
    drag = _frame(page, box["x"] + 30, box["y"] + 10)  # which selects it, too
    field = page.locator(".b-inspector textarea, .b-inspector input").first
    field.click()
    page.evaluate(LISTEN)
    field.press_sequentially("typing in the inspector", delay=60)
    page.wait_for_timeout(200)
    typed = float(page.evaluate(TYPED))
    return _frame(page, 720, 820 - 200), drag, typed


def _frame(page: Page, x: float, y: float) -> float:
    """Of a pointer that is pressed there and led to and fro."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    for way in (1, -1, 1, -1):
        page.mouse.move(x + (way > 0) * 300, y + (way > 0) * 60, steps=45)
    found = float(page.evaluate(FRAME_MS))
    page.mouse.up()
    return found


def _once(page: Page, editor: str) -> float:
    page.goto("about:blank")
    begun = time.perf_counter()
    page.goto(editor, wait_until="commit")
    page.locator(".react-flow__node").first.wait_for()
    return (time.perf_counter() - begun) * 1000
