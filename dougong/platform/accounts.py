"""Accounts: who signs in. One account may be a member of several tenants."""

import unicodedata
from typing import Any

from sqlalchemy import Boolean, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import passwords, sessions, witness
from .people import tenants_of
from .store import Base, db, moment, new_id, transaction


class Account(Base):
    """A platform table. `stamp` changes with the password: a link to set one is good once, and no longer than the old one.

    `proven`: its owner was seen to read its mail, or the operator vouches for it.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(10))
    operator: Mapped[bool] = mapped_column(Boolean, default=False)
    proven: Mapped[bool] = mapped_column(Boolean, default=True)
    stamp: Mapped[str] = mapped_column(String(36), default=new_id)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


def as_kept(email: str) -> str:
    """An e-mail address however it was typed: some keyboards write full-width letters."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def checked(email: str, password: str) -> Account | None:
    """The account if the password is right. Unknown and wrong take the same time and give the same answer."""
    account = by_email(email)
    return account if passwords.is_right(account.password if account else None, password) else None


def by_email(email: str) -> Account | None:
    return account_of(db.session(), email)


def by_id(account_id: str) -> Account | None:
    return db.session.get(Account, account_id, populate_existing=True)


def add_account(
    session: Session, email: str, name: str, password: str | None, *, operator: bool = False, proven: bool = True
) -> Account:
    """Without a password nobody signs in to it until its owner has chosen one by a link."""
    kept = passwords.hashed(password) if password else passwords.NONE
    account = Account(id=new_id(), email=email.strip().lower(), name=name, password=kept, operator=operator, proven=proven)
    session.add(account)
    session.flush()
    return account


def account_of(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def password_fault(account: Account, password: str) -> dict[str, Any] | None:
    """Why this account may not have this password, as a reason."""
    companies = [word for tenant in tenants_of(account.id) for word in (tenant.slug, *tenant.name.values())]
    return passwords.fault(password, (account.email, account.name, *companies))


def set_password(
    account_id: str, password: str, *, stays: str | None = None, stamp: str | None = None, proves: bool = False
) -> bool:
    """All sessions end but the one that `stays`. With a `stamp` only while it is still the account's: whether it was."""
    chosen = update(Account).where(Account.id == account_id, Account.stamp == (stamp or Account.stamp))
    with transaction(None) as session:
        values = {"password": passwords.hashed(password), "stamp": new_id(), **({"proven": True} if proves else {})}
        if session.execute(chosen.values(values).returning(Account.id)).first() is None:
            return False
        sessions.end_all(session, account_id, but=stays)
    witness.tell(account_id, "password_changed")
    return True


def set_language(account_id: str, language: str) -> None:
    with transaction(None) as session:
        session.get_one(Account, account_id).language = language
