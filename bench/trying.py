"""A draft tried on last month's 100,000 lines: it is saved as it was drawn, and the page that shows who gains is answered.

Wall and CPU of our process, on both stores; the settlement is that of `settlement.py`.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from dougong.platform.store import db, driver_transaction, moment
from dougong.runtime.host.settlement import ledger
from tests.stores import serving

from ._figure import Figure
from ._scene import EMAIL, PASSWORD, publish, set_up

LINES, PARTNERS, SLICE, ROUNDS = 100_000, 1_700, 1_000, 5
SECONDS = 3.0


def figures(document: dict[str, Any], choices: dict[str, tuple[str, ...]]) -> Iterator[Figure]:
    """`choices`: what may stand in an input of it that is no amount."""
    with tempfile.TemporaryDirectory() as folder:
        yield _figure("SQLite", Path(folder), {}, document, choices)
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        yield _figure("PostgreSQL", Path(folder), postgres.config(postgres.created()), document, choices)


def _figure(store: str, home: Path, config: dict[str, Any], document: dict[str, Any], choices: Any) -> Figure:
    app, tenant_id = set_up(home, WTF_CSRF_ENABLED=False, **config)
    with app.app_context():
        (document_id,) = publish(tenant_id, document)
        _write(tenant_id, document["key"], choices)
    client = app.test_client()
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 302
    found = [_tried(client, document_id, document, one) for one in range(1, ROUNDS + 1)]
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    wall, cpu = (statistics.median(one) for one in zip(*found, strict=True))
    name = f"a draft saved and tried on {LINES:,} lines (wall, {store})"
    return Figure(name, wall, "s", SECONDS, 1.0, {"cpu_s": round(cpu, 2)})


def _tried(client: FlaskClient, document_id: str, document: dict[str, Any], revision: int) -> tuple[float, float]:
    """Seconds, and those of our CPU, to save another draft and to see who gains by it."""
    drawn = deepcopy(document)
    drawn["line"]["rules"][0]["charge"]["percent"] = str(10 + revision)
    begun, cpu = time.perf_counter(), time.process_time()
    address, change = f"/t/bench/builder/api/documents/{document_id}", {"revision": revision, "draft": drawn}
    saved = client.put(address, json=change)
    assert saved.status_code == 200, saved.text
    page = client.get(f"/t/bench/settlement/{document['key']}/simulate?period=2026-10")
    assert page.status_code == 200 and 'class="gains"' in page.text, page.text[:500]
    return time.perf_counter() - begun, time.process_time() - cpu


def _write(tenant_id: str, key: str, choices: dict[str, tuple[str, ...]]) -> None:
    """As they were counted; what a line was worth then nobody asks."""
    for start in range(0, LINES, SLICE):
        lines = [(_line(key, number, choices), f"line:{number}") for number in range(start, start + SLICE)]
        with driver_transaction(tenant_id) as connection:
            ledger.write_all(connection, tenant_id, lines, moment())


def _line(key: str, number: int, choices: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    who, day = f"P{number % PARTNERS}", f"2026-10-{1 + number % 31:02}"
    chosen = {name: some[number * 7 // (index + 1) % len(some)] for index, (name, some) in enumerate(choices.items())}
    values = {"id": f"SO-{number}", "partner": who, "day": day, "amount": f"{number * 37 % 9000}.{number % 100:02}", **chosen}
    return {
        "settlement": key, "version": 1, "partner": who, "date": day, "period": "2026-10", "amount": "12.34", "values": values,
        "currency": "CNY", "rule": "any",
        "parts": [["settle.part.percentage", {"measure": values["amount"], "percent": "2.5"}, "12.34", None]],
    }  # fmt: skip
