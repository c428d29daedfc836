"""红冲: what a ticket has settled, or what was imported wrongly, is taken back by lines that say the opposite."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform import audit
from dougong.platform.store import driver_of, loads, moment, new_id, transaction
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import Counting, SettlementFault, parts_json
from dougong.runtime.settlement.pools import PART
from dougong.runtime.taken import among

from .. import definitions, reading
from ..sql import dump
from ..tables import LedgerLine
from ..verbs import Actor
from . import beside, ledger
from .ledger import REVERSAL

ROOM: Final = 110  # characters of a source that leave room for AGAIN
LONGEST: Final = 500  # characters of a reason
_COLUMNS = (
    "id", "source", "settlement_key", "version", "partner_id", "partner_title", "date", "period", "currency", "amount", "rule",
    "inputs", "parts",
)  # fmt: skip
_LINES = f"""
SELECT {", ".join(_COLUMNS)} FROM ledger_line WHERE tenant_id = :tenant AND source NOT LIKE 'reversal:%'
"""  # noqa: S608 (our own words)
OF_TICKET = f"{_LINES} AND ticket_id = :ticket ORDER BY id DESC"
IMPORTED = f"{_LINES} AND ticket_id IS NULL AND id = :line"
AGAIN: Final = "#again"  # behind the source of a line that comes once more after it was taken back, with how often


def reverse(connection: Any, tenant: str, ticket_id: str, at: str, only: Sequence[Mapping[str, Any]] | None = None) -> None:
    """A line against each that the ticket has written (`only`: by these steps, from one of its tokens to another: `taken`),
    once, of the same day, the last one first. Where a statement of that period is closed already, the next one makes up for
    it, as for every line that comes late."""
    for row in connection.execute(OF_TICKET, {"tenant": tenant, "ticket": ticket_id}).fetchall():
        if only is None or _is_among(only, row[_COLUMNS.index("source")]):
            _against(connection, tenant, row, ticket_id, at)


def _is_among(only: Sequence[Mapping[str, Any]], source: str) -> bool:
    _, _, node, token, *_ = source.split(":")
    return any(among(one, node, int(token)) for one in only)


def take_back(actor: Actor, line_id: str, reason: str) -> None:
    """The same of one line that no ticket has written. Raises LookupError where there is none, or he does not see it; Refused
    without a reason, or where it has been taken back."""
    with transaction(actor.tenant_id) as session:
        seen = reading.visible_partners(LedgerLine, actor.sees())
        line = session.scalar(select(LedgerLine).where(LedgerLine.id == line_id, seen))
        connection, asked = driver_of(session), {"tenant": actor.tenant_id, "line": line_id}
        row = connection.execute(IMPORTED, asked).fetchone() if line else None
        if line is None or row is None:
            raise LookupError(line_id)
        if not reason.strip():
            raise Refused("settle.no_reason", "/reason")
        if not _against(connection, actor.tenant_id, row, None, moment()):
            raise Refused("settle.taken_back", "/reason")
        audit.record(session, actor, "taken_back", "ledger_line", line_id, line.source, reason=reason.strip()[:LONGEST])


def _against(connection: Any, tenant: str, row: Any, ticket_id: str | None, at: str) -> bool:
    """False where that has been written already."""
    line = dict(zip(_COLUMNS, row, strict=True))
    amount, parts = _worth(connection, tenant, line)
    against = [[code, params, format(-Decimal(one), "f"), tier] for code, params, one, tier in parts]
    back = {
        **line, "tenant": tenant, "id": new_id(), "ticket": ticket_id, "settlement": line["settlement_key"],
        "source": f"{REVERSAL}{line['id']}", "amount": format(-amount, "f"), "parts": dump(against),
        "inputs": dump(loads(line["inputs"])), "at": at,
    }  # fmt: skip
    return bool(ledger.insert(connection, tenant, back, against))


def taken_back(session: Session, key: str, lines: Iterable[str]) -> set[str]:
    """Those of these lines of a settlement against which another stands."""
    wanted = select(LedgerLine.source).where(LedgerLine.settlement_key == key)
    against = wanted.where(LedgerLine.source.in_([f"{REVERSAL}{one}" for one in lines]))
    return {source.removeprefix(REVERSAL) for source in session.scalars(against)}


def sources(session: Session, key: str, wanted: Sequence[str]) -> dict[str, str]:
    """As what each of these lines is to be counted: of one that was taken back, as the next of the same."""
    named, left = {one: one for one in wanted}, set(wanted)
    while left:
        there = select(LedgerLine.source, LedgerLine.id).where(LedgerLine.settlement_key == key)
        rows = session.execute(there.where(LedgerLine.source.in_([named[one] for one in left])))
        ids = {row.source: row.id for row in rows}
        back = taken_back(session, key, ids.values())
        left = {one for one in left if ids.get(named[one]) in back}
        named |= {one: following_source(named[one]) for one in left}
    return named


def following_source(source: str) -> str:
    """As what a line comes once more."""
    own, _, count = source.partition(AGAIN)
    short = own if len(own) <= ROOM else sha256(own.encode()).hexdigest()
    return f"{short}{AGAIN}{int(count or 1) + 1}"


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
