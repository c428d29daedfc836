"""A record type in force: its form, what its records are called, by what they are found and told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy.orm import Session

from dougong.platform import documents, search
from dougong.runtime.form import Field, Form
from dougong.runtime.form_view import shown
from dougong.runtime.texts import LANGUAGES
from dougong.runtime.values import missing

from . import definitions
from .saving import NAMES

Data = Mapping[str, Any]
LONGEST_TITLE: Final = 200
LONGEST_WORDS: Final = 10_000


@dataclass(frozen=True)
class RecordType:
    """A record type in force: its form, and what its document says of names, columns and uniqueness."""

    form: Form
    doc: Data

    @property
    def key(self) -> str:
        return self.form.key

    @cached_property
    def fields(self) -> list[Field]:
        """Those that hold a value."""
        return [field for field in self.form.fields.values() if field.kind != "none"]

    @cached_property
    def columns(self) -> list[Field]:
        chosen = [self.form.fields[key] for key in self.doc.get("list_fields", ()) if key in self.form.fields]
        return chosen or self.fields[:6]

    @property
    def unique_field(self) -> str | None:
        key = self.doc.get("unique_field")
        return key if key in self.form.fields else None

    def unique(self, data: Data) -> str | None:
        """The value that no other record may have; None where it is empty, or where the type asks for none."""
        value = data.get(self.unique_field) if self.unique_field else None
        if missing(value):
            return None
        return str(value["id"] if isinstance(value, dict) and "id" in value else value).strip()

    def unit(self, data: Data) -> str | None:
        """The unit that the data name: that of the first field of units which is filled in."""
        named = (data.get(field.key) for field in self.fields if field.kind == "unit")
        return next((value["id"] for value in named if isinstance(value, dict)), None)

    def title(self, data: Data) -> str:
        key = self.doc.get("name_field")
        first = [self.form.fields[key]] if key in self.form.fields else []
        words = (shown(field, data.get(field.key), LANGUAGES[0], NAMES) for field in (*first, *self.fields))
        return next((found for found in words if found), "—")[:LONGEST_TITLE]

    def words(self, data: Data) -> str:
        """What a search looks through: every value in words, in both languages, and telephone numbers as bare digits."""
        found: dict[str, None] = {}
        for field in self.fields:
            for tag in LANGUAGES:
                found[shown(field, data.get(field.key), tag, NAMES)] = None
            if field.type.name == "phone":
                found["".join(filter(str.isdigit, str(data.get(field.key) or "")))] = None
        return search.words(*found)[:LONGEST_WORDS]


def record_type(tenant_id: str, key: str) -> RecordType | None:
    found = definitions.entity(tenant_id, key)
    return RecordType(*found) if found else None


def in_force(session: Session, tenant_id: str, key: str) -> RecordType | None:
    """The record type that people work with: published, and not put away."""
    document = documents.find(session, "entity", key)
    return record_type(tenant_id, key) if document and not document.archived else None
