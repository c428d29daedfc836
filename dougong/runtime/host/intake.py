"""Lines that somebody brings: priced and kept for review, wrong rows set aside with their reason; counted when he says so.

Counting is done in batches (`batches.py`); a line that was counted before is left alone, whoever brings it again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import JSON, Index, Integer, Select, String, delete, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import audit
from dougong.platform.store import (
    Base,
    TenantOwned,
    db,
    driver_of,
    driver_reading,
    moment,
    new_id,
    refers,
    transaction,
)
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Settlement, SettlementFault, line_of, rate

from . import answers, definitions, ledger
from .importing import Row
from .slices import Slice
from .tables import LedgerLine
from .verbs import Actor

LINES: Final = 500  # of a slice
TOLD: Final = 1_000  # wrong rows that are kept to be shown; all are counted


class Intake(TenantOwned, Base):
    """An import. state: review, counted, dropped. `wrong`: {row, column, value, reason}; `repeated`: counted before."""

    __tablename__ = "intake"

    settlement_key: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(200))
    good: Mapped[int] = mapped_column(Integer)
    repeated: Mapped[int] = mapped_column(Integer)
    faulty: Mapped[int] = mapped_column(Integer)
    wrong: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="review")
    principal: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[str] = mapped_column(String(24), default=moment)


class IntakeLine(TenantOwned, Base):
    """A good row that waits for review. `place`: its turn, by time and id; `number`: its row in the file."""

    __tablename__ = "intake_line"
    __table_args__ = (refers("intake_id", "intake"), Index("ix_intake_line_place", "tenant_id", "intake_id", "place"))

    intake_id: Mapped[str] = mapped_column(String(36))
    place: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(120))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    amount: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))


@dataclass(frozen=True)
class _Staged:
    number: int
    source: str
    line: dict[str, Any]


@dataclass(frozen=True)
class Pricing:
    """How lines of a settlement are priced: by the version in force on their business day."""

    actor: Actor
    key: str
    settlement: Settlement
    doc: Mapping[str, Any]
    in_force: Callable[[date | None], Settlement]

    @classmethod
    def of(cls, actor: Actor, key: str) -> "Pricing":
        """Raises LookupError."""
        found = definitions.settlement(actor.tenant_id, key)
        if found is None:
            raise LookupError(key)
        return cls(actor, key, found[0], found[1], _in_force(actor.tenant_id, key))

    def line(self, connection: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        """As the ledger takes it. Raises SettlementFault."""
        values = answers.line_values(connection, self.actor.tenant_id, self.key, dict(given))
        then = self.in_force(self.settlement.day_of(values))
        return line_of(then, values, rate(then, values))

    def source(self, line: Mapping[str, Any], file: str, number: int) -> str:
        """What identifies a line: its own number where the settlement has one, else the file and the row."""
        own = line["values"].get(self.doc.get("line_id", ""))
        return f"line:{own}"[:120] if own not in (None, "") else f"file:{file}:{number}"[:120]


def _in_force(tenant_id: str, key: str) -> Callable[[date | None], Settlement]:
    """The version for a business day, looked for once a day. It raises SettlementFault where none was in force."""

    @cache
    def found(day: date | None) -> Settlement:
        version = definitions.settlement_on(tenant_id, key, day)
        if version is None:
            raise SettlementFault("settle.no_version", day=day and day.isoformat())
        return version[0]

    return found


def stage(actor: Actor, key: str, rows: Iterable[Row], file: str) -> str:
    """Keep the good rows for review, with what they are worth; tell what is wrong with the others. Answers its id.

    Raises LookupError for an unknown settlement.
    """
    pricing = Pricing.of(actor, key)
    wrong: list[dict[str, Any]] = []
    with driver_reading(actor.tenant_id) as connection:
        staged = list(_priced(connection, pricing, rows, file, wrong))
    before = _counted(key, [one.source for one in staged])
    fresh = sorted((one for one in staged if one.source not in before), key=lambda one: _order(pricing.settlement, one))
    with transaction(actor.tenant_id) as session:
        row = Intake(
            id=new_id(), settlement_key=key, source=file[:200], good=len(fresh), repeated=len(staged) - len(fresh),
            faulty=len({one["row"] for one in wrong}), wrong=wrong[:TOLD], principal=actor.principal, by=actor.name,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(
            IntakeLine(
                intake_id=row.id, place=place, number=one.number, source=one.source, inputs=one.line["values"],
                amount=one.line["amount"], currency=one.line["currency"],
            )
            for place, one in enumerate(fresh, 1)
        )  # fmt: skip
        return row.id


def _priced(
    connection: Any, pricing: Pricing, rows: Iterable[Row], file: str, wrong: list[dict[str, Any]]
) -> Iterator[_Staged]:
    first: dict[str, int] = {}
    for row in rows:
        found = dict(row.errors)
        if not found:
            try:
                line = pricing.line(connection, row.values)
                source = pricing.source(line, file, row.number)
                if (before := first.setdefault(source, row.number)) == row.number:
                    yield _Staged(row.number, source, line)
                    continue
                found = {pricing.doc.get("line_id", ""): Reason("records.twice_in_file", {"row": before})}
            except SettlementFault as fault:
                found = {"": fault.reason}
        wrong += [
            {"row": row.number, "column": column, "value": row.cells.get(column, "")[:200], "reason": reason.to_json()}
            for column, reason in found.items()
        ]


def _order(settlement: Settlement, one: _Staged) -> tuple[str, str, str]:
    """First come by time and id: what pools are drawn by."""
    return str(one.line["date"]), str(one.line["values"].get(settlement.date)), one.source


def _counted(key: str, sources: list[str]) -> set[str]:
    known = select(LedgerLine.source).where(LedgerLine.settlement_key == key)
    chunks = (sources[start : start + LINES] for start in range(0, len(sources), LINES))
    return {source for chunk in chunks for source in db.session.scalars(known.where(LedgerLine.source.in_(chunk)))}


def find(actor: Actor, intake_id: str) -> Intake | None:
    """His own; any, for who sees all."""
    found: Intake | None = db.session.scalar(select(Intake).where(Intake.id == intake_id, _his(actor)))
    return found


def waiting(actor: Actor, key: str) -> list[Intake]:
    """For review."""
    wanted = select(Intake).where(Intake.settlement_key == key, Intake.state == "review", Intake.good > 0, _his(actor))
    return list(db.session.scalars(wanted.order_by(Intake.id)))


def drop(actor: Actor, intake_id: str) -> None:
    """It is not counted. Raises LookupError where it is not for review (any more)."""
    with transaction(actor.tenant_id) as session:
        row = _for_review(session, actor, intake_id)
        row.state = "dropped"
        session.execute(delete(IntakeLine).where(IntakeLine.intake_id == row.id))
        audit.record(session, actor, "dropped", "intake", row.id, row.source, lines=row.good)


def size(session: Session, actor: Actor, key: str, intake_id: str) -> int:
    return _for_review(session, actor, intake_id).good


def count(session: Session, actor: Actor, key: str, intake_id: str, after: str) -> Slice:
    """The next lines are written to the ledger."""
    wanted = select(IntakeLine).where(IntakeLine.intake_id == intake_id, IntakeLine.place > int(after or 0))
    rows = list(session.scalars(wanted.order_by(IntakeLine.place).limit(LINES)))
    done = Slice(str(rows[-1].place) if rows else after, len(rows), over=len(rows) < LINES)
    pricing, connection, now = Pricing.of(actor, key), driver_of(session), moment()
    priced: list[tuple[dict[str, Any], str]] = []
    for row in rows:
        try:
            priced.append((pricing.line(connection, row.inputs), row.source))
        except SettlementFault as fault:
            done.faults.append((row.source, fault.reason))
    done.made = ledger.write_all(connection, actor.tenant_id, priced, now)
    done.kept = len(priced) - done.made
    if done.over:  # what has been kept for review stands in the ledger now
        _for_review(session, actor, intake_id).state = "counted"
        session.execute(delete(IntakeLine).where(IntakeLine.intake_id == intake_id))
    return done


def lines(intake_id: str) -> Select[Any]:
    return select(IntakeLine).where(IntakeLine.intake_id == intake_id)


def _for_review(session: Session, actor: Actor, intake_id: str) -> Intake:
    row = session.scalar(select(Intake).where(Intake.id == intake_id, _his(actor)).with_for_update())
    if row is None:
        raise LookupError(intake_id)
    if row.state != "review":
        raise Refused("settle.not_for_review")
    return row


def _his(actor: Actor) -> Any:
    return true() if actor.sees().all else Intake.principal == actor.principal
