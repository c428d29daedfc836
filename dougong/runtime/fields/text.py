"""One line of text."""

from typing import Any

from marshmallow import fields, validate

from ..config import TEXT, config_of, setting
from ._type import Config, FieldType, codes

CONFIG = config_of(
    max_length=setting("最大字数", "Longest", type="integer", minimum=1, maximum=2000),
    placeholder=setting("占位提示", "Placeholder", TEXT),
)


class Line(fields.String):
    """Text without blanks around it, on one line."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return " ".join(super()._deserialize(value, *args, **kwargs).split())


def make(config: Config) -> fields.Field[Any]:
    longest = validate.Length(max=config.get("max_length", 200), error="field.text.too_long")
    return Line(error_messages=codes(), validate=longest)


FIELD = FieldType(
    "text",
    {"zh-Hans": "单行文本", "en": "Single line"},
    {"zh-Hans": "姓名、标题等一行文字", "en": "A name, a title: one line of text"},
    "text",
    make,
    CONFIG,
    icon="type",
    standard={"max_length": 200},
    cell=True,
    rank=10,
)
