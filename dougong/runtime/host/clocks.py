"""The clock of a ticket (SLA): it runs against a target, stands still while only the customer can act, ends with the ticket.

What is kept is exact: while it runs, the moment at which it is over; while it stands still, the time that was left then, in
working time where the target is one. Neither is reckoned twice, and a calendar that changes meanwhile changes nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dougong.platform.engines import Driver
from dougong.platform.store import loads, moment, new_id
from dougong.runtime.calendar import Calendar, CalendarFault, standard
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition, Node
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._time import by_the_clock

from . import definitions, sql

MOST_PAUSES: Final = 500  # are told one by one; the clock is exact beyond them too
_MS: Final = timedelta(milliseconds=1)

_ROW = """
SELECT state, due_at, time_left, since, calendar, version, zone, pauses FROM clock
WHERE tenant_id = :tenant AND ticket_id = :ticket
"""
_INSERT = """
INSERT INTO clock (tenant_id, ticket_id, state, due_at, time_left, since, calendar, version, zone, pauses, told_at)
VALUES (:tenant, :ticket, 'running', :due, NULL, :now, :calendar, :version, :zone, '[]', NULL)
"""
_UPDATE = """
UPDATE clock SET state = :state, due_at = :due, time_left = :left, since = :now, pauses = :pauses
WHERE tenant_id = :tenant AND ticket_id = :ticket
"""
_WAITING = "SELECT node FROM token WHERE tenant_id = :tenant AND ticket_id = :ticket"
_SUSPENDED = "SELECT suspended FROM ticket WHERE tenant_id = :tenant AND id = :ticket"


def follow(connection: Driver, actor: Any, ticket_id: str, definition: Definition, case: Case, now: str) -> None:
    """After a step: begin, stand still, go on or end. Only tickets of a workflow with a target have a clock."""
    wanted = definition.doc.get("clock")
    if not wanted:
        return
    row = connection.execute(_ROW, {"tenant": actor.tenant_id, "ticket": ticket_id}).fetchone()
    try:
        if row is None:
            _begin(connection, actor, ticket_id, definition, wanted["within"], now)
            row = connection.execute(_ROW, {"tenant": actor.tenant_id, "ticket": ticket_id}).fetchone()
        state = _state(connection, actor.tenant_id, ticket_id, definition, case)
        if row[0] != state:
            _change(connection, actor.tenant_id, ticket_id, definition, row, state, now)
    except CalendarFault:
        return  # a target that cannot be reckoned with is told by the checks; no step fails because of it


def _begin(connection: Driver, actor: Any, ticket_id: str, definition: Definition, within: Mapping[str, Any], now: str) -> None:
    key, version = _pinned(connection, actor.tenant_id, definition, within)
    start = datetime.fromisoformat(now)
    calendar = _calendar(actor.tenant_id, key, version, actor.zone)
    due = (
        calendar.later(start, within["amount"], within["unit"])
        if calendar
        else by_the_clock(start.astimezone(ZoneInfo(actor.zone)), within["amount"], within["unit"])
    )
    values = {"tenant": actor.tenant_id, "ticket": ticket_id, "due": moment(due), "now": now}
    connection.execute(_INSERT, {**values, "calendar": key, "version": version, "zone": actor.zone})
    _wake(connection, actor.tenant_id, ticket_id, definition, moment(due), now)


def _change(connection: Driver, tenant: str, ticket_id: str, definition: Definition, row: Any, state: str, now: str) -> None:
    was, due, left, since, key, version, zone, pauses = row
    calendar, at = _calendar(tenant, key, version, zone), datetime.fromisoformat(now)
    told = loads(pauses)
    if was == "running":
        found = calendar.between(at, datetime.fromisoformat(due)) if calendar else datetime.fromisoformat(due) - at
        left, due = round(found / _MS), None
    elif was == "paused" and len(told) < MOST_PAUSES:
        told.append([since, now])
    if state == "running":
        due = moment(calendar.add(at, left * _MS) if calendar else at + left * _MS)
        left = None
        _wake(connection, tenant, ticket_id, definition, due, now)
    values = {"tenant": tenant, "ticket": ticket_id, "state": state, "due": due, "left": left, "now": now}
    connection.execute(_UPDATE, {**values, "pauses": sql.dump(told)})


def _wake(connection: Driver, tenant: str, ticket_id: str, definition: Definition, due: str, now: str) -> None:
    told = [f"role:{role}" for role in definition.doc["clock"].get("tell", ())]
    sql.enqueue(connection, tenant, new_id(), ticket_id, "clock", {"over": due, "principals": told}, now, due=due)


def _state(connection: Driver, tenant: str, ticket_id: str, definition: Definition, case: Case) -> str:
    """It stands still while the ticket is suspended, and where every step at which something is to happen says so. Once the
    ticket has ended, its revocation takes no time of it."""
    if case.status == "done" or "revoking" in case.memo:
        return "stopped"
    asked = {"tenant": tenant, "ticket": ticket_id}
    if connection.execute(_SUSPENDED, asked).fetchone()[0]:
        return "paused"
    if case.failed:
        return "running"
    rows = connection.execute(_WAITING, asked).fetchall()
    return "paused" if _only_pausing(definition.node[uid] for (uid,) in rows if uid in definition.node) else "running"


def _only_pausing(nodes: Iterable[Node]) -> bool:
    """Of the steps that something happens at; a join that waits for its other ways does nothing."""
    busy = [node for node in nodes if NODE_TYPES[node.type].family != "routing"]
    return bool(busy) and all(pauses(node) for node in busy)


def pauses(node: Node) -> bool:
    return bool(node.config.get("pauses")) or asks_customer(node)


def asks_customer(node: Node) -> bool:
    who = node.config.get("who")
    return isinstance(who, Mapping) and who.get("by") == "customer"


def _pinned(
    connection: Driver, tenant: str, definition: Definition, within: Mapping[str, Any]
) -> tuple[str | None, int | None]:
    """By which calendar, in which version; (None, None): by the clock; ("", None): by the standard week."""
    if within.get("time") != "working":
        return None, None
    if "calendar" in within:
        return within["calendar"], definition.calendars[within["calendar"]].version
    return definitions.own_calendar_key(connection, tenant) or ("", None)


def _calendar(tenant: str, key: str | None, version: int | None, zone: str) -> Calendar | None:
    if key is None:
        return None
    return definitions.calendar(tenant, key, version) if version else standard(zone)
