"""A statement held against a file of the other side: what agrees, what differs, and what only one of the two knows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from sqlalchemy import select

from dougong.platform.messages import catalogue
from dougong.platform.sheets import BY_HAND, TITLES, SheetError, numbered
from dougong.platform.store import db
from dougong.runtime.form import Form
from dougong.runtime.reason import Reason
from dougong.runtime.texts import Text
from dougong.runtime.values import comparable, number, ungrouped

from ..tables import LedgerLine, Ticket
from . import ledger

ZERO = Decimal(0)


@dataclass
class Reconciled:
    """Amounts by the number of a line; `figure` says of what, `ours` and `theirs` what they come to. `wrong`: rows that could
    not be read (row, what its column is called, value, reason)."""

    figure: Text
    ours: Decimal = ZERO
    theirs: Decimal = ZERO
    matched: int = 0
    differing: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)  # number, ours, theirs
    ours_only: list[tuple[str, Decimal]] = field(default_factory=list)
    theirs_only: list[tuple[str, Decimal]] = field(default_factory=list)
    wrong: list[tuple[int, Text, str, Reason]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not (self.differing or self.ours_only or self.theirs_only or self.wrong)

    def differences(self) -> list[tuple[str, Decimal | None, Decimal | None, Decimal]]:
        """Number, ours, theirs, and how much more theirs is."""
        return [
            *((name, ours, theirs, theirs - ours) for name, ours, theirs in self.differing),
            *((name, ours, None, -ours) for name, ours in self.ours_only),
            *((name, None, theirs, theirs) for name, theirs in self.theirs_only),
        ]


def reconcile(statement_id: str, doc: Mapping[str, Any], form: Form, raw: bytes, name: str) -> Reconciled:
    """`raw`: a CSV or Excel file. It has a column with the number of a line, and one with its amount or another figure of it.

    Lines of the same number are added up, on either side. Raises SheetError where a column is missing.
    """
    number_key, called = _number(doc, form)
    worth = ("amount", catalogue()["settlement.amount"])
    wanted = [(number_key, called), *((key or "amount", title) for key, title in _figures(doc, form).items()), worth]
    rows = numbered(BytesIO(raw), name, BY_HAND, lambda cells: len({_column(cells, *one) for one in wanted} - {None}))
    _, header = next(rows, (0, list[str]()))
    id_column, figures = _column(header, number_key, called), _figures(doc, form)
    places = ((_column(header, key or "amount", title), key) for key, title in figures.items())
    at, of = next(((place, key) for place, key in places if place is not None), (None, ""))
    if at is None and len(figures) == 1:  # then it may be called as amounts are called
        [of] = figures
        at = _column(header, *worth)
    if id_column is None and at is None:
        raise SheetError("sheet.no_known_column", rows=TITLES, known=columns(doc, form))
    if id_column is None:
        raise SheetError("sheet.no_column_of", wanted=[called])
    if at is None:
        raise SheetError("sheet.no_column_of", wanted=list(figures.values()))
    found = Reconciled(figures[of])
    theirs, ours = _theirs(rows, (id_column, called), at, found), _ours(statement_id, doc, of)
    found.ours, found.theirs = sum(ours.values(), ZERO), sum(theirs.values(), ZERO)
    _compare(ours, theirs, found)
    return found


def columns(doc: Mapping[str, Any], form: Form) -> list[Text]:
    """What the columns of such a file are called: that of the numbers, then those one of which is compared."""
    return [_number(doc, form)[1], *_figures(doc, form).values()]


def _number(doc: Mapping[str, Any], form: Form) -> tuple[str, Text]:
    own = form.fields.get(doc.get("line_id", ""))
    return (own.key, own.title) if own else ("number", catalogue()["export.number"])


def _figures(doc: Mapping[str, Any], form: Form) -> dict[str, Text]:
    """By their key; what the lines are worth by none."""
    worth = {"": catalogue()["settlement.amount"]} if "line" in doc else {}
    return worth | {key: one.title for key, one in form.fields.items() if one.kind == "number"}


def _compare(ours: Mapping[str, Decimal], theirs: Mapping[str, Decimal], found: Reconciled) -> None:
    for name, amount in ours.items():
        if name not in theirs:
            found.ours_only.append((name, amount))
        elif theirs[name] == amount:
            found.matched += 1
        else:
            found.differing.append((name, amount, theirs[name]))
    found.theirs_only = [(name, amount) for name, amount in theirs.items() if name not in ours]


def _ours(statement_id: str, doc: Mapping[str, Any], of: str) -> dict[str, Decimal]:
    """By number: that of the line's own input, else of its ticket, else its source."""
    wanted = select(LedgerLine, Ticket.number).outerjoin(
        Ticket, (Ticket.tenant_id == LedgerLine.tenant_id) & (Ticket.id == LedgerLine.ticket_id)
    )
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line, ticket in db.session.execute(wanted.where(LedgerLine.statement_id == statement_id).order_by(LedgerLine.id)):
        sign = -1 if line.source.startswith(ledger.REVERSAL) else 1
        value = sign * (comparable(line.inputs.get(of), "number") or ZERO) if of else Decimal(line.amount)
        sums[str(line.inputs.get(doc.get("line_id", "")) or ticket or line.source)] += value
    return sums


def _theirs(
    rows: Iterable[tuple[int, Sequence[str]]], number: tuple[int, Text], at: int, found: Reconciled
) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    id_column, called = number
    for place, cells in rows:
        name, cell = (cells[one] if one < len(cells) else "" for one in (id_column, at))
        amount = _amount(cell)
        if not name:
            found.wrong.append((place, called, "", Reason("field.required")))
        elif amount is None:
            found.wrong.append((place, found.figure, cell, Reason("field.number.invalid", {"found": cell[:40]})))
        else:
            sums[name] += amount
    return sums


def _amount(cell: str) -> Decimal | None:
    try:
        return number(ungrouped(cell.strip().lstrip("¥￥$€").replace(" ", "")))
    except ValueError:
        return None


def _column(header: Sequence[str], key: str, title: Text) -> int | None:
    wanted = {name.casefold() for name in (key, *title.values())}
    return next((place for place, one in enumerate(header) if one.strip().rstrip("*").casefold() in wanted), None)
