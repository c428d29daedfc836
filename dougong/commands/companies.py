"""The commands about companies: their packs, themselves, their people."""

import secrets
from pathlib import Path
from typing import Final

import click

from dougong.platform.store import db

from .answering import OK, WRONG, answer, as_json, refuse
from .on_files import inspect
from .opening import migrate, opened, within


@click.group(help="Template packs: export, import, inspect.")
def pack() -> None:
    pass


pack.add_command(inspect)


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

    with within(tenant) as by:
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

    with within(tenant):
        try:
            found, raw = packing.export_installed(db.session(), key)
        except LookupError:
            raise click.UsageError(f"tenant {tenant} has no pack {key!r}") from None
    out.write_bytes(raw)
    answer({"ok": True, "key": found.key, "version": found.version, "bytes": len(raw)}, f"{out}: {len(raw)} bytes", as_json)


@click.group(help="Tenants.")
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
    with opened() as app, app.app_context():
        migrate()
        if by_slug(slug):
            answer({"ok": False, "error": "taken"}, f"there is a tenant {slug} already", as_json, WRONG)
        with transaction(None) as session:
            made = add_tenant(session, slug, {"zh-Hans": name, "en": name}, zone)
            answer_values = {"ok": True, "id": made.id, "slug": slug}
    answer(answer_values, f"{slug}: created", as_json)


@click.group(help="People.")
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
    with within(tenant) as by:
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

    with opened() as app, app.app_context():
        account = accounts.by_email(email)
        if account is None:
            answer({"ok": False, "error": "unknown"}, f"there is no account {email}", as_json, WRONG)
        if without_factor:
            second_factor.remove(account.id)
            witness.tell(account.id, "factor_removed")
        link = password_links.make(account, password_links.FORGOTTEN, "hand")
    answer({"ok": True, "link": link}, link, as_json)


COMMANDS: Final = (pack, tenant, user)
