"""Lines written to the ledger against a bare bulk insert of the same rows into a copy of the database. Wall time, both stores.

Pricing stands apart: the lines are rated already.
"""

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from dougong.platform.store import db, driver_transaction, enter_tenant, moment
from dougong.runtime.host.settlement import ledger
from tests.stores import serving

from ._figure import Figure, interleaved
from ._scene import publish, set_up
from ._scene import text as words

LINES = 20_000
SLICE = 500  # as they are counted
BAR = 2.0
RATE: dict[str, Any] = {"model": "percentage", "measure": {"sum": "amount"}, "percent": "2.5"}
SETTLEMENT: dict[str, Any] = {
    "format": 1, "uid": "fees", "kind": "settlement", "key": "fees", "title": words("fees"), "partner": "who", "date": "day",
    "currency": "CNY", "inputs": [
        {"uid": key, "key": key, "type": kind, "title": words(key)}
        for key, kind in (("no", "text"), ("who", "text"), ("day", "date"), ("amount", "money"))
    ],
    "line": {"dimensions": [], "rules": [{"uid": "fee", "when": {}, "charge": RATE}]},
}  # fmt: skip


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield _figure("SQLite", Path(folder), {}, {})
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        yield _figure("PostgreSQL", Path(folder), *(postgres.config(postgres.created()) for _ in range(2)))


def _figure(store: str, folder: Path, ours: dict[str, Any], bare: dict[str, Any]) -> Figure:
    places = [set_up(folder / name, **config) for name, config in (("ours", ours), ("bare", bare))]
    for app, tenant_id in places:
        with app.app_context():
            publish(tenant_id, SETTLEMENT)
    found = interleaved(*(partial(_ms, *place, once) for place, once in zip(places, (_written, _inserted), strict=True)))
    for app, _ in places:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    return Figure(
        f"a line written to the ledger / a bare bulk insert of its row (wall, {store})", found[0], "ms", found[1], BAR
    )


def _ms(app: Flask, tenant_id: str, once: Any) -> float:
    """Of a line. The rows of a bare insert are there before it is timed."""
    lines = [(_line(number), f"line:{time.monotonic_ns()}:{number}") for number in range(LINES)]
    rows = [ledger._row(tenant_id, line, source, None, moment()) for line, source in lines]
    with app.app_context():
        enter_tenant(tenant_id)
        begun = time.perf_counter()
        for start in range(0, LINES, SLICE):
            with driver_transaction(tenant_id) as connection:
                once(connection, tenant_id, lines[start : start + SLICE], rows[start : start + SLICE])
        return (time.perf_counter() - begun) / LINES * 1000


def _written(connection: Any, tenant_id: str, lines: Any, _: Any) -> None:
    assert ledger.write_all(connection, tenant_id, lines, moment()) == SLICE


def _inserted(connection: Any, tenant_id: str, _: Any, rows: Any) -> None:
    text, _ = connection._learnt(ledger._INSERT)
    cursor = connection._cursor()
    cursor.executemany(text, rows)
    cursor.close()


def _line(number: int) -> dict[str, Any]:
    """As `words.line_of` tells a rated line."""
    who, day, amount = f"p{number % 900}", f"2026-10-{1 + number % 31:02}", f"{number % 9000}.50"
    return {
        "settlement": "fees", "version": 1, "partner": who, "date": day, "period": "2026-10", "amount": "12.34",
        "values": {"no": f"SO-{number}", "who": who, "day": day, "amount": amount}, "currency": "CNY", "rule": "fee",
        "parts": [["settle.part.percentage", {"measure": amount, "percent": "2.5"}, "12.34", None]],
    }  # fmt: skip
