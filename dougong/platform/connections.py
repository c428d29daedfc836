"""Connections to other systems: an address, and what lets us in there. The headers are a secret, "connection:<id>"."""

import json
import re
from typing import Any, Final

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import audit, outbound, secrets
from .organisation import Refused, reason
from .outbound import CallFailed
from .store import Base, TenantOwned, moment, new_id, transaction

MOST: Final = 50
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HEADER: Final = re.compile(r"([A-Za-z0-9-]{1,100}): ?([\x20-\x7e]{1,2000})")
_OURS: Final = frozenset({"host", "content-length", "connection", "transfer-encoding", "idempotency-key", "accept-encoding"})


class Connection(TenantOwned, Base):
    """`url`: what every path of a call is put behind."""

    __tablename__ = "connection"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[str] = mapped_column(String(24), default=moment)


def listed(session: Session) -> list[Connection]:
    return list(session.scalars(select(Connection).order_by(Connection.key)))


def headers_of(session: Session, row: Connection) -> dict[str, str]:
    found = secrets.find(session, f"connection:{row.id}")
    return dict(json.loads(secrets.reveal(session, found.key))) if found else {}


def save(by: Any, key: str, title: str, url: str, lines: str) -> None:
    """A new one, or another address for one that is there; its headers are replaced where some are given. Raises Refused."""
    errors = _wrong(key, title, url)
    headers = _headers(lines)
    if headers is None:
        errors["headers"] = "connection.headers_wrong"
    with transaction(by.tenant_id) as session:
        row = session.scalar(select(Connection).where(Connection.key == key))
        if row is None and len(listed(session)) >= MOST:
            errors["key"] = reason("connection.too_many", limit=MOST)
        if errors:
            raise Refused(**errors)
        verb = "changed" if row else "created"
        if row is None:
            row = Connection(id=new_id(), key=key)
            session.add(row)
        row.title, row.url = title, url
        session.flush()
        if headers:
            secrets.put(session, by, f"connection:{row.id}", title, json.dumps(headers))
        audit.record(session, by, verb, "connection", row.id, title)


def remove(by: Any, connection_id: str) -> None:
    """With its secret. Raises LookupError."""
    with transaction(by.tenant_id) as session:
        row = session.scalar(select(Connection).where(Connection.id == connection_id))
        if row is None:
            raise LookupError(connection_id)
        if secrets.find(session, f"connection:{row.id}"):
            secrets.drop(session, by, f"connection:{row.id}")
        session.delete(row)
        audit.record(session, by, "deleted", "connection", row.id, row.title)


def _wrong(key: str, title: str, url: str) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if not KEY.fullmatch(key):
        errors["key"] = "secrets.wrong_key" if key else "field.required"
    if not title:
        errors["title"] = "field.required"
    try:
        outbound.check(url)
    except CallFailed as failed:
        errors["url"] = reason(failed.code, **failed.params)
    return errors


def _headers(lines: str) -> dict[str, str] | None:
    """One a line, "Name: value". None: that cannot be read."""
    found: dict[str, str] = {}
    for line in lines.splitlines():
        if line.strip():
            read = _HEADER.fullmatch(line.strip())
            if read is None or read[1].lower() in _OURS or len(found) >= 20:
                return None
            found[read[1]] = read[2]
    return found
