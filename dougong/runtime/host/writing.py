"""What steps write into records, and what a ticket gives back, for the worker: in one transaction with what the ticket hears
of it, so it is done once.

Writers of a tenant's records take turns (`transaction`), so a number is added to what stands there, and to nothing older. What
the definition's author has drawn is done whoever began the ticket: no row scope narrows it. A new record is the initiator's.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform.channels import NotYet
from dougong.platform.store import driver_of, moment, new_id
from dougong.runtime.nodes._giving import NOT_WRITTEN, SIGNAL
from dougong.runtime.reason import Reason
from dougong.runtime.values import missing, number, plain

from . import held, records, sql, waking
from .outbox import Errand
from .record_types import RecordType, in_force
from .settlement import reversing
from .tables import Record, Ticket, TokenRow
from .verbs import Actor, Refused

OF_VALUES: Final = frozenset({"write.too_little", "records.exists"})  # what is refused; all else is an incident


class NotWritten(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


def perform(session: Session, row: Errand) -> None:
    """Nothing is written for a token that waits no more."""
    driver, token = driver_of(session), row.args["token"]
    sql.hold(driver, row.tenant_id, ticket=row.ticket_id)
    wanted = select(TokenRow.signal).where(TokenRow.ticket_id == row.ticket_id, TokenRow.number == token)
    if session.scalar(wanted.where(TokenRow.state == "waiting")) != SIGNAL:
        return
    ticket = session.scalars(select(Ticket).where(Ticket.id == row.ticket_id)).one()
    if ticket.suspended:
        raise NotYet(60)
    clock = waking.clock(session, row.tenant_id)
    try:
        with session.begin_nested():
            by, parts = replace(clock, name=ticket.number), row.args.get("records", [row.args])
            written = [one for part in parts for one in _all(session, by, ticket, part)]
    except NotWritten as stopped:
        why = stopped.reason.to_json()
        values = {"reason": why, "refused": stopped.reason.code in OF_VALUES}
        held.signal(driver, clock, row.ticket_id, token, NOT_WRITTEN, values, why=why)
        return
    if settled := row.args.get("lines"):
        reversing.reverse(driver, row.tenant_id, row.ticket_id, moment(), only=settled)
    held.signal(driver, clock, row.ticket_id, token, SIGNAL, {"records": written})


def _all(session: Session, by: Actor, ticket: Ticket, args: Mapping[str, Any]) -> list[dict[str, str]]:
    """One after the other, so that two rows may change the same record. Raises NotWritten."""
    kind = in_force(session, by.tenant_id, args["entity"])
    if kind is None:
        raise NotWritten("write.no_type", type=args["entity"])
    return [_one(session, by, kind, ticket, write) for write in args["writes"]]


def _one(session: Session, by: Actor, kind: RecordType, ticket: Ticket, write: Mapping[str, Any]) -> dict[str, str]:
    told = {"ticket": ticket.id}
    if gone := [key for key in (*write["set"], *write["add"]) if key not in kind.form.fields]:
        raise NotWritten("write.no_field", type=kind.doc["title"], field=gone[0])
    if write["record"] is None:
        row = records.made(replace(by, principal=ticket.initiator, unit_id=ticket.unit_id), kind, new_id())
        raw = {**kind.form.defaults(by.now()), **_values(kind, write, {}, kind.doc["title"])}
        done = records.add(session, by, kind, row, raw, **told)
    else:
        row = _found(session, kind, write["record"])
        done = records.alter(session, by, kind, row, _values(kind, write, row.data, row.title), **told)
    if isinstance(done, Refused):
        field, why = next(iter(done.errors.items()))
        raise NotWritten(why.code, **why.params) if why.code in OF_VALUES else _misfit(kind, row, field, why)
    return {"id": done.record_id, "title": done.title}


def _found(session: Session, kind: RecordType, meant: Mapping[str, str]) -> Record:
    row = session.scalar(select(Record).where(Record.id == meant["id"], Record.entity_key == kind.key))
    if row is None:
        raise NotWritten("write.record_gone", type=kind.doc["title"], title=meant["title"])
    return row


def _values(kind: RecordType, write: Mapping[str, Any], present: Mapping[str, Any], title: Any) -> dict[str, Any]:
    """What is set, and the sums. Raises NotWritten where one of them would fall below its bound."""
    sums = {}
    for key, more in write["add"].items():
        stands = present.get(key)
        total = (Decimal(0) if missing(stands) else number(stands)) + number(more)
        least = write["least"].get(key)
        if least is not None and total < number(least):
            told = {"field": kind.form.fields[key].title, "found": plain(number(stands or 0)), "total": plain(total)}
            raise NotWritten("write.too_little", title=title, least=least, **told)
        sums[key] = plain(total)
    return {**write["set"], **sums}


def _misfit(kind: RecordType, row: Record, field: str, why: Reason) -> NotWritten:
    title = kind.form.fields[field].title if field in kind.form.fields else field
    return NotWritten("write.misfit", type=kind.doc["title"], field=title, why=why.to_json())
