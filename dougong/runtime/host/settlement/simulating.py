"""A version of a settlement tried on the lines of a period before it is published: who gains, who loses. Nothing is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Text, cast, select

from dougong.platform.documents import Document
from dougong.platform.scopes import Sight
from dougong.platform.store import db
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Settlement
from dougong.runtime.settlement.batch import Batch, Values, kept, settle_lines, uncollected
from dougong.runtime.settlement.windows import key_of
from dougong.runtime.upgrades import upgraded

from .. import reading
from ..tables import LedgerLine
from .adjusting import left

MOST: Final = 100_000
INPUTS: Final = cast(LedgerLine.inputs, Text).label("inputs")  # they are read by the engine, not here
Lines = list[tuple[str, str]]  # (id, the JSON of the values)


@dataclass
class Change:
    """What one partner gets in one currency, before tax: by the version in force, and by the other."""

    partner: str
    currency: str
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)

    @property
    def gain(self) -> Decimal:
        return self.after - self.before


@dataclass
class Simulated:
    """`changes`: the greatest gain or loss first. `faults`: what the other version could not calculate (whose, reason)."""

    lines: int
    changes: list[Change]
    faults: list[tuple[str, Reason]] = field(default_factory=list)

    def gaining(self) -> int:
        return sum(one.gain > 0 for one in self.changes)

    def losing(self) -> int:
        return sum(one.gain < 0 for one in self.changes)

    def totals(self) -> list[Change]:
        """By currency."""
        found: dict[str, Change] = {}
        for one in self.changes:
            total = found.setdefault(one.currency, Change("", one.currency))
            total.before, total.after = total.before + one.before, total.after + one.after
        return list(found.values())


def draft(key: str) -> Settlement:
    """As it is drawn at present. Raises Refused where it is not whole yet."""
    document = db.session.scalars(select(Document).where(Document.kind == "settlement", Document.key == key)).one()
    try:
        return Settlement.from_json(upgraded(document.draft))
    except (KeyError, ValueError, TypeError, ArithmeticError):
        raise Refused("simulate.draft_not_whole") from None


def simulate(now: Settlement, other: Settlement, period: str, sight: Sight) -> Simulated:
    """Of the partners that he sees. Raises Refused where there are too many lines."""
    with uncollected():
        rows = _rows(now.key, period, sight)
    lines = [(id, inputs) for id, _, _, _, inputs in rows]
    titles = {partner: title for _, _, partner, title, _ in rows}
    changes: dict[tuple[str, str], Change] = defaultdict(lambda: Change("", ""))
    before, after = calculated((now, other), lines)
    for name, results in (("before", before), ("after", after)):
        for one in results.settled:
            [partner] = key_of(("it",), {"it": one.partner})
            change = changes[partner, one.statement.currency]
            change.partner, change.currency = titles.get(partner, partner), one.statement.currency
            setattr(change, name, getattr(change, name) + one.statement.net)
    found = sorted(changes.values(), key=lambda one: (-abs(one.gain), one.partner))
    if after.faults:
        titles |= {id: title for id, _, _, title, _ in rows}
    return Simulated(len(lines), found, [(titles.get(whose, whose), reason) for whose, reason in after.faults])


def calculated(settlements: Sequence[Settlement], lines: Lines) -> list[Batch]:
    """The one place where it is chosen what calculates them. Nothing is set aside: the ledger has read these lines before. They
    are put down once, but where an input has become one of another kind."""
    kinds = {input: kind for one in settlements for input, kind in one.kinds.items()}
    if any(not one.kinds.items() <= kinds.items() for one in settlements):
        return [settle_lines(one, Values(lines, one.kinds)) for one in settlements]
    with kept(Values(lines, kinds)) as source:
        return [settle_lines(one, source) for one in settlements]


def _rows(key: str, period: str, sight: Sight) -> list[Any]:
    """The lines of the period that nothing has taken back: id, source, the partner's id and title, inputs."""
    mine = (LedgerLine.settlement_key == key, LedgerLine.period == period, reading.visible_partners(LedgerLine, sight))
    wanted = select(LedgerLine.id, LedgerLine.source, LedgerLine.partner_id, LedgerLine.partner_title, INPUTS)
    rows: list[Any] = list(db.session.execute(wanted.where(*mine).limit(MOST + 1)).all())
    if len(rows) > MOST:
        raise Refused("simulate.too_many", "/period", limit=MOST)
    return left(rows)
