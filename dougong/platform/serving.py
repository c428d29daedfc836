"""A server and a worker that end well: on SIGTERM or Ctrl-C nothing new is taken, and what has been begun is finished."""

import signal
import threading
from time import monotonic
from typing import Any, Final

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

PATIENCE: Final = 20.0  # seconds
THREADS: Final = 8
NOT_READ_YET: Final = 1_000_000_000  # bytes of an answer that are put by (on disk): who reads slowly keeps no thread waiting
TO_HAND_OVER: Final = 5.0  # seconds more, for a worker to give away what it could not finish


def told_to_stop() -> threading.Event:
    """Set by the first signal; a second one ends us at once. To be called in the main thread."""
    stop = threading.Event()

    def told(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop


def listening(app: Any, host: str, port: int, threads: int = THREADS) -> Any:
    return create_server(
        app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=False,
        outbuf_high_watermark=NOT_READ_YET,
    )  # fmt: skip


def serve(server: Any, stop: threading.Event, patience: float = PATIENCE) -> float:
    """Answer until told to stop. `server` is one of waitress. Answers the moment (monotonic) at which it was told."""
    sockets: dict[int, Any] = server.map if hasattr(server, "map") else server._map
    while not stop.is_set():
        _turn(sockets, 0.5)
    for one in list(sockets.values()):
        if isinstance(one, BaseWSGIServer):
            wasyncore.dispatcher.close(one)  # its own `close` also takes away what wakes us when an answer is ready
    told_at = monotonic()
    ends = told_at + patience
    while monotonic() < ends and any(_busy(one) for one in list(sockets.values())):
        _turn(sockets, 0.1)
    server.task_dispatcher.shutdown(timeout=max(0.0, ends - monotonic()))
    wasyncore.close_all(sockets)
    return told_at


def join(thread: threading.Thread, told_at: float) -> None:
    """Wait for a worker that was told to stop then; what it has neither done nor given away, another finds."""
    thread.join(max(0.0, told_at + PATIENCE + TO_HAND_OVER - monotonic()))


def _turn(sockets: dict[int, Any], seconds: float) -> None:
    wasyncore.loop(timeout=seconds, map=sockets, use_poll=True, count=1)


def _busy(one: Any) -> bool:
    """A connection with a request that is arriving, being worked on, or being answered."""
    return isinstance(one, HTTPChannel) and bool(one.requests or one.request or one.total_outbufs_len)
