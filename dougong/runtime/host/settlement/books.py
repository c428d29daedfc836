"""The lines that rules look at, whosever they are, kept from one slice of a batch to the next.

Nothing of the ledger changes: only what has come since is read.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dougong.platform.store import moment
from dougong.runtime.settlement import Line, Settlement
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.windows import Book, Entry

from ..tables import LedgerLine

MOST: Final = 100_000  # lines that are kept, of all batches of this process: some 100 MB
SECONDS: Final = 600
AT_ONCE: Final = 5_000
UNSEEN: Final = timedelta(hours=1)  # before something was read, a line may have been written that was not to be seen yet
Which = tuple[Hashable, ...]  # tenant, settlement, and of what


class Known(NamedTuple):
    """A line that was read. `entry`: none without a day."""

    id: str
    source: str
    entry: Entry | None


@dataclass
class Kept:
    """`lines`: by id; `at`: when the last reading began; `until`: by the clock of this process."""

    lines: Mapping[str, Known]
    at: str = ""
    until: float = 0

    @cached_property
    def book(self) -> Book:
        return Book(one.entry for one in self.lines.values() if one.entry is not None)


_kept: dict[Which, Kept] = {}


def unseen_from(at: str) -> str:
    """From when on lines may not have been seen by who read at that moment."""
    return moment(datetime.fromisoformat(at) - UNSEEN)


def forget(tenant_id: str, key: str) -> None:
    """When a batch begins, and when it is over."""
    for which in [one for one in _kept if one[:2] == (tenant_id, key)]:
        _kept.pop(which, None)


def read(
    session: Session, which: Which, settlement: Settlement, where: Sequence[ColumnElement[bool]], columns: Sequence[Any],
    line_in: Callable[[Any], Line],
) -> Kept:  # fmt: skip
    """These lines of the ledger. Nobody else reads for the same at the time."""
    now, known = moment(), _kept.pop(which, None)
    if known is None or known.until < time.monotonic():
        known = Kept({})
    rows: Iterable[Any] = _since(session, known, where, columns)
    new = {row.id: Known(row.id, row.source, entry_of(settlement, line_in(row))) for row in rows}
    found = Kept({**known.lines, **new}) if new else known
    found.at, found.until = now, time.monotonic() + SECONDS
    _keep(which, found)
    return found


def _since(session: Session, known: Kept, where: Sequence[ColumnElement[bool]], columns: Sequence[Any]) -> Iterator[Any]:
    if not known.at:
        yield from session.execute(select(*columns).where(*where))
        return
    came = session.scalars(select(LedgerLine.id).where(*where, LedgerLine.at >= unseen_from(known.at)))
    new = [id for id in came if id not in known.lines]
    for start in range(0, len(new), AT_ONCE):
        yield from session.execute(select(*columns).where(LedgerLine.id.in_(new[start : start + AT_ONCE])))


def _keep(which: Which, found: Kept) -> None:
    """The oldest go where there are too many lines."""
    _kept[which] = found
    while sum(len(one.lines) for one in list(_kept.values())) > MOST:
        _kept.pop(next(iter(_kept)), None)
