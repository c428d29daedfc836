"""Three addresses for machines: does the process live, may it be sent requests, and its figures."""

import hmac
import logging
from ipaddress import ip_address
from typing import Final

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from . import backup, metrics
from .access import public
from .metrics import Figures
from .store import READS, db

health = Blueprint("health", __name__)
LATE_SECONDS: Final = 120
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")

log = logging.getLogger(__name__)


@health.get("/healthz")
@public
def healthz() -> Response:
    """It lives if it answers: nothing is asked of the database, so that nobody restarts a server for what that one lacks."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """A worker that is late is said and does not stop a server from serving."""
    found = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    try:
        with db.engines[READS].connect() as connection:
            connection.execute(text("SELECT 1"))
            found["database"] = "ok"
            found["migrations"] = "ok" if backup.present(connection) == backup.head() else "behind"
        if found["migrations"] == "ok":
            found["worker"] = "late" if _figures().waiting().oldest > LATE_SECONDS else "ok"
    except SQLAlchemyError:
        log.warning("not ready", exc_info=True)
    ready = found["database"] == found["migrations"] == "ok"
    return jsonify(ready=ready, **found), 200 if ready else 503


@health.get("/metrics")
@public
def figures() -> Response:
    """For who is on this machine, or has the token."""
    if not (_from_here() or _has_token()):
        abort(403)
    return metrics.answer(_figures())


def _figures() -> Figures:
    found: Figures = current_app.extensions["dougong_figures"]
    return found


def _from_here() -> bool:
    """A proxy on this machine also comes from here, for anybody: what was forwarded never counts."""
    try:
        return ip_address(request.remote_addr or "").is_loopback and not any(name in request.headers for name in FORWARDED)
    except ValueError:
        return False


def _has_token() -> bool:
    token, given = current_app.config["METRICS_TOKEN"], request.authorization
    if not token or given is None or given.type != "bearer":
        return False
    return hmac.compare_digest(str(given.token).encode(), token.encode())
