"""A telephone number: 11-digit mobile, landline with area code, or international with +."""

import re
from typing import Any

from marshmallow import fields, validate

from ._type import Config, FieldType, codes
from .text import Line

NUMBER = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,5})?|400-?[0-9]{3}-?[0-9]{4}|\+[0-9]{6,15}")


class Number(Line):
    """138 0013 8000 is a number too."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, *args, **kwargs).replace(" ", "")


def make(config: Config) -> fields.Field[Any]:
    return Number(
        error_messages=codes(),
        validate=validate.Regexp(re.compile(f"(?:{NUMBER.pattern})$"), error="field.phone.invalid"),
    )


FIELD = FieldType(
    "phone",
    {"zh-Hans": "电话", "en": "Phone"},
    {"zh-Hans": "手机或座机号码", "en": "A mobile or landline number"},
    "text",
    make,
    group="contact",
    icon="phone",
    cell=True,
    rank=40,
)
