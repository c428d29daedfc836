"""How SQLite finds what the inbox shows, and what is due: from whose it is, never by reading all that the company has.

What it is told after a migration (`platform/statistics.py`) decides; of a small company the time would not tell.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from dougong.platform import statistics, wakeups
from dougong.platform.store import db
from dougong.runtime.host.settlement import beside, reversing
from tests.cast import Cast
from tests.stores import Template

ALL_OF_THE_TENANT = re.compile(r"^(SCAN|SEARCH) (ticket|task|candidate|involved|notice)\b(?!.*\(tenant_id=\? AND )")
ADDRESSES = [*(f"/t/acme/inbox?tab={tab}" for tab in ("todo", "queue", "done", "mine", "copies")), "/t/acme/tickets"]


@pytest.fixture
def cast(template_on: Callable[[str], Template], tmp_path: Path) -> Iterator[Cast]:
    """On SQLite alone."""
    found = Cast(template_on("sqlite"), tmp_path / "home")
    yield found
    found.leave()


def plans(cast: Cast, address: str, who: str = "frank") -> list[str]:
    """The lines of the plans of all that is read for a page: by somebody who sees what he has a part in, or by another."""
    asked: list[tuple[str, Any]] = []
    client = cast.sign_in(who)

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        asked.append((statement, parameters))

    with cast.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    connection = sqlite3.connect(cast.home / "dougong.db")
    found = [row[3] for one in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {one[0]}", one[1])]
    connection.close()
    return found


def read_through(cast: Cast, address: str) -> list[str]:
    return [line for line in plans(cast, address) if ALL_OF_THE_TENANT.match(line)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_table_of_the_tenant_is_read_through(cast: Cast, address: str) -> None:
    assert plans(cast, address) and read_through(cast, address) == []


def test_without_being_told_it_would_be(cast: Cast) -> None:
    connection = sqlite3.connect(cast.home / "dougong.db")
    with connection:
        connection.execute("DELETE FROM sqlite_stat1")
    connection.close()
    assert any(read_through(cast, address) for address in ADDRESSES)


def test_of_very_many_that_are_due_at_once_none_is_put_in_order(cast: Cast) -> None:
    connection = sqlite3.connect(cast.home / "dougong.db")
    asked = {"now": "2026", "later": "2027", "most": 500}
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {wakeups.CLAIM.format(lock='')}", asked)]
    connection.close()
    assert any("ix_wakeup_due_at (due_at<?)" in line for line in plan) and not any("B-TREE" in line for line in plan)


@pytest.mark.parametrize("query", ["", "?period=2026-10"])
@pytest.mark.parametrize("page", ["lines", "statements"])
def test_a_list_of_a_settlement_is_in_order_and_its_periods_are_counted_in_an_index(cast: Cast, page: str, query: str) -> None:
    found = plans(cast, f"/t/acme/settlement/dealer_rebate/{page}{query}", "fiona")
    assert any("ledger_line USING COVERING INDEX ix_ledger_line_date" in line for line in found)
    assert not any("FOR ORDER BY" in line for line in found)


def test_queries_without_an_answer_are_found_by_what_they_are_about(cast: Cast) -> None:
    """Not among all tickets under way, of which a company may have a hundred thousand."""
    found = plans(cast, "/t/acme/settlement/dealer_rebate/statements", "fiona")
    assert any("ix_ticket_subject (tenant_id=? AND subject>? AND subject<?)" in line for line in found)


def test_what_was_counted_before_a_line_is_found_by_partner_and_day(cast: Cast) -> None:
    connection = sqlite3.connect(cast.home / "dougong.db")
    asked = {"tenant": "t", "settlement": "s", "partner": "p", "since": "2026-01-01", "below": "2026-02-01"}
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {beside.WITHIN}{beside.OF_PARTNER}", asked)]
    back = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {reversing.OF_TICKET}", {"tenant": "t", "ticket": "x"})]
    connection.close()
    assert any("(tenant_id=? AND settlement_key=? AND partner_id=? AND date>? AND date<?)" in line for line in plan)
    assert any("ix_ledger_line_ticket (tenant_id=? AND ticket_id=?)" in line for line in back)


def test_a_value_of_more_columns_has_fewer_rows_and_of_a_key_one() -> None:
    assert statistics.rows_to(["tenant_id", "state", "id"], unique=False) == [200_000, 50_000, 2]
    assert statistics.rows_to(["tenant_id", "id"], unique=True) == [200_000, 1]


@pytest.mark.parametrize(
    "asked",
    [
        "FROM ledger_line WHERE tenant_id = 't' AND statement_id = 's' ORDER BY date, id",
        "FROM ticket WHERE tenant_id = 't' AND subject = 's'",
    ],
)
def test_what_belongs_to_a_statement_is_looked_up(cast: Cast, asked: str) -> None:
    connection = sqlite3.connect(cast.home / "dougong.db")
    [plan] = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN SELECT id {asked}")]
    connection.close()
    assert re.search(r"USING .*INDEX ix_(ledger_line_statement|ticket_subject) ", plan)
