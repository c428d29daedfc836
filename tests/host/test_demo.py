"""The past of the demo: tickets that were done in the weeks before now, at the hours at which people work."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dougong.demo import tickets
from dougong.platform.store import enter_tenant
from dougong.runtime.host.tables import EffectRow, History, LedgerLine, Ticket
from tests.cast import Cast

NOW = datetime(2026, 11, 25, 16, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday


@pytest.fixture
def past(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A smaller one, of the same kind."""
    whole = tickets._sample

    def less(name: str) -> Any:
        return {**whole(name), "repairs": 3, "refunds": 3}

    monkeypatch.setattr(tickets, "_sample", less)
    with cast.app.app_context():
        enter_tenant(cast.tenants["acme"])
        tickets.load_past(cast.tenants["acme"], NOW)
    return cast


def test_the_past_of_the_demo_is_played_up_to_now_and_nobody_is_told_of_it(past: Cast) -> None:
    with past.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Ticket))}
        done = [row for row in rows.values() if row.state == "done"]
        assert len(rows) == 6 and {row.workflow_key for row in done} == {"repair", "refund"}
        assert not [row for row in rows.values() if row.state == "failed"]
        moments = [datetime.fromisoformat(at).astimezone(NOW.tzinfo) for at in session.scalars(select(History.at))]
        assert NOW - timedelta(weeks=6) < min(moments) and max(moments) < NOW
        assert {at.hour for at in moments} <= set(range(tickets.OPENS, tickets.CLOSES))
        todo = set(session.scalars(select(EffectRow.ticket_id).where(EffectRow.state == "todo")))
        assert not todo & {row.id for row in done}
        settled = set(session.scalars(select(LedgerLine.ticket_id).where(LedgerLine.settlement_key == "repair_fee")))
        assert settled >= {row.id for row in done if row.workflow_key == "repair"}
