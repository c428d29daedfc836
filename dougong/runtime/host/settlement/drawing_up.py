"""A period's statements drawn up, partner by partner: one for each currency, of the partners that somebody sees.

Drawing up again changes nothing where nothing has come. Drafts and what was rejected are brought up to date; a statement that
is being approved or was approved never changes: what comes late is made up for by the next one (`adjusting.py`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import Session, undefer

from dougong.platform.store import driver_of, new_id
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import SettlementFault, Statement, name_of, span_named, statement_json
from dougong.runtime.settlement import text as written

from .. import definitions, reading, sql
from ..tables import LedgerLine, StatementRow
from ..verbs import Actor
from . import adjusting, anew, books
from .adjusting import OPEN, Drawing, uneven
from .brought import READ, Brought, brought
from .slices import Slice

PARTNERS: Final = 50  # of a slice
LINES: Final = 2_000  # of a slice, where one partner has not more: seconds on a busy machine
AT_ONCE: Final = 1_000  # lines that are fetched
TOGETHER: Final = 10  # slices at once where each reads what others have in the same windows

_STAND = "UPDATE ledger_line SET statement_id = :statement WHERE tenant_id = :tenant AND id = :id"


@dataclass
class Drawn:
    """What a statement is to be: its own lines, and those that came late, with what makes up for them."""

    lines: list[Brought] = field(default_factory=list)
    statement: Statement | None = None
    adjustments: list[dict[str, Any]] = field(default_factory=list)

    def total(self, name: str) -> str:
        """net or tax."""
        own = getattr(self.statement, name) if self.statement else Decimal(0)
        return written(sum((Decimal(one[name]) for one in self.adjustments), own))

    def body(self, currency: str) -> dict[str, Any]:
        blank: dict[str, Any] = {"currency": currency, "groups": [], "shares": [], "roundings": []}
        found = statement_json(self.statement) if self.statement else blank
        return {**found, "adjustments": self.adjustments} if self.adjustments else found


Concerned = Callable[[Actor, str, str], list[Any]]  # (actor, key, period): the ids of partners


def everybody(actor: Actor, key: str, period: str) -> list[Any]:
    """Partners with lines of the period, with lines that came late, and with statements that may be brought up to date; where
    rules look back, with closed ones too, which may have to be made up for."""
    lines, stated = _lines_seen(actor, key), _stated(actor, key)
    found = [
        lines.where(LedgerLine.period == period),
        lines.where(_late(period)),
        stated.where(StatementRow.period == period, StatementRow.state.in_(OPEN)),
    ]
    if _looks_beyond(actor, key):
        found.append(stated.where(StatementRow.period < period, StatementRow.state.not_in(OPEN)))
    return found


def whoever_is_left(actor: Actor, key: str, period: str) -> list[Any]:
    """Partners with lines on no statement: all whose could not be drawn up, too. Where rules look beyond, everybody."""
    if _looks_beyond(actor, key):
        return everybody(actor, key, period)
    lines = _lines_seen(actor, key)
    return [lines.where(LedgerLine.period == period, LedgerLine.statement_id.is_(None)), lines.where(_late(period))]


def count(session: Session, actor: Actor, key: str, period: str, concerned: Concerned = everybody) -> int:
    """How many partners there are. Raises Refused for what is no period of this settlement."""
    _check(Drawing(session, actor.tenant_id, key, period))
    partners = union(*(one.order_by(None) for one in concerned(actor, key, period))).subquery()
    return session.scalar(select(func.count()).select_from(partners)) or 0


def draw(session: Session, actor: Actor, key: str, period: str, after: str, concerned: Concerned = everybody) -> Slice:
    """The next partners."""
    driver_of(session).turn(f"statements:{actor.tenant_id}:{key}")  # with other periods: both would make up for the same
    if not after:
        books.forget(actor.tenant_id, key)
    drawing = Drawing(session, actor.tenant_id, key, period)
    waiting = _partners(drawing, concerned(actor, key, period), after)
    drawing.partners = partners = _few_enough(drawing, waiting)
    over = len(partners) == len(waiting) < _most(drawing)
    done = Slice(partners[-1] if partners else after, len(partners), over)
    lines, rows = _lines(drawing, partners), _statements(drawing, partners)
    again = _again(drawing, rows)
    for partner in partners:
        closed = {one.currency for one in rows[partner] if one.state not in OPEN}
        mine = [one for one in lines[partner] if one.currency not in closed]  # what comes late waits for the next one
        try:
            drawn = _drawn(drawing, partner, mine, {name: own for name, own in again[partner].items() if name not in closed})
        except SettlementFault as fault:
            done.faults.append((_title(drawing, partner, mine), drawing.settlement(period).called(fault)))
            drawn = {}
        _replace(drawing, partner, mine, rows[partner], drawn)
        done.made, done.kept = done.made + len(drawn), done.kept + len(closed)
    if done.over:
        books.forget(actor.tenant_id, key)
    return done


def _check(drawing: Drawing) -> None:
    """Raises Refused."""
    try:
        start = span_named(drawing.period).start
        if name_of(drawing.settlement(drawing.period).period, start) == drawing.period:
            return
    except ValueError:
        pass
    raise Refused("settle.no_such_period", "/period", found=drawing.period[:40])


def _lines_seen(actor: Actor, key: str) -> Any:
    mine = reading.visible_partners(LedgerLine, actor.sees())
    return select(LedgerLine.partner_id).where(LedgerLine.settlement_key == key, mine)


def _stated(actor: Actor, key: str) -> Any:
    mine = reading.visible_partners(StatementRow, actor.sees())
    return select(StatementRow.partner_id).where(StatementRow.settlement_key == key, mine)


def _looks_beyond(actor: Actor, key: str) -> bool:
    return any(one.looks_beyond for one, *_ in definitions.settlement_versions(actor.tenant_id, key))


def _late(period: str) -> ColumnElement[bool]:
    return and_(adjusting.late(), LedgerLine.period < period)


def _partners(drawing: Drawing, concerned: list[Any], after: str) -> list[str]:
    """The next ones, in the order of their ids."""
    found, most = set[str](), _most(drawing)
    for wanted in concerned:
        [column] = wanted.selected_columns
        found.update(drawing.session.scalars(wanted.where(column > after).distinct().order_by(column).limit(most)))
    return sorted(found)[:most]


def _few_enough(drawing: Drawing, partners: list[str]) -> list[str]:
    """The first of them that have so many lines together; all where each reads what others have in the same windows."""
    if not drawing.alone(drawing.period):
        return partners
    mine = (LedgerLine.settlement_key == drawing.key, LedgerLine.period == drawing.period, LedgerLine.partner_id.in_(partners))
    counted = select(LedgerLine.partner_id, func.count()).where(*mine).group_by(LedgerLine.partner_id)
    counts: dict[str, int] = dict(drawing.session.execute(counted).all())
    before = accumulate((counts.get(one, 0) for one in partners), initial=0)
    return [one for one, lines in zip(partners, before, strict=False) if lines < LINES]


def _most(drawing: Drawing) -> int:
    """Partners of a slice."""
    return PARTNERS if drawing.alone(drawing.period) else PARTNERS * TOGETHER


def _lines(drawing: Drawing, partners: Sequence[str]) -> dict[str, list[Brought]]:
    """What may stand on the statements of the period: all that stand on none that is closed."""
    open_ids = select(StatementRow.id).where(
        StatementRow.settlement_key == drawing.key, StatementRow.period == drawing.period, StatementRow.state.in_(OPEN),
        StatementRow.partner_id.in_(partners),
    )  # fmt: skip
    free = and_(LedgerLine.statement_id.is_(None), LedgerLine.period == drawing.period)
    wanted = select(*READ).where(
        LedgerLine.settlement_key == drawing.key, LedgerLine.partner_id.in_(partners),
        or_(free, LedgerLine.statement_id.in_(open_ids), _late(drawing.period)),
    )  # fmt: skip
    found: dict[str, list[Brought]] = defaultdict(list)
    some = {"yield_per": AT_ONCE}
    rows = drawing.session.execute(wanted.order_by(LedgerLine.date, LedgerLine.id).execution_options(**some))
    for row in brought(rows):
        found[row.partner_id].append(row)
    return found


def _statements(drawing: Drawing, partners: Sequence[str]) -> dict[str, list[StatementRow]]:
    """Held, so that none is sent while it is brought up to date."""
    wanted = select(StatementRow).where(
        StatementRow.settlement_key == drawing.key, StatementRow.period == drawing.period, StatementRow.partner_id.in_(partners)
    )
    found: dict[str, list[StatementRow]] = defaultdict(list)
    for row in drawing.session.scalars(wanted.options(undefer(StatementRow.body)).with_for_update()):
        found[row.partner_id].append(row)
    return found


def _again(drawing: Drawing, rows: Mapping[str, Sequence[StatementRow]]) -> dict[str, dict[str, set[str]]]:
    """By partner and currency: periods to be reckoned anew, whose lines did not come late."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (partner, currency), periods in anew.periods(drawing).items():
        found[partner][currency] |= periods
    for partner, currency in drawing.followed():
        found[partner][currency].add(drawing.period)
    for row in (one for own in rows.values() for one in own if one.state in OPEN):
        found[row.partner_id][row.currency].update(one["period"] for one in row.body.get("adjustments", ()))
    return found


def _drawn(drawing: Drawing, partner: str, lines: list[Brought], again: Mapping[str, Collection[str]]) -> dict[str, Drawn]:
    """By currency. Raises SettlementFault."""
    found: dict[str, Drawn] = defaultdict(Drawn)
    own = [one for one in lines if one.period == drawing.period]
    for statement in drawing.settled(drawing.period, own):
        found[statement.currency].statement = statement
    if other := {line.currency for line in uneven(own)} ^ set(found):  # the terms of the version that states them say otherwise
        raise SettlementFault("settle.other_currency", found=", ".join(sorted(other)))
    for line in uneven(lines):
        found[line.currency].lines.append(line)
    for currency in {*found, *again}:
        one, whose = found[currency], (partner, currency)
        one.adjustments = list(adjusting.adjustments(drawing, whose, one.lines, one.statement, again.get(currency, ())))
    return {currency: one for currency, one in found.items() if one.lines or one.adjustments}


def _replace(drawing: Drawing, partner: str, lines: list[Brought], rows: list[StatementRow], drawn: dict[str, Drawn]) -> None:
    """What stands becomes what was drawn; only what differs is written."""
    standing = {one.currency: one for one in rows if one.state in OPEN}
    taken: dict[str, str] = {}
    for currency, one in drawn.items():
        row = standing.pop(currency, None) or _new(drawing, partner, _title(drawing, partner, one.lines), currency)
        _set(row, one, drawing.settlement(drawing.period).version, drawing.at)
        taken |= {line.id: row.id for line in one.lines}
    drawing.session.flush()
    moved = [line.id for line in lines if line.statement_id != taken.get(line.id)]
    for start in range(0, len(moved), AT_ONCE):
        some = moved[start : start + AT_ONCE]
        asked = [{"tenant": drawing.tenant_id, "id": one, "statement": taken.get(one)} for one in some]
        driver_of(drawing.session).every(_STAND, asked)
    for row in standing.values():
        drawing.session.delete(row)


def _new(drawing: Drawing, partner: str, title: str, currency: str) -> StatementRow:
    row = StatementRow(
        id=new_id(), number=_number(drawing), settlement_key=drawing.key, partner_id=partner, partner_title=title,
        period=drawing.period, currency=currency, state="draft",
    )  # fmt: skip
    drawing.session.add(row)
    return row


def _title(drawing: Drawing, partner: str, lines: Sequence[Brought]) -> str:
    """Of a partner none of whose lines is at hand, as the latest of the ledger has it."""
    if lines:
        return str(lines[0].partner_title)
    mine = LedgerLine.settlement_key == drawing.key, LedgerLine.partner_id == partner
    wanted = select(LedgerLine.partner_title).where(*mine).order_by(LedgerLine.date.desc()).limit(1)
    return drawing.session.scalar(wanted) or partner


def _set(row: StatementRow, drawn: Drawn, version: int, at: str) -> None:
    """`at`: as of when it is true."""
    net, tax = drawn.total("net"), drawn.total("tax")
    figures = {
        "version": version, "net": net, "tax": tax, "gross": written(Decimal(net) + Decimal(tax)), "count": len(drawn.lines),
        "body": json.loads(json.dumps(drawn.body(row.currency))), "state": "draft",
    }  # fmt: skip
    changed = {name: value for name, value in figures.items() if getattr(row, name) != value}
    for name, value in ({**changed, "at": at} if changed else {}).items():
        setattr(row, name, value)


def _number(drawing: Drawing) -> str:
    """ST202610-0001."""
    count = sql.count(driver_of(drawing.session), drawing.tenant_id, "number:statement", drawing.period)
    return f"ST{drawing.period.replace('-', '')}-{count:04d}"
