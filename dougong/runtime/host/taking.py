"""What a ticket has taken and not given back, in words: for who decides whether it gives that back."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from dougong.runtime.definition import Definition
from dougong.runtime.taken import OWED, amounts, lines, taken
from dougong.runtime.texts import Text

from .settlement.ledger import REVERSAL
from .tables import LedgerLine, Ticket, TokenRow


class Added(NamedTuple):
    type: Text
    record: str
    field: Text
    amount: str


class Settled(NamedTuple):
    lines: int
    amount: str
    currency: str


class Taken(NamedTuple):
    """`unseen`: there are lines that this person may not see."""

    added: list[Added]
    settled: list[Settled]
    unseen: bool


def told(definition: Definition, ticket: Ticket, tokens: Sequence[TokenRow], settled: Sequence[LedgerLine]) -> Taken | None:
    """`settled`: the lines of the ticket that he may see. None: nothing."""
    entries = [*taken(ticket.memo or {}), *(one for token in tokens for one in (token.memo or {}).get(OWED, ()))]
    found = [*_added(definition, amounts(entries))]
    ours = [*_settled(settled)] if lines(entries) else []
    return Taken(found, ours, bool(lines(entries)) and not ours) if entries else None


def _added(definition: Definition, by_type: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Added]:
    for entity, records in by_type.items():
        form = definition.entities.get(entity)
        for its in records.values():
            for key, amount in its["add"].items():
                field = form.fields.get(key) if form else None
                yield Added(_text(form, entity), its["title"], _text(field, key), amount)


def _settled(rows: Sequence[LedgerLine]) -> Iterator[Settled]:
    """The lines that stand, by currency."""
    back = {row.source.removeprefix(REVERSAL) for row in rows if row.source.startswith(REVERSAL)}
    standing = [row for row in rows if row.id not in back and not row.source.startswith(REVERSAL)]
    for currency in dict.fromkeys(row.currency for row in standing):
        mine = [Decimal(row.amount) for row in standing if row.currency == currency]
        yield Settled(len(mine), format(sum(mine, Decimal(0)), "f"), currency)


def _text(of: Any, key: str) -> Text:
    return of.title if of else {"zh-Hans": key}
