"""Fixtures of every test that needs the platform: the demo tenants, in a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Cast, close, make_home


@pytest.fixture(scope="session")
def template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("template"))


@pytest.fixture
def cast(template_home: Path, tmp_path: Path) -> Iterator[Cast]:
    found = Cast(template_home, tmp_path / "home")
    yield found
    close(found.app)
