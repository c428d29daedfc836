"""Computed fields: their formulas compiled, and what one comes to as it is kept."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from .field import Field
from .formula import Formula, compile_formula
from .functions import FUNCTIONS, FormulaFault
from .values import plain


def compiled(part: Field, kinds: Mapping[str, str]) -> Formula | FormulaFault:
    try:
        return compile_formula(part.config.get("formula", ""), kinds)
    except FormulaFault as fault:
        return fault


def calculated(part: Field, formula: Formula | FormulaFault, data: Mapping[str, Any], now: datetime) -> Any:
    """None where there is no value."""
    try:
        value = formula.words(data, now) if isinstance(formula, Formula) else None
        return _kept(value, part.config.get("places"))
    except FormulaFault:
        return None


def _kept(value: Any, places: int | None) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, tuple):
        return list(value)
    if not isinstance(value, Decimal):
        return value.isoformat()
    return plain(FUNCTIONS["ROUND"].call(value, places) if places is not None else value)
