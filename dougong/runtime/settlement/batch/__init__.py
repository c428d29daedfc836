"""Settlements in bulk: the meaning of `runtime/settlement`, with DuckDB doing what is done line by line.

The only part of the pure runtime that reads files: those it is handed, in an engine that reaches nothing else.
"""

from .batch import Batch, settle_lines
from .engine import Limits
from .memory import uncollected
from .sources import Aside, Figures, NoColumn, NoTable, Parquet, Reading, Rows, Unreadable
from .totals import Disagreement, Totals
from .values import Values, kept

__all__ = [
    "Aside", "Batch", "Disagreement", "Figures", "Limits", "NoColumn", "NoTable", "Parquet", "Reading", "Rows", "Totals",
    "Unreadable", "Values", "kept", "settle_lines", "uncollected",
]  # fmt: skip
