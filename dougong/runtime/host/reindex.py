"""Search made anew for what is there: after an upgrade that brings it, or one that cuts words in another way."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from dougong.platform import search
from dougong.platform.engines import Driver
from dougong.platform.store import db, driver_transaction, enter_tenant, loads, transaction

from . import definitions, records, sql
from .record_types import record_type
from .saving import words_of
from .tables import Record, Ticket

AT_ONCE = 200


def reindex(tenant_id: str) -> dict[str, int]:
    """In small transactions, so that people may work meanwhile: they find more from one to the next. Answers how many."""
    enter_tenant(tenant_id)
    with driver_transaction(tenant_id) as driver:
        search.forget(driver, tenant_id)
    done = {"tickets": 0, "records": 0}
    for ids in _batches(list(db.session.scalars(select(Ticket.id)))):
        with driver_transaction(tenant_id) as driver:
            done["tickets"] += sum(_ticket(driver, tenant_id, one) for one in ids)
    for ids in _batches(list(db.session.scalars(select(Record.id)))):
        with transaction(tenant_id) as session:
            for record in session.scalars(select(Record).where(Record.id.in_(ids))):
                kind = record_type(tenant_id, record.entity_key)
                record.words, words = "", kind.words(record.data) if kind else search.words(record.title)
                records.say(session, record, words)
                done["records"] += 1
    return done


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _ticket(driver: Driver, tenant: str, ticket_id: str) -> bool:
    sql.hold(driver, tenant, ticket=ticket_id)
    row = sql.ticket(driver, tenant, ticket_id)
    if row is None:
        return False
    definition = definitions.compiled(tenant, row["workflow_id"], row["version"])
    words = words_of(definition, loads(row["data"]), loads(row["title"]), row["number"], row["initiator_name"])
    sql.say(driver, tenant, ticket_id, words)
    search.keep(driver, tenant, "ticket", ticket_id, "", words)
    return True
