"""Several lines of text."""

from typing import Any

from marshmallow import fields, validate

from ..config import TEXT, config_of, setting
from ._type import Config, FieldType, codes

CONFIG = config_of(
    max_length=setting("最大字数", "Longest", type="integer", minimum=1, maximum=20000),
    placeholder=setting("占位提示", "Placeholder", TEXT),
)


def make(config: Config) -> fields.Field[Any]:
    longest = validate.Length(max=config.get("max_length", 2000), error="field.text.too_long")
    return fields.String(error_messages=codes(), validate=longest)


def keep(value: str, config: Config) -> str:
    return value.strip().replace("\r\n", "\n")


FIELD = FieldType(
    "textarea",
    {"zh-Hans": "多行文本", "en": "Multi-line"},
    {"zh-Hans": "描述、备注等大段文字", "en": "A description, a note: several lines of text"},
    "text",
    make,
    CONFIG,
    icon="align-left",
    keep=keep,
    standard={"max_length": 2000},
    cell=True,
    rank=11,
)
