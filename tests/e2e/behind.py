"""The platform from behind: what it has stored, and staff whose work is posted, where a test is about somebody else."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from dougong import create_app
from dougong.platform.documents import Document
from dougong.platform.tenancy import by_slug
from tests.cast import CONFIG, Cast, close


class Behind(Cast):
    """The cast of the other tests, at home where the browsers' server is."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.app = create_app({**CONFIG, "HOME": home})
        with self.app.app_context():
            self.tenants = {slug: tenant.id for slug in ("acme", "globex") if (tenant := by_slug(slug))}

    def leave(self) -> None:
        close(self.app)

    def document(self, title: str, slug: str = "acme") -> Document:
        """A definition by what it is called in either language."""
        with self.reading(slug) as session:
            every = session.scalars(select(Document).options(undefer(Document.draft)))
            found = next(one for one in every if title in one.title.values())
            session.expunge(found)
            return found

    def draft(self, title: str) -> dict[str, Any]:
        return self.document(title).draft
