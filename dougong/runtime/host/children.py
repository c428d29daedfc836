"""Tickets that tickets begin. Each is begun, told of to its parent, and ended where that waits no more, by an effect: never two
tickets in one transaction.
"""

from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform.documents import Version
from dougong.platform.engines import Driver
from dougong.platform.store import driver_of, moment, new_id
from dougong.platform.tenancy import Tenant
from dougong.runtime import interpreter
from dougong.runtime.definition import Definition
from dougong.runtime.kept import kept
from dougong.runtime.nodes.call import BEGUN
from dougong.runtime.reason import Reason
from dougong.runtime.staffing import of_a_step
from dougong.runtime.values import missing

from . import definitions, filing, held, kinship, sql, waking
from .outbox import Errand
from .tables import Ticket, TokenRow
from .verbs import Actor, Refused


def begin(session: Session, row: Errand) -> None:
    """For the worker. The one that begins it waits for its end (`awaited`), or only to hear that it has begun; if it cannot,
    that is an incident of the one that begins it."""
    token, awaited = row.args["token"], row.args.get("awaited", True)
    if not _still_there(session, row.ticket_id, token):
        return
    reason = _begin(session, row, f"call:{row.ticket_id}:{token}" if awaited else None)
    if reason is not None:
        actor = waking.clock(session, row.tenant_id)
        held.signal(driver_of(session), actor, row.ticket_id, token, "refused", {"reason": reason.to_json()})
    elif not awaited:
        sql.enqueue(driver_of(session), row.tenant_id, new_id(), row.ticket_id, "begun", {"token": token}, moment())


def begun(session: Session, row: Errand) -> None:
    """For the worker: the one that does not wait for its end goes on."""
    actor = waking.clock(session, row.tenant_id)
    held.signal(driver_of(session), actor, row.ticket_id, row.args["token"], BEGUN, {})


def _begin(session: Session, row: Errand, subject: str | None) -> Reason | None:
    parent = session.scalars(select(Ticket).where(Ticket.id == row.ticket_id)).one()
    zone = session.scalar(select(Tenant.zone).where(Tenant.id == row.tenant_id)) or "UTC"
    document = definitions.workflow(row.args["workflow"])
    if document is None:
        return Reason("child.no_workflow", {"workflow": row.args["workflow"]})
    actor = Actor(row.tenant_id, zone, parent.initiator, parent.initiator_name, frozenset(), parent.unit_id)
    version = _locked(session, parent, row.args)
    definition = definitions.compiled(row.tenant_id, document.id, version or document.active or 0)
    values, wrong = _fitting(definition, row.args["values"])
    if wrong is not None:
        return wrong

    def born(connection: Driver, ticket_id: str, at: str) -> None:
        token, awaited = row.args["token"], subject is not None
        kinship.born(connection, row.tenant_id, ticket_id, row.ticket_id, token, awaited=awaited)

    done = filing.begin(
        driver_of(session), actor, document, {}, subject,
        forced=values, version=version, memo={"depth": row.args["depth"]}, also=born,
    )  # fmt: skip
    if isinstance(done, Refused):
        if of_step := of_a_step(done.errors):
            return of_step
        field, why = next(iter(done.errors.items()))
        return Reason("child.refused", {"field": field, "why": why.to_json()})
    return None


def _fitting(definition: Definition, given: dict[str, Any]) -> tuple[dict[str, Any], Reason | None]:
    """The values as the fields of its form keep them. What points at something (a record, a person) is taken as it is."""
    form, found = definition.form_of(definition.start), dict[str, Any]()
    for key, value in given.items():
        field = form.fields.get(key) if form else None
        if field is None:
            return {}, Reason("child.refused", {"field": key, "why": {"code": "hook.unknown_field", "params": {}}})
        if isinstance(value, (dict, list)) or missing(value):
            found[key] = value
            continue
        try:
            found[key] = kept(field, value)
        except (ValidationError, ValueError, TypeError):
            return {}, Reason("case.value_does_not_fit", {"field": key, "found": str(value)[:40]})
    return found, None


def _locked(session: Session, parent: Ticket, args: dict[str, Any]) -> int | None:
    """The version that was locked with the parent's; None: that in force. A workflow that calls itself has locked none."""
    if not args["locked"] or args["workflow"] == parent.workflow_key:
        return None
    wanted = select(Version.lock).where(Version.document_id == parent.workflow_id, Version.number == parent.version)
    lock = session.scalar(wanted) or {}
    return lock.get(f"workflow/{args['workflow']}")


def tell(session: Session, row: Errand) -> None:
    """For the worker: bring what came of it to the ticket that waits, if it still does."""
    data = session.scalar(select(Ticket.data).where(Ticket.id == row.args["child"]))
    values = {"result": row.args["result"], "data": data or {}}
    actor = waking.clock(session, row.tenant_id)
    held.signal(driver_of(session), actor, row.ticket_id, row.args["token"], "returned", values)


def end(session: Session, row: Errand) -> None:
    """For the worker: nobody waits for this ticket any more, so it ends."""
    ticket = held.taken(driver_of(session), waking.clock(session, row.tenant_id), row.ticket_id)
    if ticket.case.status != "done":
        ticket.keep(interpreter.cancel(ticket.definition, ticket.case, "cancelled", ticket.world()), "parent_left")


def _still_there(session: Session, ticket_id: str, token: int) -> bool:
    wanted = select(TokenRow.state).where(TokenRow.ticket_id == ticket_id, TokenRow.number == token)
    return session.scalar(wanted) == "waiting"
