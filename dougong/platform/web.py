"""What every page and answer has in common: security headers, CSRF, language, errors, and what templates may call."""

import errno
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import segno
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import get_currency_precision
from flask import Flask, Response, abort, g, jsonify, render_template, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from htmx_flask import Htmx, request
from htmx_flask.requests import HtmxAwareRequest
from markupsafe import Markup, escape
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix

from . import assets, links, messages, regions
from .languages import found_in
from .messages import advice, pick, say, t
from .rest import errors
from .store import new_id

csrf = CSRFProtect()
htmx = Htmx()
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}"
)
MAX_FORM_PARTS = 2000
ENVELOPE = 100_000  # bytes of what a form says around its file

BUSY = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)  # fmt: skip
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
AGAIN = 10  # seconds

SOON = timedelta(hours=2)  # what is due within is marked


class Typed(ImmutableMultiDict[str, Any]):
    """What was typed or stands in an address, without NUL, which PostgreSQL keeps in no text."""

    def __init__(self, given: Any = None) -> None:
        pairs = iter_multi_items(given) if given is not None else ()
        super().__init__([(name, one.replace("\0", "") if isinstance(one, str) else one) for name, one in pairs])


class Asked(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask has no types
    @property
    def parameter_storage_class(self) -> type[ImmutableMultiDict[str, Any]]:
        """The API says itself what it does not take."""
        return ImmutableMultiDict if self.path.startswith("/api/") else Typed


def init_web(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_CONTENT_LENGTH"] or 25_000_000  # Flask's own is: no limit
    app.config.update(
        MAX_FORM_MEMORY_SIZE=4_000_000,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    if app.config.get("HTTPS"):
        app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-dougong", PREFERRED_URL_SCHEME="https")
    if hops := app.config.get("PROXY_HOPS"):  # how many proxies of ours stand before us: only what they say is believed
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.json.sort_keys = False  # type: ignore[attr-defined]  # settings stand in the order they were written in
    csrf.init_app(app)
    htmx.init_app(app)
    limiter.init_app(app)
    app.request_class = Asked
    app.before_request(_no_nul)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.jinja_env.globals.update(t=t, pick=pick, say=say, advice=advice, lang=messages.spoken, language=messages.language)
    app.jinja_env.globals.update(languages=messages.offered, marked=marked, told=told)
    app.jinja_env.globals.update(
        asset=assets.url, opening=assets.opening, editor=assets.editor, icon=assets.icon, qr=qr, may=_may
    )
    app.jinja_env.globals.update(region_name=regions.full_name, region_chain=regions.chain_of, region_options=region_options)
    app.jinja_env.globals.update(filtered=filtered, public_address=links.address, csrf_token=generate_csrf, form_key=new_id)
    app.jinja_env.filters.update(when=when, day=day, age=age, money=money, figure=figure, due=due, span=span)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def home_secret(home: Path) -> str:
    """The key that signs sessions and links: made once, kept in the data folder, readable by its owner only."""
    path = home / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def when(value: str | None, kind: str = "short") -> str:
    """A moment as it is kept, in the tenant's zone and the reader's words."""
    if not value:
        return ""
    zone = ZoneInfo(g.tenant.zone) if g.get("tenant") else ZoneInfo("Asia/Shanghai")
    moment = datetime.fromisoformat(value)
    patterns = {"short": "MM-dd HH:mm", "long": "yyyy-MM-dd HH:mm:ss", "day": "yyyy-MM-dd", "input": "yyyy-MM-dd HH:mm"}
    try:
        return format_datetime(moment, patterns[kind], tzinfo=zone, locale=_locale())
    except OverflowError:  # on the last day of the calendar, which is written for "never"
        return format_datetime(moment, patterns[kind], locale=_locale())


def day(value: str | None) -> str:
    return format_date(date.fromisoformat(value[:10]), "yyyy-MM-dd", locale=_locale()) if value else ""


def age(value: str | None) -> str:
    """How long ago a moment is, in words: 3 hours."""
    return format_timedelta(datetime.now(UTC) - datetime.fromisoformat(value), locale=_locale()) if value else ""


def due(value: str) -> tuple[str, str]:
    """How long there is left until a moment, or how long it is over: a tone (bad, warn or none), and the words."""
    left = datetime.fromisoformat(value) - datetime.now(UTC)
    words = format_timedelta(abs(left), locale=_locale())
    if left < timedelta(0):
        return "bad", t("due.over", time=words)
    return "warn" if left < SOON else "", t("due.left", time=words)


def span(milliseconds: int) -> str:
    """An amount of time in hours and minutes, each where there are any: 2 h 5 min, 3 h, 20 min."""
    hours, minutes = divmod(round(abs(milliseconds) / 60_000), 60)
    if not hours:
        return t("due.minutes", minutes=minutes)
    return t("due.span", hours=hours, minutes=minutes) if minutes else t("due.hours", hours=hours)


def money(value: Any, currency: str = "") -> str:
    """1,234.50 with its currency behind it; amounts are decimal strings."""
    if value in (None, ""):
        return ""
    return f"{figure(value, currency)}{' ' + currency if currency else ''}"


def figure(value: Any, currency: str) -> str:
    """The same without its currency, for a column that says it elsewhere: 1,234.50, and 1,235 of JPY."""
    return f"{in_full(value, currency):,}"


def in_full(value: Any, currency: str = "") -> Decimal:
    """An amount with as many places as its currency has, or more."""
    amount, places = Decimal(str(value)), get_currency_precision(currency or "CNY")
    return amount if -int(amount.as_tuple().exponent) >= places else amount.quantize(Decimal(1).scaleb(-places))


def region_options(chain: list[str], level: int) -> list[tuple[str, str]]:
    """What one of the boxes of an address offers: what lies in the one before it."""
    parent = "" if level == 1 else (chain[level - 2] if len(chain) >= level - 1 else None)
    return regions.children(parent, messages.language()) if parent is not None else []


def filtered(endpoint: str, **values: Any) -> str:
    """Another address with the filters of this page. What stands in an address is anybody's: it names no argument of ours."""
    asked = {name: value for name, value in request.args.items() if name not in ("endpoint", "page") and name[:1] != "_"}
    return url_for(endpoint, **{**asked, **values})


def qr(address: str) -> Markup:
    """An address as a QR code, inline SVG."""
    drawn = segno.make(address, error="m").svg_inline(border=2, svgclass="qr-code", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 (drawn by segno, of an address of ours)


def marked(text: Mapping[str, str] | str | None) -> Markup:
    """The attributes of an element that holds nothing but this text, where its language is not the page's."""
    tag = found_in(text, messages.language()) if isinstance(text, Mapping) else ""
    return Markup(' lang="{}" dir="auto"').format(tag) if tag and tag != messages.spoken() else Markup()


def told(text: Mapping[str, str] | str | None) -> Markup:
    """A text keyed by language among others: marked with its language where that is not the page's."""
    words, attributes = escape(pick(text)), marked(text)
    return Markup("<span{}>{}</span>").format(attributes, words) if attributes else words


def allow_upload(most: int) -> None:
    """A body with a file of so many bytes, for who may bring it: asked for before the body is read."""
    request.max_content_length = most + ENVELOPE


def wants_json() -> bool:
    return bool(request.is_json or request.accept_mimetypes.best == "application/json")


def problem(code: str, status: int, path: str = "", **params: Any) -> tuple[Response, int]:
    """An error of the JSON endpoints: one shape, in the reader's language."""
    reason = {"code": code, "params": params}
    body = {"error": {"code": code, "path": path, "params": params, "message": say(reason), "advice": advice(reason)}}
    return jsonify(body), status


def _locale() -> str:
    return "zh_Hans_CN" if messages.spoken() == "zh-Hans" else "en"


def _may(right: str) -> bool:
    return bool(g.get("who") and g.who.may(right))


def _no_nul() -> None:
    """What no column can hold is nowhere to be found. The API says so itself."""
    if "\0" in request.path and not request.path.startswith("/api/"):
        abort(404)


def _headers(response: Response) -> Response:
    ancestors = "'self'" if getattr(g, "framed", False) else "'none'"
    response.headers.setdefault("Content-Security-Policy", POLICY.format(ancestors=ancestors))
    response.headers["X-Frame-Options"] = "SAMEORIGIN" if getattr(g, "framed", False) else "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers.add("Vary", "HX-Request")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.path.startswith(assets.BUILT):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _csrf_error(error: CSRFError) -> Any:
    if request.path.startswith(errors.ADDRESS):
        return errors.answer(errors.ApiError(400, "error.csrf"))
    return problem("error.csrf", 400) if wants_json() else (render_template("error.html", code="error.csrf", status=400), 400)


def _http_error(error: HTTPException) -> Any:
    """Also for what no view has caught: a page that says what happened and what to do, or the same as JSON."""
    if error.response is not None:  # a redirect
        return error
    if _out_of_reach(getattr(error, "original_exception", None)):
        error = ServiceUnavailable(retry_after=AGAIN)
    if request.path.startswith(errors.ADDRESS):
        return errors.http_error(error)
    status = error.code or 500
    code = f"error.{status}" if f"error.{status}" in messages.catalogue() else "error.other"
    if wants_json():
        return problem(code, status)
    if request.htmx:
        return render_template("fragments/error.html", code=code, status=status), status
    return render_template("error.html", code=code, status=status), status


def _out_of_reach(error: Any) -> bool:
    """The database or a disk, for now: nobody answers, it is locked for long, full, or only to be read."""
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.OperationalError):
        return getattr(said, "sqlite_errorcode", 0) & 0xFF in BUSY
    if isinstance(said, OSError):
        return said.errno in FULL
    return isinstance(said, (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction, TimeoutError))


def sign_in_url() -> str:
    return url_for("front.sign_in")
