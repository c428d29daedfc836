"""Columns as small integers: each different cell is read once, and told apart as far as the settlement tells values apart."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ...values import comparable
from ..exchange import Exchange
from ..faults import SettlementFault
from ..windows import business_day, key_of, span_of
from .engine import Bench, insert, name, table
from .plan import Plan
from .sources import Reading, Relation, Unreadable, column

AT_ONCE = 50_000


@dataclass
class Coding:
    """Numbers for what is different by `of`, in the order in which it was met. `kept`: one value for each number."""

    of: Callable[[Any], Hashable]
    codes: dict[Hashable, int] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)

    def code(self, value: Any) -> int:
        key = self.of(value)
        if key not in self.codes:
            self.codes[key] = len(self.kept)
            self.kept.append(value)
        return self.codes[key]


class Coded(NamedTuple):
    """A table of cells with their codes, and how it is joined to the lines. `fitting`: by class, the rules that fit; `classes`:
    a value of each."""

    table: str
    join: str
    columns: dict[str, Coding]
    classes: Coding
    fitting: list[int]


def coded(bench: Bench, lines: Relation, plan: Plan, reading: Reading, input: str) -> Coded:
    """A cell that cannot be read has no codes, and neither has a day that is none."""
    columns, settlement = _columns(plan, input), plan.settlement
    called = name(f"d_{input}")
    as_day = lines.types.get(input) == "DATE"  # quicker than as text
    shape = {"cell": "DATE" if as_day else "VARCHAR", **dict.fromkeys(columns, "INTEGER")}
    join = f"{column(input)} IS NOT DISTINCT FROM" if as_day else f"{cell_of(lines, input)} ="
    table(bench, called, shape, [])
    for cells in _cells(bench, lines, input):
        found: list[tuple[Any, ...]] = []
        for cell in cells:
            try:
                value = reading.value(input, cell)
                local = settlement.local({input: value})[input]
                found.append(
                    (cell or None if as_day else cell, *(coding.code((value, local, cell)) for coding in columns.values()))
                )
            except (Unreadable, SettlementFault, ValueError):
                continue
        insert(bench, called, shape, found)
    classes = columns[f"k_{input}"]
    return Coded(
        called,
        f"JOIN {called} ON {join} {called}.cell",
        columns,
        classes,
        [plan.rules.fitting(input, local) for _, local, _ in classes.kept],
    )


def _columns(plan: Plan, input: str) -> dict[str, Coding]:
    settlement, exchange = plan.settlement, plan.settlement.exchange

    def told_apart(found: tuple[Any, Any, str]) -> Hashable:
        _, local, cell = found
        rates = _rates(exchange, local) if exchange and input == exchange.date else ()
        return plan.rules.fitting(input, local), rates, cell if input in plan.exactly else ""

    columns = {f"k_{input}": Coding(told_apart)}
    if input == settlement.partner:
        columns["partner"] = Coding(lambda found: key_of((input,), {input: found[0]}))
    if input == settlement.date:
        columns["start"] = Coding(lambda found: start_of(settlement.period, found[1]))
    if input in plan.dated:
        columns[f"t_{input}"] = Coding(lambda found: found[1])
    if any(party.by == input for party in settlement.parties):
        columns[f"p_{input}"] = Coding(lambda found: key_of((input,), {input: found[0]}))
    return columns


def start_of(period: str, day: Any) -> date:
    """The first day of the period. Raises SettlementFault for what is none of business."""
    found = business_day(day)
    return span_of(period, found).start if found else date.min


def _rates(exchange: Exchange, day: Any) -> Hashable:
    found = comparable(day, "date")
    return tuple(_rate(exchange, pair, found) for pair in exchange.rates) if found else None


def _rate(exchange: Exchange, pair: tuple[str, str], day: date) -> Hashable:
    try:
        return exchange.rate(pair, day)
    except SettlementFault:
        return None


def _cells(bench: Bench, lines: Relation, input: str) -> Iterator[list[str]]:
    """The different cells of a column, an empty one too."""
    different = f"(SELECT DISTINCT {column(input)} FROM {lines.sql})" if input in lines.types else lines.sql
    found = bench.sql.cursor().execute(f"SELECT DISTINCT {cell_of(lines, input)} FROM {different}")
    while rows := found.fetchmany(AT_ONCE):
        yield [cell for (cell,) in rows]


def cell_of(lines: Relation, input: str) -> str:
    """A cell as text, nothing being the empty text."""
    if input not in lines.types:
        return "''"
    cell = column(input) if lines.types[input] == "VARCHAR" else f"{column(input)}::VARCHAR"
    return f"coalesce({cell}, '')"
