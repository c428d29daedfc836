"""Running tickets go over to another version of their workflow: looked at first, then in batches, each a transaction.

Whoever works on a ticket meanwhile goes first or waits. What is stuck stays where it is and says why. Taken back, the same
tickets go back by the mapping read the other way.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import JSON, Index, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from dougong.platform import audit, documents, search
from dougong.platform.documents import Document
from dougong.platform.engines import Driver
from dougong.platform.store import (
    Base,
    TenantOwned,
    TenantTable,
    db,
    driver_of,
    driver_reading,
    moment,
    new_id,
    refers,
    transaction,
)
from dougong.runtime import migration
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition
from dougong.runtime.migration import Stuck
from dougong.runtime.nodes._verbs import OPEN
from dougong.runtime.reason import Refused

from . import definitions, saving, sql
from .tables import Ticket
from .verbs import Actor

BATCH: Final = 200
EXAMPLES: Final = 5
PLANNED_AT_ONCE: Final = 500

_RUNNING = """
SELECT ticket.id FROM ticket
WHERE ticket.tenant_id = :tenant AND ticket.workflow_id = :workflow AND ticket.state IN ('running', 'failed')
  AND ticket.version <> :to
"""
_SOME = "AND ticket.id > :after ORDER BY ticket.id LIMIT :most"
_BACK = """
SELECT ticket.id FROM ticket
JOIN migrated ON migrated.tenant_id = ticket.tenant_id AND migrated.ticket_id = ticket.id
WHERE ticket.tenant_id = :tenant AND migrated.migration_id = :of AND migrated.state = 'moved'
  AND ticket.state IN ('running', 'failed') AND ticket.version <> :to
"""
_PLAN = """
INSERT INTO migrated (tenant_id, migration_id, ticket_id, from_version, state)
SELECT CAST(:tenant AS VARCHAR), :migration, ticket.id, ticket.version, 'todo' FROM ticket
WHERE ticket.tenant_id = :tenant AND ticket.id IN ({})
"""
_NEXT = """
SELECT ticket_id FROM migrated WHERE tenant_id = :tenant AND migration_id = :migration AND ticket_id > :after
ORDER BY ticket_id LIMIT :most
"""
_LOOKED_AT = """
UPDATE migrated SET state = :state WHERE tenant_id = :tenant AND migration_id = :migration AND ticket_id = :ticket
"""
_SET_TICKET = """
UPDATE ticket SET version = :version, title = :title, words = :words, memo = :memo, handlers = :handlers,
                  steps = steps + 1, updated_at = :now
WHERE tenant_id = :tenant AND id = :id
"""
_PLACE = """
UPDATE token SET node = :node, via = :via, memo = :memo WHERE tenant_id = :tenant AND ticket_id = :ticket AND number = :number
"""
_SET_TASK = """
UPDATE task SET node = :node, title = :title, revision = revision + 1
WHERE tenant_id = :tenant AND ticket_id = :ticket AND token = :number AND state = 'open'
"""


class Migration(TenantOwned, Base):
    """`cursor`: the last ticket that was looked at. state: running, done. `back_of`: the one that this takes back."""

    __tablename__ = "migration"
    __table_args__ = (refers("workflow_id", "document"), Index("ix_migration_workflow", "tenant_id", "workflow_id", "id"))

    workflow_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(Integer)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    cursor: Mapped[str] = mapped_column(String(36), default="")
    total: Mapped[int] = mapped_column(Integer)
    moved: Mapped[int] = mapped_column(Integer, default=0)
    stuck: Mapped[int] = mapped_column(Integer, default=0)
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default="running")
    back_of: Mapped[str | None] = mapped_column(String(36))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[str] = mapped_column(String(24), default=moment)


class MigratedRow(TenantTable, Base):
    """A ticket that is to go over, and from where. state: todo, moved, stuck."""

    __tablename__ = "migrated"
    __table_args__ = (refers("migration_id", "migration"), refers("ticket_id", "ticket"))

    migration_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    from_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(6), default="todo")


@dataclass
class Outlook:
    """What a migration would do: how many tickets there are, how many could go over, and the others by reason."""

    total: int = 0
    able: int = 0
    stuck: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def held_up(self, number: str, found: Stuck) -> None:
        one = self.stuck.setdefault(
            (found.reason.code, found.node), {"reason": found.reason.to_json(), "node": found.node, "count": 0, "numbers": []}
        )
        one["count"] += 1
        one["numbers"] = [*one["numbers"], number][:EXAMPLES]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        return sorted(self.stuck.values(), key=lambda one: -int(one["count"]))


def look(actor: Actor, workflow_id: str, version: int, mapping: Mapping[str, str], *, back_of: str | None = None) -> Outlook:
    """A dry run: nothing is written."""
    found = Outlook()
    meant, asked = _which(actor.tenant_id, workflow_id, version, back_of)
    with driver_reading(actor.tenant_id) as connection:
        tickets = [{"id": ""}]
        while tickets:
            tickets = sql.whole(connection, meant + _SOME, {**asked, "after": tickets[-1]["id"], "most": BATCH})
            found.total += len(tickets)
            for ticket in tickets:
                found.able += _over(connection, actor.tenant_id, ticket, version, mapping, found) is not None
    return found


def begin(actor: Actor, workflow_id: str, version: int, mapping: Mapping[str, str], *, back_of: str | None = None) -> str:
    """Answers its id; `batch` then does the work. Raises Refused where the mapping itself is wrong, LookupError."""
    for old in _old_versions(actor.tenant_id, workflow_id, version, back_of):
        known = {uid: target for uid, target in mapping.items() if uid in old.node}
        wrong = next(migration.problems(old, _compiled(actor.tenant_id, workflow_id, version), known), None)
        if wrong:
            raise Refused(wrong.code, "/mapping", **wrong.params)
    with transaction(actor.tenant_id) as session:
        document = session.scalar(select(Document).where(Document.id == workflow_id, Document.kind == "workflow"))
        if document is None:
            raise LookupError(workflow_id)
        connection = driver_of(session)
        ids = list(_meant(connection, actor.tenant_id, workflow_id, version, back_of))
        row = Migration(
            id=new_id(), workflow_id=workflow_id, version=version, mapping=dict(mapping), total=len(ids), by=actor.name,
            back_of=back_of,
        )  # fmt: skip
        session.add(row)
        session.flush()
        _plan(connection, actor.tenant_id, row.id, ids)
        audit.record(session, actor, "migrated", "workflow", workflow_id, document.title, version=version, tickets=row.total)
        return row.id


def take_back(actor: Actor, migration_id: str) -> str:
    """The same tickets go back to the version from which they came. Raises Refused where they came from several."""
    with transaction(actor.tenant_id) as session:
        row = session.scalar(select(Migration).where(Migration.id == migration_id))
        if row is None:
            raise LookupError(migration_id)
        wanted = select(MigratedRow.from_version).where(MigratedRow.migration_id == migration_id).distinct()
        versions = list(session.scalars(wanted))
        workflow_id, mapping = row.workflow_id, {target: uid for uid, target in row.mapping.items()}
    if len(versions) != 1:
        raise Refused("migrate.several_versions", versions=", ".join(map(str, sorted(versions))))
    return begin(actor, workflow_id, versions[0], mapping, back_of=migration_id)


def batch(actor: Actor, migration_id: str) -> Migration:
    """The next tickets, in one transaction. Raises LookupError."""
    with transaction(actor.tenant_id) as session:
        row = session.scalar(select(Migration).where(Migration.id == migration_id).with_for_update())
        if row is None:
            raise LookupError(migration_id)
        connection = driver_of(session)
        where = {"tenant": actor.tenant_id, "migration": row.id}
        tickets = sql.hold_whole(connection, _NEXT, {**where, "after": row.cursor, "most": BATCH})
        outlook = Outlook(stuck={(one["reason"]["code"], one["node"]): one for one in row.reasons})
        version, mapping, now = row.version, row.mapping, moment()
        looked_at = [(ticket, _over(connection, actor.tenant_id, ticket, version, mapping, outlook)) for ticket in tickets]
        for ticket, case in connection.apart(looked_at):
            connection.write(_LOOKED_AT, {**where, "ticket": ticket["id"], "state": "moved" if case else "stuck"})
            if case:
                _write(connection, actor, ticket, case, now)
        moved = sum(case is not None for _, case in looked_at)
        row.moved, row.stuck = row.moved + moved, row.stuck + len(tickets) - moved
        row.reasons, row.cursor = outlook.reasons, tickets[-1]["id"] if tickets else row.cursor
        row.state = "running" if len(tickets) == BATCH else "done"
        session.flush()
        session.expunge(row)
        return row


def _over(
    connection: Driver, tenant: str, ticket: Mapping[str, Any], version: int, mapping: Mapping[str, str], outlook: Outlook
) -> Case | None:
    """Its case as it will be; None where it cannot go over, or need not."""
    if ticket["state"] == "done" or ticket["version"] == version:
        return None
    try:
        return _gone_over(connection, tenant, ticket, version, mapping)
    except Stuck as stuck:
        outlook.held_up(ticket["number"], stuck)
        return None


def _gone_over(connection: Driver, tenant: str, ticket: Mapping[str, Any], version: int, mapping: Mapping[str, str]) -> Case:
    old = _compiled(tenant, ticket["workflow_id"], ticket["version"])
    new = _compiled(tenant, ticket["workflow_id"], version)
    case = sql.case_of(connection, tenant, ticket, old.key)
    case.everywhere()
    return migration.migrated(old, new, case, mapping)


def _write(connection: Driver, actor: Actor, ticket: Mapping[str, Any], case: Case, now: str) -> None:
    tenant, new = actor.tenant_id, _compiled(actor.tenant_id, ticket["workflow_id"], case.version)
    of = {"tenant": tenant, "ticket": ticket["id"]}
    for token in case.tokens.values():
        values = {**of, "number": token.id, "node": token.node}
        connection.write(_PLACE, {**values, "via": token.via, "memo": sql.dump(token.memo)})
        if token.signal == OPEN:
            connection.write(_SET_TASK, {**values, "title": sql.dump(new.node[token.node].title)})
    named = saving.named(new, case.data, ticket["number"], ticket["initiator_name"])
    search.keep(connection, tenant, "ticket", ticket["id"], ticket["words"], named["words"])
    told = {"version": case.version, "memo": sql.dump(case.memo), "handlers": sql.dump(case.handlers), "now": now}
    told |= {"title": sql.dump(named["title"]), "words": named["words"]}
    connection.write(_SET_TICKET, {"tenant": tenant, "id": ticket["id"], **told})
    said = {"from": ticket["version"], "version": case.version}
    who = {"who": actor.principal, "who_name": actor.name}
    sql.history(connection, tenant, ticket["id"], ticket["steps"] + 1, now, verb="migrated", said=said, **who)


def _meant(connection: Driver, tenant: str, workflow_id: str, version: int, back_of: str | None) -> list[str]:
    """The tickets that a migration concerns."""
    return sorted(row[0] for row in connection.execute(*_which(tenant, workflow_id, version, back_of)))


def _which(tenant: str, workflow_id: str, version: int, back_of: str | None) -> tuple[str, dict[str, Any]]:
    asked = {"of": back_of} if back_of else {"workflow": workflow_id}
    return _BACK if back_of else _RUNNING, {"tenant": tenant, "to": version, **asked}


def _plan(connection: Driver, tenant: str, migration_id: str, ids: list[str]) -> None:
    for first in range(0, len(ids), PLANNED_AT_ONCE):
        chunk = {f"i{index}": one for index, one in enumerate(ids[first : first + PLANNED_AT_ONCE])}
        names = ", ".join(f":{name}" for name in chunk)
        connection.execute(_PLAN.format(names), {"tenant": tenant, "migration": migration_id, **chunk})


def running(session: Session) -> dict[tuple[str, int], int]:
    """How many running tickets stand on each version of each workflow."""
    wanted = select(Ticket.workflow_id, Ticket.version, func.count()).where(Ticket.state.in_(("running", "failed")))
    rows = session.execute(wanted.group_by(Ticket.workflow_id, Ticket.version))
    return {(workflow_id, int(version)): int(count) for workflow_id, version, count in rows}


documents.RUNNING.append(running)


def versions_in_use(session: Session, workflow_id: str) -> dict[int, int]:
    """How many running tickets stand on each version."""
    return {version: count for (one, version), count in running(session).items() if one == workflow_id}


def steps_to_map(tenant: str, workflow_id: str, version: int, in_use: Iterable[int]) -> Iterator[tuple[Definition, list[str]]]:
    """For each older version in use: its definition, and the steps that the new version does not have."""
    new = _compiled(tenant, workflow_id, version)
    for number in sorted(set(in_use) - {version}):
        old = _compiled(tenant, workflow_id, number)
        yield old, migration.removed(old, new)


def _old_versions(tenant: str, workflow_id: str, version: int, back_of: str | None) -> list[Definition]:
    if back_of:
        return []
    return [old for old, _ in steps_to_map(tenant, workflow_id, version, versions_in_use(db.session(), workflow_id))]


def _compiled(tenant: str, workflow_id: str, version: int) -> Definition:
    return definitions.compiled(tenant, workflow_id, version)
