"""Lines of the ledger as statements are drawn up from them: what many of them say alike stands in memory once."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from ..tables import LedgerLine


class Brought(NamedTuple):
    """What is read of a line to state it: not its explanation."""

    id: str
    source: str
    inputs: dict[str, Any]
    partner_id: str
    partner_title: str
    period: str
    date: str
    currency: str
    amount: str
    statement_id: str | None


READ: Final = tuple(getattr(LedgerLine, name) for name in Brought._fields)


def brought(rows: Iterable[Any]) -> Iterator[Brought]:
    """`rows`: of READ. One partner may have hundreds of thousands."""
    once: dict[Any, Any] = {}
    for id, source, inputs, *rest in rows:
        values = {once.setdefault(key, key): _once(once, value) for key, value in inputs.items()}
        yield Brought(id, source, values, *(once.setdefault(one, one) for one in rest))


def _once(once: dict[Any, Any], value: Any) -> Any:
    """Texts, and what is made of texts only: True and 1 are alike, and not the same."""
    if isinstance(value, str):
        return once.setdefault(value, value)
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return once.setdefault(tuple(value.items()), value)
    return value
