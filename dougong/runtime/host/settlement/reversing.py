"""红冲: what a ticket has settled is taken back by lines that say the opposite."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dougong.platform.store import loads, new_id
from dougong.runtime.settlement import Counting, SettlementFault, parts_json
from dougong.runtime.settlement.pools import PART

from .. import definitions
from ..sql import dump
from . import beside, ledger
from .ledger import REVERSAL

_COLUMNS = (
    "id", "settlement_key", "version", "partner_id", "partner_title", "date", "period", "currency", "amount", "rule", "inputs",
    "parts",
)  # fmt: skip
OF_TICKET = """
SELECT id, settlement_key, version, partner_id, partner_title, date, period, currency, amount, rule, inputs, parts
FROM ledger_line WHERE tenant_id = :tenant AND ticket_id = :ticket AND source NOT LIKE 'reversal:%' ORDER BY id DESC
"""


def reverse(connection: Any, tenant: str, ticket_id: str, at: str) -> None:
    """A line against each that the ticket has written, once, of the same day, the last one first. Where a statement of that
    period is closed already, the next one makes up for it, as for every line that comes late."""
    for row in connection.execute(OF_TICKET, {"tenant": tenant, "ticket": ticket_id}).fetchall():
        line = dict(zip(_COLUMNS, row, strict=True))
        amount, parts = _worth(connection, tenant, line)
        against = [[code, params, format(-Decimal(one), "f"), tier] for code, params, one, tier in parts]
        back = {
            **line, "tenant": tenant, "id": new_id(), "ticket": ticket_id, "settlement": line["settlement_key"],
            "source": f"{REVERSAL}{line['id']}", "amount": format(-amount, "f"), "parts": dump(against),
            "inputs": dump(loads(line["inputs"])), "at": at,
        }  # fmt: skip
        ledger.insert(connection, tenant, back, against)


def _worth(connection: Any, tenant: str, line: Mapping[str, Any]) -> tuple[Decimal, list[Any]]:
    """What goes with it. Where a line is worth what others say, that is what it would be worth had it been counted last: so
    those that stay come to what they would come to without it."""
    amount, parts = Decimal(line["amount"]), loads(line["parts"])
    found = definitions.settlement(tenant, line["settlement_key"], line["version"])
    if found is None or found[0].line is None or not found[0].line.looks_beyond:
        return amount, parts
    try:
        rated = Counting(lambda kind, **asked: beside.before(connection, tenant, asked, but=line["id"])).rated(
            found[0], loads(line["inputs"])
        )
    except SettlementFault:  # what is counted since has no price beside it
        return amount, parts
    drawn = [part for part in parts if part[0] == PART]
    return sum((Decimal(part[2]) for part in drawn), rated.amount), [*parts_json(rated.parts), *drawn]
