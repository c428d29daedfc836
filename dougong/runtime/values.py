"""The kinds of value a field can hold, and how each is compared. In JSON a number is an integer or a decimal string."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

KINDS: Final = (
    "text", "number", "date", "datetime", "choice", "choices", "boolean", "region",
    "person", "unit", "record", "files", "none",
)  # fmt: skip

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?")


def missing(value: Any) -> bool:
    """Nothing was filled in: null, the empty text, the empty list. Zero and `false` are answers."""
    return value is None or value == "" or value == []


def number(value: Any) -> Decimal:
    """The exact number; raises ValueError for anything else (a float, a boolean, NaN, 1e5, text)."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise ValueError(value)


def day(value: Any) -> date:
    """Of a date and time: its day, where it says it is."""
    text = str(value)
    if not _DAY.fullmatch(text):
        raise ValueError(value)
    return date.fromisoformat(text[:10])


def moment(value: Any) -> datetime:
    """Raises ValueError where the zone is not said: what is compared must be one point in time."""
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError(value)
    return found


def identity(value: Any) -> str:
    """A record, person or unit is what its id says; its title is only shown."""
    return _text(value["id"] if isinstance(value, dict) else value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(value)
    return str(value)


def _list(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value) if isinstance(value, list) else (_text(value),)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _region(value: Any) -> str:
    return _text(value["region"] if isinstance(value, dict) else value)


_COMPARABLE: Final[dict[str, Callable[[Any], Any]]] = {
    "text": _text,
    "choice": _text,
    "number": number,
    "date": day,
    "datetime": moment,
    "boolean": _boolean,
    "choices": _list,
    "files": lambda value: value,
    "region": _region,
    "person": identity,
    "unit": identity,
    "record": identity,
}


def comparable(value: Any, kind: str) -> Any:
    """The value as Python compares it. Raises ValueError where it is not of its kind."""
    if missing(value):
        return None
    return _COMPARABLE[kind](value)


def plain(value: Decimal) -> str:
    """A number as our JSON writes it: no exponent, no superfluous zeros, no minus before a zero."""
    text = format(value, "f") if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text
