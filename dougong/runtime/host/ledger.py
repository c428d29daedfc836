"""The ledger of settlement lines: what a line is written as, once and never twice. Statements of a month: `statements.py`.

Nothing is ever changed or deleted: what a ticket has settled is taken back by lines that say the opposite (红冲).
"""

from decimal import Decimal
from typing import Any

from dougong.platform.store import loads, new_id

from .sql import dump

_INSERT = """
INSERT INTO ledger_line (tenant_id, id, settlement_key, version, source, ticket_id, partner_id, partner_title, date, month,
                         currency, amount, rule, inputs, parts, at)
VALUES (:tenant, :id, :settlement, :version, :source, :ticket, :partner_id, :partner_title, :date, :month,
        :currency, :amount, :rule, :inputs, :parts, :at)
ON CONFLICT (tenant_id, settlement_key, source) DO NOTHING
"""
_COLUMNS = (
    "id", "settlement_key", "version", "partner_id", "partner_title", "date", "month", "currency", "amount", "rule", "inputs",
    "parts", "statement_id",
)  # fmt: skip
REVERSAL = "reversal:"  # what the source of a line that takes another back begins with
_SEND = """
UPDATE statement SET state = 'approving', ticket_id = :ticket
WHERE tenant_id = :tenant AND id = :id AND state IN ('draft', 'rejected') AND gross = :gross AND count = :count
"""
_OF_TICKET = """
SELECT id, settlement_key, version, partner_id, partner_title, date, month, currency, amount, rule, inputs, parts, statement_id
FROM ledger_line WHERE tenant_id = :tenant AND ticket_id = :ticket AND source NOT LIKE 'reversal:%'
"""
_UNDECIDE = "UPDATE statement SET state = 'rejected' WHERE tenant_id = :tenant AND id = :id AND state = 'approved'"
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


def reverse(connection: Any, tenant: str, ticket_id: str, at: str) -> None:
    """红冲: a line against each that the ticket has written, once. In the same month while no statement has taken the line;
    else on the day of the reversal, though never in a month for which there is a statement already."""
    for row in connection.execute(_OF_TICKET, {"tenant": tenant, "ticket": ticket_id}).fetchall():
        line = dict(zip(_COLUMNS, row, strict=True))
        date = line["date"] if line["statement_id"] is None else max(at[:10], _after(line["month"]))
        parts = [[code, params, _negated(amount), tier] for code, params, amount, tier in loads(line["parts"])]
        against = {
            **line, "tenant": tenant, "id": new_id(), "ticket": ticket_id, "settlement": line["settlement_key"],
            "source": f"{REVERSAL}{line['id']}", "amount": _negated(line["amount"]), "parts": dump(parts),
            "inputs": dump(loads(line["inputs"])), "date": date, "month": date[:7], "at": at,
        }  # fmt: skip
        connection.execute(_INSERT, against)


def _negated(amount: str) -> str:
    return format(-Decimal(amount), "f")


def _after(month: str) -> str:
    """The first day of the month after this ("2026-12")."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:7]), 12)
    return f"{year:04}-{number + 1:02}-01"


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
