"""One of a tree of options (级联选择): a kind, in it a sort, in that a thing. The value is the key of the last one chosen."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from ..config import config_of, setting
from ..texts import pick
from ._type import Config, FieldType, Names, codes

MOST_LEVELS: Final = 5
CONFIG = config_of(
    ("options",),
    options=setting(
        "选项树",
        "Tree of options",
        type="array",
        minItems=1,
        maxItems=500,
        items={"$ref": "dougong:common#/$defs/branch"},
        widget="tree",
        help=("每行一个选项，下级选项缩进", "An option a line; what lies in it is indented below it"),
    ),
)


def path(config: Config, key: Any) -> list[Mapping[str, Any]]:
    """The options from the root to this one; empty where there is none such, or the tree is none."""
    known = {option.get("key"): option for option in config.get("options", ())}
    found: list[Mapping[str, Any]] = []
    while key is not None:
        if key not in known or len(found) == MOST_LEVELS:
            return []
        found.insert(0, known[key])
        key = known[key].get("parent")
    return found


def leaves(config: Config) -> list[str]:
    options = config.get("options", ())
    parents = {option.get("parent") for option in options}
    return [option["key"] for option in options if option["key"] not in parents]


def make(config: Config) -> fields.Field[Any]:
    return fields.String(error_messages=codes(), validate=validate.OneOf(leaves(config), error="field.choice.unknown"))


def show(value: Any, config: Config, language: str, names: Names) -> str:
    return " / ".join(pick(option["title"], language) for option in path(config, value)) or str(value)


FIELD = FieldType(
    "cascade",
    {"zh-Hans": "级联选择", "en": "Cascading choice"},
    {"zh-Hans": "从选项树中逐级选择", "en": "One of a tree of options, level by level"},
    "choice",
    make,
    CONFIG,
    group="choice",
    icon="list-tree",
    show=show,
    cell=True,
    rank=35,
)
