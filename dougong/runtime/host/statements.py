"""Lines imported and found, statements found and sent through their workflow. How they are drawn up: `drawing_up.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, or_, select

from dougong.platform import audit
from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.platform.store import db, driver_transaction, moment, transaction
from dougong.runtime.reason import Reason
from dougong.runtime.settlement import Settlement, SettlementFault, line_of, rate

from . import answers, cases, definitions, ledger, reading
from .adjusting import OPEN
from .cases import Actor, Refused
from .importing import Row
from .tables import LedgerLine, StatementRow


@dataclass(frozen=True)
class Imported:
    """How an import went. `faults` are rows that could be read but not priced: (row number, reason)."""

    written: int
    repeated: int
    faults: list[tuple[int, Reason]]


def import_lines(actor: Actor, key: str, rows: Iterable[Row], source: str) -> Imported:
    """Price rows and write them to the ledger; all or nothing but what was counted before, which is left alone.

    `source` names the file, for lines without an identifying column. Raises LookupError for an unknown settlement.
    """
    found = definitions.settlement(actor.tenant_id, key)
    if found is None:
        raise LookupError(key)
    settlement, doc, _ = found
    in_force = in_force_on(actor.tenant_id, key)
    written = repeated = 0
    faults: list[tuple[int, Reason]] = []
    with driver_transaction(actor.tenant_id) as connection:
        for row in rows:
            values = answers.line_values(connection, actor.tenant_id, key, dict(row.values))
            try:
                then = in_force(settlement.day_of(values))
                line = line_of(then, values, rate(then, values))
            except SettlementFault as fault:
                faults.append((row.number, fault.reason))
                continue
            name = _source(doc, values, source, row.number)
            if ledger.write(connection, actor.tenant_id, line, name, None, moment()):
                written += 1
            else:
                repeated += 1
    with transaction(actor.tenant_id) as session:
        audit.record(session, actor, "imported", "settlement", key, doc["title"], written=written, repeated=repeated)
    return Imported(written, repeated, faults)


def in_force_on(tenant_id: str, key: str) -> Callable[[date | None], Settlement]:
    """The version for a business day, looked for once a day. It raises SettlementFault where none was in force."""

    @cache
    def found(day: date | None) -> Settlement:
        version = definitions.settlement_on(tenant_id, key, day)
        if version is None:
            raise SettlementFault("settle.no_version", day=day and day.isoformat())
        return version[0]

    return found


def send(actor: Actor, statement_id: str) -> cases.Done | Refused:
    """Send a statement through its workflow: a ticket about it, all or nothing.

    Raises LookupError where it is not open (any more), or has no workflow.
    """
    seen = reading.visible_partners(StatementRow, actor.sees())
    row = db.session.scalar(select(StatementRow).where(StatementRow.id == statement_id, seen))
    found = definitions.settlement(actor.tenant_id, row.settlement_key, row.version) if row else None
    document = definitions.workflow(found[1].get("approval", "")) if found else None
    if row is None or row.state not in OPEN or document is None:
        raise LookupError(statement_id)
    number, gross, count = row.number, row.gross, row.count
    facts = {
        "statement_number": number, "partner_name": row.partner_title, "month": row.period, "currency": row.currency,
        "line_count": str(count), "net": row.net, "tax": row.tax, "gross": gross,
    }  # fmt: skip

    def sent(connection: Driver, ticket_id: str, at: str) -> None:
        if not ledger.sent(connection, actor.tenant_id, statement_id, ticket_id, gross, count):
            raise LookupError(statement_id)
        audit.note(connection, actor.tenant_id, actor, "sent", "statement", statement_id, number)

    return cases.file(actor, document, {}, subject=f"statement:{statement_id}", forced=facts, also=sent)


def lines(who: Who, key: str, period: str = "", text: str = "") -> Select[Any]:
    """The lines of a settlement: of a period, of partners whose name contains this."""
    wanted = reading.lines(who).where(LedgerLine.settlement_key == key)
    wanted = wanted.where(LedgerLine.period == period) if period else wanted
    return wanted.where(LedgerLine.partner_title.icontains(text, autoescape=True)) if text else wanted


def listed(who: Who, key: str, period: str = "", text: str = "") -> Select[Any]:
    """The statements of a settlement: of a period, with this number or of partners whose name contains this."""
    wanted = reading.statements(who).where(StatementRow.settlement_key == key)
    wanted = wanted.where(StatementRow.period == period) if period else wanted
    named = or_(StatementRow.partner_title.icontains(text, autoescape=True), StatementRow.number == text)
    return wanted.where(named) if text else wanted


def _source(doc: Mapping[str, Any], values: Mapping[str, Any], source: str, number: int) -> str:
    """What identifies a line: its own number where the settlement has one, else the file and the row."""
    own = values.get(doc.get("line_id", ""))
    return f"line:{own}"[:120] if own not in (None, "") else f"file:{source}:{number}"[:120]
