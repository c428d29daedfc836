"""A whole batch: lines read, matched, priced and summed by the engine, statements by the interpreter, and everything checked.

What the engine does not cover is left to the interpreter: single lines with the statements they are in, or all of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from ...reason import Reason
from ..definition import Settlement
from ..faults import SettlementFault
from ..lines import Rated, rate
from ..rounding import exactly
from ..run import Run, Settled, run
from ..sharing import NO_FACTS, Facts
from ..statements import stated
from ..sums import Sums
from ..windows import key_of
from .asking import Asking, Left, Partner, Read, together
from .beyond import Windows, windows
from .contracts import contracted
from .encoding import Told, encoded
from .engine import Bench, Limits, opened, table
from .formulas import answered
from .listing import listed
from .memory import uncollected
from .plan import Plan
from .pricing import Worths, worths
from .repeating import any_repeated, repeated_rows
from .sources import ROW, Aside, Source
from .staging import TooWide, staged
from .summing import Key, Names, Part, facts_of, statements, sums_of, take_out
from .totals import Disagreement, Totals

ZERO: Final = Decimal(0)
AT_ONCE: Final = 1000
ONE_IN: Final = 5000
MOST_TOLD: Final = 10_000  # so many cells that are set aside are kept; the rows of all are counted
LIMITS: Final = Limits()
Found = dict[Partner, tuple[int, list[Settled]]]  # by statement: the first row, and what it comes to


class Batch(NamedTuple):
    """`settled` and `faults` as in a `Run`; `aside`: cells that are no values of their inputs."""

    settled: tuple[Settled, ...]
    faults: tuple[tuple[str, Reason], ...]
    aside: tuple[Aside, ...]
    totals: Totals


def quietly(doing: str, done: int, of: int) -> None:
    """Who wants to know how far a batch is hands in such a function; what it raises ends the batch."""


def settle_lines(
    settlement: Settlement, source: Source, *, one_in: int = ONE_IN, limits: Limits = LIMITS, told: Told = quietly,
    lines_to: Path | None = None,
) -> Batch:  # fmt: skip
    """`one_in`: of so many statements one is calculated again by the interpreter. `lines_to`: a CSV file of what each line is
    worth. Raises Disagreement, and NoTable where the source is none.
    """
    files = source.files if lines_to is None else (*source.files, lines_to)
    with opened(files, limits) as bench, exactly(), uncollected():
        batch = _Batch(bench, Plan(settlement), source, told)
        found = batch.settled(one_in)
        if lines_to is not None:
            listed(bench, batch.lines, batch.line_id, batch.worth, batch.single, lines_to)
        return found


class _Batch:
    """One batch under way."""

    def __init__(self, bench: Bench, plan: Plan, source: Source, told: Told) -> None:
        self.bench, self.plan, self.settlement, self.told = bench, plan, plan.settlement, told
        inputs = sorted({*plan.read, *source.reading.checked, *source.reading.needed})
        self.reading = source.reading
        self.lines = source.relation(bench, [*inputs, *({source.id} - {*inputs, ""})])
        self.line_id = source.id if source.id in self.lines.types else ""
        self.asking = Asking(bench, self.lines, self.reading, inputs, self.line_id)
        self.rows = self._size(self.lines.sql)
        self.repeated: set[int] = set()
        self.windows = Windows()

    def _begin(self) -> None:
        self.totals = Totals(self.rows)
        self.faults: list[tuple[str, Reason]] = []
        self.aside: list[Aside] = []
        self.expected: dict[str, Decimal] = {}
        self.single: list[tuple[Any, ...]] = []  # what lines are worth that the engine gave no worth

    def settled(self, one_in: int) -> Batch:
        """Whether lines are repeated is asked beside: they hardly ever are. Where some are, the statements are made anew."""
        self.worth = self._worths()
        with ThreadPoolExecutor(1) as beside:
            repeated = beside.submit(any_repeated, self.bench, self.lines, self.line_id, self.rows)
            found = self._settled(one_in)
        if repeated.result():
            self._take_out_repeated()
            found = self._settled(one_in)
        return found

    def _settled(self, one_in: int) -> Batch:
        left = self._left()
        if self.worth is not None and (self.settlement.looks_beyond or self.settlement.lines_look_beyond):
            left = self._looked_beyond(self.worth, left)
        if self.worth is None:
            found = self._interpreted(sorted((one for lines in left.values() for one in lines), key=lambda one: one.row))
        else:
            found = self._stated(self.worth, left, one_in)
        settled = [one for _, here in sorted(found.values(), key=lambda pair: pair[0]) for one in here]
        return Batch(tuple(settled), tuple(self.faults), tuple(self.aside), self.totals)

    def _looked_beyond(self, worth: Worths, left: Left) -> Left:
        """Finds what statements measure over windows. A line that is left to Python may stand in any window of its partner, or
        what it is worth depends on his others: all of his are left then."""
        try:
            self.windows = windows(self.bench, self.plan, worth, self.encoded)
        except (TooWide, duckdb.OutOfRangeException):
            self.worth = None
            return self._left()
        known = self.encoded.codes[self.settlement.partner].columns["partner"].codes
        concerned = self.windows.odd | {known[who] for who, _ in left if who in known}
        return self._left() if take_out(self.bench, "partner", concerned) else left

    def _take_out_repeated(self) -> None:
        self.repeated = repeated_rows(self.bench, self.lines, self.line_id)
        if self.worth is not None:
            take_out(self.bench, ROW, self.repeated)

    def _size(self, relation: str) -> int:
        [(rows,)] = self.bench.sql.execute(f"SELECT count(*) FROM {relation}").fetchall()
        return int(rows)

    def _worths(self) -> Worths | None:
        """None where the engine cannot do it."""
        if not self.plan.covers:
            return None
        try:
            found = encoded(self.bench, self.lines, self.plan, self.reading, self.told)
            self.encoded = found = contracted(self.bench, self.plan, found)
            lines = staged(self.bench, self.plan, found)
            return answered(self.bench, self.plan, worths(self.bench, self.plan, lines), lines.numbers, found.codes)
        except (TooWide, duckdb.OutOfRangeException):
            return None

    def _left(self) -> Left:
        """The lines that the engine gave no worth, by the statement they belong to; what is wrong with the others is noted."""
        self._begin()
        found: Left = defaultdict(list)
        rows = f"SELECT {ROW} FROM {self.lines.sql}"
        if self.worth is not None:
            if self._size("worths") == self.totals.rows:
                return found
            rows += f" ANTI JOIN worths USING ({ROW})"
        for one in self.asking.read(rows):
            if one.row in self.repeated:
                one.wrong.append(Aside(one.row, self.line_id, one.id, Reason("settle.repeated")))
            if one.wrong:
                self.totals.aside += 1
                self.aside += one.wrong[: MOST_TOLD - len(self.aside)]
                continue
            if self.settlement.lines_look_beyond:  # what one is worth, and what is wrong with it, all of them together tell
                found[self._who(one.values), date.min].append(one)
                continue
            try:
                partner = self._partner_of(one.values)
                if self.worth is not None:
                    self._keep(one.row, rate(self.settlement, one.values))
                found[partner].append(one)
            except SettlementFault as fault:
                self.totals.faulty += 1
                self.faults.append((one.id, self.settlement.called(fault)))
        return found

    def _keep(self, row: int, rated: Rated) -> None:
        self.single.append((row, format(rated.amount, "f"), rated.currency, rated.rule))
        self.expected[rated.currency] = self.expected.get(rated.currency, ZERO) + rated.amount

    def _who(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        return key_of((self.settlement.partner,), values)

    def _partner_of(self, values: Mapping[str, Any]) -> Partner:
        return self._who(values), self.settlement.begin_of(values) or date.min

    # --- statements

    def _stated(self, worth: Worths, left: Left, one_in: int) -> Found:
        """By the sums of the engine; by the interpreter where lines were left to it; and one in so many by both."""
        every = statements(self.bench, self.plan, worth)
        facts = facts_of(self.bench, self.plan, worth, self.encoded.codes)
        name = Names(self.settlement, self.encoded.codes)
        partners = {key: name.of(key) for key, _, _ in every}
        picked = {key for index, (key, _, _) in enumerate(every) if one_in and index % one_in == 0}
        again = {key: partner for key, partner in partners.items() if key in picked or partner in left}
        found: Found = {}
        with ThreadPoolExecutor(1) as beside:
            read = beside.submit(self._lines_of, again)
            for index, (key, first, parts) in enumerate(every):
                if index % AT_ONCE == 0:
                    self.told("state", index, len(every))
                if partners[key] not in left:
                    found[partners[key]] = first, self._statements(key, name, parts, facts)
        for partner, lines in read.result().items():
            if partner in found:
                self._compare(found[partner][1], partner[1], lines)
            else:
                left[partner] += lines
        for lines in together(self.settlement, left):
            found |= self._interpreted(lines)
        self._balance(worth)
        return found

    def _statements(
        self, key: Key, name: Names, parts: Mapping[str, Sequence[Part]], facts: Mapping[Any, Facts]
    ) -> list[Settled]:
        who, start = name.partner(key), name.start(key)
        last = self.settlement.last_day(start)
        beyond = self.windows.at(key, start, self.settlement)
        sums = {currency: sums_of(self.plan, own, beyond) for currency, own in parts.items()}
        for currency, own in sums.items():
            self._count(currency, own)
        try:
            return [
                Settled(who, start, stated(self.settlement, currency, last, own, facts.get((key, currency), NO_FACTS)))
                for currency, own in sums.items()
            ]
        except SettlementFault as fault:
            self.faults.append((str(who), self.settlement.called(fault)))
        except InvalidOperation:
            self.faults.append((str(who), Reason("settle.too_large")))
        return []

    def _interpreted(self, lines: Sequence[Read]) -> Found:
        """Of lines that were left to the interpreter."""
        done, alike, found = self._run(lines), iter(lines), Found()
        kept = self.worth is not None and not self.settlement.lines_look_beyond  # each was rated by itself
        self.faults += done.faults
        self.totals.left += len(done.rated)
        self.totals.faulty += len(lines) - len(done.rated)
        for id, rated in done.rated:
            line = next(one for one in alike if one.id == id)
            found.setdefault(self._partner_of(line.values), (line.row, []))
            self.totals.add(rated.currency, 1, rated.amount)
            if not kept:
                self._keep(line.row, rated)
        for one in done.settled:
            found[self._who({self.settlement.partner: one.partner}), one.start][1].append(one)
        return found

    def _run(self, lines: Sequence[Read]) -> Run:
        return run(self.settlement, [(one.id, one.values) for one in lines])

    def _lines_of(self, keys: Mapping[Key, Partner]) -> dict[Partner, list[Read]]:
        """The lines that the engine summed into these statements; all of the partner where a statement looks beyond itself."""
        if not keys:
            return {}
        table(self.bench, "picked", {"partner": "INTEGER", "start": "INTEGER"}, list(keys))
        beyond = self.settlement.looks_beyond
        query = f"FROM worths SEMI JOIN picked USING ({'partner' if beyond else 'partner, start'})"
        found: dict[Partner, list[Read]] = {partner: [] for partner in keys.values()}
        for one in self.asking.read(f"SELECT {ROW} {query}"):
            who, start = self._partner_of(one.values)
            for partner in [partner for partner in found if partner[0] == who] if beyond else [(who, start)]:
                found[partner].append(one)
        return found

    # --- controls

    def _compare(self, found: Sequence[Settled], start: date, lines: Sequence[Read]) -> None:
        self.totals.checked += 1
        done = self._run(lines)
        alike = [one for one in done.settled if one.start == start]  # of one partner, whose title may have changed
        if [one[1:] for one in alike] != [one[1:] for one in found]:
            raise Disagreement(f"{self.settlement.key}: {found} by the engine, {done.settled} by the interpreter")

    def _count(self, currency: str, sums: Sequence[Sums]) -> None:
        for one in sums:
            if one.counted:
                self.totals.add(currency, one.size, one.worth)

    def _balance(self, worth: Worths) -> None:
        """Every row is somewhere, once, and what the lines are worth is what the statements were made of."""
        totals = self.totals
        rows = self.bench.sql.execute("SELECT grp, sum(worth) FROM worths GROUP BY grp").fetchall()
        for grp, units in rows:
            group = worth.groups[grp]
            currency = group.terms.currency
            self.expected[currency] = self.expected.get(currency, ZERO) + Decimal(units).scaleb(-group.scale)
        if totals.rows != totals.counted + totals.faulty + totals.aside or totals.worth != self.expected:
            raise Disagreement(f"{self.settlement.key}: {totals}, and lines are worth {self.expected}")
