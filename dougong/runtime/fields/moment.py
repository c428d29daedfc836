"""A day and a time, kept in UTC. What a person types is the wall clock of the tenant's zone, handed in with it."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

from ._type import Config, FieldType, codes


def make(config: Config) -> fields.Field[Any]:
    return fields.AwareDateTime(format="iso", error_messages=codes(invalid="field.date.invalid", awareness="field.date.zone"))


def keep(value: datetime, config: Config) -> str:
    try:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:  # before the year 1 in Greenwich
        raise ValidationError("field.date.invalid") from None


FIELD = FieldType(
    "moment",
    {"zh-Hans": "日期时间", "en": "Date and time"},
    {"zh-Hans": "预约时间等", "en": "An appointment: a day and a time"},
    "datetime",
    make,
    group="time",
    icon="clock",
    keep=keep,
    cell=True,
    rank=21,
)
