"""Beside which lines a line is priced that is paid what it adds to others, or by which of them it is: those counted before it.

The order is that of the counting, not of the days: a line that comes late adds to what has been counted already, so that all of
them come to what the whole comes to, whoever came first.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform.engines import Driver
from dougong.platform.store import loads
from dougong.runtime.settlement import Line, Settlement, SettlementFault, counted_before
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.spans import Bounds
from dougong.runtime.settlement.windows import Counted, Window, bounds_of, key_of

from .. import definitions
from ..tables import LedgerLine
from . import books, pools, within
from .adjusting import SAID, Told, left, line_in

Values = Mapping[str, Any]
WITHIN = """
SELECT id, source, inputs FROM ledger_line
WHERE tenant_id = :tenant AND settlement_key = :settlement AND date >= :since AND date < :below
"""
OF_PARTNER = " AND partner_id = :partner"
NEVER: Final = "9999-12-31"


def turn(connection: Driver, tenant: str) -> None:
    """Of those who price lines by what others say, one counts at a time: who comes second sees the lines of the first. One turn
    for all settlements, so that of two who need several nobody waits in a circle."""
    connection.turn(f"lines:{tenant}")


def before(connection: Driver, tenant: str, asked: Values, *, but: str = "") -> dict[str, Any]:
    """The answer to `counted_before`; `but`: as if that line were not there."""
    turn(connection, tenant)
    found = definitions.settlement(tenant, asked["settlement"], asked["version"])
    assert found is not None
    settlement, partner = found[0], asked["group"].get(found[0].partner)
    where = {"tenant": tenant, "settlement": settlement.key, "since": asked["since"], "below": asked["below"] or NEVER}
    statement, where = (WITHIN, where) if partner is None else (WITHIN + OF_PARTNER, {**where, "partner": partner})
    rows = [row for row in map(Told._make, connection.execute(statement, where)) if row.id != but]
    return counted_before(settlement, asked, [Line(loads(row.inputs)) for row in left(rows)])


def drawn(connection: Driver, tenant: str, asked: Values) -> dict[str, Any]:
    """The answer to `drawn_before`."""
    turn(connection, tenant)
    found = definitions.settlement(tenant, asked["settlement"], asked["version"])
    gone = pools.gone(connection, tenant, found[0]) if found else {}
    return {"gone": {uid: format(amount, "f") for uid, amount in gone.items()}}


def counted(session: Session, settlement: Settlement, given: Iterable[Values], of: str = "") -> Counted | None:
    """The lines of the ledger that may share a window with these; none where lines are priced by themselves. `of`: the batch of
    which these are a slice."""
    if settlement.line is None or not settlement.line.looks_beyond:
        return None
    given = list(given)
    reach = within.widest(one for values in given for one in _windows(settlement, values))
    partners = {key_of((settlement.partner,), values)[0] for values in given}
    mine = (LedgerLine.settlement_key == settlement.key, within.windows(reach, settlement, partners))
    if of and reach and all(one.group != (settlement.partner,) for one in reach):  # the next slice asks for the same
        which = session.info["tenant_id"], settlement.key, of, settlement.version, tuple(reach.items())
        known = books.read(session, which, settlement, mine, SAID, line_in).lines
        return Counted(one.entry for one in left([known[id] for id in sorted(known)]) if one.entry is not None)
    rows = session.execute(select(*SAID).where(*mine).order_by(LedgerLine.id)).all() if reach else []
    return Counted(entry for row in left(rows) if (entry := entry_of(settlement, line_in(row))) is not None)


def _windows(settlement: Settlement, values: Values) -> Iterator[tuple[Window, Bounds]]:
    """The windows in which a line is, with their days. What cannot be read is told where it is priced."""
    assert settlement.line is not None
    try:
        day = settlement.day_of(values)
        yield from [(window, bounds_of(window, values, day)) for window in settlement.line.windows if day is not None]
    except SettlementFault:
        return
