"""Links to choose a password by: an invitation, or a forgotten password. Good once, for a while, and of our own origin.

The link carries the account's stamp, which changes with the password: whichever link is used first ends all others. `by` says
how it reached its reader: one that came by mail proves the address, one that was handed over does not.
"""

from typing import NamedTuple

from sqlalchemy import select

from . import accounts, links, mail, messages
from .accounts import Account
from .languages import DEFAULT
from .people import Membership
from .store import db

INVITATION, FORGOTTEN = "invitation", "password"


class Opened(NamedTuple):
    account: Account
    purpose: str
    stamp: str
    by: str


def make(account: Account, purpose: str, by: str) -> str:
    token = links.sign(purpose, account=account.id, stamp=account.stamp, by=by)
    return links.address("front.choose_password", purpose=purpose, token=token)


def opened(purpose: str, token: str) -> Opened | None:
    """None where it was changed, has run out, or was used."""
    found = links.opened(purpose, token)
    account = accounts.by_id(found["account"]) if found else None
    if found is None or account is None or account.stamp != found["stamp"]:
        return None
    return Opened(account, purpose, found["stamp"], found["by"])


def send(account: Account, purpose: str, company: object = "", message_id: str | None = None) -> None:
    """Raises mail.MailFailed."""
    tag = account.language or DEFAULT
    words = {"name": account.name, "link": make(account, purpose, "mail"), "company": company}
    subject = messages.t(f"mail.{purpose}.subject", tag, company=company)
    mail.post(account.email, subject, messages.t(f"mail.{purpose}.body", tag, **words), message_id)


def hand_over_fault(account: Account, tenant_id: str) -> str | None:
    """Why an administrator of this tenant may not hold such a link in his own hands: it would open another company's door."""
    elsewhere = select(Membership.tenant_id).where(Membership.account_id == account.id, Membership.tenant_id != tenant_id)
    if account.operator or db.session.scalar(elsewhere.limit(1)):
        return "members.link_elsewhere"
    return None
