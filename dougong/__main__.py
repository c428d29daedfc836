"""The command line: `python -m dougong --help`. With create_app the only place that sees every room of the house."""

import os
import secrets
import socket
import threading
import time
from pathlib import Path
from typing import Any

import click
from flask import Flask

from dougong import VERSION, create_app, on_files, operations
from dougong.answering import OK, WRONG, answer, as_json, refuse
from dougong.platform.store import db


def _opened(config: dict[str, Any] | None = None) -> Flask:
    """The application. What it has opened is closed with the command."""
    app = create_app(config)

    def closed() -> None:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()

    click.get_current_context().call_on_close(closed)
    return app


@click.group(help="Dougong: a multi-tenant low-code platform with a visual workflow builder.")
@click.version_option(VERSION)
def main() -> None:
    pass


for command in (*operations.COMMANDS, *on_files.COMMANDS):
    main.add_command(command)

log_format = click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", envvar="DOUGONG_LOG", help="Of the lines on stderr."
)


@main.command(help="Migrate the database, load the demo tenants where there is none, and serve.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True, envvar="PORT")
@click.option("--demo/--no-demo", default=True, help="Load the demo tenants into an empty database.")
@click.option("--worker/--no-worker", default=True, help="Perform effects in a thread of this process.")
@log_format
def serve(host: str, port: int, demo: bool, worker: bool, log_format: str) -> None:
    from waitress.server import create_server

    from dougong.platform import logs, serving
    from dougong.runtime.host import worker as work

    logs.to_stderr(log_format)
    if _taken(host, port):
        raise click.ClickException(f"{host}:{port} is taken. Choose another: PORT=8001 make run")
    app = _opened({"PUBLIC_URL": os.environ.get("DOUGONG_PUBLIC_URL") or f"http://{host}:{port}"})
    with app.app_context():
        migrate()
        accounts = load_demo() if demo else []
    stop = serving.told_to_stop()
    works = threading.Thread(target=work.run, args=(app, stop), daemon=True, name="worker")
    if worker:
        works.start()
    server = create_server(app, host=host, port=port, threads=8, ident=None, clear_untrusted_proxy_headers=False)
    click.echo(f"\nDougong {VERSION} · http://{host}:{port}\n")
    if demo:
        _print_demo(accounts)
    told_at = serving.serve(server, stop)
    if worker:
        serving.join(works, told_at)


@main.command(
    name="worker", help="Perform the effects that wait in the outbox, until stopped. As many as you like on one database."
)
@click.option("--once", is_flag=True, help="Perform what is due, and leave.")
@log_format
def worker_command(once: bool, log_format: str) -> None:
    from dougong.platform import logs, serving
    from dougong.runtime.host import worker as work

    logs.to_stderr(log_format)
    app = _opened()
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


@main.command(help="Bring the database to the present version of its tables.")
def upgrade() -> None:
    app = _opened()
    with app.app_context():
        migrate()


@main.command(help="Seal every secret under the newest key (first in DOUGONG_KEYS or `keys`), so that the old ones may go.")
def reseal() -> None:
    from sqlalchemy import select

    from dougong.platform import second_factor
    from dougong.platform import secrets as kept
    from dougong.platform.store import transaction
    from dougong.platform.tenancy import Tenant

    app = _opened()
    done = 0
    with app.app_context():
        for tenant_id in db.session.scalars(select(Tenant.id)).all():
            with transaction(tenant_id) as session:
                done += kept.reseal(session)
        with transaction(None) as session:
            done += second_factor.reseal(session)
    click.echo(f"sealed anew: {done}")


@main.command(help="Make the search anew: once after an upgrade that says so. People may work meanwhile.")
def reindex() -> None:
    from sqlalchemy import select

    from dougong.platform.tenancy import Tenant
    from dougong.runtime.host.reindex import reindex

    app = _opened()
    with app.app_context():
        migrate()
        tenants = db.session.execute(select(Tenant.id, Tenant.slug)).all()
    for tenant_id, slug in tenants:
        with app.app_context():
            click.echo(f"{slug}: {reindex(tenant_id)}")


@main.group(help="Template packs: export, import, inspect.")
def pack() -> None:
    pass


pack.add_command(on_files.inspect)


@pack.command(name="import", help="Take a pack into a tenant and publish it: all of it or nothing.")
@click.argument("tenant")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be added or changed.")
@as_json
def pack_import(tenant: str, file: Path, dry_run: bool, as_json: bool) -> None:
    from dougong.builder import packing
    from dougong.builder.documents import Unpublishable
    from dougong.platform.messages import say
    from dougong.runtime.reason import Refused

    with _tenant(tenant) as by:
        try:
            found = packing.preview(file.read_bytes()) if dry_run else packing.import_pack(by, file.read_bytes())
        except Refused as refused:
            refuse(refused.path, say(refused.reason), as_json)
        except Unpublishable as wrong:
            errors = [say(problem.reason) for problems in wrong.problems.values() for problem in problems]
            answer({"ok": False, "errors": errors}, "\n".join(errors), as_json, WRONG)
    items = [{"kind": item.kind, "key": item.key, "what": item.what} for item in found.items]
    words = "\n".join(f"{item['what']:7} {item['kind']}/{item['key']}" for item in items)
    answer({"ok": found.possible, "items": items}, words, as_json, OK if found.possible else WRONG)


@pack.command(name="export", help="Write an installed pack (or all published definitions) of a tenant to a file.")
@click.argument("tenant")
@click.argument("key")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@as_json
def pack_export(tenant: str, key: str, out: Path, as_json: bool) -> None:
    from dougong.builder import packing

    with _tenant(tenant):
        try:
            found, raw = packing.export_installed(db.session(), key)
        except LookupError:
            raise click.UsageError(f"tenant {tenant} has no pack {key!r}") from None
    out.write_bytes(raw)
    answer({"ok": True, "key": found.key, "version": found.version, "bytes": len(raw)}, f"{out}: {len(raw)} bytes", as_json)


@main.group(help="Tenants.")
def tenant() -> None:
    pass


@tenant.command(name="create", help="A new, empty tenant.")
@click.argument("slug")
@click.argument("name")
@click.option("--zone", default="Asia/Shanghai", show_default=True)
@as_json
def tenant_create(slug: str, name: str, zone: str, as_json: bool) -> None:
    import re
    from zoneinfo import available_timezones

    from dougong.platform.store import transaction
    from dougong.platform.tenancy import add_tenant, by_slug

    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", slug):
        raise click.UsageError("a slug is 2 to 40 of a-z, 0-9 and -, and begins with a letter")
    if zone not in available_timezones():
        raise click.UsageError(f"unknown time zone {zone!r}")
    app = _opened()
    with app.app_context():
        migrate()
        if by_slug(slug):
            answer({"ok": False, "error": "taken"}, f"there is a tenant {slug} already", as_json, WRONG)
        with transaction(None) as session:
            made = add_tenant(session, slug, {"zh-Hans": name, "en": name}, zone)
            answer_values = {"ok": True, "id": made.id, "slug": slug}
    answer(answer_values, f"{slug}: created", as_json)


@main.group(help="People.")
def user() -> None:
    pass


@user.command(name="invite", help="Make somebody a member of a tenant; a new account gets a password that is shown once.")
@click.argument("tenant")
@click.argument("email")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["tenant_admin", "designer", "staff", "finance", "viewer"]),
    default=["staff"],
)
@click.option("--operator", is_flag=True, help="The account is also a platform operator.")
@as_json
def user_invite(tenant: str, email: str, name: str, roles: tuple[str, ...], operator: bool, as_json: bool) -> None:
    from sqlalchemy import select

    from dougong.platform import accounts, people
    from dougong.platform.store import transaction

    password = secrets.token_urlsafe(9)
    with _tenant(tenant) as by:
        with transaction(None) as session:
            known = accounts.account_of(session, email)
            account = known or accounts.add_account(session, email, name, password, operator=operator)
            account_id = account.id
        if db.session.scalar(select(people.Member).where(people.Member.account_id == account_id)):
            answer({"ok": False, "error": "member"}, f"{email} is a member of {tenant} already", as_json, WRONG)
        with transaction(by.tenant_id) as session:
            people.add_member(session, account_id, name, email, roles)
    found = {"ok": True, "email": email, "roles": list(roles), "password": None if known else password}
    answer(found, f"{email} · {', '.join(roles)}" + ("" if known else f" · password {password}"), as_json)


@user.command(name="link", help="Make a link by which somebody chooses a new password: good once, for a day.")
@click.argument("email")
@click.option("--without-factor", is_flag=True, help="Also turn the second factor off (telephone and recovery codes are lost).")
@as_json
def user_link(email: str, without_factor: bool, as_json: bool) -> None:
    from dougong.platform import accounts, password_links, second_factor, witness

    app = _opened()
    with app.app_context():
        account = accounts.by_email(email)
        if account is None:
            answer({"ok": False, "error": "unknown"}, f"there is no account {email}", as_json, WRONG)
        if without_factor:
            second_factor.remove(account.id)
            witness.tell(account.id, "factor_removed")
        link = password_links.make(account, password_links.FORGOTTEN, "hand")
    answer({"ok": True, "link": link}, link, as_json)


def migrate() -> None:
    """Within an app context: all migrations that have not been made yet."""
    from flask import current_app
    from flask_migrate import upgrade as apply

    from dougong.platform import jobs, statistics
    from dougong.platform.store import secure

    apply(directory=str(Path(__file__).parents[1] / "migrations"))
    secure()
    statistics.tell()
    jobs.migrate(current_app)


def load_demo() -> list[dict[str, str]]:
    from dougong.demo import load

    return load()


def _print_demo(accounts: list[dict[str, str]]) -> None:
    from dougong.demo import ACCOUNTS, PASSWORD

    for one in accounts or ACCOUNTS:
        click.echo(f"  {one['email']:28} {one['where']}")
    click.echo(f"\n  password: {PASSWORD}\n")


class _Platform:
    """Whoever runs the command line: not a member, but somebody the audit trail can name."""

    member_id = None
    name = "command line"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id


class _tenant:
    """An app context within a tenant; used like a function: `with _tenant(slug) as by`."""

    def __init__(self, slug: str) -> None:
        self.slug, self.context = slug, _opened().app_context()

    def __enter__(self) -> _Platform:
        from dougong.platform.store import enter_tenant
        from dougong.platform.tenancy import by_slug

        self.context.push()
        migrate()
        found = by_slug(self.slug)
        if found is None:
            raise click.UsageError(f"there is no tenant {self.slug!r}")
        enter_tenant(found.id)
        return _Platform(found.id)

    def __exit__(self, *details: Any) -> None:
        self.context.pop()


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


if __name__ == "__main__":
    main()
