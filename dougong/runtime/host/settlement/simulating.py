"""A version of a settlement tried on the lines of a period before it is published: who gains, who loses. Nothing is written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, cast, select, types

from dougong.platform.documents import Document
from dougong.platform.paging import count
from dougong.platform.scopes import Sight
from dougong.platform.store import db
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Settlement, span_named
from dougong.runtime.settlement.batch import Batch, Values, kept, settle_lines
from dougong.runtime.settlement.sharing import Share
from dougong.runtime.settlement.windows import key_of
from dougong.runtime.texts import Text
from dougong.runtime.upgrades import upgraded

from .. import reading
from ..tables import LedgerLine
from ..telling import named
from . import within
from .ledger import REVERSAL

MOST: Final = 200_000
MOST_PAST: Final = 1_000_000
INPUTS: Final = cast(LedgerLine.inputs, types.Text).label("inputs")  # they are read by the engine, not here
AT_ONCE: Final = 1_000
STREAMED: Final = {"yield_per": AT_ONCE}
Lines = Iterable[tuple[str, str]]  # (id, the JSON of the values)


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
        """By currency, in the order of the totals of statements: of the most partners first."""
        found: dict[str, Change] = {}
        for one in self.changes:
            total = found.setdefault(one.currency, Change("", one.currency))
            total.before, total.after = total.before + one.before, total.after + one.after
        many = Counter(one.currency for one in self.changes)
        return sorted(found.values(), key=lambda one: (-many[one.currency], one.currency))


def greatest(changes: Sequence[Change]) -> dict[str, Decimal]:
    """The greatest gain or loss in each currency, of changes of which the greatest come first."""
    return {one.currency: abs(one.gain) for one in reversed(changes)}


def drawn(key: str) -> Document:
    return db.session.scalars(select(Document).where(Document.kind == "settlement", Document.key == key)).one()


def draft(document: Document) -> Settlement:
    """As it is drawn at present. Raises Refused where it is not whole yet."""
    try:
        return Settlement.from_json(upgraded(document.draft))
    except (KeyError, ValueError, TypeError, ArithmeticError):
        raise Refused("simulate.draft_not_whole") from None


def simulate(now: Settlement, other: Settlement, period: str, sight: Sight) -> Simulated:
    """Of the partners that he sees. Raises Refused where there are too many lines."""
    rows = _Read(now.key, MOST, LedgerLine.period == period, reading.visible_partners(LedgerLine, sight))
    past = _past(now, other, period) if rows.are_there else None
    before, after = calculated((now, other), chain(past or (), rows))
    told = _told([*before.faults, *after.faults])
    if past is not None:
        before, after = (_of_period(one, by, period, rows.titles, told) for one, by in ((before, now), (after, other)))
    wrong = _called(before, after.faults, told)
    if wrong:
        before, after = (_comparable(one, after.faults, told) for one in (before, after))
    return Simulated(rows.count, _changes(before, after, rows.titles), _changed_shares(before, after), wrong)


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
        lines = list(lines)
        return [settle_lines(one, Values(lines, one.kinds)) for one in settlements]
    with kept(Values(lines, kinds)) as source:
        return [settle_lines(one, source) for one in settlements]


def _past(now: Settlement, other: Settlement, period: str) -> "_Read | None":
    """Lines before the period that stand in windows of its lines, whoever may see them."""
    windows = now.windows | other.windows
    by_contract = now.contract is not None or other.contract is not None
    reach = within.seen_from(windows, span_named(period), open_end=by_contract)
    return _Read(now.key, MOST_PAST, LedgerLine.period < period, within.windows(reach, now)) if windows else None


class _Read:
    """The lines that nothing has taken back, read as they are put down and not kept. Once they are: how many there were, and
    the titles of their partners. Raises Refused where there are too many."""

    def __init__(self, key: str, most: int, *which: ColumnElement[bool]) -> None:
        self.which = (LedgerLine.settlement_key == key, *which)
        self.count, self.titles = 0, dict[str, str]()
        found = count(select(LedgerLine.id).where(*self.which), most)
        if found > most:
            raise Refused("simulate.too_many", "/period", limit=most)
        self.are_there = bool(found)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        wanted = select(LedgerLine.id, LedgerLine.source, LedgerLine.partner_id, LedgerLine.partner_title, INPUTS)
        gone = self._taken_back()
        for id, source, partner, title, inputs in db.session.execute(wanted.where(*self.which), execution_options=STREAMED):
            if gone and (id in gone or source.removeprefix(REVERSAL) in gone):
                continue
            self.count += 1
            self.titles[partner] = title
            yield id, inputs

    def _taken_back(self) -> set[str]:
        """Those that come with what takes them back. There are few of these in a ledger: they are looked up by their names."""
        begun = (self.which[0], LedgerLine.source >= REVERSAL, LedgerLine.source.startswith(REVERSAL))
        here = _among(
            list(db.session.scalars(select(LedgerLine.id).where(*begun))), select(LedgerLine.source).where(*self.which)
        )
        ids = [source.removeprefix(REVERSAL) for (source,) in here]
        return {id for (id,) in _among(ids, select(LedgerLine.id).where(*self.which))}


def _among(ids: Sequence[str], wanted: Any) -> Iterator[Any]:
    """Of the lines that are wanted those with these ids, so many at once."""
    for start in range(0, len(ids), AT_ONCE):
        yield from db.session.execute(wanted.where(LedgerLine.id.in_(ids[start : start + AT_ONCE])))


def _told(faults: Iterable[tuple[str, Reason]]) -> dict[str, Any]:
    """The lines that could not be calculated: of each the partner, its title and the period."""
    wanted = select(LedgerLine.id, LedgerLine.partner_id, LedgerLine.partner_title.label("title"), LedgerLine.period)
    return {one.id: one for one in _among(sorted({whose for whose, _ in faults}), wanted)}


def _called(before: Batch, faults: Sequence[tuple[str, Reason]], told: Mapping[str, Any]) -> list[tuple[str, Reason]]:
    """The same, each with the title of whose it is."""
    if not faults:
        return []
    titles = {str(one.partner): named(one.partner) for one in before.settled} | {id: one.title for id, one in told.items()}
    return [(titles.get(whose, whose), reason) for whose, reason in faults]


def _comparable(found: Batch, faults: Sequence[tuple[str, Reason]], told: Mapping[str, Any]) -> Batch:
    """Without those whom the other version could not calculate in full: they neither gain nor lose by that."""
    whose = {whose for whose, _ in faults}
    theirs = {one.partner_id for id, one in told.items() if id in whose}
    return found._replace(
        settled=tuple(one for one in found.settled if str(one.partner) not in whose and _id(one.partner)[0] not in theirs)
    )


def _of_period(found: Batch, by: Settlement, period: str, partners: Mapping[str, str], told: Mapping[str, Any]) -> Batch:
    """Without what the past comes to by itself."""
    span = span_named(period)
    settled = tuple(
        one for one in found.settled
        if one.start < span.end and (by.last_day(one.start) or one.start) >= span.start and _id(one.partner)[0] in partners
    )  # fmt: skip
    return found._replace(
        settled=settled,
        faults=tuple(one for one in found.faults if one[0] not in told or told[one[0]].period == period),
    )
