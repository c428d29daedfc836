"""Lists: the options that were chosen, and the pieces of a text."""

from decimal import Decimal
from typing import Any

from ._type import MOST, Function
from .logic import blank
from .texts import bounded

List = tuple[str, ...]


def _split(text: str, separator: str) -> List:
    """Nothing is no piece; without a separator each character is one."""
    if not text:
        return ()
    return tuple(text.split(separator) if separator else text)


def _index(items: List, place: Decimal) -> str:
    """From 1, or from the end: -1. Nothing where there is none."""
    at = int(place)
    index = at - 1 if at > 0 else len(items) + at
    return items[index] if at and 0 <= index < len(items) else ""


def _filled(*values: Any) -> Decimal:
    return Decimal(sum(not blank(value) for value in values))


FUNCTIONS: dict[str, Function] = {
    "CONTAIN": Function(("list", "text"), "boolean", lambda items, one: one in items),
    "COUNT": Function(("[any]",), "number", _filled, blanks=MOST),
    "COUNTARRAY": Function(("list",), "number", lambda items: Decimal(len(items))),
    "COUNTBLANK": Function(("[any]",), "number", lambda *values: len(values) - _filled(*values), blanks=MOST),
    "INDEX": Function(("list", "number"), "text", _index),
    "JOIN": Function(("list", "text"), "text", lambda items, mark=",": bounded(mark.join(items)), optional=1),
    "SPLIT": Function(("text", "text"), "list", _split),
    "UNION": Function(("[list]",), "list", lambda *lists: tuple(dict.fromkeys(item for items in lists for item in items))),
}
