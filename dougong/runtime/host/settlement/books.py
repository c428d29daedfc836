"""The lines that rules look at, whosever they are, kept from one slice of a batch to the next.

Nothing of the ledger changes: only what has come since is read.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dougong.platform.store import moment
from dougong.runtime.settlement import Line, Settlement
from dougong.runtime.settlement.lines import EMPTY, entry_of
from dougong.runtime.settlement.windows import Book

from ..tables import LedgerLine

MOST: Final = 100_000  # lines that are kept, of all batches of this process: some 100 MB
SECONDS: Final = 600
UNSEEN: Final = timedelta(hours=1)  # before something was read, a line may have been written that was not to be seen yet
Which = tuple[str, str, str, int]  # tenant, settlement, period, version


class Kept(NamedTuple):
    """`ids`: of the lines that were read; `at`: when the last reading began; `until`: by the clock of this process."""

    book: Book
    ids: frozenset[str]
    at: str
    until: float


_kept: dict[Which, Kept] = {}


def unseen_from(at: str) -> str:
    """From when on lines may not have been seen by who read at that moment."""
    return moment(datetime.fromisoformat(at) - UNSEEN)


def forget(tenant_id: str, key: str) -> None:
    """When a batch begins, and when it is over."""
    for which in [one for one in _kept if one[:2] == (tenant_id, key)]:
        _kept.pop(which, None)


def book(
    session: Session, which: Which, settlement: Settlement, where: Sequence[ColumnElement[bool]], columns: Sequence[Any],
    line_in: Callable[[Any], Line],
) -> Book:  # fmt: skip
    """Of these lines. Who reads has the turn of the settlement."""
    now, known = moment(), _kept.pop(which, None)
    if known is None or known.until < time.monotonic():
        known = Kept(EMPTY, frozenset(), "", 0)
    came = [*where, LedgerLine.at >= unseen_from(known.at)] if known.at else where
    if not known.at or set(session.scalars(select(LedgerLine.id).where(*came))) - known.ids:
        rows = [row for row in session.execute(select(*columns).where(*came)) if row.id not in known.ids]
        entries = (entry for row in rows if (entry := entry_of(settlement, line_in(row))) is not None)
        known = known._replace(book=Book([*known.book.entries, *entries]), ids=known.ids | {row.id for row in rows})
    _keep(which, known._replace(at=now, until=time.monotonic() + SECONDS))
    return known.book


def _keep(which: Which, found: Kept) -> None:
    """The oldest go where there are too many lines."""
    _kept[which] = found
    while sum(len(one.ids) for one in list(_kept.values())) > MOST:
        _kept.pop(next(iter(_kept)), None)
