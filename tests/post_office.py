"""A mail server for tests: it takes whatever comes and keeps it; asked to, it refuses."""

import socketserver
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Counter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        self._say("220 post office")
        while line := self.rfile.readline().decode().strip():
            match line.split(" ")[0].upper():
                case "DATA" if office.refuses:
                    self._say("554 not today")
                case "DATA":
                    self._say("354 go on")
                    office.letters.append(self._letter())
                    self._say("250 kept")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _letter(self) -> EmailMessage:
        raw = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            raw += line
        return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class PostOffice:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = False
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Counter)
        self._server.daemon_threads = True
        self._server.office = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.address = f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def letter(self) -> EmailMessage:
        """The next that comes."""
        for _ in range(200):
            if self.letters:
                return self.letters.pop(0)
            time.sleep(0.05)
        raise AssertionError("no letter came")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
