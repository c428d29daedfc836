"""The server under measure: the platform with two addresses more (CPU time, open tasks), and beside it an empty Flask."""

import logging
import sys
import time
from pathlib import Path

from flask import Flask, Response, jsonify
from waitress import serve
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dougong.platform.access import public
from dougong.platform.store import read

from ._scene import set_up


def main(home: str, port: str, threads: str = "4") -> None:
    app, tenant_id = set_up(Path(home))

    @app.get("/bench/cpu")
    @public
    def cpu() -> str:
        return str(time.process_time())

    @app.get("/bench/tasks")
    @public
    def tasks() -> Response:
        asked = "SELECT id, revision FROM task WHERE tenant_id = :tenant AND state = 'open' LIMIT 25"
        return jsonify([list(row) for row in read(asked, tenant=tenant_id)])

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that clients wait is what is measured
    bare = Flask("bare")
    bare.add_url_rule("/", "empty", lambda: "")
    both = DispatcherMiddleware(app, {"/bare": bare})
    serve(both, host="127.0.0.1", port=int(port), threads=int(threads), ident=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
