"""Notices beyond the page: one message for each who has chosen mail, one for a bot with the names of all who have chosen it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform import channels, links
from dougong.platform.accounts import Account
from dougong.platform.channels import Channel
from dougong.platform.engines import Driver
from dougong.platform.languages import DEFAULT
from dougong.platform.messages import pick, t
from dougong.platform.people import Member
from dougong.platform.store import loads, moment, new_id
from dougong.platform.tenancy import Tenant
from dougong.runtime.nodes._verbs import OPEN
from dougong.runtime.step import Step
from dougong.runtime.texts import LANGUAGES

from . import sql
from .outbox import Errand
from .verbs import Actor

_WHERE_TO = """
SELECT preference.channel_id, channel.kind FROM preference
JOIN channel ON channel.tenant_id = preference.tenant_id AND channel.id = preference.channel_id
WHERE preference.tenant_id = :tenant AND preference.member_id = :member
"""
_HAD = """
SELECT token, node, assignee_id, title FROM task
WHERE tenant_id = :tenant AND ticket_id = :ticket AND state = 'open' AND assignee_id IS NOT NULL ORDER BY id
"""
VOTES: Final = ("approve", "reject")


def send_on(driver: Driver, row: Errand, members: Sequence[str]) -> None:
    """Enqueue what these members want elsewhere too, with the notices in the page or not at all."""
    bots: dict[str, list[str]] = {}
    for member_id in members:
        for channel_id, kind in driver.once(_WHERE_TO, {"tenant": row.tenant_id, "member": member_id}):
            if kind == "bot":
                bots.setdefault(channel_id, []).append(member_id)
            else:
                _enqueue(driver, row, channel_id, [member_id])
    for channel_id, named in bots.items():
        _enqueue(driver, row, channel_id, named)


def of_tasks(driver: Driver, tenant: str, by: str, ticket_id: str, step: Step, at: str) -> None:
    """Enqueue that a step has opened tasks; `by`: who did it. Whom that concerns the worker finds out (`effects.todo`)."""
    for token in (token for token, effect in step.effects if effect.kind == "open_task"):
        sql.enqueue(driver, tenant, new_id(), ticket_id, "todo", {"token": token.id, "by": by}, at)


def of_lost(driver: Driver, who: Actor, ticket_id: str, row: Mapping[str, Any], step: Step, verb: str, at: str) -> None:
    """Whoever had a task to himself that this step is about to take away is told. Not who did the step, nor who has a task by
    it. `row`: the ticket, with the token of the task that is done with it."""
    lost = _lost(step, row.get("token"), verb)
    if not lost:
        return
    busy = {
        who.principal,
        *(one for _, effect in step.effects if effect.kind == "open_task" for one in effect.args["principals"]),
    }
    had = driver.execute(_HAD, {"tenant": who.tenant_id, "ticket": ticket_id}).fetchall()
    theirs = {(f"person:{member}", node): title for token, node, member, title in had if token in lost}
    for (person, _), title in theirs.items():
        if person not in busy:
            lost_by(driver, who, ticket_id, row["number"], person, loads(title), verb, at)


def lost_by(
    driver: Driver, who: Actor, ticket_id: str, number: str, person: str, title: Mapping[str, str], verb: str, at: str
) -> None:
    words = {"number": number, "who": who.name, "task": title}
    text = {tag: t("lost.text", tag, **words, what=t(f"timeline.{verb}", tag)) for tag in LANGUAGES}
    sql.enqueue(driver, who.tenant_id, new_id(), ticket_id, "notify", {"principals": [person], "text": text}, at)


def _lost(step: Step, own: int | None, verb: str) -> set[int]:
    """The tokens whose task goes before it was done; but not where a vote has decided for all."""
    gone = {number for number in step.gone if number != own and step.prior[number].signal == OPEN}
    if gone and own in step.prior and verb in VOTES:
        gone = {number for number in gone if step.prior[number].node != step.prior[own].node}
    return gone | {token.id for token, effect in step.effects if effect.kind == "open_task" and effect.args.get("again")}


def send(session: Session, row: Errand) -> Callable[[], None] | None:
    """For the worker: the call that sends one of them; none where channel or reader is gone. Raises NotYet."""
    channel = session.scalar(select(Channel).where(Channel.id == row.args["channel"]))
    told = select(Member).where(Member.active, Member.id.in_(row.args["to"]))
    readers = session.scalars(told.order_by(Member.name, Member.id)).all()
    tenant = session.get(Tenant, row.tenant_id)
    if channel is None or tenant is None or not readers:
        return None
    text = pick(row.args["text"], _language(session, readers[0]) if channel.kind == "mail" else DEFAULT)
    if leads := row.args.get("leads"):
        link = links.address("inbox.home", tenant=tenant.slug) + leads
    else:
        link = links.address("tickets.show", tenant=tenant.slug, ticket_id=row.ticket_id)
    named = "" if channel.kind == "mail" else " ".join(f"@{one.name}" for one in readers) + "\n"
    return channels.sending(session, channel, readers[0].email, text, f"{named}{text}\n\n{link}", row.id)


def _language(session: Session, member: Member) -> str:
    account = session.get(Account, member.account_id)
    return (account.language if account else None) or DEFAULT


def _enqueue(driver: Driver, row: Errand, channel_id: str, members: list[str]) -> None:
    args = {"channel": channel_id, "to": members, "text": row.args["text"], "leads": row.args.get("leads", "")}
    sql.enqueue(driver, row.tenant_id, new_id(), row.ticket_id, "send", args, moment())
