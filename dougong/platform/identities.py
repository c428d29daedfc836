"""Whose account it is that a provider speaks of: found by issuer and subject, linked once by a verified address.

Nothing is made here: no account, no membership, no right. An address that a provider has given to somebody else since does not
open the account of the first.
"""

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import passwords, sessions, witness
from .accounts import Account, account_of, by_id
from .oidc import NotSignedIn, Somebody
from .second_factor import RecoveryCode, SecondFactor
from .store import Base, db, moment, new_id, transaction


class Identity(Base):
    """A platform table: an account's name at a provider."""

    __tablename__ = "identity"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


def account_for(somebody: Somebody) -> Account:
    """Raises NotSignedIn."""
    account = by_id(_known(db.session(), somebody) or _link(somebody))
    assert account is not None
    return account


def _known(session: Session, somebody: Somebody) -> str | None:
    mine = (Identity.issuer == somebody.issuer, Identity.subject == somebody.subject)
    return session.scalar(select(Identity.account_id).where(*mine))


def _link(somebody: Somebody) -> str:
    if somebody.email is None:
        raise NotSignedIn("oidc.not_verified")
    with transaction(None) as session:
        if already := _known(session, somebody):  # by another request, a moment ago
            return already
        account = account_of(session, somebody.email)
        if account is None:
            raise NotSignedIn("oidc.not_invited")
        taken = select(Identity).where(Identity.account_id == account.id, Identity.issuer == somebody.issuer)
        if session.scalar(taken):
            raise NotSignedIn("oidc.another")
        session.add(Identity(issuer=somebody.issuer, subject=somebody.subject, account_id=account.id))
        if not account.proven:
            _clear(session, account)
        account_id = account.id
    witness.tell(account_id, "provider_linked")
    return account_id


def _clear(session: Session, account: Account) -> None:
    """Whoever held this account before its owner was known loses every key to it."""
    account.password, account.stamp, account.proven = passwords.NONE, new_id(), True
    for table in (SecondFactor, RecoveryCode):
        session.execute(delete(table).where(table.account_id == account.id))
    sessions.end_all(session, account.id)
