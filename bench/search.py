"""The search of the top bar with 100,000 tickets against 1,000, on both stores: time of the whole question, rights included."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from dougong.platform import search
from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.platform.people import Member
from dougong.platform.store import db, driver_transaction, enter_tenant, new_id
from dougong.runtime.case import Case
from dougong.runtime.host import definitions, finding, sql
from tests.stores import serving

from ._crowd import counted
from ._figure import Figure
from ._scene import set_up, text

FEW, MANY = 1_000, 100_000
BAR = 4.0
ASKED = ("漏水", "王芳 空调", "BX20260000777", "0777", "不制冷", "cond")
SURNAMES, NAMES, LINES, FAULTS = (
    "王李张刘陈杨黄赵",
    "芳伟娜敏静强磊军洋勇艳杰",
    ("空调", "冰箱", "热水器"),
    ("不制冷", "漏水", "异响", "不通电"),
)


def figures() -> Iterator[Figure]:
    yield from _figures("SQLite", {}, {})
    with serving() as postgres:
        yield from _figures("PostgreSQL", *(postgres.config(postgres.created()) for _ in range(2)))


def _figures(store: str, crowd: dict[str, Any], few: dict[str, Any]) -> Iterator[Figure]:
    found = zip(("a few", "all"), _asked(MANY, crowd), _asked(FEW, few), strict=True)
    for sees, one, other in found:
        words = f"search, {MANY:,} tickets / {FEW:,} (median of {len(ASKED)} questions, one who sees {sees}, {store})"
        yield Figure(words, one, "ms", other, BAR)


def _asked(tickets: int, config: dict[str, Any]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        app, tenant_id = set_up(Path(folder), **config)
        with app.app_context():
            enter_tenant(tenant_id)
            member_id = db.session.scalars(select(Member.id)).one()
            _fill(tenant_id, member_id, tickets)
            counted(config)
            found = tuple(
                median(
                    _ms(Who("", member_id, "bench", tenant_id, roles=frozenset({role})), one) for one in ASKED for _ in range(9)
                )
                for role in ("staff", "viewer")
            )
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    return found[0], found[1]


def _ms(who: Who, asked: str) -> float:
    begun = time.perf_counter()
    finding.everything(who, asked)
    took = (time.perf_counter() - begun) * 1000
    db.session.rollback()
    return took


def _fill(tenant_id: str, member_id: str, tickets: int) -> None:
    """Every hundredth is the member's own."""
    document = definitions.workflow("bench")
    assert document is not None
    workflow_id = document.id
    db.session.rollback()  # PostgreSQL ends a transaction that stays idle for as long as this takes
    chance = random.Random(7)
    for start in range(0, tickets, 1_000):
        with driver_transaction(tenant_id) as driver:
            for number in range(start, start + 1_000):
                _ticket(driver, tenant_id, workflow_id, number, chance, member_id if number % 100 == 0 else "other")


def _ticket(driver: Driver, tenant: str, workflow_id: str, number: int, chance: random.Random, member_id: str) -> None:
    name = chance.choice(SURNAMES) + chance.choice(NAMES) + chance.choice(NAMES)
    title = text(f"{name} · {chance.choice(LINES)} · {chance.choice(FAULTS)}") | {"en": f"{name} · Air conditioner"}
    ticket_id, at, known = new_id(), "2026-01-01T00:00:00.000Z", f"BX2026{number:07}"
    words = search.words(known, *title.values(), "bench")
    case = Case(workflow="bench", version=1, data={}, initiator=f"person:{member_id}")
    sql.insert_ticket(
        driver, tenant, ticket_id, case, at, number=known, workflow_id=workflow_id, workflow_key="bench", version=1,
        title=title, words=words, urgent=False, initiator_name="bench", subject=None,
    )  # fmt: skip
    search.keep(driver, tenant, "ticket", ticket_id, "", words)
    sql.involve(driver, tenant, ticket_id, f"person:{member_id}", "initiator", at)
