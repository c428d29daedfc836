"""A ticket that stops (an incident) is told to whoever may mend it and sees it: one notice for all that stop alike, counted
until it has been read or an hour has passed. The notice leads to those tickets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform.access import RIGHTS, Who
from dougong.platform.engines import Driver
from dougong.platform.messages import pick, say, t
from dougong.platform.people import Member, MemberRole, standing
from dougong.platform.store import driver_of, moment, new_id
from dougong.runtime.reason import Reason
from dougong.runtime.step import Step
from dougong.runtime.texts import LANGUAGES

from . import definitions, incidents, notices, reading, sql
from .incidents import Incident
from .outbox import Errand
from .tables import Ticket

PATIENCE: Final = timedelta(hours=1)
MENDERS: Final = RIGHTS["tickets.repair"]
WAITED_FOR: Final = frozenset(  # effects without which a ticket does not go on
    {"timer", "message", "granted", "child", "end_child", "begun", "returned", "call", "write_record", "give_back"}
)

_NOTICE = """
INSERT INTO notice (tenant_id, id, member_id, ticket_id, effect_id, text, leads, count, at)
VALUES (:tenant, :id, :member, :ticket, :of, :text, :leads, 1, :now)
ON CONFLICT (tenant_id, effect_id, member_id) DO UPDATE SET count = notice.count + 1
WHERE notice.read_at IS NULL AND notice.at > :old RETURNING count
"""
_ANEW = """
UPDATE notice SET id = :id, ticket_id = :ticket, text = :text, count = 1, at = :now, read_at = NULL
WHERE tenant_id = :tenant AND effect_id = :of AND member_id = :member
"""


def enqueue(driver: Driver, tenant: str, ticket_id: str, step: Step, at: str) -> None:
    """That a step has stopped a ticket; not where it had stopped so before, and was tried again."""
    found = dict(_stopped(step))
    for incident, reason in found.items():
        args = {"node": incident.node, "reason": reason.to_json()}
        sql.enqueue(driver, tenant, new_id(), ticket_id, "stopped", args, at)


def _stopped(step: Step) -> Iterator[tuple[Incident, Reason]]:
    for token in (*step.born.values(), *step.changed.values()):
        if token.state == "failed" and token.reason is not None:
            incident, before = Incident(token.node, token.reason.code), step.prior.get(token.id)
            if before is None or not incident.concerns(before):
                yield incident, token.reason


def tell(session: Session, row: Errand) -> None:
    """For the worker. Nobody, where it has been mended meanwhile."""
    reason = Reason.from_json(row.args["reason"])
    incident = Incident(row.args["node"], reason.code)
    ticket = session.scalar(select(Ticket).where(Ticket.id == row.ticket_id, incidents.hangs_with(incident)))
    if ticket is None:
        return
    row.args = {"text": _words(ticket, incident, reason), "leads": _leads(ticket, incident)}
    _tell(session, row, f"{ticket.workflow_key}:{incident.address}")


def given_up(session: Session, row: Errand) -> None:
    """What a ticket waits for was tried in vain, again and again: the ticket stands still, and nothing on its page says so."""
    if row.kind in WAITED_FOR:
        text = {tag: t("stopped.given_up", tag, what=t(f"effect.{row.kind}", tag)) for tag in LANGUAGES}
        row.args = {"text": text, "leads": "settings/effects?state=dead"}
        _tell(session, row, f"effect:{row.kind}")


def _tell(session: Session, row: Errand, alike: str) -> None:
    """All who may mend it and see the ticket. `alike`: what is one notice for each of them."""
    driver, of = driver_of(session), str(uuid5(NAMESPACE_OID, alike))
    members = [member.id for member in _menders(session) if _sees(session, member, row)]
    notices.send_on(driver, row, [one for one in members if _is_news(driver, row, one, of)])


def _is_news(driver: Driver, row: Errand, member_id: str, alike: str) -> bool:
    """Has he a notice of such tickets that is still new? Then it counts this one, too."""
    now = datetime.now(UTC)
    told = {
        "tenant": row.tenant_id, "id": new_id(), "member": member_id, "ticket": row.ticket_id, "of": alike, "now": moment(now),
        "text": sql.dump(row.args["text"]), "leads": row.args["leads"], "old": moment(now - PATIENCE),
    }  # fmt: skip
    counted = driver.execute(_NOTICE, told).fetchone()
    if counted is None:
        driver.execute(_ANEW, told)
    return counted is None or counted[0] == 1


def _menders(session: Session) -> list[Member]:
    holds = (MemberRole.tenant_id == Member.tenant_id) & (MemberRole.member_id == Member.id)
    wanted = select(Member).join(MemberRole, holds).where(Member.active, MemberRole.role.in_(MENDERS)).distinct()
    return list(session.scalars(wanted.order_by(Member.id)))


def _sees(session: Session, member: Member, row: Errand) -> bool:
    roles = frozenset(session.scalars(select(MemberRole.role).where(MemberRole.member_id == member.id)))
    at = standing(driver_of(session), row.tenant_id, member.id)
    who = Who(member.account_id, member.id, member.name, row.tenant_id, roles=roles, known=at)
    seen = select(Ticket.id).where(Ticket.id == row.ticket_id, reading.visible(who, row.ticket_id))
    return session.scalar(seen) is not None


def _words(ticket: Ticket, incident: Incident, reason: Reason) -> dict[str, str]:
    definition = definitions.compiled(ticket.tenant_id, ticket.workflow_id, ticket.version)
    node, why = definition.node.get(incident.node), definition.called(reason)
    return {
        tag: t(
            "stopped.text", tag, workflow=pick(definition.title, tag), step=pick(node.title, tag) if node else incident.node,
            why=say(why, tag),
        )
        for tag in LANGUAGES
    }  # fmt: skip


def _leads(ticket: Ticket, incident: Incident) -> str:
    return "tickets?" + urlencode({"workflow": ticket.workflow_key, "state": "failed", "incident": incident.address})
