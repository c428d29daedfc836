"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when the telephone is gone.

The secret is sealed for its account (`cipher.py`). The step of the last code is kept, so that a code read over somebody's
shoulder is worth nothing; a recovery code is kept as a hash and goes with its use.
"""

import hashlib
import secrets
import time
from typing import Final

import pyotp
from sqlalchemy import ForeignKey, Integer, String, Text, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import cipher, sessions
from .people import tenants_of
from .store import Base, db, moment, transaction
from .tenancy import Tenant

ISSUER: Final = "Dougong"
STEP, DRIFT = 30, 1  # seconds a code lasts; how many steps a clock may be off
RECOVERY_CODES = 10
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class SecondFactor(Base):
    """A platform table: an account that has one. `last_step` is that of the last code that was taken."""

    __tablename__ = "second_factor"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(Integer)
    enrolled_at: Mapped[str] = mapped_column(String(24))


class RecoveryCode(Base):
    """A platform table: the hash of a code that has not been used."""

    __tablename__ = "recovery_code"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)


def fresh_secret() -> str:
    """160 bits, as an authenticator app reads them."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def is_had(account_id: str) -> bool:
    return db.session.scalar(select(SecondFactor.account_id).where(SecondFactor.account_id == account_id)) is not None


def demanding(account_id: str) -> list[Tenant]:
    """The companies of this account in which everybody must have one."""
    return [tenant for tenant in tenants_of(account_id) if tenant.second_factor]


def codes_left(account_id: str) -> int:
    return db.session.scalar(select(func.count()).where(RecoveryCode.account_id == account_id)) or 0


def enrol(account_id: str, secret: str, code: str, stays: str | None = None) -> list[str] | None:
    """The recovery codes, to be shown once; None where the code is not the app's. Other sessions end."""
    step = _step_of(secret, code)
    if step is None:
        return None
    with transaction(None) as session:
        _forget(session, account_id)
        sealed = cipher.seal(_use(account_id), secret)
        session.add(SecondFactor(account_id=account_id, sealed=sealed, last_step=step, enrolled_at=moment()))
        sessions.end_all(session, account_id, but=stays)
        return _fresh_codes(session, account_id)


def take(account_id: str, code: str) -> str | None:
    """Use up a code: "totp", "recovery", or None where it is neither, or was used before."""
    code = code.replace(" ", "").lower()
    if code.isdigit():
        return "totp" if _take_code(account_id, code) else None
    used = delete(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.hash == _hash(code))
    with transaction(None) as session:
        return "recovery" if session.execute(used.returning(RecoveryCode.hash)).first() else None


def renew_codes(account_id: str) -> list[str]:
    with transaction(None) as session:
        return _fresh_codes(session, account_id)


def remove(account_id: str, stays: str | None = None) -> None:
    """Other sessions end."""
    with transaction(None) as session:
        _forget(session, account_id)
        sessions.end_all(session, account_id, but=stays)


def reseal(session: Session) -> int:
    """Every secret under the newest key of the ring. How many there were."""
    rows = session.scalars(select(SecondFactor)).all()
    for row in rows:
        row.sealed = cipher.reseal(row.sealed)
    return len(rows)


def _take_code(account_id: str, code: str) -> bool:
    """Two who show the same code at once: the row lets one of them pass."""
    row = db.session.scalar(select(SecondFactor).where(SecondFactor.account_id == account_id))
    step = _step_of(cipher.unseal(_use(account_id), row.sealed), code) if row else None
    if step is None:
        return False
    taken = update(SecondFactor).where(SecondFactor.account_id == account_id, SecondFactor.last_step < step)
    with transaction(None) as session:
        return session.execute(taken.values(last_step=step).returning(SecondFactor.account_id)).first() is not None


def _step_of(secret: str, code: str) -> int | None:
    """The step whose code it is, around now."""
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP
    near = range(now - DRIFT, now + DRIFT + 1)
    return next((step for step in near if pyotp.utils.strings_equal(code, totp.generate_otp(step))), None)


def _fresh_codes(session: Session, account_id: str) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    found = ["-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account_id, hash=_hash(code)) for code in found)
    return found


def _forget(session: Session, account_id: str) -> None:
    for table in (SecondFactor, RecoveryCode):
        session.execute(delete(table).where(table.account_id == account_id))


def _hash(code: str) -> str:
    """79 bits of chance need no slow hash."""
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()


def _use(account_id: str) -> str:
    return f"totp:{account_id}"
