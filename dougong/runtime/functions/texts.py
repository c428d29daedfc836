"""Texts. A character is a character, whatever it takes to store it: LEN("漏水😀") is 3, positions count from 1."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from ..capitals import in_capitals
from ..operators._pattern import fits
from ..values import number, plain
from ._type import FormulaFault, Function
from .numbers import rounding

MAX_TEXT: Final = 1_000_000
_NUMBER_FORMAT: Final = re.compile(r"([^#0.,%]*)(#,##)?(0+)(\.0+)?(%?)([^#0.,%]*)")
_DATE_PARTS: Final = re.compile(r"yyyy|YYYY|yy|MM|M|dd|DD|d|D|HH|hh|H|mm|m|ss|s")
_round = rounding(ROUND_HALF_UP)


def bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FormulaFault("formula.text_too_long", limit=MAX_TEXT)
    return text


def said(now: datetime, value: Any, form: str = "") -> str:
    """A value as text: as it is, or in a format such as 0.00, #,##0.00, 0%, yyyy-MM-dd, HH:mm."""
    match value:
        case None:
            return ""
        case Decimal():
            return _formatted(value, form) if form else plain(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return _dated(_local(value, now), form or "yyyy-MM-dd HH:mm")
        case date():
            return _dated(value, form or "yyyy-MM-dd")
        case tuple() | list():
            return ", ".join(str(item.get("name", "")) if isinstance(item, dict) else str(item) for item in value)
    return str(value)


def _local(value: datetime, now: datetime) -> datetime:
    try:
        return value.astimezone(now.tzinfo)
    except OverflowError:
        raise FormulaFault("formula.no_such_day") from None


def _formatted(value: Decimal, form: str) -> str:
    found = _NUMBER_FORMAT.fullmatch(form)
    if found is None:
        raise FormulaFault("formula.format", found=form[:40])
    before, grouped, whole, fraction, percent, after = found.groups(default="")
    exact = _round(value * 100 if percent else value, Decimal(max(len(fraction) - 1, 0)))
    digits, _, places = format(abs(exact), "f").partition(".")
    digits = digits.zfill(len(whole))
    if grouped:
        digits = re.sub(r"\B(?=([0-9]{3})+$)", ",", digits)
    behind = "." + places.ljust(len(fraction) - 1, "0") if fraction else ""
    return f"{'-' if exact < 0 else ''}{before}{digits}{behind}{percent}{after}"


def _dated(value: date, form: str) -> str:
    at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    parts = {"y": at.year, "M": at.month, "d": at.day, "H": at.hour, "m": at.minute, "s": at.second}

    def part(found: re.Match[str]) -> str:
        sign = found[0]
        name = {"Y": "y", "D": "d", "h": "H"}.get(sign[0], sign[0])
        if name == "y":
            return f"{at.year:04}"[-len(sign) :]
        return str(parts[name]).zfill(len(sign))

    return _DATE_PARTS.sub(part, form)


def joined(now: datetime, *values: Any) -> str:
    return bounded("".join(said(now, value) for value in values))


def _fixed(value: Decimal, digits: Decimal = Decimal(2)) -> str:
    exact = _round(value, digits).quantize(Decimal(1).scaleb(-max(int(digits), 0)))
    return format(exact if exact else abs(exact), "f")


def _mid(text: str, start: Decimal, length: Decimal) -> str:
    first = max(int(start), 1) - 1
    return text[first : first + max(int(length), 0)]


def _replaced(text: str, start: Decimal, length: Decimal, new: str) -> str:
    first = max(int(start), 1) - 1
    return text[:first] + new + text[first + max(int(length), 0) :]


def _substituted(text: str, old: str, new: str, nth: Decimal | None = None) -> str:
    """Every one, or only the nth."""
    if not old:
        return text
    pieces = text.split(old)
    if nth is None:
        if len(text) + (len(pieces) - 1) * len(new) > MAX_TEXT:
            raise FormulaFault("formula.text_too_long", limit=MAX_TEXT)
        return new.join(pieces)
    at = int(nth)
    if not 1 <= at < len(pieces):
        return text
    return old.join(pieces[:at]) + new + old.join(pieces[at:])


def _found(text: str, part: str, start: Decimal) -> int:
    """Counted from 1; 0: not there."""
    return text.find(part, max(int(start), 1) - 1) + 1


def _search(part: str, text: str, start: Decimal = Decimal(1)) -> Decimal:
    """Whatever the case; 0 where it is not there (简道云)."""
    return Decimal(_found(_small(text), _small(part), start))


def _find(part: str, text: str, start: Decimal = Decimal(1)) -> Decimal:
    """-1 where it is not there (飞书)."""
    return Decimal(_found(text, part, start) or -1)


def _small(text: str) -> str:
    """Letter by letter: positions stay."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _repeated(text: str, times: Decimal) -> str:
    count = max(int(times), 0)
    if len(text) * count > MAX_TEXT:
        raise FormulaFault("formula.text_too_long", limit=MAX_TEXT)
    return text * count if text else ""


def _value(text: str) -> Decimal:
    try:
        return number(text.replace(",", "").strip() or "0")
    except ValueError:
        raise FormulaFault("formula.not_a_number", found=text[:40]) from None


def _capitals(value: Decimal) -> str:
    try:
        return in_capitals(value)
    except ValueError:
        raise FormulaFault("formula.too_large") from None


FUNCTIONS: dict[str, Function] = {
    "CONCATENATE": Function(("[any]",), "text", joined, clock=True),
    "CONTAINS": Function(("text", "text"), "boolean", lambda text, part: part in text),
    "EXACT": Function(("text", "text"), "boolean", lambda one, other: one == other),
    "FIND": Function(("text", "text", "number"), "number", _find, optional=1),
    "FIXED": Function(("number", "number"), "text", _fixed, optional=1),
    "LEFT": Function(("text", "number"), "text", lambda text, n=Decimal(1): text[: max(int(n), 0)], optional=1),
    "LEN": Function(("text",), "number", lambda text: Decimal(len(text))),
    "LIKE": Function(("text", "text"), "boolean", fits),
    "LOWER": Function(("text",), "text", str.lower),
    "MID": Function(("text", "number", "number"), "text", _mid),
    "REPLACE": Function(("text", "number", "number", "text"), "text", _replaced),
    "REPT": Function(("text", "number"), "text", _repeated),
    "RIGHT": Function(("text", "number"), "text", lambda text, n=Decimal(1): text[-int(n) :] if int(n) > 0 else "", optional=1),
    "RMBCAP": Function(("number",), "text", _capitals),
    "SEARCH": Function(("text", "text", "number"), "number", _search, optional=1),
    "SUBSTITUTE": Function(("text", "text", "text", "number"), "text", _substituted, optional=1),
    "TEXT": Function(("any", "text"), "text", said, optional=1, clock=True),
    "TRIM": Function(("text",), "text", str.strip),
    "UPPER": Function(("text",), "text", str.upper),
    "VALUE": Function(("text",), "number", _value),
}
