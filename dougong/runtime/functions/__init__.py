"""The functions of the formula language. Names and argument order are those that users of 简道云 and 飞书 know.

Each takes values that are already of its parameter kinds and returns one. A blank number counts as 0 and a blank text as "", as
in a spreadsheet. Rounding is 四舍五入: half away from zero, exact. The browser has the same (`core/functions/`), with the same
answers (`schemas/vectors/formulas.json`); so there are none whose digits depend on a library (LOG) or on chance (RAND).
"""

from . import dates, lists, logic, numbers, tables, texts
from ._type import FormulaFault, Function

FUNCTIONS: dict[str, Function] = {
    **logic.FUNCTIONS,
    **numbers.FUNCTIONS,
    **texts.FUNCTIONS,
    **dates.FUNCTIONS,
    **lists.FUNCTIONS,
    **tables.FUNCTIONS,
}

# Other names under which people know them.
ALIASES: dict[str, str] = {
    "ARRAYGET": "INDEX",
    "ARRAYJOIN": "JOIN",
    "CONCAT": "CONCATENATE",
    "CONTAINTEXT": "CONTAINS",
    "COUNTA": "COUNT",
    "COUNTCHAR": "LEN",
    "DATENOW": "NOW",
    "INCLUDE": "CONTAINS",
    "ISBLANK": "ISEMPTY",
    "NETWORKDAY": "NETWORKDAYS",
    "RMBCAPS": "RMBCAP",
    "RMBFORMAT": "RMBCAP",
    "SYSTIME": "NOW",
    "TRUNC": "ROUNDDOWN",
    "UNIQUE": "UNION",
}

__all__ = ["ALIASES", "FUNCTIONS", "FormulaFault", "Function"]
