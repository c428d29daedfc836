"""Config schemas: what an admin can set on a node or a field, as JSON Schema with the words of the inspector in it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Schema = dict[str, Any]

KEY: Final[Schema] = {"$ref": "dougong:common#/$defs/key"}
UID: Final[Schema] = {"$ref": "dougong:common#/$defs/uid"}
TEXT: Final[Schema] = {"$ref": "dougong:common#/$defs/text"}
DECIMAL: Final[Schema] = {"$ref": "dougong:common#/$defs/decimal"}


def shaped(pattern: str, zh: str, en: str) -> Schema:
    """A pattern, and in words what it asks for."""
    return {"pattern": pattern, "x-shape": {"zh-Hans": zh, "en": en}}


def setting(
    zh: str,
    en: str,
    schema: Mapping[str, Any] | None = None,
    *,
    help: tuple[str, str] | None = None,
    widget: str = "",
    options: Mapping[str, tuple[str, str]] | None = None,
    group: tuple[str, str] | None = None,
    when: Mapping[str, Iterable[str]] | None = None,
    defaults: Mapping[str, Mapping[str, str]] | None = None,
    needed: bool = False,
    told: bool = False,
    drawn: str = "",
    kinds: Iterable[str] = (),
    any_of: Iterable[str] = (),
    offered: Mapping[str, str] | None = None,
    **more: Any,
) -> Schema:
    """One property: its schema, its label in zh and en, a help text, and which widget edits it where that is not plain.

    `options` gives the values of a choice their titles, `default` says which of them is meant where nothing is set,
    `defaults` where that depends on another setting, as {"mode": {"ratio": "all"}}.
    For the inspector: `group` is the section it folds away with; `when` names the values of other settings with which it
    matters, as {"mode": ["ratio"]}; `needed`: must be set wherever it matters; `told`: the card of a step begins with it;
    `drawn`: what a newly drawn step says (what was drawn before may say nothing, and means `default`); `kinds`: of which
    kinds of values the fields are that it may name; `any_of`: it matters where one of these settings is on; `offered`, of a
    choice in a list: the setting beside the list that must be on, by value.
    """
    hints: Schema = {
        "x-help": help and {"zh-Hans": help[0], "en": help[1]},
        "x-group": group and {"zh-Hans": group[0], "en": group[1]},
        "x-kinds": list(kinds),
        "x-any": list(any_of),
        "x-offered": dict(offered or {}),
        "x-defaults": {key: dict(values) for key, values in (defaults or {}).items()},
        "x-when": {key: list(values) for key, values in (when or {}).items()},
        "x-needed": needed,
        "x-told": told,
        "x-widget": widget,
        "x-drawn": drawn,
    }
    said = {hint: one for hint, one in hints.items() if one}
    found: Schema = {**(schema or {}), **more, "x-title": {"zh-Hans": zh, "en": en}, **said}
    if options:
        found["enum"] = list(options)
        found["x-options"] = {value: {"zh-Hans": words[0], "en": words[1]} for value, words in options.items()}
    return found


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """A config and every object in it, however deep."""
    if isinstance(value, Mapping):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from mappings(one)


def roles_in(config: Any) -> list[str]:
    """The roles that the people in a config name."""
    asked = (one for one in mappings(config) if one.get("by") in ("role", "role_in_unit", "chosen"))
    return [one["role"] for one in asked if isinstance(one.get("role"), str) and one["role"]]


def calendars_in(config: Any) -> set[str]:
    """The calendars that the durations in a config name."""
    spans = (one for one in mappings(config) if isinstance(one.get("amount"), int) and "unit" in one)
    return {one["calendar"] for one in spans if isinstance(one.get("calendar"), str)}


def tables_in(config: Any) -> set[str]:
    """The decision tables that the steps and the people in a config ask."""
    return {one["table"] for one in mappings(config) if isinstance(one.get("table"), str) and one["table"]}


def config_of(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}
