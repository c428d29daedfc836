"""Config schemas: what an admin can set on a node or a field, as JSON Schema with the words of the inspector in it."""

from collections.abc import Mapping
from typing import Any, Final

Schema = dict[str, Any]

KEY: Final[Schema] = {"$ref": "dougong:common#/$defs/key"}
UID: Final[Schema] = {"$ref": "dougong:common#/$defs/uid"}
TEXT: Final[Schema] = {"$ref": "dougong:common#/$defs/text"}
DECIMAL: Final[Schema] = {"$ref": "dougong:common#/$defs/decimal"}


def setting(
    zh: str,
    en: str,
    schema: Mapping[str, Any] | None = None,
    *,
    help: tuple[str, str] | None = None,
    widget: str = "",
    options: Mapping[str, tuple[str, str]] | None = None,
    **more: Any,
) -> Schema:
    """One property: its schema, its label in zh and en, a help text, and which widget edits it where that is not plain.

    `options` gives the values of a choice their titles.
    """
    found: Schema = {**(schema or {}), **more, "x-title": {"zh-Hans": zh, "en": en}}
    if help:
        found["x-help"] = {"zh-Hans": help[0], "en": help[1]}
    if widget:
        found["x-widget"] = widget
    if options:
        found["enum"] = list(options)
        found["x-options"] = {value: {"zh-Hans": words[0], "en": words[1]} for value, words in options.items()}
    return found


def config_of(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}
