"""A text for the person who fills the form; it holds no value."""

from typing import Any

from marshmallow import fields

from ._type import Config, FieldType


def make(config: Config) -> fields.Field[Any]:
    return fields.Raw()


FIELD = FieldType(
    "note",
    {"zh-Hans": "说明文字", "en": "Note"},
    {"zh-Hans": "给填写人看的说明", "en": "A text for whoever fills the form"},
    "none",
    make,
    group="layout",
    icon="info",
    computed=True,
    rank=70,
)
