"""Who stands in for whom (待办委托), and the handing over of all that somebody still has to do (交接)."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from dougong.platform import audit
from dougong.platform.engines import Driver
from dougong.platform.messages import t
from dougong.platform.organisation import Refused, reason
from dougong.platform.people import Member
from dougong.platform.store import driver_transaction, loads, moment, new_id, transaction
from dougong.runtime import interpreter
from dougong.runtime.case import Token
from dougong.runtime.nodes._apart import may_do
from dougong.runtime.nodes._seat_acts import signing
from dougong.runtime.nodes._type import At
from dougong.runtime.nodes._verbs import MERGE, OPEN
from dougong.runtime.reason import Reason
from dougong.runtime.reason import Refused as NotAllowed
from dougong.runtime.texts import LANGUAGES

from . import definitions, notices, sql
from .held import Held, held
from .tables import Absence, Candidate, Task, Ticket
from .verbs import Actor

MOST = 50  # absences of one member that are still to come
_SET_MEMO = "UPDATE token SET memo = :memo WHERE tenant_id = :tenant AND ticket_id = :ticket AND number = :number"
_ASSIGN = """
UPDATE task SET assignee_id = :to, revision = revision + 1
WHERE tenant_id = :tenant AND id = :task AND state = 'open' AND assignee_id = :leaver
"""
_DROP = "DELETE FROM candidate WHERE tenant_id = :tenant AND task_id = :task AND principal = :leaver"
_FOR_WHOM = """
SELECT absence.member_id, absence.workflows FROM candidate
JOIN absence ON absence.tenant_id = candidate.tenant_id AND 'person:' || absence.member_id = candidate.principal
WHERE candidate.tenant_id = :tenant AND candidate.task_id = :task AND absence.deputy_id = :me
AND absence.since <= :now AND absence.until > :now ORDER BY absence.id
"""
_ADD = "INSERT INTO candidate (tenant_id, task_id, principal) VALUES (:tenant, :task, :to) ON CONFLICT DO NOTHING"


def absences(member_id: str | None) -> Select[Absence]:
    """Those that last or are to come, the next first: of a member (his own, and those in which he stands in), or of all."""
    wanted = select(Absence).where(Absence.until > moment()).order_by(Absence.since, Absence.id)
    if member_id is not None:
        wanted = wanted.where(or_(Absence.member_id == member_id, Absence.deputy_id == member_id))
    return wanted


def for_whom(session: Session, member_id: str | None, tasks: Iterable[Task]) -> dict[str, str]:
    """Of these tasks those that he has because he stands in for somebody: by id the name of who is away."""
    shared = [one.id for one in tasks if one.assignee_id is None]
    if not shared or not member_id:
        return {}
    now = moment()
    lasts = select(Member.id, Member.name, Absence.workflows).join(Absence, Absence.member_id == Member.id)
    away = session.execute(lasts.where(Absence.deputy_id == member_id, Absence.since <= now, Absence.until > now)).all()
    names = {f"person:{one}": name for one, name, _ in away}
    if not names:
        return {}
    where = {(f"person:{one}", key) for one, _, keys in away for key in keys or ("",)}
    mine = (Candidate.tenant_id == Task.tenant_id) & (Candidate.task_id == Task.id)
    ticket = (Ticket.tenant_id == Task.tenant_id) & (Ticket.id == Task.ticket_id)
    theirs = select(Task.id, Candidate.principal, Ticket.workflow_key).join(Candidate, mine).join(Ticket, ticket)
    found = session.execute(theirs.where(Task.id.in_(shared), Candidate.principal.in_(names)))
    return {task_id: names[one] for task_id, one, key in found if (one, "") in where or (one, key) in where}


def stands_in_for(connection: Driver, actor: Actor, task_id: str, workflow: str) -> str | None:
    """For whom he does a task that is addressed to others, too: the id of one who is away."""
    asked = {"tenant": actor.tenant_id, "task": task_id, "me": actor.member_id, "now": moment()}
    away = connection.execute(_FOR_WHOM, asked).fetchall()
    return next((member_id for member_id, keys in away if not loads(keys) or workflow in loads(keys)), None)


def stand_in(
    actor: Actor, member_id: str, deputy_id: str, since: datetime, until: datetime, note: str, workflows: Sequence[str] = ()
) -> str:
    """From `since` until `until` the deputy may do what is addressed to the member from then on; in some workflows, by key, or
    in all. Answers its id. Raises Refused."""
    errors = {}
    if deputy_id == member_id:
        errors["deputy"] = reason("verb.not_to_yourself")
    if until <= since or until <= datetime.now(UTC):
        errors["until"] = reason("absence.ends_before")
    if not {one.key for one in definitions.workflows()}.issuperset(workflows):
        errors["workflows"] = reason("absence.no_such_workflow")
    with transaction(actor.tenant_id) as session:
        for name, one in (("member", member_id), ("deputy", deputy_id)):
            if session.scalar(select(Member.id).where(Member.id == one, Member.active)) is None:
                errors.setdefault(name, reason("verb.no_such_person"))
        if len(session.scalars(absences(member_id).where(Absence.member_id == member_id)).all()) >= MOST:
            errors["since"] = reason("absence.too_many", limit=MOST)
        if errors:
            raise Refused(**errors)
        made = Absence(
            id=new_id(), member_id=member_id, deputy_id=deputy_id, since=moment(since), until=moment(until), note=note[:200],
            by=actor.principal, workflows=list(dict.fromkeys(workflows)),
        )  # fmt: skip
        session.add(made)
        session.flush()
        told = {"deputy": deputy_id, "since": made.since, "until": made.until, "workflows": made.workflows}
        audit.record(session, actor, "absent", "member", member_id, _name(session, member_id), **told)
        return made.id


def when(text: str, zone: str) -> datetime:
    """A moment (ISO 8601), by that clock where it says no other. Raises ValueError."""
    found = datetime.fromisoformat(text.strip()[:40])
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def end(actor: Actor, absence_id: str, *, of_anybody: bool) -> None:
    """It is over now. Raises LookupError where it is not one's own."""
    with transaction(actor.tenant_id) as session:
        found = session.scalar(select(Absence).where(Absence.id == absence_id))
        if found is None or not (of_anybody or found.member_id == actor.member_id):
            raise LookupError(absence_id)
        found.until = min(found.until, moment())
        name = _name(session, found.member_id)
        audit.record(session, actor, "present", "member", found.member_id, name, deputy=found.deputy_id)


class Handed(NamedTuple):
    """How many tasks went over; of which tickets (by number) one could not, and why."""

    tasks: int
    left: list[tuple[str, Reason]]


def hand_over(actor: Actor, leaver_id: str, to_id: str, why: str) -> Handed:
    """交接: every open task that is addressed to the one is addressed to the other. Who signs an approval already is counted
    once there, and what he may not do (four eyes) stays where it is. Within `store.in_one` it is one transaction: tickets are
    held in the order of their ids. Raises Refused."""
    with transaction(actor.tenant_id) as session:
        if leaver_id == to_id:
            raise Refused(to=reason("absence.to_the_same"))
        if session.scalar(select(Member.id).where(Member.id == leaver_id)) is None:
            raise Refused(leaver=reason("verb.no_such_person"))
        if session.scalar(select(Member.id).where(Member.id == to_id, Member.active)) is None:
            raise Refused(to=reason("verb.no_such_person"))
        mine = select(Candidate.task_id).where(Candidate.principal == f"person:{leaver_id}")
        wanted = select(Task.id, Task.ticket_id, Task.token).where(
            Task.state == "open", or_(Task.assignee_id == leaver_id, Task.id.in_(mine))
        )
        found = session.execute(wanted.order_by(Task.ticket_id, Task.id)).all()
        told = {"to": to_id, "count": len(found), "why": why[:200]}
        leaver = _name(session, leaver_id)
        audit.record(session, actor, "handed_over", "member", leaver_id, leaver, **told)
    left = {task.id: one for task in found if (one := _one(actor, *task, leaver_id, to_id, why)) is not None}
    gone = [task.ticket_id for task in found if task.id not in left]
    if gone and actor.member_id != to_id:
        _told_of(actor, leaver, to_id, gone)
    return Handed(len(gone), list(left.values()))


def _told_of(actor: Actor, leaver: str, to: str, tickets: Sequence[str]) -> None:
    """Who has them now is told once, however many there are."""
    words = {"who": actor.name, "leaver": leaver, "n": len(tickets)}
    text = {tag: t("handed.text", tag, **words) for tag in LANGUAGES}
    args = {"principals": [f"person:{to}"], "text": text, "leads": "inbox" if len(tickets) > 1 else ""}
    with driver_transaction(actor.tenant_id) as driver:
        sql.enqueue(driver, actor.tenant_id, new_id(), tickets[0], "notify", args, moment())


def _name(session: Session, member_id: str) -> str:
    return session.scalar(select(Member.name).where(Member.id == member_id)) or ""


def _one(actor: Actor, task_id: str, ticket_id: str, number: int, leaver: str, to: str, why: str) -> tuple[str, Reason] | None:
    """Why it could not go over, with the number of its ticket."""
    with held(actor, ticket_id) as ticket:
        token = ticket.case.token(number)
        if token is None or token.signal != OPEN:
            return None  # done meanwhile
        at = At(ticket.definition, ticket.definition.node[token.node], ticket.case, token, ticket.world())
        try:
            may_do(at, f"person:{to}")
            if at.node.type != "approval" or token.memo.get("person") != leaver or not _merged(ticket, at, to, why):
                _readdressed(ticket, token, task_id, leaver, to, why)
        except NotAllowed as refused:
            return ticket.row["number"], refused.reason
    return None


def _merged(ticket: Held, at: At, to: str, why: str) -> bool:
    """He signs there already."""
    if at.token.memo.get("lent_by") or to not in signing(at):
        return False
    if ticket.row["suspended"]:
        raise NotAllowed("ticket.suspended")
    step = interpreter.resume(ticket.definition, ticket.case, at.token.id, MERGE, {"to": to}, ticket.world())
    ticket.keep(step, "transfer", at.node.uid, to=to, opinion=why, merged=True)
    return True


def _readdressed(ticket: Held, token: Token, task_id: str, leaver: str, to: str, why: str) -> None:
    tenant, drive = ticket.actor.tenant_id, ticket.connection
    where = {"tenant": tenant, "task": task_id}
    had = drive.execute(_ASSIGN, {**where, "leaver": leaver, "to": to}).rowcount
    if drive.execute(_DROP, {**where, "leaver": f"person:{leaver}"}).rowcount:
        drive.execute(_ADD, {**where, "to": f"person:{to}"})
    his = {"person": to, "given": True} if token.memo.get("person") == leaver else {}  # who signs an approval
    if f"person:{leaver}" in token.memo.get("principals", ()):  # out of whom one claims it
        his["principals"] = [f"person:{to}" if one == f"person:{leaver}" else one for one in token.memo["principals"]]
    if his:
        memo = json.dumps({**token.memo, **his})
        drive.execute(_SET_MEMO, {"tenant": tenant, "ticket": ticket.id, "number": token.id, "memo": memo})
    sql.involve(drive, tenant, ticket.id, f"person:{to}", "candidate", moment())
    if had and ticket.actor.member_id != leaver:
        title = ticket.definition.node[token.node].title
        notices.lost_by(drive, ticket.actor, ticket.id, ticket.row["number"], f"person:{leaver}", title, "transfer", moment())
    ticket.note("transfer", to=to, opinion=why)
