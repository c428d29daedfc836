"""What statements measure over windows of their partner's that are made of whole statements: month, quarter, half-year, year.

Measured in the settlement's own currency, as the interpreter does, by the plan of a settlement that has nothing but that.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..definition import Settlement
from ..measures import Measure
from .codes import start_of
from .encoding import Encoded
from .engine import Bench, name
from .plan import Plan
from .sources import ROW
from .staging import TooWide, staged
from .summing import Names


class Windows(NamedTuple):
    """By measure, code of the partner, and first day of the window."""

    sums: Mapping[tuple[Measure, int, date], Decimal]

    def at(self, partner: int, day: date) -> Callable[[Measure], Decimal]:
        return lambda measure: self.sums[measure, partner, _begin(measure, day)]


def windows(bench: Bench, plan: Plan, found: Encoded, size: int) -> Windows:
    """`size`: of the lines that have a worth. Raises TooWide where one of them has no day or no amount in that currency."""
    wanted = [one for one in plan.measures if one.over]
    sums: dict[tuple[Measure, int, date], Decimal] = {}
    if not wanted:
        return Windows(sums)
    names, lines = Names(plan.settlement, found.codes), staged(bench, Plan(_alone(plan.settlement)), found)
    figures = ["count(*)" if one.how == "count" else f"{one.how}(coalesce({name(f'v_{one.input}')}, 0))" for one in wanted]
    shown = ", ".join(["partner", "start", "count(*)", *figures])
    rows = bench.sql.execute(
        f"SELECT {shown} FROM {lines.sql} SEMI JOIN worths USING ({ROW}) GROUP BY partner, start"
    ).fetchall()
    if sum(row[2] for row in rows) < size:
        raise TooWide
    for partner, start, _, *values in rows:
        day = names.start((partner, start))
        if day == date.min:
            raise TooWide
        for one, value in zip(wanted, values, strict=True):
            at = one, partner, _begin(one, day)
            more = Decimal(value) if one.how == "count" else Decimal(value).scaleb(-lines.numbers[one.input].scale)
            sums[at] = more if at not in sums else max(sums[at], more) if one.how == "max" else sums[at] + more
    return Windows(sums)


def _alone(settlement: Settlement) -> Settlement:
    """In its own currency, with nothing to pay."""
    return replace(settlement, terms=(), line=None, statement=None, parties=())


def _begin(measure: Measure, day: date) -> date:
    return start_of(measure.over.period, day) if measure.over else day
