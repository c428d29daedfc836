"""The kinds of value a field can hold, and how each is compared. In JSON a number is an integer or a decimal string."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

KINDS: Final = (
    "text", "number", "date", "datetime", "choice", "choices", "boolean", "region",
    "person", "unit", "record", "files", "none",
)  # fmt: skip


def missing(value: Any) -> bool:
    """Nothing was filled in: null, the empty text, the empty list. Zero and `false` are answers."""
    return value is None or value == "" or value == []


def number(value: Any) -> Decimal:
    """The exact number; raises ValueError for anything else (a float, a boolean, NaN, text)."""
    if isinstance(value, (bool, float)):
        raise ValueError(value)
    try:
        found = Decimal(value)
    except (InvalidOperation, TypeError):
        raise ValueError(value) from None
    if not found.is_finite():
        raise ValueError(value)
    return found


def day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))


def identity(value: Any) -> str:
    """A record, person or unit is what its id says; its title is only shown."""
    return str(value["id"] if isinstance(value, dict) else value)


def _list(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _region(value: Any) -> str:
    return str(value["region"] if isinstance(value, dict) else value)


_COMPARABLE: Final[dict[str, Callable[[Any], Any]]] = {
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
    return _COMPARABLE.get(kind, str)(value)


def plain(value: Decimal) -> str:
    """A number as our JSON writes it: no exponent, no superfluous zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
