"""Fixtures of every test that needs the platform: the demo tenants, on both stores, in a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast, make_home
from tests.stores import Postgres, Template, serving


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with serving() as found:
        yield found


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Template:
    home = tmp_path_factory.mktemp("template")
    if request.param == "sqlite":
        return make_home(Template(home))
    server: Any = request.getfixturevalue("postgres")
    return make_home(Template(home, server, server.created()))


@pytest.fixture
def cast(template: Template, tmp_path: Path) -> Iterator[Cast]:
    found = Cast(template, tmp_path / "home")
    yield found
    found.leave()
