"""Calls of other systems that steps make, over a connection that the tenant has set up.

At least once, each with the effect's id as its idempotency key; what is answered, or that it has failed, is told to the token.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.platform import outbound
from dougong.platform.channels import NotYet
from dougong.platform.connections import Connection, headers_of
from dougong.platform.outbound import CallFailed, Limits
from dougong.platform.store import driver_of, transaction
from dougong.runtime.canonical import parse
from dougong.runtime.reason import Reason, Refused

from . import held, waking
from .outbox import Errand
from .tables import Ticket, TokenRow

LARGEST: Final = 200_000  # bytes of an answer
AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # answers after which it is tried again


def prepare(session: Session, row: Errand) -> Callable[[], None] | None:
    """For the worker: the call, to be made when no transaction is open. None where nobody waits for it any more."""
    args = dict(row.args)
    wanted = select(TokenRow.state).where(TokenRow.ticket_id == row.ticket_id, TokenRow.number == args["token"])
    if session.scalar(wanted) != "waiting":
        return None
    if session.scalar(select(Ticket.suspended).where(Ticket.id == row.ticket_id)):
        raise NotYet(60)
    last = row.attempts + 1 >= args["tries"]
    to = partial(_tell, row.tenant_id, row.ticket_id, args["token"])
    found = session.scalar(select(Connection).where(Connection.key == args["connection"]))
    if found is None:
        return partial(to, "failed", {"reason": {"code": "call.no_connection", "params": {"key": args["connection"]}}})
    sent = {"content-type": "application/json", **headers_of(session, found), "idempotency-key": row.id}
    return partial(_call, found.url.rstrip("/") + args["path"], sent, args, last, to)


def _call(url: str, headers: dict[str, str], args: dict[str, Any], last: bool, to: Callable[..., None]) -> None:
    limits = Limits(seconds=args["seconds"], size=LARGEST, redirects=0)
    body = args["body"].encode() if args["method"] != "GET" else b""
    try:
        answer = outbound.call(args["method"], url, headers, body, limits)
        if not 200 <= answer.status < 300:
            raise CallFailed("call.answered", status=answer.status)
        found = _read(answer.body) if args["reads"] else None
    except CallFailed as failed:
        again = failed.params.get("status", 503) in AGAIN and failed.code != "call.not_json"
        if again and not last:
            raise
        to("failed", {"reason": Reason(failed.code, failed.params).to_json()})
        return
    to("answer", {"body": found})


def _read(body: bytes) -> Any:
    try:
        return parse(body, max_bytes=LARGEST, max_depth=20)
    except Refused:
        pass
    try:
        return json.loads(body, parse_float=str)
    except (ValueError, RecursionError):
        raise CallFailed("call.not_json") from None


def _tell(tenant_id: str, ticket_id: str, token: int, signal: str, values: dict[str, Any]) -> None:
    with transaction(tenant_id) as session:
        actor = waking.clock(session, tenant_id)
        held.signal(driver_of(session), actor, ticket_id, token, signal, values)
