"""A record of the tenant's own tables. Choosing one can fill other fields: choose a customer, his data come along."""

from typing import Any

from marshmallow import fields

from ..config import KEY, config_of, setting
from ._reference import Reference, show
from ._type import Config, FieldType, codes

CONFIG = config_of(
    ("entity",),
    entity=setting("数据表", "Record type", KEY, widget="entity"),
    public=setting(
        "客户填写时可选",
        "Customers may choose",
        type="boolean",
        help=(
            "通过链接填写的人也能查找这些数据的名称",
            "Whoever fills the form by a link can look up the names of these records",
        ),
    ),
    fill=setting(
        "选择后带出",
        "Fills in",
        type="array",
        maxItems=50,
        widget="fill",
        items={
            "type": "object",
            "required": ["from", "to"],
            "additionalProperties": False,
            "properties": {"from": KEY, "to": KEY},
        },
    ),
)


def make(config: Config) -> fields.Field[Any]:
    return Reference(error_messages=codes())


FIELD = FieldType(
    "record",
    {"zh-Hans": "选择数据", "en": "Record"},
    {"zh-Hans": "选择客户、产品等，并带出其资料", "en": "Choose a customer or a product; his data come along"},
    "record",
    make,
    CONFIG,
    group="relation",
    icon="database",
    show=show,
    cell=True,
    rank=52,
)
