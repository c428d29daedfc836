"""Yes or no."""

from typing import Any

from marshmallow import fields

from ._type import Config, FieldType, Getlist, Names, codes, one


def make(config: Config) -> fields.Field[Any]:
    return fields.Boolean(error_messages=codes())


def gather(getlist: Getlist, name: str) -> Any:
    """A browser sends nothing for a switch that is off; ours sends "false" before it."""
    return one(getlist, name)


def show(value: Any, config: Config, language: str, names: Names) -> str:
    words = ("是", "否") if language.startswith("zh") else ("Yes", "No")
    return words[0] if value else words[1]


FIELD = FieldType(
    "boolean",
    {"zh-Hans": "是/否", "en": "Yes or no"},
    {"zh-Hans": "开关", "en": "A switch"},
    "boolean",
    make,
    group="choice",
    icon="toggle-left",
    gather=gather,
    show=show,
    cell=True,
    rank=32,
)
