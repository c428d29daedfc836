"""The value of a field that points at somebody or something: {"id", "title"}, the title a text or one keyed by language."""

from typing import Any

from marshmallow import fields

from ..texts import pick
from ._type import Config, Names


class Reference(fields.Field[dict[str, Any]]):
    """Takes an id, or an object with one. Whether it exists in this tenant, and its title, only the host can say."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = value.get("id") if isinstance(value, dict) else value
        if not isinstance(found, str) or not 0 < len(found) <= 60:
            raise self.make_error("invalid")
        return {"id": found, "title": ""}


def show(value: Any, config: Config, language: str, names: Names) -> str:
    return pick(value["title"], language) if isinstance(value, dict) else str(value)
