"""A version of a settlement tried on the lines of a period before it is published: who gains, who loses. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, cast, select, types

from dougong.platform.documents import Document
from dougong.platform.scopes import Sight
from dougong.platform.store import db
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Settlement, span_named
from dougong.runtime.settlement.batch import Batch, Values, kept, settle_lines, uncollected
from dougong.runtime.settlement.sharing import Share
from dougong.runtime.settlement.windows import key_of
from dougong.runtime.texts import Text
from dougong.runtime.upgrades import upgraded

from .. import reading
from ..tables import LedgerLine
from ..telling import named
from . import within
from .adjusting import left

MOST: Final = 200_000
MOST_PAST: Final = 1_000_000
INPUTS: Final = cast(LedgerLine.inputs, types.Text).label("inputs")  # they are read by the engine, not here
Lines = list[tuple[str, str]]  # (id, the JSON of the values)
Conditions = tuple[ColumnElement[bool], ...]


@dataclass
class Change:
    """What somebody gets in one currency, before tax: by the version in force, and by the other. `who`: a partner; or, of a
    share of this `party`, one of the people among whom it is divided."""

    who: str
    currency: str
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    party: Text = field(default_factory=dict)

    @property
    def gain(self) -> Decimal:
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        """By how much it changes, to a tenth; not known of what was nothing before."""
        return (100 * self.gain / abs(self.before)).quantize(Decimal("0.1")) if self.before else None


@dataclass
class Simulated:
    """`changes`: of the partners, the greatest gain or loss first; `shares`: the same of those who share with them.
    `faults`: what the other version could not calculate (whose, reason)."""

    lines: int
    changes: list[Change]
    shares: list[Change]
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


def greatest(changes: Sequence[Change]) -> dict[str, Decimal]:
    """The greatest gain or loss in each currency, of changes of which the greatest come first."""
    return {one.currency: abs(one.gain) for one in reversed(changes)}


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
        rows = _rows(MOST, LedgerLine.period == period, *_seen(now.key, sight))
        past = _past(now, other, period) if rows else []
    lines = [(id, inputs) for id, _, _, _, inputs in (*past, *rows)]
    titles = {partner: title for _, _, partner, title, _ in rows}
    before, after = calculated((now, other), lines)
    if past:
        before, after = (_of_period(one, by, period, titles, past) for one, by in ((before, now), (after, other)))
    changes, shares = _changes(before, after, titles), _changed_shares(before, after)
    if after.faults:
        titles |= {id: title for id, _, _, title, _ in rows}
    return Simulated(len(rows), changes, shares, [(titles.get(whose, whose), reason) for whose, reason in after.faults])


def _changes(before: Batch, after: Batch, titles: Mapping[str, str]) -> list[Change]:
    found: dict[tuple[str, str], Change] = {}
    for name, results in (("before", before), ("after", after)):
        for one in results.settled:
            [partner], currency = _id(one.partner), one.statement.currency
            change = found.setdefault((partner, currency), Change(titles.get(partner, partner), currency))
            setattr(change, name, getattr(change, name) + one.statement.net)
    return _greatest_first(found.values())


def _changed_shares(before: Batch, after: Batch) -> list[Change]:
    """By party, person and currency."""
    found: dict[tuple[Any, ...], Change] = {}
    for name, results in (("before", before), ("after", after)):
        for share, currency, amount in _shared(results):
            key = (share.uid, _id(share.who), currency)
            change = found.setdefault(key, Change(named(share.who), currency, party=share.party))
            setattr(change, name, getattr(change, name) + amount)
    return _greatest_first(found.values())


def _shared(results: Batch) -> Iterable[tuple[Share, str, Decimal]]:
    """What each had in all. There may be hundreds of thousands, of few people, each of whom is one value in a batch."""
    sums: dict[tuple[str, int, str], Decimal] = {}
    first: dict[tuple[str, int, str], Share] = {}
    for _, _, statement in results.settled:
        for share in statement.shares:
            key = (share.uid, id(share.who), statement.currency)
            if key in sums:
                sums[key] += share.amount
            else:
                sums[key], first[key] = share.amount, share
    return ((first[key], key[2], amount) for key, amount in sums.items())


def _id(value: Any) -> tuple[str, ...]:
    return key_of(("it",), {"it": value})


def _greatest_first(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda one: (-abs(one.gain), one.who))


def calculated(settlements: Sequence[Settlement], lines: Lines) -> list[Batch]:
    """The one place where it is chosen what calculates them. Nothing is set aside: the ledger has read these lines before. They
    are put down once, but where an input has become one of another kind."""
    kinds = {input: kind for one in settlements for input, kind in one.kinds.items()}
    if any(not one.kinds.items() <= kinds.items() for one in settlements):
        return [settle_lines(one, Values(lines, one.kinds)) for one in settlements]
    with kept(Values(lines, kinds)) as source:
        return [settle_lines(one, source) for one in settlements]


def _seen(key: str, sight: Sight) -> Conditions:
    return LedgerLine.settlement_key == key, reading.visible_partners(LedgerLine, sight)


def _past(now: Settlement, other: Settlement, period: str) -> list[Any]:
    """Lines before the period that stand in windows of its lines, whoever may see them."""
    windows = now.windows | other.windows
    by_contract = now.contract is not None or other.contract is not None
    reach = within.seen_from(windows, span_named(period), open_end=by_contract)
    before = (LedgerLine.settlement_key == now.key, LedgerLine.period < period, within.windows(reach, now))
    return _rows(MOST_PAST, *before) if windows else []


def _rows(most: int, *which: ColumnElement[bool]) -> list[Any]:
    """The lines that nothing has taken back: id, source, the partner's id and title, inputs."""
    wanted = select(LedgerLine.id, LedgerLine.source, LedgerLine.partner_id, LedgerLine.partner_title, INPUTS)
    rows: list[Any] = list(db.session.execute(wanted.where(*which).limit(most + 1)).all())
    if len(rows) > most:
        raise Refused("simulate.too_many", "/period", limit=most)
    return left(rows)


def _of_period(found: Batch, by: Settlement, period: str, partners: Mapping[str, str], past: Sequence[Any]) -> Batch:
    """Without what the past comes to by itself."""
    span, ids = span_named(period), {id for id, *_ in past}
    settled = tuple(
        one for one in found.settled
        if one.start < span.end and (by.last_day(one.start) or one.start) >= span.start and _id(one.partner)[0] in partners
    )  # fmt: skip
    return found._replace(settled=settled, faults=tuple(one for one in found.faults if one[0] not in ids))
