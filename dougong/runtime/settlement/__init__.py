"""Settlements: what a line is worth (`rate`), what a partner's statement comes to (`settle`), a whole batch (`run`). No I/O.

Every total is the sum of its explanation (`Part`); amounts are exact until a rounding that is named with the result.
"""

from .before import Counting, counted_before, drawn
from .definition import Settlement, Terms
from .faults import SettlementFault
from .lines import Rated, book_of, rate
from .measures import Line
from .periods import following, name_of, period_of, span_named
from .run import Run, run
from .statements import Group, Statement, settle, stated
from .sums import Sums
from .taxes import Tax
from .words import inputs_form, line_of, lines_form, parts_json, statement_json, text

__all__ = [
    "Counting", "Group", "Line", "Rated", "Run", "Settlement", "SettlementFault", "Statement", "Sums", "Tax", "Terms",
    "book_of", "counted_before", "drawn", "following", "inputs_form", "line_of", "lines_form", "name_of", "parts_json",
    "period_of", "rate", "run", "settle", "span_named", "stated", "statement_json", "text",
]  # fmt: skip
