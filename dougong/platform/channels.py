"""Ways out of the page: a tenant's mail server and bots, and which of them a member has chosen for his notices.

What lets us in (a mail password, the address of a bot with its token) is a secret, "channel:<id>". Sending is at least once.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import JSON, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import audit, bots, outbound, secrets, tenant_mail
from .joining import EMAIL
from .organisation import Refused, reason
from .outbound import CallFailed
from .store import Base, TenantOwned, TenantTable, moment, new_id, refers, transaction

MOST: Final = 10
PER_MINUTE: Final = {"mail": 60, "bot": 20}  # 20 is what the bots of WeCom and DingTalk take
MAIL: Final = {"host": "", "port": "465", "security": "ssl", "user": "", "sender": ""}


class Channel(TenantOwned, Base):
    """kind: mail or bot. `settings` of mail: host, port, security, user, sender. `sent` counts what went out in `minute`."""

    __tablename__ = "channel"

    title: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    minute: Mapped[str] = mapped_column(String(16), default="")
    sent: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


class Preference(TenantTable, Base):
    """Where a member wants his notices besides the page; who has no row, nowhere."""

    __tablename__ = "preference"
    __table_args__ = (refers("member_id", "member"), refers("channel_id", "channel"))

    member_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(36))


class NotYet(Exception):
    """Enough has been sent for now; in `seconds` more may go."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def listed(session: Session) -> list[Channel]:
    return list(session.scalars(select(Channel).order_by(Channel.id)))


def sending(session: Session, channel: Channel, to: str, subject: str, body: str, letter_id: str) -> Callable[[], None]:
    """The call that sends it, to be made when the session is closed. Counts it. Raises NotYet."""
    _count(channel)
    secret = secrets.reveal(session, f"channel:{channel.id}")
    subject = " ".join(subject.split())[:200]
    if channel.kind == "mail":
        return partial(tenant_mail.send, dict(channel.settings), secret, to, subject, body, letter_id)
    return partial(bots.send, secret, subject, body)


def save(by: Any, channel_id: str | None, kind: str, title: str, settings: dict[str, str], secret: str) -> None:
    """A new channel, or one that is there: an empty `secret` keeps the one it has. Raises Refused, LookupError."""
    with transaction(by.tenant_id) as session:
        row = session.scalar(select(Channel).where(Channel.id == channel_id)) if channel_id else None
        if channel_id and row is None:
            raise LookupError(channel_id)
        new = row is None
        errors = _wrong(kind, title, settings, secret, new)
        if new and len(listed(session)) >= MOST:
            errors["title"] = reason("webhooks.too_many", limit=MOST)
        if errors:
            raise Refused(**errors)
        if row is None:
            row = Channel(id=new_id(), kind=kind)
            session.add(row)
        row.title, row.settings = title, settings if kind == "mail" else {}
        if secret or new:
            secrets.put(session, by, f"channel:{row.id}", title, secret)
        audit.record(session, by, "created" if new else "changed", "channel", row.id, title)


def remove(by: Any, channel_id: str) -> None:
    """Who had chosen it is told in the page only. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        row = session.scalar(select(Channel).where(Channel.id == channel_id))
        if row is None:
            raise LookupError(channel_id)
        session.execute(delete(Preference).where(Preference.channel_id == row.id))
        secrets.drop(session, by, f"channel:{row.id}")
        session.delete(row)
        audit.record(session, by, "deleted", "channel", row.id, row.title)


def chosen(session: Session, member_id: str) -> str:
    return session.scalar(select(Preference.channel_id).where(Preference.member_id == member_id)) or ""


def choose(by: Any, channel_id: str) -> None:
    """For oneself; "" for the page only. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        if channel_id and session.scalar(select(Channel.id).where(Channel.id == channel_id)) is None:
            raise LookupError(channel_id)
        session.execute(delete(Preference).where(Preference.member_id == by.member_id))
        if channel_id:
            session.add(Preference(member_id=by.member_id, channel_id=channel_id))


def _count(channel: Channel) -> None:
    now = datetime.now(UTC)
    minute = moment(now)[:16]
    if channel.minute != minute:
        channel.minute, channel.sent = minute, 0
    if channel.sent >= PER_MINUTE[channel.kind]:
        raise NotYet(60 - now.second)
    channel.sent += 1


def _wrong(kind: str, title: str, settings: dict[str, str], secret: str, new: bool) -> dict[str, Any]:
    errors: dict[str, Any] = {} if title else {"title": "field.required"}
    if kind == "bot":
        return errors | (_tried("secret", partial(bots.check, secret)) if secret or new else {})
    if kind != "mail" or settings["security"] not in tenant_mail.SECURITIES:
        errors["security"] = "field.required"
    if not EMAIL.fullmatch(settings["sender"]):
        errors["sender"] = "field.email.invalid"
    if settings["user"] and settings["security"] == "none":
        errors["security"] = "channels.bare_password"
    if not (settings["port"].isascii() and settings["port"].isdecimal() and len(settings["port"]) < 6):
        errors["port"] = "channels.no_port"
    elif not settings["host"]:
        errors["host"] = "field.required"
    else:
        errors |= _tried("host", partial(outbound.check_mail, settings["host"], int(settings["port"])))
    return errors


def _tried(field: str, check: Callable[[], None]) -> dict[str, Any]:
    try:
        check()
    except CallFailed as failed:
        return {field: reason(failed.code, **failed.params)}
    return {}
