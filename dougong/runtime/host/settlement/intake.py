"""Lines that somebody brings: priced and kept for review, wrong rows set aside with their reason; counted when he says so.

Reading a file and counting its lines is done in batches (`batches.py`), each slice a transaction; a line that was counted
before is left alone, whoever brings it again, and told where it says something else now (`repeated.py`); one that was taken
back (`reversing.py`) counts anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

from sqlalchemy import JSON, Index, Integer, Select, String, and_, delete, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import audit, files
from dougong.platform.store import (
    Base,
    TenantOwned,
    db,
    driver_of,
    moment,
    new_id,
    refers,
    transaction,
)
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Line, Settlement, SettlementFault, lines_form
from dougong.runtime.settlement.lines import entry_of
from dougong.runtime.settlement.windows import Counted

from .. import pieces
from ..importing import LookUp, Row, finder
from ..pieces import Cut
from ..sql import dump
from ..verbs import Actor
from . import beside, books, ledger, repeated, reversing
from .line_pricing import Pricing
from .slices import Slice

LINES: Final = 1_000  # of a slice
TOGETHER: Final = 5  # slices at once where each reads all that was counted before it
TURN: Final = String(180).with_variant(String(180, collation="C"), "postgresql")  # the same order on both stores
HEADER: Final = 1  # the row of the headings
TOLD: Final = 1_000  # wrong rows that are kept to be shown; all are counted
IGNORED: Final = Reason("import.ignored")
MOST_IGNORED: Final = 100


_KEEP: Final = """INSERT INTO intake_line (tenant_id, id, intake_id, turn, number, source, inputs, amount, currency)
    VALUES (:tenant, :id, :intake, :turn, :number, :source, :inputs, :amount, :currency)"""


class Intake(TenantOwned, Base):
    """An import. state: cutting (`cutting.py`), reading, review, counted, dropped; refused where the file could not be read. Of
    `rows` rows (until now, while it is cut) so many have been `taken`: they were good, wrong or counted before (`repeated`).
    `wrong`: {row, column, value, reason}, of the header (row 1) what is `ignored`, of row 0 what is wrong with the whole."""

    __tablename__ = "intake"

    settlement_key: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    good: Mapped[int] = mapped_column(Integer, default=0)
    repeated: Mapped[int] = mapped_column(Integer, default=0)
    faulty: Mapped[int] = mapped_column(Integer, default=0)
    wrong: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10))
    principal: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[str] = mapped_column(String(24), default=moment)

    @property
    def ignored(self) -> list[str]:
        """Headings that are nobody's."""
        return [one["value"] for one in self.wrong if one["row"] == HEADER]

    @property
    def faults(self) -> list[dict[str, Any]]:
        """What is wrong with rows."""
        return [one for one in self.wrong if one["row"] != HEADER]


class IntakeLine(TenantOwned, Base):
    """A good row that waits for review. `turn`: when it is counted, by time and id; `number`: its row in the file."""

    __tablename__ = "intake_line"
    __table_args__ = (
        refers("intake_id", "intake"),
        Index("uq_intake_line_source", "tenant_id", "intake_id", "source", unique=True),
        Index("ix_intake_line_turn", "tenant_id", "intake_id", "turn"),
    )

    intake_id: Mapped[str] = mapped_column(String(36))
    turn: Mapped[str] = mapped_column(TURN)
    number: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(120))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    amount: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))


def bring(actor: Actor, key: str, file: BinaryIO, name: str) -> str:
    """Keep a file that is to be read (`read`). Answers the id of the import.

    Raises LookupError for an unknown settlement, SheetError, or FileRefused where there is no room.
    """
    cut = pieces.cut(actor.tenant_id, file, name, lines_form(Pricing.of(actor.tenant_id, key).doc))
    with transaction(actor.tenant_id) as session:
        row = begun(session, actor, key, name, 0, "reading")
        is_cut(session, row, cut)
        return row.id


def is_cut(session: Session, row: Intake, cut: Cut) -> None:
    """From here on its rows can be read. Raises FileRefused where there is no room."""
    row.rows, row.state = cut.rows, "reading" if cut.rows else "review"
    row.wrong = [_about(HEADER, "", heading, IGNORED) for heading in cut.unknown[:MOST_IGNORED]]
    files.own(session, cut.ids, owner_of(row.id))


def refuse(session: Session, row: Intake, reason: Reason) -> None:
    """Nothing of it can be read."""
    row.state, row.rows, row.wrong = "refused", 0, [_about(0, "", row.source, reason)]
    pieces.done(session, owner_of(row.id))


def stage(actor: Actor, key: str, rows: Sequence[Row], source: str) -> str:
    """The same of rows that have been read: they are kept for review at once. Answers its id. Raises LookupError."""
    pricing = Pricing.of(actor.tenant_id, key)
    with transaction(actor.tenant_id) as session:
        row = begun(session, actor, key, source, len(rows), "review")
        for start in range(0, len(rows), LINES):
            _take(session, pricing, row, rows[start : start + LINES])
        return row.id


def begun(session: Session, actor: Actor, key: str, source: str, rows: int, state: str) -> Intake:
    row = Intake(
        id=new_id(), settlement_key=key, source=source[:200], rows=rows, state=state, taken=0, good=0, repeated=0, faulty=0,
        wrong=[], principal=actor.principal, by=actor.name,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def unread(session: Session, actor: Actor, key: str, intake_id: str) -> int:
    """Rows that `read` has still to read. Raises LookupError, or Refused where it has been read."""
    row = _held(session, actor, intake_id)
    if row.state != "reading":
        raise Refused("settle.being_cut" if row.state == "cutting" else "settle.has_been_read")
    return row.rows - row.taken


def read(session: Session, actor: Actor, key: str, intake_id: str, after: str) -> Slice:
    """The next rows of the file are kept for review, or set aside. How far it is stands with the import itself."""
    row, pricing, now = _held(session, actor, intake_id), Pricing.of(actor.tenant_id, key), actor.now()
    if not after:
        books.forget(actor.tenant_id, key)
    if row.state != "reading":  # it has been dropped meanwhile
        return Slice(after, 0, over=True)
    columns, some = pieces.following(session, owner_of(row.id), row.taken, _most(pricing))
    look_up, before = LookUp(finder(session, actor.sees())), (row.good, row.repeated)
    assert now.tzinfo is not None
    _take(session, pricing, row, list(columns.read(some, lines_form(pricing.doc), look_up, now.tzinfo, now)))
    if row.taken >= row.rows:
        row.state = "review"
        pieces.done(session, owner_of(row.id))
    over = row.state == "review"
    if over:
        books.forget(actor.tenant_id, key)
    return Slice(str(row.taken), len(some), over, made=row.good - before[0], kept=row.repeated - before[1])


def _most(pricing: Pricing) -> int:
    """Lines of a slice."""
    return LINES * TOGETHER if pricing.settlement.lines_look_beyond else LINES


def _take(session: Session, pricing: Pricing, intake: Intake, rows: Sequence[Row]) -> None:
    """Price these rows: the good ones wait for review, of the others it is told what is wrong."""
    connection, form, own = driver_of(session), lines_form(pricing.doc), pricing.doc.get("line_id", "")
    wrong = {row.number: (row, row.errors) for row in rows if row.errors}
    good = {row.number: (row, pricing.filled(connection, row.values)) for row in rows if not row.errors}
    sources = {number: pricing.source(values, intake.source, number) for number, (_, values) in good.items()}
    named = reversing.sources(session, intake.settlement_key, list(sources.values()))
    sources = {number: named[source] for number, source in sources.items()}
    counted, first = _known(session, intake, list(sources.values()))
    others = _beside(session, pricing, intake, [values for _, values in good.values()])
    turns = (
        good if others is None else sorted(good, key=lambda one: (str(good[one][1].get(pricing.settlement.date)), sources[one]))
    )
    kept = list[dict[str, Any]]()
    for number in turns:
        (row, values), source = good[number], sources[number]
        if (before := first.get(source, number)) != number:
            wrong[number] = row, {own: Reason("records.twice_in_file", {"row": before})}
            continue
        if source in counted and (said := repeated.otherwise(form, own, row.values, counted[source])):
            wrong[number] = row, said
            continue
        try:
            line = None if source in counted else pricing.line(values, others)
        except SettlementFault as fault:
            wrong[number] = row, {"": pricing.settlement.called(fault)}
            continue
        first[source] = number
        if line is None:
            intake.repeated += 1
        else:
            kept.append(_line(intake, pricing.settlement, number, source, line))
    if kept:
        connection.every(_KEEP, kept)
    intake.good += len(kept)
    intake.taken += len(rows)
    intake.faulty += len(wrong)
    told = [one for _, (row, errors) in sorted(wrong.items()) for one in _told(row, errors)]
    intake.wrong = [*intake.wrong, *told][:TOLD] if told and len(intake.wrong) < TOLD else intake.wrong
    session.flush()


def _beside(session: Session, pricing: Pricing, intake: Intake, given: list[dict[str, Any]]) -> Counted | None:
    """As if these were counted next, after the rows of the file that were read before them."""
    found = beside.counted(session, pricing.settlement, given, intake.id)
    if found is not None:
        wanted = select(IntakeLine.inputs).where(IntakeLine.intake_id == intake.id).order_by(IntakeLine.number)
        for values in session.scalars(wanted):
            if (entry := entry_of(pricing.settlement, Line(values))) is not None:
                found.add(entry)
    return found


def _known(session: Session, intake: Intake, sources: list[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """Of these lines: those that have been counted, with what they brought; and those that an earlier row of the file has."""
    brought = select(IntakeLine.source, IntakeLine.number).where(IntakeLine.intake_id == intake.id)
    first = {row.source: row.number for row in session.execute(brought.where(IntakeLine.source.in_(sources)))}
    return repeated.counted(session, intake.settlement_key, sources), first


def _line(intake: Intake, settlement: Settlement, number: int, source: str, line: Mapping[str, Any]) -> dict[str, Any]:
    day, turn = str(line["date"])[:10], str(line["values"].get(settlement.date))[:40]  # pools: first come, first served
    return {
        "tenant": intake.tenant_id, "id": new_id(), "intake": intake.id, "turn": f"{day} {turn} {source}", "number": number,
        "source": source, "inputs": dump(line["values"]), "amount": line["amount"], "currency": line["currency"],
    }  # fmt: skip


def _told(row: Row, errors: Mapping[str, Reason]) -> list[dict[str, Any]]:
    return [_about(row.number, column, row.cells.get(column, ""), reason) for column, reason in errors.items()]


def _about(row: int, column: str, value: str, reason: Reason) -> dict[str, Any]:
    return {"row": row, "column": column, "value": value[:200], "reason": reason.to_json()}


def owner_of(intake_id: str) -> str:
    return f"intake:{intake_id}"


def find(actor: Actor, intake_id: str) -> Intake | None:
    """His own; any, for who sees all."""
    found: Intake | None = db.session.scalar(select(Intake).where(Intake.id == intake_id, _his(actor)))
    return found


def open_ones(actor: Actor, key: str) -> Select[Any]:
    """Those that are not read yet, and those for review."""
    left = or_(Intake.state.in_(("cutting", "reading")), and_(Intake.state == "review", Intake.good > 0))
    return select(Intake).where(Intake.settlement_key == key, left, _his(actor)).order_by(Intake.id)


def waiting(actor: Actor, key: str) -> list[Intake]:
    return list(db.session.scalars(open_ones(actor, key)))


def drop(actor: Actor, intake_id: str) -> None:
    """What has not been counted never will be. Raises LookupError, or Refused where nothing is left to be dropped."""
    with transaction(actor.tenant_id) as session:
        row = _held(session, actor, intake_id)
        if row.state not in ("cutting", "reading", "review"):
            raise Refused("settle.not_for_review")
        row.state = "dropped"
        pieces.done(session, owner_of(row.id))
        session.execute(delete(IntakeLine).where(IntakeLine.intake_id == row.id))
        audit.record(session, actor, "dropped", "intake", row.id, row.source, lines=row.good)


def size(session: Session, actor: Actor, key: str, intake_id: str) -> int:
    """Lines that `count` has to count. Raises LookupError, or Refused where it is not for review."""
    row = _held(session, actor, intake_id)
    if row.state != "review":
        raise Refused("settle.not_for_review")
    return row.good


def count(session: Session, actor: Actor, key: str, intake_id: str, after: str) -> Slice:
    """The next lines are written to the ledger."""
    mine = select(IntakeLine).where(IntakeLine.intake_id == intake_id)
    done_until = session.scalar(select(IntakeLine.turn).where(IntakeLine.id == after)) or ""
    pricing, connection, now = Pricing.of(actor.tenant_id, key), driver_of(session), moment()
    most = _most(pricing)
    rows = list(session.scalars(mine.where(IntakeLine.turn > done_until).order_by(IntakeLine.turn).limit(most)))
    done = Slice(rows[-1].id if rows else after, len(rows), over=len(rows) < most)
    priced: list[tuple[dict[str, Any], str]] = []
    if pricing.settlement.lines_look_beyond:
        beside.turn(connection, actor.tenant_id)
    others = beside.counted(session, pricing.settlement, [row.inputs for row in rows], intake_id)
    there = repeated.counted(session, key, [row.source for row in rows]) if others else {}
    for row in rows:
        if row.source in there:
            done.kept += 1
            continue
        try:
            priced.append((pricing.line(pricing.filled(connection, row.inputs), others), row.source))
        except SettlementFault as fault:
            done.faults.append((row.source, pricing.settlement.called(fault)))
    done.made = ledger.write_all(connection, actor.tenant_id, priced, now)
    done.kept += len(priced) - done.made
    if done.over:
        books.forget(actor.tenant_id, key)
    if done.over and (row_of := _held(session, actor, intake_id)).state == "review":  # else it has been dropped meanwhile
        row_of.state = "counted"
        session.execute(delete(IntakeLine).where(IntakeLine.intake_id == intake_id))
    return done


def lines(intake_id: str) -> Select[Any]:
    return select(IntakeLine).where(IntakeLine.intake_id == intake_id)


def _held(session: Session, actor: Actor, intake_id: str) -> Intake:
    row = session.scalar(select(Intake).where(Intake.id == intake_id, _his(actor)).with_for_update())
    if row is None:
        raise LookupError(intake_id)
    return row


def _his(actor: Actor) -> Any:
    return true() if actor.sees().all else Intake.principal == actor.principal
