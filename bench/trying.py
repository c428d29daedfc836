"""A draft tried on last month's 100,000 lines: it is saved as it was drawn, and the page that shows who gains is answered.

Wall and CPU of our process, on both stores: the settlement of `settlement.py`, and those of the packs.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from flask.testing import FlaskClient
from sqlalchemy import select

from dougong.builder import packing
from dougong.platform.documents import Document
from dougong.platform.store import db, driver_transaction, enter_tenant, moment
from dougong.runtime.host.settlement import ledger
from tests.stores import serving

from ._figure import Figure
from ._scene import EMAIL, PASSWORD, By, publish, set_up

LINES, PARTNERS, OTHERS, SLICE, ROUNDS = 100_000, 1_700, 40, 1_000, 5
SECONDS: Final = 3.0
REGIONS: Final = ("110000", "310000", "440100", "440300", "330100", "510100", "810000", "820000")
PRICES: Final = ("percent", "rate", "amount")


def figures(document: dict[str, Any]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _figures("SQLite", Path(folder), {}, document)
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        yield from _figures("PostgreSQL", Path(folder), postgres.config(postgres.created()), document)


def _figures(store: str, home: Path, config: dict[str, Any], document: dict[str, Any]) -> Iterator[Figure]:
    app, tenant_id = set_up(home, WTF_CSRF_ENABLED=False, **config)
    with app.app_context():
        publish(tenant_id, document)
        tried = [document, *_brought(tenant_id)]
    client = app.test_client()
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 302
    for one in tried:
        with app.app_context():
            enter_tenant(tenant_id)
            _write(tenant_id, one)
            wanted = select(Document.id).where(Document.kind == "settlement", Document.key == one["key"])
            document_id = db.session.scalars(wanted).one()
        found = [_tried(client, document_id, one, revision) for revision in range(1, ROUNDS + 1)]
        wall, cpu = (statistics.median(times) for times in zip(*found, strict=True))
        name = f"a draft of {one['key']} saved and tried on {LINES:,} lines (wall, {store})"
        yield Figure(name, wall, "s", SECONDS, 1.0, {"cpu_s": round(cpu, 2)})
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _brought(tenant_id: str) -> Iterator[dict[str, Any]]:
    """The settlements of the packs, with all that they refer to."""
    for path in sorted(Path("packs").glob("*.json")):
        found = [item for item in json.loads(path.read_bytes())["items"] if item["kind"] == "settlement"]
        if found:
            packing.import_pack(By(tenant_id), path.read_bytes())
        yield from found


def _tried(client: FlaskClient, document_id: str, document: dict[str, Any], revision: int) -> tuple[float, float]:
    """Seconds, and those of our CPU, to save another draft and to see who gains by it."""
    drawn = _dearer(document, revision)
    begun, cpu = time.perf_counter(), time.process_time()
    address, change = f"/t/bench/builder/api/documents/{document_id}", {"revision": revision, "draft": drawn}
    saved = client.put(address, json=change)
    assert saved.status_code == 200, saved.text
    page = client.get(f"/t/bench/settlement/{document['key']}/simulate?period=2026-10")
    assert page.status_code == 200 and 'class="gains"' in page.text, page.text[:500]
    return time.perf_counter() - begun, time.process_time() - cpu


def _dearer(document: dict[str, Any], more: int) -> dict[str, Any]:
    drawn = deepcopy(document)
    for rule in (drawn.get("line") or drawn["statement"])["rules"]:
        for figures in (rule["charge"], *rule["charge"].get("tiers", ())):
            figures.update({name: str(Decimal(figures[name]) + more) for name in PRICES if name in figures})
    return drawn


def _write(tenant_id: str, document: dict[str, Any]) -> None:
    """As they were counted; what a line was worth then nobody asks."""
    for start in range(0, LINES, SLICE):
        lines = [(_line(document, number), f"line:{number}") for number in range(start, start + SLICE)]
        with driver_transaction(tenant_id) as connection:
            ledger.write_all(connection, tenant_id, lines, moment())


def _line(document: dict[str, Any], number: int) -> dict[str, Any]:
    values = {one["key"]: _value(document, one, number) for one in document["inputs"]}
    return {
        "settlement": document["key"], "version": 1, "partner": values[document["partner"]], "date": values[document["date"]],
        "period": "2026-10", "amount": "12.34", "values": values, "currency": "CNY", "rule": "any",
        "parts": [["settle.part.percentage", {"measure": "493.6", "percent": "2.5"}, "12.34", None]],
    }  # fmt: skip


def _value(document: dict[str, Any], input: dict[str, Any], number: int) -> Any:
    """Scattered, and the same each time; what comes from the partner's record is the same on all his lines."""
    key, config, who = input["key"], input.get("config", {}), number % PARTNERS
    at = crc32(f"{key}{who if 'from' in input else number}".encode())
    if key == document["partner"]:
        at = who
    match input["type"]:
        case "record":
            of = at % (PARTNERS if key == document["partner"] else OTHERS)
            return {"id": f"{key}-{of}", "title": f"{key} {of}"}
        case "choice":
            return config["options"][at % len(config["options"])]["key"]
        case "region":
            return {"region": REGIONS[at % len(REGIONS)]}
        case "rating":
            return 1 + at % 5
        case "date":
            return f"2026-10-{1 + at % 31:02}"
        case "number" | "money":
            return str(at % 50) if config.get("places") == 0 else f"{at % 9000}.{at % 100:02}"
    return f"{key}-{at if key == document['partner'] else number}"
