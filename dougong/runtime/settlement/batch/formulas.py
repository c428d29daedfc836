"""What formulas say of lines: one that only adds up numbers is added up; every other is asked of the interpreter once for each
combination of what it names, and joined back.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ...formula import Formula
from ...money import places
from ..faults import SettlementFault
from ..measures import formula_value
from ..rounding import MOST_PLACES
from ..sharing import LINE_AMOUNT
from .codes import Coded
from .engine import Bench, name, table
from .plan import Plan
from .pricing import Worths
from .scaled import WIDE, Scaled, integer, width
from .staging import TooWide

AT_MOST: Final = 10**9  # lines: so many answers are summed


class Named(NamedTuple):
    """A column of `worths` that a formula names: its type, and what stands in it as a value of the input."""

    column: str
    kind: str
    input: str
    value: Callable[[Any], Any]


def answered(bench: Bench, plan: Plan, lines: Worths, numbers: Mapping[str, Scaled], codes: Mapping[str, Coded]) -> Worths:
    """`worths` with a column for each formula; without the lines of which one says nothing, or no short number: these are for
    Python.

    `numbers`: the inputs that are some. Raises TooWide.
    """
    if not plan.formulas:
        return lines
    named = {one: number._replace(sql=name(f"q_{one}")) for one, number in numbers.items()}
    sums = {asked: sql for asked, formula in plan.formulas.items() if (sql := added(formula, named))}
    others = {asked: formula for asked, formula in plan.formulas.items() if asked not in sums}
    found, joins = {**lines.measured, **sums}, ["FROM worths w"]
    for place, (asked, formula) in enumerate(others.items()):
        of_line = {LINE_AMOUNT} & formula.fields if asked[0] == "share" else frozenset()
        asks = [_named(one, numbers, codes) for one in sorted(formula.fields - of_line)]
        answer, columns = f"f_{place}", [one.column for one in asks] + (["grp", "worth"] if of_line else [])
        on = [f"w.{name(one)} IS NOT DISTINCT FROM {answer}.{name(one)}" for one in columns]
        joins.append(f"JOIN {answer} ON {' AND '.join(['true', *on])}")
        found[asked] = _asked(bench, lines, formula, asks, columns, answer)
    if others:
        answers = ", ".join(f"f_{place}.answer AS f_{place}" for place in range(len(others)))
        bench.sql.execute(f"CREATE OR REPLACE TEMP TABLE worths AS SELECT w.*, {answers} {' '.join(joins)}")
    return lines._replace(measured=found)


def added(formula: Formula, numbers: Mapping[str, Scaled]) -> Scaled | None:
    """The formula as a sum of columns; None where it is none, or not of numbers of the line, or may have too many places.
    Raises TooWide."""
    units = {**numbers, "": Scaled("1", 0, 1)}  # what is added besides counts once
    if formula.weights is None or not formula.weights.keys() <= units.keys():
        return None
    scale = max(units[one].scale + places(weight) for one, weight in formula.weights.items())
    if scale > MOST_PLACES:
        return None
    factors = {one: integer(weight, scale - units[one].scale) for one, weight in formula.weights.items()}
    most = _fitting(sum(units[one].most * abs(factor) for one, factor in factors.items()))
    terms = [f"coalesce({units[one].sql}, 0)::{width(most)} * {factor}" for one, factor in factors.items()]
    return Scaled(f"({' + '.join(terms)})", scale, most)


def _fitting(most: int) -> int:
    """The greatest answer, if so many of them can be summed. Raises TooWide."""
    if most > WIDE // AT_MOST:
        raise TooWide
    return most


def _named(input: str, numbers: Mapping[str, Scaled], codes: Mapping[str, Coded]) -> Named:
    column = f"q_{input}"
    if input in numbers:
        scale = -numbers[input].scale
        return Named(column, "HUGEINT", input, lambda units: None if units is None else Decimal(units).scaleb(scale))
    kept = codes[input].classes.kept
    return Named(column, "INTEGER", input, lambda code: kept[code][1])


def _asked(
    bench: Bench, lines: Worths, formula: Formula, named: Sequence[Named], columns: Sequence[str], answer: str
) -> Scaled:
    """The table of the answers. `columns`: those of the inputs, and of what the line is worth where that is asked."""
    found: list[tuple[Sequence[Any], Decimal]] = []
    asked = ", ".join(map(name, columns)) or "1"
    for row in bench.sql.execute(f"SELECT DISTINCT {asked} FROM worths").fetchall():
        values = {one.input: one.value(cell) for one, cell in zip(named, row, strict=False)}
        if len(columns) > len(named):
            values[LINE_AMOUNT] = Decimal(row[-1]).scaleb(-lines.groups[row[-2]].scale)
        try:
            value = formula_value(formula, values)
        except SettlementFault:
            continue
        if places(value) <= MOST_PLACES:
            found.append((row[: len(columns)], value))
    scale = max((places(value) for _, value in found), default=0)
    most = _fitting(max((int(abs(value).scaleb(scale)) for _, value in found), default=0))
    shape = {**{one.column: one.kind for one in named}, **dict.fromkeys(columns[len(named) :], "HUGEINT"), "answer": "HUGEINT"}
    table(bench, answer, shape, [(*row, integer(value, scale)) for row, value in found])
    return Scaled(name(answer), scale, most)
