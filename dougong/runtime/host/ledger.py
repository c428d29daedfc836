"""The ledger of settlement lines: what a line is written as, once and never twice. Statements of a month: `statements.py`."""

from typing import Any

from dougong.platform.store import new_id

from .sql import dump

_INSERT = """
INSERT INTO ledger_line (tenant_id, id, settlement_key, version, source, ticket_id, partner_id, partner_title, date, month,
                         currency, amount, rule, inputs, parts, at)
VALUES (:tenant, :id, :settlement, :version, :source, :ticket, :partner_id, :partner_title, :date, :month,
        :currency, :amount, :rule, :inputs, :parts, :at)
ON CONFLICT (tenant_id, settlement_key, source) DO NOTHING
"""
_SEND = """
UPDATE statement SET state = 'approving', ticket_id = :ticket
WHERE tenant_id = :tenant AND id = :id AND state IN ('draft', 'rejected') AND gross = :gross AND count = :count
"""
_DECIDE = "UPDATE statement SET state = :state WHERE tenant_id = :tenant AND id = :id AND state = 'approving'"


def write(connection: Any, tenant: str, line: dict[str, Any], source: str, ticket_id: str | None, at: str) -> bool:
    """Write a rated line (as the settle step gives it). False where that source has been counted already."""
    partner, date = line["partner"], str(line["date"] or "")[:10]
    named = partner if isinstance(partner, dict) else {"id": str(partner or ""), "title": str(partner or "")}
    row = {
        "tenant": tenant, "id": new_id(), "settlement": line["settlement"], "version": line["version"], "source": source,
        "ticket": ticket_id, "partner_id": named["id"], "partner_title": named.get("title", ""), "date": date,
        "month": date[:7], "currency": line["currency"], "amount": line["amount"], "rule": line["rule"],
        "inputs": dump(line["values"]), "parts": dump(line["parts"]), "at": at,
    }  # fmt: skip
    return bool(connection.execute(_INSERT, row).rowcount)


def sent(connection: Any, tenant: str, statement_id: str, ticket_id: str, gross: str, count: int) -> bool:
    """The statement is under way, as it was when the ticket was written about it. False where it has changed since."""
    asked = {"tenant": tenant, "id": statement_id, "ticket": ticket_id, "gross": gross, "count": count}
    return bool(connection.execute(_SEND, asked).rowcount == 1)


def decided(connection: Any, tenant: str, statement_id: str, result: str | None) -> None:
    """The workflow of a statement has ended: approved, or back to be corrected."""
    state = "approved" if result == "approved" else "rejected"
    connection.execute(_DECIDE, {"tenant": tenant, "id": statement_id, "state": state})
