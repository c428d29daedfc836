"""What statements measure over windows of their partner's: months and longer, contracts, rolling days.

Measured in the settlement's own currency, as the interpreter does, by the plan of a settlement that has nothing but that; added
up by statement, or by day where a window may begin or end within one.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ...formula import Formula
from ..definition import Settlement
from ..faults import SettlementFault
from ..measures import Measure
from ..spans import Measured
from ..windows import bounds_of
from .codes import start_of
from .contracts import day_of
from .encoding import Encoded
from .engine import Bench, name, table
from .formulas import added
from .plan import Plan
from .pricing import Group, Worths
from .scaled import Scaled
from .sources import ROW
from .staging import Staged, TooWide, staged
from .summing import Beyond, Key, Part

ZERO: Final = Decimal(0)


class Lot(NamedTuple):
    """Of the lines of a statement in one group: the first row, what it says of its contract, and the last day of all."""

    first: int
    values: Mapping[str, Any]
    last: date


@dataclass
class Windows:
    """By code of the partner: the days from which something is measured, in their order, and what that is, and last of how
    many lines. `odd`: partners with a line that has no day, no amount in that currency, or days of a contract that are none."""

    measures: tuple[Measure, ...] = ()
    days: dict[int, list[date]] = field(default_factory=dict)
    figures: dict[int, list[Sequence[Decimal]]] = field(default_factory=dict)
    lots: dict[tuple[Key, Group], Lot] = field(default_factory=dict)
    odd: set[int] = field(default_factory=set)

    def at(self, key: Key, start: date, settlement: Settlement) -> Beyond:
        """Of the statement that begins then."""

        def measured(measure: Measure, parts: Sequence[Part]) -> Measured:
            assert measure.over is not None
            lots = [self.lots.get((key, part.group), Lot(0, {}, start)) for part in parts]
            values, last = min(lots, key=lambda one: one.first).values, max(one.last for one in lots)
            begin, end = bounds_of(measure.over, values, last, settlement.end_of(start, values))
            days, place = self.days[key[0]], self.measures.index(measure)
            till = len(days) if end is None else bisect_left(days, end)
            there = self.figures[key[0]][bisect_left(days, begin) : till]
            found = [figures[place] for figures in there]
            lines = sum((figures[-1] for figures in there), ZERO)
            return Measured(max(found, default=ZERO) if measure.how == "max" else sum(found, ZERO), lines, (begin, end))

        return measured


def windows(bench: Bench, plan: Plan, worth: Worths, found: Encoded) -> Windows:
    """Of the lines that have a worth. Raises TooWide."""
    asked = Windows(plan.windows)
    if plan.windows:
        lines = staged(bench, Plan(_alone(plan.settlement)), found)
        _date(bench, plan, found)
        _measure(bench, plan, worth, lines, asked)
        unseen = f"SELECT DISTINCT partner FROM worths ANTI JOIN (SELECT {ROW} FROM {lines.sql}) USING ({ROW})"
        asked.odd.update(partner for (partner,) in bench.sql.execute(unseen).fetchall())
    if plan.by_day:
        _place(bench, plan, worth, found, asked)
    return asked


def _alone(settlement: Settlement) -> Settlement:
    """In its own currency, with nothing to pay."""
    return replace(settlement, terms=(), line=None, statement=None, parties=(), pools=())


def _grain(plan: Plan) -> str:
    """The column by whose days is added up."""
    return f"t_{plan.settlement.date}" if plan.by_day else "start"


def _date(bench: Bench, plan: Plan, found: Encoded) -> None:
    """The table `days`: of each code of that column."""
    kept = found.codes[plan.settlement.date].columns[_grain(plan)].kept
    period = "day" if plan.by_day else plan.settlement.period
    days = [(code, start_of(period, local)) for code, (_, local, _) in enumerate(kept)]
    table(bench, "days", {_grain(plan): "INTEGER", "day": "DATE"}, days)


def _measure(bench: Bench, plan: Plan, worth: Worths, lines: Staged, asked: Windows) -> None:
    finest = max((group.scale for group in worth.groups), default=0)
    finer = [(grp, 10 ** (finest - group.scale)) for grp, group in enumerate(worth.groups)]
    table(bench, "finer", {"grp": "INTEGER", "finer": "HUGEINT"}, finer)
    measured = [_measured(one, lines, finest) for one in plan.windows]
    shown = ", ".join(["partner", "day", *(one.sql for one in measured), "count(*)"])
    priced = f"(SELECT {ROW}, grp, worth FROM worths) USING ({ROW}) JOIN finer USING (grp)"
    there = f"{lines.sql} JOIN days USING ({name(_grain(plan))}) JOIN {priced}"
    rows = bench.sql.execute(f"SELECT {shown} FROM {there} GROUP BY partner, day ORDER BY day").fetchall()
    for partner, day, *figures, lines_of in rows:
        of = [Decimal(figure).scaleb(-one.scale) for one, figure in zip(measured, figures, strict=True)]
        asked.days.setdefault(partner, []).append(day)
        asked.figures.setdefault(partner, []).append([*of, Decimal(lines_of)])
    asked.odd.update(partner for partner, own in asked.days.items() if own[0] == date.min)


def _measured(measure: Measure, lines: Staged, finest: int) -> Scaled:
    """What is measured of many lines, in SQL. Raises TooWide."""
    match measure.how:
        case "count":
            return Scaled("count(*)", 0, 0)
        case "lines":
            return Scaled("sum(worth * finer)", finest, 0)
        case "formula":
            assert isinstance(measure.formula, Formula)
            found = added(measure.formula, lines.numbers)
            if found is None:
                raise TooWide
            return found._replace(sql=f"sum({found.sql})")
    number = lines.numbers[measure.input]
    return number._replace(sql=f"{measure.how}(coalesce({number.sql}, 0))")


def _place(bench: Bench, plan: Plan, worth: Worths, found: Encoded, asked: Windows) -> None:
    """Where windows begin and end."""
    inputs = sorted(plan.dated)
    values = [f"arg_min({name(f't_{one}')}, {ROW})" for one in inputs]
    there = f"lines JOIN days USING ({name(_grain(plan))}) JOIN (SELECT {ROW}, grp FROM worths) USING ({ROW})"
    shown = ", ".join([f"partner, start, grp, min({ROW}), max(day)", *values])
    rows = bench.sql.execute(f"SELECT {shown} FROM {there} GROUP BY partner, start, grp").fetchall()
    for partner, start, grp, first, last, *codes in rows:
        said = {one: day_of(found, one, code) for one, code in zip(inputs, codes, strict=True)}
        asked.lots[(partner, start), worth.groups[grp]] = Lot(first, said, last)
        if not all(_bounded(one, said, last) for one in plan.windows):
            asked.odd.add(partner)


def _bounded(measure: Measure, values: Mapping[str, Any], day: date) -> bool:
    try:
        return measure.over is not None and day > date.min and bool(bounds_of(measure.over, values, day))
    except SettlementFault:
        return False
