"""Accounts: who signs in. One account may be a member of several tenants."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Boolean, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from .store import Base, db, moment, new_id, transaction

LEAST_PASSWORD = 8
_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")  # so that an unknown address takes as long as a known one


class Account(Base):
    """A platform table. `stamp` changes with the password and ends all sessions."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(10))
    operator: Mapped[bool] = mapped_column(Boolean, default=False)
    stamp: Mapped[str] = mapped_column(String(36), default=new_id)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


def checked(email: str, password: str) -> Account | None:
    """The account if the password is right. Unknown and wrong take the same time and give the same answer."""
    account = db.session.scalar(select(Account).where(Account.email == email.strip().lower()))
    try:
        _hasher.verify(account.password if account else _nobody, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return account


def add_account(session: Session, email: str, name: str, password: str, *, operator: bool = False) -> Account:
    account = Account(id=new_id(), email=email.strip().lower(), name=name, password=_hasher.hash(password), operator=operator)
    session.add(account)
    session.flush()
    return account


def account_of(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def set_password(account_id: str, password: str) -> None:
    with transaction(None) as session:
        account = session.get_one(Account, account_id)
        account.password, account.stamp = _hasher.hash(password), new_id()


def set_language(account_id: str, language: str) -> None:
    with transaction(None) as session:
        session.get_one(Account, account_id).language = language
