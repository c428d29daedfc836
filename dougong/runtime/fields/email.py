"""An e-mail address."""

from typing import Any

from marshmallow import fields

from ._type import Config, FieldType, codes


class Address(fields.Email):
    """Copied with blanks around it, it is the same address."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(value.strip() if isinstance(value, str) else value, *args, **kwargs)


def make(config: Config) -> fields.Field[Any]:
    return Address(error_messages=codes(invalid="field.email.invalid"))


FIELD = FieldType(
    "email",
    {"zh-Hans": "邮箱", "en": "E-mail"},
    {"zh-Hans": "电子邮箱地址", "en": "An e-mail address"},
    "text",
    make,
    group="contact",
    icon="mail",
    cell=True,
    rank=41,
)
