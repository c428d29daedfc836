"""The ledger of settlement lines: what a line is written as, once and never twice. Statements of a period: `statements.py`.

Nothing is ever changed or deleted: what a ticket has settled is taken back by lines that say the opposite (红冲).
"""

from collections.abc import Sequence
from typing import Any

from dougong.platform.store import new_id
from dougong.runtime.values import missing

from .. import definitions
from ..sql import dump
from . import pools

_INSERT = """
INSERT INTO ledger_line (tenant_id, id, settlement_key, version, source, ticket_id, partner_id, partner_title, date, period,
                         currency, amount, rule, inputs, parts, at)
VALUES (:tenant, :id, :settlement, :version, :source, :ticket, :partner_id, :partner_title, :date, :period,
        :currency, :amount, :rule, :inputs, :parts, :at)
ON CONFLICT (tenant_id, settlement_key, source) DO NOTHING
"""
_COUNTED = "SELECT 1 FROM ledger_line WHERE tenant_id = :tenant AND settlement_key = :settlement AND source = :source"
_TICKET = "SELECT number FROM ticket WHERE tenant_id = :tenant AND id = :id"
REVERSAL = "reversal:"  # what the source of a line that takes another back begins with
_SEND = """
UPDATE statement SET state = 'approving', ticket_id = :ticket
WHERE tenant_id = :tenant AND id = :id AND state IN ('draft', 'rejected') AND gross = :gross AND count = :count
"""
_UNDECIDE = "UPDATE statement SET state = 'rejected' WHERE tenant_id = :tenant AND id = :id AND state = 'approved'"
_DECIDE = "UPDATE statement SET state = :state WHERE tenant_id = :tenant AND id = :id AND state = 'approving'"


def write(connection: Any, tenant: str, line: dict[str, Any], source: str, ticket_id: str | None, at: str) -> bool:
    """Write a line as the settle step has priced it. False where that source has been counted already."""
    if ticket_id is not None:
        line = _numbered(connection, tenant, line, ticket_id)
    return insert(connection, tenant, _row(tenant, line, source, ticket_id, at), line["parts"])


def _numbered(connection: Any, tenant: str, line: dict[str, Any], ticket_id: str) -> dict[str, Any]:
    """A line that brings no number of its own has its ticket's: else a partner could not tell which it is."""
    found = definitions.settlement(tenant, line["settlement"], line["version"])
    own = next((one for one in found[1]["inputs"] if one["key"] == found[1].get("line_id")), None) if found else None
    if own is None or own["type"] != "text" or not missing(line["values"].get(own["key"])):
        return line
    row = connection.execute(_TICKET, {"tenant": tenant, "id": ticket_id}).fetchone()
    return {**line, "values": {**line["values"], own["key"]: row[0]}} if row else line


def insert(connection: Any, tenant: str, row: dict[str, Any], parts: list[Any]) -> bool:
    """Write a row with what it has drawn from pools, or gives back to them. False where it is there already."""
    written = bool(connection.execute(_INSERT, row).rowcount)
    if written:
        pools.take(connection, tenant, row["settlement"], parts)
    return written


def write_all(connection: Any, tenant: str, lines: Sequence[tuple[dict[str, Any], str]], at: str) -> int:
    """Many rated lines, each with its source, sent together; what the pools add is drawn here. How many had not been counted
    before."""
    versions = {(line["settlement"], line["version"]) for line, _ in lines}
    if any((found := definitions.settlement(tenant, *one)) and found[0].pools for one in versions):
        return sum(_draw(connection, tenant, line, source, at) for line, source in lines)  # each leaves less for the next
    rows = [_row(tenant, line, source, None, at) for line, source in lines]
    return int(connection.every(_INSERT, rows)) if rows else 0


def _row(tenant: str, line: dict[str, Any], source: str, ticket_id: str | None, at: str) -> dict[str, Any]:
    partner, date = line["partner"], str(line["date"] or "")[:10]
    named = partner if isinstance(partner, dict) else {"id": str(partner or ""), "title": str(partner or "")}
    return {
        "tenant": tenant, "id": new_id(), "settlement": line["settlement"], "version": line["version"], "source": source,
        "ticket": ticket_id, "partner_id": named["id"], "partner_title": named.get("title", ""), "date": date,
        "period": line["period"], "currency": line["currency"], "amount": line["amount"], "rule": line["rule"],
        "inputs": dump(line["values"]), "parts": dump(line["parts"]), "at": at,
    }  # fmt: skip


def _draw(connection: Any, tenant: str, line: dict[str, Any], source: str, at: str) -> bool:
    """A line with what the pools of its settlement add to it. False where it has been counted already."""
    found = definitions.settlement(tenant, line["settlement"], line["version"])
    if found is not None and found[0].pools:
        before = pools.gone(connection, tenant, found[0])
        asked = {"tenant": tenant, "settlement": line["settlement"], "source": source}
        if connection.execute(_COUNTED, asked).fetchone():
            return False
        line = pools.drawing(connection, tenant, found[0], line, before)
    return bool(connection.execute(_INSERT, _row(tenant, line, source, None, at)).rowcount)


def sent(connection: Any, tenant: str, statement_id: str, ticket_id: str, gross: str, count: int) -> bool:
    """The statement is under way, as it was when the ticket was written about it. False where it has changed since."""
    asked = {"tenant": tenant, "id": statement_id, "ticket": ticket_id, "gross": gross, "count": count}
    return bool(connection.execute(_SEND, asked).rowcount == 1)


def decided(connection: Any, tenant: str, statement_id: str, result: str | None) -> None:
    """The workflow of a statement has ended: approved, or back to be corrected, also where its approval is revoked."""
    if result == "revoked":
        connection.execute(_UNDECIDE, {"tenant": tenant, "id": statement_id})
    state = "approved" if result == "approved" else "rejected"
    connection.execute(_DECIDE, {"tenant": tenant, "id": statement_id, "state": state})
