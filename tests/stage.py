"""Fixtures of every test that needs the platform: the demo tenants, on both stores, in a database of the test's own."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.cast import Cast, Standing, make_home
from tests.stores import Postgres, Template, serving

STORES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with serving() as found:
        yield found


@pytest.fixture(scope="session")
def template_on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Template]:
    """The demo tenants on that store, made when they are first asked for."""

    @cache
    def made(store: str) -> Template:
        home = tmp_path_factory.mktemp(f"template-{store}")
        if store == "sqlite":
            return make_home(Template(home))
        server: Postgres = request.getfixturevalue("postgres")
        return make_home(Template(home, server, server.created()))

    return made


@pytest.fixture(params=STORES)
def template(request: pytest.FixtureRequest, template_on: Callable[[str], Template]) -> Template:
    return template_on(request.param)


@pytest.fixture
def cast_on_postgres(template_on: Callable[[str], Template]) -> Iterator[Cast]:
    """For what only PostgreSQL has."""
    found = Standing(template_on("postgresql"))
    yield found
    found.leave()


@pytest.fixture
def cast(template: Template) -> Iterator[Cast]:
    found = Standing(template)
    yield found
    found.leave()


@pytest.fixture
def alone(template: Template, tmp_path: Path) -> Iterator[Cast]:
    """With an application of its own, for a test that adds to it or counts what it has done."""
    found = Cast(template, tmp_path / "home")
    yield found
    found.leave()
