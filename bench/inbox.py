"""The inbox with 1,000,000 open tasks in the tenant against 100, of which as many are mine: the whole page, warm, every tab.

On both stores. Wall time, since on PostgreSQL the work is not ours.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from dougong.platform.store import db
from tests.stores import serving

from ._crowd import crowded
from ._figure import Figure, interleaved
from ._scene import EMAIL, PASSWORD

MANY, FEW, MINE = 1_000_000, 100, 20
TABS, PAGES = ("todo", "queue", "done", "mine", "copies"), 20
BAR = 2.0


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield _figure("SQLite", Path(folder), {}, {})
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        yield _figure("PostgreSQL", Path(folder), *(postgres.config(postgres.created()) for _ in range(2)))


def _figure(store: str, folder: Path, crowd: dict[str, Any], few: dict[str, Any]) -> Figure:
    begun = time.perf_counter()
    clients = [_entered(folder / str(rows), rows, config) for rows, config in ((MANY, crowd), (FEW, few))]
    filled = time.perf_counter() - begun
    found = {tab: interleaved(*(lambda client=client, tab=tab: _ms(client, tab) for client in clients)) for tab in TABS}
    for client in clients:
        with client.application.app_context():
            for engine in db.engines.values():
                engine.dispose()
    one, other = (sum(pair[index] for pair in found.values()) / len(TABS) for index in (0, 1))
    more = {f"{tab}_ratio": round(many / few, 2) for tab, (many, few) in found.items()} | {"filled_s": round(filled)}
    return Figure(f"a page of the inbox with {MANY:,} open tasks / with {FEW} (wall, {store})", one, "ms", other, BAR, more)


def _entered(home: Path, rows: int, config: dict[str, Any]) -> FlaskClient:
    client = crowded(home, rows, MINE, config).test_client()
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 302
    return client


def _ms(client: FlaskClient, tab: str) -> float:
    """Of one page."""
    begun = time.perf_counter()
    for _ in range(PAGES):
        answer = client.get(f"/t/bench/inbox?tab={tab}")
        assert answer.status_code == 200 and answer.text.count("N0") >= MINE, (tab, answer.status_code)
    return (time.perf_counter() - begun) / PAGES * 1000
