"""A member of the tenant. The value is {"id", "title"}; the host looks up whether he exists and what he is called."""

from typing import Any

from marshmallow import fields

from ._reference import Reference, show
from ._type import Config, FieldType, codes


def make(config: Config) -> fields.Field[Any]:
    return Reference(error_messages=codes())


FIELD = FieldType(
    "person",
    {"zh-Hans": "成员", "en": "Member"},
    {"zh-Hans": "选择一位同事", "en": "A colleague"},
    "person",
    make,
    group="relation",
    icon="user",
    show=show,
    cell=True,
    rank=50,
)
