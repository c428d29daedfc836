"""Notices beyond the page: one message for each who has chosen mail, one for a bot with the names of all who have chosen it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform import channels, links
from dougong.platform.accounts import Account
from dougong.platform.channels import Channel, Preference
from dougong.platform.messages import DEFAULT, pick
from dougong.platform.people import Member
from dougong.platform.store import moment, new_id
from dougong.platform.tenancy import Tenant
from dougong.platform.wakeups import Wakeup

from .tables import EffectRow, queue_of


def send_on(session: Session, row: EffectRow, members: set[str]) -> None:
    """Enqueue what these members want elsewhere too, with the notices in the page or not at all."""
    wanted = (
        select(Preference.member_id, Preference.channel_id, Channel.kind)
        .join(Channel, (Channel.tenant_id == Preference.tenant_id) & (Channel.id == Preference.channel_id))
        .where(Preference.member_id.in_(members))
    )
    bots: dict[str, list[str]] = {}
    for member_id, channel_id, kind in session.execute(wanted).all() if members else ():
        if kind == "bot":
            bots.setdefault(channel_id, []).append(member_id)
        else:
            _enqueue(session, row, channel_id, [member_id])
    for channel_id, named in bots.items():
        _enqueue(session, row, channel_id, named)


def send(session: Session, row: EffectRow) -> Callable[[], None] | None:
    """For the worker: the call that sends one of them; none where channel or reader is gone. Raises NotYet."""
    channel = session.scalar(select(Channel).where(Channel.id == row.args["channel"]))
    told = select(Member).where(Member.active, Member.id.in_(row.args["to"]))
    readers = session.scalars(told.order_by(Member.name, Member.id)).all()
    tenant = session.get(Tenant, row.tenant_id)
    if channel is None or tenant is None or not readers:
        return None
    text = pick(row.args["text"], _language(session, readers[0]) if channel.kind == "mail" else DEFAULT)
    link = links.address("tickets.show", tenant=tenant.slug, ticket_id=row.ticket_id)
    named = "" if channel.kind == "mail" else " ".join(f"@{one.name}" for one in readers) + "\n"
    return channels.sending(session, channel, readers[0].email, text, f"{named}{text}\n\n{link}", row.id)


def _language(session: Session, member: Member) -> str:
    account = session.get(Account, member.account_id)
    return (account.language if account else None) or DEFAULT


def _enqueue(session: Session, row: EffectRow, channel_id: str, members: list[str]) -> None:
    args: dict[str, Any] = {"channel": channel_id, "to": sorted(members), "text": row.args["text"]}
    effect = EffectRow(id=new_id(), ticket_id=row.ticket_id, kind="send", args=args)
    wakeup = Wakeup(tenant_id=session.info["tenant_id"], effect_id=effect.id, queue=queue_of("send"), due_at=moment())
    session.add_all((effect, wakeup))
