"""An e-mail address."""

from typing import Any

from marshmallow import fields

from ._type import Config, FieldType, codes


def make(config: Config) -> fields.Field[Any]:
    return fields.Email(error_messages=codes(invalid="field.email.invalid"))


FIELD = FieldType(
    "email",
    {"zh-Hans": "邮箱", "en": "E-mail"},
    {"zh-Hans": "电子邮箱地址", "en": "An e-mail address"},
    "text",
    make,
    group="contact",
    icon="mail",
    rank=41,
)
