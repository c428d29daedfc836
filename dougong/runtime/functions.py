"""The functions of the formula language. Names and argument order are those spreadsheet users know.

Each takes values that are already of its parameter kinds and returns one. Rounding is 四舍五入: half away from zero, exact.
A blank number counts as 0 and a blank text as "", as in a spreadsheet. Source of the names: 简道云 and 飞书 function lists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from typing import Any

from .reason import Reason
from .values import missing, number, plain


class FormulaFault(Exception):
    """A formula that is wrong, or that has no value for these data. `at` counts characters from 0, the sentence from 1."""

    def __init__(self, code: str, at: int | None = None, **params: Any) -> None:
        super().__init__(code)
        where = {} if at is None else {"position": at + 1}
        self.reason = Reason(code, {**params, **where})


@dataclass(frozen=True)
class Function:
    """`takes`: the kinds of its parameters; a last one in brackets may be repeated. `optional`: how many may be left out.

    `blanks`: it is told of a blank field as None, not as 0 or "".
    """

    takes: tuple[str, ...]
    gives: str
    call: Callable[..., Any]
    optional: int = 0
    blanks: bool = False

    @property
    def repeats(self) -> bool:
        return bool(self.takes) and self.takes[-1].startswith("[")

    def kind_of(self, index: int) -> str:
        return self.takes[min(index, len(self.takes) - 1)].strip("[]")

    @property
    def fewest(self) -> int:
        return len(self.takes) - self.optional

    @property
    def most(self) -> int:
        return 100 if self.repeats else len(self.takes)


def _round(mode: str) -> Callable[..., Decimal]:
    def rounded(value: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
        places = int(digits)
        if abs(places) > 12:
            raise FormulaFault("formula.digits", found=places)
        try:
            return value.quantize(Decimal(1).scaleb(-places), mode) if value else Decimal(0)
        except InvalidOperation:  # more digits than a number holds
            raise FormulaFault("formula.too_large") from None

    return rounded


def _average(*values: Decimal) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def _mod(value: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise FormulaFault("formula.division_by_zero")
    return value - divisor * (value / divisor).to_integral_value(ROUND_FLOOR)


def _step(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    def to_step(value: Decimal, significance: Decimal) -> Decimal:
        return (value / significance).to_integral_value(mode) * significance if significance else Decimal(0)

    return to_step


def _mid(text: str, start: Decimal, length: Decimal) -> str:
    first = max(int(start), 1) - 1
    return text[first : first + max(int(length), 0)]


def _value(text: str) -> Decimal:
    try:
        return number(text.replace(",", "").strip() or "0")
    except ValueError:
        raise FormulaFault("formula.not_a_number", found=text[:40]) from None


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case date() | datetime():
            return value.isoformat()
        case tuple() | list():
            return ", ".join(str(item.get("name", "")) if isinstance(item, dict) else str(item) for item in value)
    return str(value)


def _days(end: date, start: date) -> Decimal:
    return Decimal((end - start).days)


FUNCTIONS: dict[str, Function] = {
    "ABS": Function(("number",), "number", abs),
    "AND": Function(("boolean", "[boolean]"), "boolean", lambda *values: all(values), optional=1),
    "AVERAGE": Function(("[number]",), "number", _average),
    "CEILING": Function(("number", "number"), "number", _step(ROUND_CEILING)),
    "CONCATENATE": Function(("[any]",), "text", lambda *values: "".join(_text(value) for value in values)),
    "CONTAINS": Function(("text", "text"), "boolean", lambda text, part: part in text),
    "COUNT": Function(("[any]",), "number", lambda *values: Decimal(sum(not missing(value) for value in values)), blanks=True),
    "DAY": Function(("date",), "number", lambda value: Decimal(value.day)),
    "DAYS": Function(("date", "date"), "number", _days),
    "FLOOR": Function(("number", "number"), "number", _step(ROUND_FLOOR)),
    "INT": Function(("number",), "number", lambda value: value.to_integral_value(ROUND_FLOOR)),
    "ISEMPTY": Function(("any",), "boolean", missing, blanks=True),
    "LEFT": Function(("text", "number"), "text", lambda text, n=Decimal(1): text[: max(int(n), 0)], optional=1),
    "LEN": Function(("text",), "number", lambda text: Decimal(len(text))),
    "LOWER": Function(("text",), "text", str.lower),
    "MAX": Function(("[number]",), "number", max),
    "MID": Function(("text", "number", "number"), "text", _mid),
    "MIN": Function(("[number]",), "number", min),
    "MOD": Function(("number", "number"), "number", _mod),
    "MONTH": Function(("date",), "number", lambda value: Decimal(value.month)),
    "NOT": Function(("boolean",), "boolean", lambda value: not value),
    "OR": Function(("boolean", "[boolean]"), "boolean", lambda *values: any(values), optional=1),
    "RIGHT": Function(("text", "number"), "text", lambda text, n=Decimal(1): text[-int(n) :] if int(n) > 0 else "", optional=1),
    "ROUND": Function(("number", "number"), "number", _round(ROUND_HALF_UP), optional=1),
    "ROUNDDOWN": Function(("number", "number"), "number", _round(ROUND_DOWN), optional=1),
    "ROUNDUP": Function(("number", "number"), "number", _round(ROUND_UP), optional=1),
    "SUM": Function(("[number]",), "number", lambda *values: sum(values, Decimal(0))),
    "TEXT": Function(("any",), "text", _text),
    "TRIM": Function(("text",), "text", str.strip),
    "UPPER": Function(("text",), "text", str.upper),
    "VALUE": Function(("text",), "number", _value),
    "YEAR": Function(("date",), "number", lambda value: Decimal(value.year)),
}
