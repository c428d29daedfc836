"""The month's end: lines imported, statements drawn up for every partner, sent through their workflow, decided.

Drawing up again replaces drafts and what was rejected; a statement that is being approved or was approved never changes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from dougong.platform import audit
from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.platform.store import db, driver_of, driver_transaction, moment, new_id, transaction
from dougong.runtime.reason import Reason
from dougong.runtime.settlement import Line, Settlement, SettlementFault, book_of, line_of, rate, settle, statement_json
from dougong.runtime.settlement import text as written
from dougong.runtime.settlement.lines import EMPTY
from dougong.runtime.settlement.windows import Book

from . import answers, cases, definitions, ledger, reading, sql
from .cases import Actor, Refused
from .importing import Row
from .tables import LedgerLine, StatementRow

OPEN = ("draft", "rejected")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Imported:
    """How an import went. `faults` are rows that could be read but not priced: (row number, reason)."""

    written: int
    repeated: int
    faults: list[tuple[int, Reason]]


@dataclass(frozen=True)
class DrawnUp:
    made: int
    kept: int  # statements that are being approved or were approved
    faults: list[tuple[str, Reason]]  # (partner, reason)


def import_lines(actor: Actor, key: str, rows: Iterable[Row], source: str) -> Imported:
    """Price rows and write them to the ledger; all or nothing but what was counted before, which is left alone.

    `source` names the file, for lines without an identifying column. Raises LookupError for an unknown settlement.
    """
    found = definitions.settlement(actor.tenant_id, key)
    if found is None:
        raise LookupError(key)
    settlement, doc, _ = found
    written = repeated = 0
    faults: list[tuple[int, Reason]] = []
    with driver_transaction(actor.tenant_id) as connection:
        for row in rows:
            values = answers.line_values(connection, actor.tenant_id, key, dict(row.values))
            try:
                line = line_of(settlement, values, rate(settlement, values))
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


def draw_up(actor: Actor, key: str, month: str) -> DrawnUp:
    """The statements of a month ("2026-10"), one for each partner and currency, of the partners that he sees."""
    found = definitions.settlement(actor.tenant_id, key)
    if found is None:
        raise LookupError(key)
    settlement, doc, version = found
    made, faults = 0, []
    with transaction(actor.tenant_id) as session:
        kept = _clear(session, actor, key, month)
        book = _book(session, settlement, month) if settlement.looks_beyond else EMPTY
        taken = {(one.partner_id, one.currency) for one in kept}
        for partner_id, rows in _by_partner(session, actor, key, month).items():
            lines = [Line(row.inputs, Decimal(row.amount), sign=_sign(row)) for row in _left(rows)]
            try:
                statements = settle(settlement, lines, book)
            except SettlementFault as fault:
                faults.append((rows[0].partner_title, fault.reason))
                continue
            for statement in statements:
                if (partner_id, statement.currency) in taken:
                    continue
                mine = [row for row in rows if settlement.terms_of(row.inputs).currency == statement.currency]
                _keep(session, key, version, month, mine, statement)
                made += 1
        audit.record(session, actor, "drawn_up", "settlement", key, doc["title"], month=month, made=made)
    return DrawnUp(made, len(kept), faults)


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
        "statement_number": number, "partner_name": row.partner_title, "month": row.month, "currency": row.currency,
        "line_count": str(count), "net": row.net, "tax": row.tax, "gross": gross,
    }  # fmt: skip

    def sent(connection: Driver, ticket_id: str, at: str) -> None:
        if not ledger.sent(connection, actor.tenant_id, statement_id, ticket_id, gross, count):
            raise LookupError(statement_id)
        audit.note(connection, actor.tenant_id, actor, "sent", "statement", statement_id, number)

    return cases.file(actor, document, {}, subject=f"statement:{statement_id}", forced=facts, also=sent)


def lines(who: Who, key: str, month: str = "", text: str = "") -> Select[Any]:
    """The lines of a settlement: of a month, of partners whose name contains this."""
    wanted = reading.lines(who).where(LedgerLine.settlement_key == key)
    wanted = wanted.where(LedgerLine.month == month) if month else wanted
    return wanted.where(LedgerLine.partner_title.icontains(text, autoescape=True)) if text else wanted


def listed(who: Who, key: str, month: str = "", text: str = "") -> Select[Any]:
    """The statements of a settlement: of a month, with this number or of partners whose name contains this."""
    wanted = reading.statements(who).where(StatementRow.settlement_key == key)
    wanted = wanted.where(StatementRow.month == month) if month else wanted
    named = or_(StatementRow.partner_title.icontains(text, autoescape=True), StatementRow.number == text)
    return wanted.where(named) if text else wanted


def _source(doc: Mapping[str, Any], values: Mapping[str, Any], source: str, number: int) -> str:
    """What identifies a line: its own number where the settlement has one, else the file and the row."""
    own = values.get(doc.get("line_id", ""))
    return f"line:{own}"[:120] if own not in (None, "") else f"file:{source}:{number}"[:120]


def _clear(session: Session, actor: Actor, key: str, month: str) -> list[StatementRow]:
    """Take back what may be drawn up again. Answers the statements that stay."""
    seen = reading.visible_partners(StatementRow, actor.sees())
    wanted = select(StatementRow).where(StatementRow.settlement_key == key, StatementRow.month == month, seen)
    rows = list(session.scalars(wanted))
    open_ids = [row.id for row in rows if row.state in OPEN]
    session.execute(update(LedgerLine).where(LedgerLine.statement_id.in_(open_ids)).values(statement_id=None))
    session.execute(delete(StatementRow).where(StatementRow.id.in_(open_ids)))
    return [row for row in rows if row.state not in OPEN]


def _by_partner(session: Session, actor: Actor, key: str, month: str) -> dict[str, list[LedgerLine]]:
    wanted = select(LedgerLine).where(
        LedgerLine.settlement_key == key,
        LedgerLine.month == month,
        LedgerLine.statement_id.is_(None),
        reading.visible_partners(LedgerLine, actor.sees()),
    )
    found: dict[str, list[LedgerLine]] = defaultdict(list)
    for row in session.scalars(wanted.order_by(LedgerLine.partner_title, LedgerLine.date, LedgerLine.id)):
        found[row.partner_id].append(row)
    return found


def _book(session: Session, settlement: Settlement, month: str) -> Book:
    """All lines up to the end of the month, whoever may see them: what rules measure that look beyond a statement."""
    rows = session.scalars(select(LedgerLine).where(LedgerLine.settlement_key == settlement.key, LedgerLine.month <= month))
    return book_of(settlement, [Line(row.inputs, Decimal(row.amount), row.id, _sign(row)) for row in rows])


def _left(rows: list[LedgerLine]) -> list[LedgerLine]:
    """Without the pairs of which one takes the other back."""
    back = {row.source for row in rows}
    gone = {row.id for row in rows if ledger.REVERSAL + row.id in back}
    return [row for row in rows if row.id not in gone and row.source.removeprefix(ledger.REVERSAL) not in gone]


def _sign(row: LedgerLine) -> int:
    return -1 if row.source.startswith(ledger.REVERSAL) else 1


def _keep(session: Session, key: str, version: int, month: str, rows: list[LedgerLine], statement: Any) -> None:
    row = StatementRow(
        id=new_id(),
        number=_number(session, month),
        settlement_key=key,
        version=version,
        partner_id=rows[0].partner_id,
        partner_title=rows[0].partner_title,
        month=month,
        currency=statement.currency,
        net=written(statement.net),
        tax=written(statement.tax),
        gross=written(statement.gross),
        count=len(rows),
        body=statement_json(statement),
    )
    session.add(row)
    session.flush()
    session.execute(update(LedgerLine).where(LedgerLine.id.in_([line.id for line in rows])).values(statement_id=row.id))


def _number(session: Session, month: str) -> str:
    """ST202610-0001."""
    count = sql.count(driver_of(session), session.info["tenant_id"], "number:statement", month)
    return f"ST{month.replace('-', '')}-{count:04d}"
