"""A calendar day."""

from datetime import date
from typing import Any

from marshmallow import fields

from ._type import Config, FieldType, codes


def make(config: Config) -> fields.Field[Any]:
    return fields.Date(format="iso", error_messages=codes(invalid="field.date.invalid"))


def keep(value: date, config: Config) -> str:
    return value.isoformat()


FIELD = FieldType(
    "date",
    {"zh-Hans": "日期", "en": "Date"},
    {"zh-Hans": "某一天", "en": "A day"},
    "date",
    make,
    group="time",
    icon="calendar",
    keep=keep,
    cell=True,
    rank=20,
)
