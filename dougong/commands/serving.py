"""The commands that serve and work: the pages, the outbox, the tables brought up to date."""

import gc
import os
import socket
import threading
import time
from typing import Final

import click

from dougong import VERSION

from .opening import migrate, opened

log_format = click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", envvar="DOUGONG_LOG", help="Of the lines on stderr."
)


@click.command(help="Migrate the database, load the demo tenants where there is none, and serve.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True, envvar="PORT")
@click.option("--demo/--no-demo", default=True, help="Load the demo tenants into an empty database.")
@click.option("--worker/--no-worker", default=True, help="Perform effects in a thread of this process.")
@log_format
def serve(host: str, port: int, demo: bool, worker: bool, log_format: str) -> None:
    from dougong.demo import ACCOUNTS, PASSWORD, load
    from dougong.platform import logs, serving
    from dougong.runtime.host import worker as work

    logs.to_stderr(log_format)
    if _taken(host, port):
        raise click.ClickException(f"{host}:{port} is taken. Choose another: PORT=8001 make run")
    with opened({"PUBLIC_URL": os.environ.get("DOUGONG_PUBLIC_URL") or f"http://{host}:{port}"}) as app:
        with app.app_context():
            migrate()
            accounts = load() if demo else []
        stop = serving.told_to_stop()
        works = threading.Thread(target=work.run, args=(app, stop), daemon=True, name="worker")
        if worker:
            works.start()
        server = serving.listening(app, host, port)
        click.echo(f"\nDougong {VERSION} · http://{host}:{port}\n")
        if demo:
            words = [f"  {one['email']:28} {one['where']}" for one in accounts or ACCOUNTS]
            click.echo("\n".join([*words, f"\n  password: {PASSWORD}\n"]))
        gc.freeze()  # what the start has made stays: to walk it over and over is a third of a long export
        told_at = serving.serve(server, stop)
        if worker:
            serving.join(works, told_at)


@click.command(
    name="worker", help="Perform the effects that wait in the outbox, until stopped. As many as you like on one database."
)
@click.option("--once", is_flag=True, help="Perform what is due, and leave.")
@log_format
def worker_command(once: bool, log_format: str) -> None:
    from dougong.platform import logs, serving
    from dougong.runtime.host import worker as work

    logs.to_stderr(log_format)
    with opened() as app:
        if once:
            with app.app_context():
                while work.sweep():
                    pass
            return
        stop = serving.told_to_stop()
        works = threading.Thread(target=work.run, args=(app, stop), daemon=True, name="worker")
        works.start()
        click.echo("worker: waiting for effects (Ctrl-C or SIGTERM ends it, once what it does is done)")
        stop.wait()
        serving.join(works, time.monotonic())


@click.command(help="Bring the database to the present version of its tables.")
def upgrade() -> None:
    with opened() as app, app.app_context():
        migrate()


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


COMMANDS: Final = (serve, worker_command, upgrade)
