"""What happens to an account is told in the audit trail of every company it works for, and in the log."""

import logging
from typing import Any, NamedTuple

from flask import has_request_context, request
from sqlalchemy import select

from . import audit
from .people import Member, Membership
from .store import db, transaction

log = logging.getLogger("dougong.sign_in")


class _Acting(NamedTuple):
    member_id: str
    name: str


def tell(account_id: str, verb: str, **detail: Any) -> None:
    address = request.remote_addr if has_request_context() else None
    log.info("%s account=%s address=%s", verb, account_id, address)
    if address:
        detail["address"] = address
    mine = select(Membership.tenant_id).where(Membership.account_id == account_id)
    for tenant_id in db.session.scalars(mine).all():
        with transaction(tenant_id) as session:
            member = session.scalar(select(Member).where(Member.account_id == account_id, Member.active))
            if member:
                audit.record(session, _Acting(member.id, member.name), verb, "account", member.id, member.name, **detail)


def tell_stranger(verb: str) -> None:
    """Somebody tried an address that has no account: only the log knows."""
    log.info("%s account=unknown address=%s", verb, request.remote_addr)
