"""A small store that speaks as much of S3 as we ask for: PUT, GET, HEAD, DELETE, each with a signature that is looked at."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeS3(ThreadingHTTPServer):
    """`kept` by path; `down` makes every answer a 503."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.kept: dict[str, bytes] = {}
        self.down = False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: FakeS3

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, found = self._judged(body)
        self.send_response(status)
        self.send_header("content-length", str(len(found)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found)

    def _judged(self, body: bytes) -> tuple[int, bytes]:
        if self.server.down:
            return 503, b"<Error/>"
        if "Credential=key/" not in self.headers.get("authorization", ""):
            return 403, b"<Error/>"
        if self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return 400, b"<Error/>"
        match self.command:
            case "PUT":
                self.server.kept[self.path] = body
                return 200, b""
            case "DELETE":
                self.server.kept.pop(self.path, None)
                return 204, b""
        return (200, self.server.kept[self.path]) if self.path in self.server.kept else (404, b"<Error/>")

    do_GET = do_HEAD = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def fake_s3() -> Iterator[FakeS3]:
    server = FakeS3()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
