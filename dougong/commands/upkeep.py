"""The commands of who looks after an installation: backup, restore, digest, and what
an upgrade or a new key asks for. Nobody is asked anything; exit 0 means done."""

import json
import sys
from pathlib import Path
from typing import Final, NoReturn

import click

from dougong import VERSION
from dougong.platform import archive, backup
from dougong.platform.store import db

from .answering import WRONG, answer, as_json
from .opening import migrate, opened

one_tenant = click.option("--tenant", "slug", help="Only this company, by its slug.")


@click.command(name="backup", help="Write all companies, or one, as they are at this instant to FILE, while others work.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@one_tenant
@as_json
def backup_command(file: Path, slug: str | None, as_json: bool) -> None:
    with opened() as app, app.app_context():
        try:
            made = backup.backup(file, VERSION, slug)
        except archive.Unusable as error:
            _refuse(str(error), as_json)
        except LookupError:
            raise click.UsageError(f"there is no tenant {slug!r}") from None
    tenants = [{"slug": one.slug, "digest": one.digest, "faults": one.faults} for one in made.tenants]
    rows = sum(part.rows or 0 for part in made.parts.values())
    words = [f"{file}: {len(tenants)} tenants, {rows} rows, {file.stat().st_size} bytes"]
    words += [f"  {one.digest}  {one.slug}" for one in made.tenants]
    words += [f"  warning: {one.slug}: {fault}" for one in made.tenants for fault in one.faults]
    answer({"ok": True, "tenants": tenants, "rows": rows}, "\n".join([*words, archive.NOTE]), as_json)


@click.command(
    name="restore", help="Put the companies of a backup, or one of them, into this installation: each whole or not at all."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@one_tenant
@click.option("--as", "new_slug", help="With --tenant: the slug that it gets here.")
@as_json
def restore_command(file: Path, slug: str | None, new_slug: str | None, as_json: bool) -> None:
    if new_slug and not slug:
        raise click.UsageError("--as needs --tenant")
    with opened() as app, app.app_context():
        try:
            found = backup.restore(file, slug, new_slug)
        except archive.Unusable as error:
            _refuse(str(error), as_json)
        except LookupError:
            raise click.UsageError(f"the backup has no tenant {slug!r}") from None
    tenants = [{"slug": one.slug, "digest": one.digest, "faults": one.faults} for one in found]
    words = [f"  {one.digest}  {one.slug}" for one in found]
    words += [f"  warning: {one.slug}: {fault}, as it was in the backup" for one in found for fault in one.faults]
    answer({"ok": True, "tenants": tenants}, "\n".join([f"restored: {len(found)} tenants", *words, archive.NOTE]), as_json)


@click.command(name="digest", help="The content hash of every company, or of one: equal where every row is.")
@one_tenant
@as_json
def digest_command(slug: str | None, as_json: bool) -> None:
    with opened() as app, app.app_context():
        try:
            found = backup.digests(slug)
        except LookupError:
            raise click.UsageError(f"there is no tenant {slug!r}") from None
    answer({"ok": True, "tenants": found}, "\n".join(f"{one}  {name}" for name, one in found.items()), as_json)


@click.command(help="Seal every secret under the newest key (first in DOUGONG_KEYS or `keys`), so that the old ones may go.")
def reseal() -> None:
    from sqlalchemy import select

    from dougong.platform import second_factor
    from dougong.platform import secrets as kept
    from dougong.platform.store import transaction
    from dougong.platform.tenancy import Tenant

    done = 0
    with opened() as app, app.app_context():
        for tenant_id in db.session.scalars(select(Tenant.id)).all():
            with transaction(tenant_id) as session:
                done += kept.reseal(session)
        with transaction(None) as session:
            done += second_factor.reseal(session)
    click.echo(f"sealed anew: {done}")


@click.command(help="Make the search anew: once after an upgrade that says so. People may work meanwhile.")
def reindex() -> None:
    from sqlalchemy import select

    from dougong.platform.tenancy import Tenant
    from dougong.runtime.host.reindex import reindex as made_anew

    with opened() as app:
        with app.app_context():
            migrate()
            tenants = db.session.execute(select(Tenant.id, Tenant.slug)).all()
        for tenant_id, slug in tenants:
            with app.app_context():
                click.echo(f"{slug}: {made_anew(tenant_id)}")


def _refuse(why: str, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"ok": False, "error": why}, ensure_ascii=False) if as_json else why, err=not as_json)
    sys.exit(WRONG)


COMMANDS: Final = (backup_command, restore_command, digest_command, reseal, reindex)
