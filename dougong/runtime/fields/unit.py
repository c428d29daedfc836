"""A unit of the tenant's org tree. The value is {"id", "title"}; the host looks it up."""

from typing import Any

from marshmallow import fields

from ._reference import Reference, show
from ._type import Config, FieldType, codes


def make(config: Config) -> fields.Field[Any]:
    return Reference(error_messages=codes())


FIELD = FieldType(
    "unit",
    {"zh-Hans": "部门", "en": "Unit"},
    {"zh-Hans": "选择部门、区域或门店", "en": "A department, region or store"},
    "unit",
    make,
    group="relation",
    icon="building-2",
    show=show,
    cell=True,
    rank=51,
)
