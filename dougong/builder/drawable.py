"""The draft of a form may be wrong in places: with these it is shown and walked through all the same."""

from collections.abc import Mapping
from typing import Any

from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.fields._type import FieldType
from dougong.schemas import config_validator, errors


def drawable(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A form without the settings that do not do yet."""
    sections = [{**one, "fields": [_drawn(field) for field in one["fields"]]} for one in draft.get("sections", ())]
    return {**draft, "sections": sections}


def _drawn(field: dict[str, Any]) -> dict[str, Any]:
    """A field, or a column of a table: as a plain line of text where its settings do not do yet."""
    kind, config = FIELD_TYPES.get(field["type"]), field.get("config", {})
    if kind is None or not _makes(kind, config):
        return {**field, "type": "text", "config": {}}
    return {**field, "config": {**config, "columns": [*map(_drawn, config["columns"])]}} if kind.kind == "rows" else field


def _makes(kind: FieldType, config: Any) -> bool:
    if next(errors(config_validator(kind.config), config), None):
        return False
    try:
        kind.make(config)
    except (KeyError, TypeError, ValueError):
        return False
    return True
