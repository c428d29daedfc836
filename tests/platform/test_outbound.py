"""Outgoing calls: no way of writing an address, no redirect and no resolver leads inside; nothing is waited for forever."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from dougong.platform import addresses, outbound
from dougong.platform.outbound import CallFailed, Limits, call
from tests import trap
from tests.trap import Server, serving

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.100.100.200",
    "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "192.0.0.192", "198.18.0.1", "203.0.113.9", "::1", "::",
    "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::",
    "2002:a9fe:a9fe::1", "2001:0:4136:e378::",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "240e::1"]


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config["OUTBOUND_ALLOW"] = ""
    with app.app_context():
        yield app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """A server that the operator allows, by its address only."""
    app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    with serving() as found:
        yield found


def refused(url: str, **more: Any) -> str:
    with pytest.raises(CallFailed) as failed:
        call("GET", url, **more)
    return failed.value.code


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_the_public_internet_is_closed(address: str) -> None:
    assert not addresses.is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_open(address: str) -> None:
    assert addresses.is_public(ip_address(address))


@given(st.ip_addresses())
def test_nothing_is_open_that_python_calls_private(address: Any) -> None:
    inner = addresses.bare(address)
    if addresses.is_public(address):
        assert inner.is_global and not inner.is_multicast and not inner.is_loopback and not inner.is_link_local


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "①②⑦.⓪.⓪.①",
        "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "169.254.169.254", "[fe80::1%25lo]", "0", "0.0.0.0",
    ],
)  # fmt: skip
def test_however_it_is_written_this_machine_is_not_called(app: Flask, host: str) -> None:
    with serving() as server:
        assert refused(server.url(host=host)) in ("outbound.forbidden", "outbound.unknown_host", "outbound.no_address")
        assert server.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://example.com/", "//example.com/", "example.com", "http://", "http:///x", "",
        "http://user:secret@example.com/", "http://example.com:99999/", "http://example.com\r\nHost: x/",
        "http://exa mple.com/", "http://[::1/", "http://example.com/\x00", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_only_an_address_of_the_web_is_called(app: Flask, url: str) -> None:
    assert refused(url) == "outbound.no_address"


def test_a_public_address_is_called_on_the_ports_of_the_web_only(app: Flask) -> None:
    assert refused("http://1.1.1.1:22/") == "outbound.port"
    assert refused("http://1.1.1.1:6379/") == "outbound.port"


def test_what_the_operator_allows_is_called(app: Flask) -> None:
    with serving() as server:
        for allowed in ("127.0.0.0/8", "localhost", "10.0.0.0/8, 127.0.0.1 ::1/128"):
            app.config["OUTBOUND_ALLOW"] = allowed
            host = "localhost" if allowed == "localhost" else "127.0.0.1"
            assert call("GET", server.url(host=host)).body == b"hello"
        app.config["OUTBOUND_ALLOW"] = "localhost"
        assert refused(server.url()) == "outbound.forbidden"


def test_the_answer_and_what_was_sent(server: Server) -> None:
    answer = call("POST", server.url("/?q=保 修".replace(" ", "%20")), {"X-One": "1"}, b"body")
    assert answer.status == 404
    method, path, headers, body = server.seen[0]
    assert (method, path, body) == ("POST", "/?q=%E4%BF%9D%20%E4%BF%AE", b"body")
    assert headers["x-one"] == "1" and headers["host"] == f"127.0.0.1:{server.port}" and headers["content-length"] == "4"


@pytest.mark.parametrize("host", ["127.0.0.2", "169.254.169.254", "[::1]", "2130706434"])
def test_a_redirect_is_judged_like_an_address(server: Server, host: str) -> None:
    server.traps["/away"] = trap.redirect(f"http://{host}:{server.port}/")
    assert refused(server.url("/away")) == "outbound.forbidden"
    assert [path for _, path, *_ in server.seen] == ["/away"]


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://x:y@127.0.0.1/", "ftp://127.0.0.1/"])
def test_a_redirect_leads_to_the_web_only(server: Server, where: str) -> None:
    server.traps["/away"] = trap.redirect(where)
    assert refused(server.url("/away")) == "outbound.no_address"


def test_redirects_are_followed_three_times(server: Server) -> None:
    server.traps.update({f"/{n}": trap.redirect(f"/{n + 1}") for n in range(1, 5)}, **{"/5": trap.answer(200, b"there")})
    assert call("GET", server.url("/2")).body == b"there"
    assert refused(server.url("/1")) == "outbound.too_many_redirects"
    assert call("GET", server.url("/4"), limits=Limits(redirects=0)).status == 302


def test_a_redirect_to_another_origin_takes_no_secret_along(server: Server) -> None:
    with serving() as other:
        server.traps["/away"] = trap.redirect(other.url())
        server.traps["/kept"] = trap.redirect(other.url(), 307)
        call("GET", server.url("/away"), {"Authorization": "Bearer x", "Cookie": "a=b", "X-Token": "y", "Accept": "text/plain"})
        assert {"authorization", "cookie", "x-token"} & set(other.seen[0][2]) == set()
        assert other.seen[0][2]["accept"] == "text/plain"
        with pytest.raises(CallFailed) as failed:
            call("POST", server.url("/kept"), {}, b"the body")
        assert failed.value.code == "outbound.redirected_away" and len(other.seen) == 1


def test_a_body_goes_along_within_the_origin(server: Server) -> None:
    server.traps.update({"/307": trap.redirect("/", 307), "/303": trap.redirect("/", 303)})
    for path in ("/307", "/303"):
        call("POST", server.url(path), {"content-type": "text/plain"}, b"the body")
    assert [(method, body) for method, path, _, body in server.seen if path == "/"] == [("POST", b"the body"), ("GET", b"")]
    assert "content-type" not in server.seen[-1][2]


def test_a_resolver_that_changes_its_answer_changes_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the first answer is allowed, every later one lies inside. It is asked once, and what it said is called."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def fake(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *args, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *args, **more)

    with serving() as good, serving(address="127.0.0.2", port=good.port) as inside:
        app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
        monkeypatch.setattr(socket, "getaddrinfo", fake)
        assert call("GET", good.url(host="rebind.example")).body == b"hello"
        assert asked == ["rebind.example"] and inside.seen == []
        assert good.seen[0][2]["host"] == f"rebind.example:{good.port}"
        assert refused(good.url(host="rebind.example")) == "outbound.forbidden"
        assert inside.seen == []


def test_a_name_with_one_address_inside_is_closed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert refused("http://half.example/") == "outbound.forbidden"


def test_a_body_without_an_end_is_left(server: Server) -> None:
    server.traps["/endless"] = trap.endless
    assert refused(server.url("/endless"), limits=Limits(size=200_000)) == "outbound.too_large"


@pytest.mark.parametrize("slow", [trap.drops, trap.slow_headers])
def test_what_comes_in_drops_is_left_when_the_time_is_up(server: Server, slow: trap.Trap) -> None:
    server.traps["/slow"] = slow
    began = time.monotonic()
    assert refused(server.url("/slow"), limits=Limits(seconds=0.6)) == "outbound.too_slow"
    assert time.monotonic() - began < 2


def test_the_time_is_that_of_all_redirects_together(server: Server) -> None:
    def waits(handler: Any) -> None:
        time.sleep(0.3)
        trap.redirect("/waits")(handler)

    server.traps["/waits"] = waits
    began = time.monotonic()
    assert refused(server.url("/waits"), limits=Limits(seconds=0.5)) == "outbound.too_slow"
    assert time.monotonic() - began < 1.5


def test_a_bomb_is_not_unpacked(server: Server) -> None:
    server.traps["/bomb"] = trap.bomb
    assert refused(server.url("/bomb")) == "outbound.packed"
    assert server.seen[0][2]["accept-encoding"] == "identity"


def test_no_proxy_of_the_environment_is_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert call("GET", server.url()).body == b"hello"
        assert proxy.seen == []


def test_the_certificate_is_checked_for_the_name(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pinned to an address, yet the certificate must be the name's, and from an authority that is trusted."""
    names = []
    context = _certified("good.example", tmp_path)
    context.sni_callback = lambda _, name, __: names.append(name)
    app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    real = socket.getaddrinfo

    def fake(host: Any, *args: Any, **more: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".example") else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    with serving(context) as server:
        assert refused(server.url(host="good.example", scheme="https")) == "outbound.not_trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "good.example.pem"))
        monkeypatch.setattr(outbound, "_trusted", outbound.trusted)
        assert call("GET", server.url(host="good.example", scheme="https")).body == b"hello"
        assert refused(server.url(host="bad.example", scheme="https")) == "outbound.not_trusted"
        assert refused(server.url(host="127.0.0.1", scheme="https")) == "outbound.not_trusted"
    assert names == ["good.example", "good.example", "bad.example", None]


def _certified(name: str, folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate of its own making for that name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context
