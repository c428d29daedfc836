"""Columns of a table: what fits a criterion is counted, added up, averaged.

A criterion is a value that a cell must be, or a text that says how it compares: ">=2", "<>part", "2026-01-05". Cells are
compared as what they are; a number is no text. A blank cell fits none but "<>…".
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ..values import day, number
from ._type import Function
from .logic import same
from .numbers import divided, total

Cells = tuple[Any, ...]

_CRITERION: Final = re.compile(r"(>=|<=|<>|!=|==|=|>|<)?(.*)", re.DOTALL)
_HOLDS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">": lambda cell, other: cell > other,
    ">=": lambda cell, other: cell >= other,
    "<": lambda cell, other: cell < other,
    "<=": lambda cell, other: cell <= other,
}


def fits(cell: Any, criterion: Any) -> bool:
    if not isinstance(criterion, str):
        return cell is not None and same(cell, criterion)
    sign, words = _CRITERION.fullmatch(criterion).groups()  # type: ignore[union-attr]  # it fits any text
    other = _as_cell(words.strip(), cell)
    if sign in ("<>", "!="):
        return cell is None or other is None or not same(cell, other)
    if cell is None or other is None:
        return False
    if sign in _HOLDS:
        return not isinstance(cell, (str, bool)) and _HOLDS[sign](cell, other)
    return same(cell, other)


def _as_cell(words: str, cell: Any) -> Any:
    """The words as a value of the cell's kind; None where they are none."""
    try:
        if isinstance(cell, Decimal):
            return number(words)
        if isinstance(cell, date) and type(cell) is date:
            return day(words)
    except ValueError:
        return None
    if isinstance(cell, bool):
        return {"true": True, "false": False}.get(words.casefold())
    return words if isinstance(cell, str) else None


def _if(cells: Cells, criterion: Any, numbers: Cells | None = None) -> Iterator[Decimal]:
    """What stands beside the cells that fit."""
    for cell, beside in zip(cells, cells if numbers is None else numbers, strict=True):
        if fits(cell, criterion) and isinstance(beside, Decimal):
            yield beside


def _all_fit(*given: Any) -> list[bool]:
    """Row by row: do the cells of each column fit the criterion behind it?"""
    pairs = list(zip(given[::2], given[1::2], strict=True))
    return [all(fits(cells[row], wish) for cells, wish in pairs) for row in range(len(pairs[0][0]))]


def _sum_ifs(numbers: Cells, *given: Any) -> Decimal:
    return total(*(one for one, holds in zip(numbers, _all_fit(*given), strict=True) if holds and one is not None))


def _average(values: list[Decimal]) -> Decimal:
    return divided(total(*values), Decimal(len(values)))


def _sum_product(*columns: Cells) -> Decimal:
    """A row with a blank cell adds nothing."""
    found = Decimal(0)
    for row in zip(*columns, strict=True):
        if None not in row:
            product = Decimal(1)
            for one in row:
                product *= one
            found += product
    return found


FUNCTIONS: dict[str, Function] = {
    "AVERAGEIF": Function(("column", "any", "numbers"), "number", lambda *given: _average(list(_if(*given))), optional=1),
    "COUNTIF": Function(("column", "any"), "number", lambda cells, wish: Decimal(sum(fits(one, wish) for one in cells))),
    "COUNTIFS": Function(("[column]", "[any]"), "number", lambda *given: Decimal(sum(_all_fit(*given)))),
    "ROWS": Function(("rows",), "number", lambda rows: Decimal(len(rows))),
    "SUMIF": Function(("column", "any", "numbers"), "number", lambda *given: total(*_if(*given)), optional=1),
    "SUMIFS": Function(("numbers", "[column]", "[any]"), "number", _sum_ifs),
    "SUMPRODUCT": Function(("[numbers]",), "number", _sum_product),
}
