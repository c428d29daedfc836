"""A server on this machine that answers as badly as one can: what the door for outgoing calls has to withstand."""

import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Trap = Callable[["_Handler"], None]


class Server:
    """`seen`: (method, path, headers, body) of every request that came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.traps: dict[str, Trap] = {"/": answer(200, b"hello")}

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    found: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.found.seen.append((self.command, self.path, headers, body))
        try:
            self.found.traps.get(self.path, answer(404, b""))(self)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    do_POST = do_PUT = do_HEAD = do_GET

    def log_message(self, *_: Any) -> None:
        pass


def answer(status: int, body: bytes, **headers: str) -> Trap:
    def trap(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return trap


def redirect(where: str, status: int = 302) -> Trap:
    return answer(status, b"", location=where)


def endless(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("connection", "close")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def drops(handler: _Handler) -> None:
    """One byte of a body at a time: no single read ever waits long."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_headers(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        handler.wfile.write(f"x-{number}: y\r\n".encode())
        time.sleep(0.05)


bomb = answer(200, gzip.compress(b"\0" * 50_000_000), content_encoding="gzip")


@contextmanager
def serving(context: ssl.SSLContext | None = None, address: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    handler = type("Handler", (_Handler,), {})
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = type("Listener", (ThreadingHTTPServer,), {"address_family": family})((address, port), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    handler.found = found = Server(server.server_address[1])  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
