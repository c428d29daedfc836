"""One of a list of options."""

from typing import Any

from marshmallow import fields, validate

from ..config import setting
from ._type import Config, FieldType, Names, codes, option_title, options_schema

CONFIG = options_schema(
    style=setting(
        "样式", "Style", default="select", options={"select": ("下拉框", "Dropdown"), "radio": ("平铺", "Side by side")}
    ),
)


def make(config: Config) -> fields.Field[Any]:
    known = validate.OneOf([option["key"] for option in config.get("options", ())], error="field.choice.unknown")
    return fields.String(error_messages=codes(), validate=known)


def show(value: Any, config: Config, language: str, names: Names) -> str:
    return option_title(config, value, language)


FIELD = FieldType(
    "choice",
    {"zh-Hans": "单选", "en": "Single choice"},
    {"zh-Hans": "从选项中选一个", "en": "One of a list of options"},
    "choice",
    make,
    CONFIG,
    group="choice",
    icon="circle-dot",
    show=show,
    cell=True,
    rank=30,
)
