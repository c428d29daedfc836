"""Some of a list of options."""

from typing import Any

from marshmallow import fields, validate

from ._type import Config, FieldType, Names, codes, option_title, options_schema

CONFIG = options_schema()


def make(config: Config) -> fields.Field[Any]:
    known = validate.OneOf([option["key"] for option in config.get("options", ())], error="field.choice.unknown")
    return fields.List(
        fields.String(error_messages=codes(), validate=known),
        error_messages=codes(),
        validate=validate.Length(max=500, error="field.invalid"),
    )


def keep(value: list[str], config: Config) -> list[str]:
    """In the order of the options, each once."""
    return [option["key"] for option in config["options"] if option["key"] in value]


def show(value: Any, config: Config, language: str, names: Names) -> str:
    joint = "、" if language.startswith("zh") else ", "
    return joint.join(option_title(config, item, language) for item in value)


FIELD = FieldType(
    "choices",
    {"zh-Hans": "多选", "en": "Multiple choice"},
    {"zh-Hans": "从选项中选若干个", "en": "Some of a list of options"},
    "choices",
    make,
    CONFIG,
    group="choice",
    icon="list-checks",
    keep=keep,
    gather=lambda getlist, name: getlist(name),
    show=show,
    rank=31,
)
