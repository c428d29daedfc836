"""The one door for outgoing calls: the name is resolved once, the address judged, and that very address connected to.

The check stands at the socket and not on the text of an address, so no way of writing one (decimal, octal, IPv4 within IPv6)
and no second answer of a resolver passes it. TLS knows nothing of it: SNI and certificate are the name's. Each redirect comes
through here again. Nothing is taken from the environment, so no proxy is asked. Why so: docs/decisions/0006-outgoing-calls.md.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import certifi
import httpcore
from flask import current_app

from . import addresses

PORTS: Final = frozenset({80, 443, 8080, 8443})
MAIL_PORTS: Final = frozenset({25, 465, 587, 2525})
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MOST_ADDRESSES: Final = 4
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GOES_ANYWHERE: Final = ("accept", "user-agent")  # of the headers, what another origin may see
_PATH: Final = "/%:@!$&'()*+,;=~-._"


class CallFailed(Exception):
    """A call that was refused or did not come to an end. `code` is of the catalogue; it never carries a secret."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Limits:
    """`seconds` for all of a call with its redirects; `size` in bytes of the answer's body."""

    seconds: float = 10
    size: int = 1_000_000
    redirects: int = 3


STANDARD: Final = Limits()


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters
    url: str = ""


def call(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"", limits: Limits = STANDARD
) -> Answer:
    """Call an address. Raises CallFailed; an answer of whatever status is an answer."""
    until = time.monotonic() + limits.seconds
    sent = {"user-agent": "Dougong", **{name.lower(): value for name, value in (headers or {}).items()}}
    for _ in range(limits.redirects + 1):
        target = parsed(url)
        answer = _once(method, target, sent, body, until, limits.size)
        if not limits.redirects or answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        url = urljoin(url, answer.headers["location"])
        method, sent, body = _redirected(answer.status, target, parsed(url), method, sent, body)
    raise CallFailed("outbound.too_many_redirects", limit=limits.redirects)


def parsed(url: str) -> SplitResult:
    """An address that may be called at all: http or https, a host, no password in it. Raises CallFailed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise CallFailed("outbound.no_address") from None
    if parts.scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc or not url.isprintable() or " " in url:
        raise CallFailed("outbound.no_address")
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise CallFailed("outbound.no_address") from None
    written = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    path = quote(parts.path, safe=_PATH) or "/"
    return parts._replace(
        netloc=f"{written}:{port}" if port else written, path=path, query=quote(parts.query, safe=_PATH + "?")
    )


def check(url: str) -> None:
    """Whether an address that somebody types in may be called at all. Raises CallFailed; it may still change its mind later."""
    target = parsed(url)
    _judged(target.hostname or "", target.port or DEFAULT_PORTS[target.scheme], PORTS)


def check_mail(host: str, port: int) -> None:
    """The same of a mail server."""
    _judged(host, port, MAIL_PORTS)


def connect(host: str, port: int, seconds: float, ports: Iterable[int]) -> socket.socket:
    """A connection to a name by its judged address, for what is not HTTP (mail)."""
    until = time.monotonic() + seconds
    for address in _judged(host, port, ports):
        try:
            return socket.create_connection((address, port), max(0.1, until - time.monotonic()))
        except OSError:
            continue
    raise CallFailed("outbound.unreachable", host=host)


def trusted() -> ssl.SSLContext:
    """The authorities of the machine (SSL_CERT_FILE too) and those that browsers trust."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _once(method: str, target: SplitResult, headers: Mapping[str, str], body: bytes, until: float, size: int) -> Answer:
    url = httpcore.URL(
        scheme=target.scheme, host=target.hostname or "", port=target.port,
        target=target.path + (f"?{target.query}" if target.query else ""),
    )  # fmt: skip
    sent = {**headers, "host": target.netloc, "accept-encoding": "identity", "connection": "close"}
    pairs = [(name.encode("ascii", "replace"), value.encode("utf-8", "replace")) for name, value in sent.items()]
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=_Backend(until)) as pool,
            pool.stream(method, url, headers=pairs, content=body) as response,
        ):
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(response.status, _body(response, found, size), found, target.geturl())
    except httpcore.TimeoutException:
        raise CallFailed("outbound.too_slow", host=target.hostname) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        code = "outbound.not_trusted" if "CERTIFICATE_VERIFY_FAILED" in str(error) else "outbound.unreachable"
        raise CallFailed(code, host=target.hostname) from None


def _body(response: httpcore.Response, headers: Mapping[str, str], size: int) -> bytes:
    """What came, as it came: nothing is unpacked, so a small answer cannot grow."""
    if headers.get("content-encoding", "identity") != "identity":
        raise CallFailed("outbound.packed")
    found = bytearray()
    for part in response.iter_stream():
        found += part
        if len(found) > size:
            raise CallFailed("outbound.too_large", limit=size)
    return bytes(found)


def _redirected(
    status: int, was: SplitResult, now: SplitResult, method: str, headers: dict[str, str], body: bytes
) -> tuple[str, dict[str, str], bytes]:
    """What is sent on: to another origin neither a body nor what could be a secret, and never from https to http."""
    elsewhere = (was.scheme, was.netloc) != (now.scheme, now.netloc)
    if status not in (307, 308) and method != "HEAD":
        method, body = "GET", b""
        headers = {name: value for name, value in headers.items() if not name.startswith("content-")}
    if (elsewhere and body) or (was.scheme, now.scheme) == ("https", "http"):
        raise CallFailed("outbound.redirected_away", host=now.hostname)
    return method, {name: value for name, value in headers.items() if not elsewhere or name in _GOES_ANYWHERE}, body


def _judged(host: str, port: int, ports: Iterable[int]) -> list[str]:
    """The addresses of a name, if every one of them may be called: one that may not closes the name."""
    policy = addresses.policy_of(current_app.config["OUTBOUND_ALLOW"])
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallFailed("outbound.unknown_host", host=host) from None
    found = list(dict.fromkeys(str(where[0]) for *_, where in answers))[:MOST_ADDRESSES]
    known = [addresses.read(one) for one in found]
    if policy.allows_host(host) or all(policy.names(one) for one in known):
        return found
    if not all(policy.allows(one) for one in known):
        raise CallFailed("outbound.forbidden", host=host)
    if port not in ports:
        raise CallFailed("outbound.port", port=port)
    return found


class _Backend(httpcore.NetworkBackend):
    """How httpcore reaches the network: only here does a name become an address."""

    def __init__(self, until: float) -> None:
        self._until = until

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        for address in _judged(host, port, PORTS):
            try:
                return _Stream(httpcore.SyncBackend().connect_tcp(address, port, _left(self._until)), self._until)
            except httpcore.ConnectError:
                continue
        raise CallFailed("outbound.unreachable", host=host)


class _Stream(httpcore.NetworkStream):
    """A connection whose every read and write ends when the whole call's time is up: slow drops do not keep it open."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), 16_384):
            self._stream.write(buffer[start : start + 16_384], _left(self._until))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


@cache
def _trusted() -> ssl.SSLContext:
    return trusted()
