"""Where other systems file tickets: JSON by the fields of the start form, signed; every error in one shape."""

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

from .. import hooks
from ..hooks import Hook
from ..verbs import Refused

pages = Blueprint("hook", __name__)

MAX_BYTES = 256_000
MAX_DEPTH = 12


@pages.post("/hook/<token>")
@public
@limiter.limit("120/minute", key_func=lambda: request.view_args["token"][-40:] if request.view_args else "")
def receive(token: str) -> Any:
    if (request.content_length or 0) > MAX_BYTES:
        return _wrong(413, Reason("json.too_large", {"found": request.content_length, "limit": MAX_BYTES}))
    request.max_content_length = MAX_BYTES  # of what comes in pieces, without saying how much it is
    body = request.get_data(cache=False)
    if (hook := _open(token)) is None:
        return _wrong(404, Reason("hook.gone"))
    secret = secrets.reveal(db.session(), f"hook:{hook.id}")
    try:
        message_id = signing.verified(secret, dict(request.headers), body)
    except signing.NotSigned as error:
        return _wrong(401, Reason(error.code))
    try:
        values = parse(body, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)
    except NotRead as refused:
        return _wrong(400, refused.reason, refused.path)
    if not isinstance(values, dict):
        return _wrong(400, Reason("hook.no_object"))
    if hook.message:
        return _passed_on(hook, message_id, values)
    try:
        done = hooks.receive(db.session(), hook, g.tenant.zone, message_id, values)
    except LookupError:
        return _wrong(404, Reason("hook.gone"))
    if isinstance(done, Refused):
        return _wrong(422, Reason("hook.refused"), details=done.errors)
    return jsonify({"ticket": {"id": done.ticket_id, "number": done.number}}), 201


def _passed_on(hook: Hook, message_id: str, values: dict[str, Any]) -> Any:
    try:
        hooks.pass_on(db.session(), hook, message_id, values)
    except NotRead as refused:
        return _wrong(422, refused.reason, refused.path)
    return jsonify({}), 202


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


def _wrong(status: int, reason: Reason, path: str = "", details: Any = None) -> tuple[Response, int]:
    """`details`: by field. The path of each is a pointer into the body."""
    error = {**_told(reason, path), "details": [_told(one, f"/{key}") for key, one in (details or {}).items()]}
    return jsonify({"error": error}), status


def _told(reason: Reason, path: str) -> dict[str, Any]:
    return {"code": reason.code, "path": path, "message": say(reason), "advice": advice(reason)}
