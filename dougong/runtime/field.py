"""A field of a form or of a record type, and the section it stands in: what was typed into it, as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError
from marshmallow.fields import Field as Loader

from . import rows
from .fields._type import FieldType, Getlist
from .reason import Reason
from .texts import Text
from .values import Branching, untouched

if TYPE_CHECKING:
    from .form import Form


REFERENCES: Final = frozenset({"person", "unit", "record", "region", "files"})


@dataclass(frozen=True)
class Field:
    uid: str
    key: str
    type: FieldType
    title: Text
    help: Text | None
    section: str
    required: bool
    width: str
    default: Any
    config: Mapping[str, Any]
    visible_when: Mapping[str, Any] | None
    loader: Loader[Any]
    columns: "Form | None" = None  # of a table
    totalled: bool = False  # of a column: its sum is shown below it

    @property
    def kind(self) -> str:
        return self.type.kind

    @property
    def compared(self) -> str:
        """Its kind, which of a choice from a tree knows the tree."""
        options = self.config.get("options", ())
        parents = {
            one["key"]: one.get("parent") for one in options if isinstance(one, dict) and isinstance(one.get("key"), str)
        }
        return Branching(self.kind, parents) if any(parents.values()) else self.kind

    @property
    def calculated(self) -> bool:
        return "formula" in self.type.config.get("properties", {})

    @property
    def refers(self) -> bool:
        """Its value points at something that only the host knows."""
        return self.kind in REFERENCES or (self.columns is not None and any(one.refers for one in self.columns.fields.values()))

    def shows_at(self, rights: Mapping[str, str]) -> bool:
        """To whom has these rights."""
        return not self.type.unseen and rights.get(self.key, rights.get("*", "read")) != "hidden"

    def load(self, raw: Any, zone: tzinfo) -> tuple[Any, dict[str, Reason]]:
        """What was typed as it is kept, and what is wrong with it by key."""
        if untouched(raw):
            return None, {}
        try:
            return self.type.keep(self.loader.deserialize(_local(raw, self.kind, zone)), self.config), {}
        except ValidationError as error:
            settings = {**self.type.standard, **self.config}
            limits = {name: value for name, value in settings.items() if isinstance(value, (str, int))}
            return None, {self.key: Reason(_first(error.messages), {**limits, "found": str(raw)[:40]})}

    def gather(self, getlist: Getlist) -> Any:
        if self.columns is not None:
            return rows.gathered(self, self.columns, getlist)
        return self.type.gather(getlist, self.key)


@dataclass(frozen=True)
class Section:
    uid: str
    title: Text | None
    help: Text | None
    visible_when: Mapping[str, Any] | None
    fields: tuple[Field, ...]


def _local(raw: Any, kind: str, zone: tzinfo) -> Any:
    if kind != "datetime" or not isinstance(raw, str):
        return raw
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return raw
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def _first(messages: Any) -> str:
    """The code of the first error, however deep marshmallow put it."""
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages if messages.startswith("field.") else "field.invalid"
