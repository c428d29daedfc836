"""A settlement by steps for tests, its lines in the ledger, all of its batches done; also as a process of its own."""

import signal
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from dougong import create_app
from dougong.platform.store import enter_tenant, transaction
from dougong.runtime.host.settlement import batches
from dougong.runtime.host.settlement.batches import Batch
from dougong.runtime.host.tables import LedgerLine, StatementRow
from dougong.runtime.host.verbs import Actor
from tests.cast import Cast
from tests.drawing import field, text

Said = dict[str, tuple[str, str]]  # (net, number of lines) by partner


def bonus(**more: Any) -> dict[str, Any]:
    """A month's volume selects the rate: 1 % below 1,000, 2 % from there on; half of it for each of two shares."""
    steps = {
        "model": "volume_percentage", "measure": {"sum": "amount"},
        "tiers": [{"uid": "low", "below": "1000", "percent": "1"}, {"uid": "high", "below": None, "percent": "2"}],
    }  # fmt: skip
    return {
        "format": 1, "uid": "sbonus", "kind": "settlement", "key": "bonus", "title": text("bonus"), "partner": "who",
        "date": "day", "currency": "CNY", "inputs": [field("who"), field("day", "date"), field("amount", "money")],
        "statement": {"dimensions": [], "rules": [{"uid": "steps", "when": {}, "charge": steps}]},
        "shares": [{"uid": one, "party": text(one), "percent": "50"} for one in ("a", "b")], **more,
    }  # fmt: skip


def write(cast: Cast, lines: Iterable[tuple[str, str, str, str]]) -> None:
    """(id, partner, day, amount), as they were counted."""
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add_all(
            LedgerLine(
                id=f"line-{id}", settlement_key="bonus", version=1, source=f"line:{id}", partner_id=who, partner_title=who,
                date=day, period=day[:7], currency="CNY", amount="0.00",
                inputs={"who": who, "day": day, "amount": amount}, parts=[],
            )
            for id, who, day, amount in lines
        )  # fmt: skip


def acting(tenant_id: str) -> Actor:
    return Actor(tenant_id, "Asia/Shanghai", "person:tests", "tests", frozenset())


def finish(actor: Actor, work: str, of: str) -> Batch:
    """Begin it, or go on with what was left, until it is done."""
    left = [one for one in batches.running("bonus") if (one.work, one.of) == (work, of)]
    row = left[0] if left else batches.begin(actor, work, "bonus", of)
    while row.state == "running":
        row = batches.go_on(actor, row.id)
    return row


def draw_up(cast: Cast, period: str) -> Batch:
    with cast.app.app_context():
        enter_tenant(cast.tenants["acme"])
        return finish(acting(cast.tenants["acme"]), "draw_up", period)


def rows(cast: Cast, period: str = "") -> list[StatementRow]:
    with cast.reading() as session:
        wanted = select(StatementRow).where(StatementRow.settlement_key == "bonus")
        wanted = wanted.where(StatementRow.period == period) if period else wanted
        found = list(session.scalars(wanted.order_by(StatementRow.period, StatementRow.partner_id)))
        assert all(one.body for one in found)
        session.expunge_all()
        return found


def mortal(config: dict[str, Any], work: str, of: str, tenant_id: str, seconds: float) -> None:
    """In a process of its own, which dies so many seconds after it has begun, wherever it is then."""
    with create_app(config).app_context():
        enter_tenant(tenant_id)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        finish(acting(tenant_id), work, of)
        signal.setitimer(signal.ITIMER_REAL, 0)
