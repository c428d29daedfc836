"""Lines priced beside lines that nobody hands in: of those counted before them the world is asked how many there are and what
of them is measured (`counted_before`), and what of the pools is gone (`drawn_before`). That is all that is kept of them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from ..reason import Reason
from ..tiers._type import Part
from ..values import plain
from .definition import Settlement
from .faults import SettlementFault
from .lines import Rated, entry_of, rate, ready
from .measures import Line, Measure
from .pools import PART, Drawn, Paid, draw
from .rounding import exactly
from .windows import Book, Entry, Order, Values, Window, bounds_of, key_of
from .words import line_of

Ask = Callable[..., Mapping[str, Any]]  # ask(kind, **args), as a World is asked
Doc = Mapping[str, Any]
ZERO = Decimal(0)


class Tally(NamedTuple):
    """How many lines, and what of them is measured. `seen`: up to which of the lines of the step."""

    lines: int = 0
    sum: Decimal = ZERO
    seen: int = 0


class Counting:
    """Lines of a settlement counted one after the other: those of the ledger, of which `ask` tells, each thing once; then
    `own`, as the ledger takes them, which are not there yet; then each that is priced here."""

    def __init__(self, ask: Ask, own: Iterable[Doc] = ()) -> None:
        self._ask, self._own = ask, list(own)
        self._lines = [Line(one["values"]) for one in self._own]
        self._tallies: dict[str, Tally] = {}
        self._gone: Drawn = {}

    def line(self, settlement: Settlement, values: Values) -> dict[str, Any]:
        """As the ledger takes it, the next one that is counted. Raises SettlementFault."""
        rated = self.rated(settlement, values)
        if settlement.pools:
            [paid], after = draw(settlement, [Paid(Line(values, rated.amount), rated)], self._drawn(settlement))
            self._gone |= after
            rated = paid.rated
        found = line_of(settlement, values, rated)
        self._lines.append(Line(values))
        return found

    def rated(self, settlement: Settlement, values: Values) -> Rated:
        """What it is worth as the next one, before any pool is drawn from. Raises SettlementFault, also where it depends on
        what comes later."""
        if settlement.line is None or not settlement.line.looks_beyond:
            return rate(settlement, values)
        if settlement.lines_look_ahead:
            raise SettlementFault("settle.line_depends_on_others")
        before = Before(settlement, Line(values), self.tally)
        rated = rate(settlement, values, before)
        return rated._replace(parts=(*before.told, *rated.parts))

    def tally(self, settlement: Settlement, asked: Doc) -> Tally:
        """What comes before the next line. Raises SettlementFault."""
        key = json.dumps(asked)
        if key not in self._tallies:
            self._tallies[key] = _told(self._ask("counted_before", **asked))
        known = self._tallies[key]
        now = self._tallies[key] = _tallied(settlement, asked, self._lines[known.seen :], known)
        return now

    def _drawn(self, settlement: Settlement) -> Drawn:
        if any(pool.rule.uid not in self._gone for pool in settlement.pools):
            asked, mine = self._ask("drawn_before", settlement=settlement.key, version=settlement.version), drawn(self._own)
            there = {uid: Decimal(amount) + mine.get(uid, ZERO) for uid, amount in asked["gone"].items()}
            self._gone = {**there, **self._gone}
        return self._gone


class Before(Book):
    """What comes before a line, as it is told by and by; `told`: that in words."""

    def __init__(self, settlement: Settlement, line: Line, tally: Callable[[Settlement, Doc], Tally]) -> None:
        super().__init__()
        self.told: list[Part] = []
        self._settlement, self._line, self._tally = settlement, line, tally

    def before(
        self, name: Any, window: Window, values: Values, order: Order, join: Callable[[Decimal, Entry], Decimal]
    ) -> tuple[int, Decimal]:
        measure, currency = name
        since, below = bounds_of(window, values, order[0])
        asked = {
            "settlement": self._settlement.key, "version": self._settlement.version, "measure": measure.to_json(),
            "currency": currency, "group": dict(zip(window.group, key_of(window.group, values), strict=True)),
            "since": since.isoformat(), "below": below and below.isoformat(),
        }  # fmt: skip
        found = self._tally(self._settlement, asked)
        part = Part("settle.part.before", {"lines": Decimal(found.lines), "measured": found.sum}, ZERO)
        self.told += [] if part in self.told else [part]
        return found.lines, found.sum

    def so_far(
        self, name: Any, window: Window, values: Values, order: Order, join: Callable[[Decimal, Entry], Decimal]
    ) -> Decimal:
        return join(self.before(name, window, values, order, join)[1], Entry(*order, self._line))


def counted_before(settlement: Settlement, asked: Doc, lines: Iterable[Line]) -> dict[str, Any]:
    """The answer of a world whose ledger has these lines."""
    try:
        with exactly():
            found = _tallied(settlement, asked, lines, Tally())
    except SettlementFault as fault:
        return fault.reason.to_json()
    except InvalidOperation:  # more digits than a number holds
        return Reason("settle.too_large").to_json()
    return {"lines": found.lines, "sum": plain(found.sum)}


def _told(answer: Doc) -> Tally:
    if "code" in answer:
        raise SettlementFault(answer["code"], **answer["params"])
    return Tally(answer["lines"], Decimal(answer["sum"]))


def drawn(lines: Iterable[Doc]) -> Drawn:
    """What these lines have drawn in all, by the uid of the pool."""
    found: Drawn = {}
    for code, params, amount, _ in (part for one in lines for part in one["parts"]):
        if code == PART:
            found[params["uid"]] = found.get(params["uid"], ZERO) + Decimal(amount)
    return found


def _tallied(settlement: Settlement, asked: Doc, lines: Iterable[Line], tally: Tally) -> Tally:
    """With these lines, as far as they are meant."""
    size, total, seen = tally
    measure, currency = _measure(settlement, asked["measure"]), asked["currency"]
    group, key = tuple(asked["group"]), tuple(asked["group"].values())
    since, below = date.fromisoformat(asked["since"]), asked["below"] and date.fromisoformat(asked["below"])
    for line in lines:
        entry, seen = entry_of(settlement, line), seen + 1
        if entry is None or entry.day < since or (below and below <= entry.day) or key_of(group, line.values) != key:
            continue
        size, total = size + 1, measure.joined(total, ready(settlement, line, currency))
    return Tally(size, total, seen)


def _measure(settlement: Settlement, doc: Doc) -> Measure:
    pricings = [rule.pricing for rule in settlement.line.rules if rule.pricing] if settlement.line else []
    return next(one for pricing in pricings for one in pricing.measures if one.to_json() == doc)
