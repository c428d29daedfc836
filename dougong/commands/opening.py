"""An installation, opened for a command and closed with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask import Flask, current_app

from dougong import create_app
from dougong.platform.store import db, enter_tenant

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Operator(NamedTuple):
    """Whoever runs the command line: not a member, but somebody the audit trail can name."""

    tenant_id: str
    member_id: None = None
    name: str = "command line"


@contextmanager
def opened(config: dict[str, Any] | None = None) -> Iterator[Flask]:
    """Raises click.ClickException where the settings of the installation are none."""
    try:
        app = create_app(config)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    try:
        yield app
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@contextmanager
def within(slug: str) -> Iterator[Operator]:
    """A tenant, in an app context. Raises click.UsageError where there is none."""
    from dougong.platform.tenancy import by_slug

    with opened() as app, app.app_context():
        migrate()
        found = by_slug(slug)
        if found is None:
            raise click.UsageError(f"there is no tenant {slug!r}")
        enter_tenant(found.id)
        yield Operator(found.id)


def migrate() -> None:
    """Within an app context: all migrations that have not been made yet."""
    from flask_migrate import upgrade

    from dougong.platform import jobs, statistics
    from dougong.platform.store import secure

    upgrade(directory=str(MIGRATIONS))
    secure()
    statistics.tell()
    jobs.migrate(current_app)
