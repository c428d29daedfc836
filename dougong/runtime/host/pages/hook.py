"""Where other systems file tickets: JSON by the fields of the start form, signed; every error in one shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy import select

from dougong.platform import links, secrets, signing
from dougong.platform.access import public
from dougong.platform.messages import advice, say
from dougong.platform.store import db, enter_tenant
from dougong.platform.tenancy import Tenant
from dougong.platform.web import csrf, limiter
from dougong.runtime.canonical import parse
from dougong.runtime.reason import Reason
from dougong.runtime.reason import Refused as NotRead

from .. import arrivals, hooks
from ..hooks import Hook
from ..verbs import Refused

pages = Blueprint("hook", __name__)

MAX_BYTES = 256_000
MAX_DEPTH = 12


@dataclass(frozen=True)
class Answer:
    """What a sender is told. `fields`: by key, what is wrong with them; the path of each is a pointer into the body."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    reason: Reason | None = None
    path: str = ""
    fields: Mapping[str, Reason] = field(default_factory=dict)
    message_id: str = ""
    ticket_id: str | None = None

    def sent(self) -> tuple[Response, int]:
        if self.reason is None:
            return jsonify(self.body), self.status
        wrong = [_told(one, f"/{key}") for key, one in self.fields.items()]
        return jsonify({"error": {**_told(self.reason, self.path), "details": wrong}}), self.status


@pages.post("/hook/<token>")
@public
@limiter.limit("120/minute", key_func=lambda: request.view_args["token"][-40:] if request.view_args else "")
def receive(token: str) -> Any:
    request.max_content_length = MAX_BYTES  # of what comes in pieces, without saying how much it is
    if (hook := _open(token)) is None:
        return Answer(404, reason=Reason("hook.gone")).sent()
    about = (hook.tenant_id, hook.id)
    answer = _answer(hook)
    db.session.rollback()
    message_id = answer.message_id or request.headers.get("webhook-id", "")
    arrivals.note(*about, message_id, answer.status, answer.reason, answer.fields, answer.ticket_id)
    return answer.sent()


def _answer(hook: Hook) -> Answer:
    if (request.content_length or 0) > MAX_BYTES:
        return Answer(413, reason=Reason("hook.too_large", {"found": request.content_length, "limit": MAX_BYTES}))
    body = request.get_data(cache=False)
    try:
        message_id = signing.verified(secrets.reveal(db.session(), f"hook:{hook.id}"), dict(request.headers), body)
    except signing.NotSigned as error:
        return Answer(401, reason=Reason(error.code))
    try:
        values = parse(body, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)
    except NotRead as refused:
        return Answer(400, reason=refused.reason, path=refused.path, message_id=message_id)
    if not isinstance(values, dict):
        return Answer(400, reason=Reason("hook.no_object"), message_id=message_id)
    return _passed_on(hook, message_id, values) if hook.message else _filed(hook, message_id, values)


def _filed(hook: Hook, message_id: str, values: dict[str, Any]) -> Answer:
    try:
        done = hooks.receive(db.session(), hook, g.tenant.zone, message_id, values)
    except LookupError:
        return Answer(404, reason=Reason("hook.gone"), message_id=message_id)
    if isinstance(done, Refused):
        return Answer(422, reason=Reason("hook.refused"), fields=done.errors, message_id=message_id)
    ticket = {"id": done.ticket_id, "number": done.number}
    return Answer(201, {"ticket": ticket}, message_id=message_id, ticket_id=done.ticket_id)


def _passed_on(hook: Hook, message_id: str, values: dict[str, Any]) -> Answer:
    try:
        hooks.pass_on(db.session(), hook, message_id, values)
    except NotRead as refused:
        return Answer(422, reason=refused.reason, path=refused.path, message_id=message_id)
    return Answer(202, message_id=message_id)


csrf.exempt(receive)  # nobody's browser comes here, and the signature says who does


def address(tenant_id: str, hook_id: str) -> str:
    return links.sign("hook", tenant=tenant_id, hook=hook_id)


def _open(token: str) -> Hook | None:
    opened = links.opened("hook", token)
    tenant = db.session.get(Tenant, opened["tenant"]) if opened else None
    if opened is None or tenant is None:
        return None
    g.tenant = tenant
    enter_tenant(tenant.id)
    return db.session.scalar(select(Hook).where(Hook.id == opened["hook"]))


def _told(reason: Reason, path: str) -> dict[str, Any]:
    return {"code": reason.code, "path": path, "message": say(reason), "advice": advice(reason)}
