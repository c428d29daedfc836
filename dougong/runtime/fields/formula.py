"""A value calculated from others; nobody types it."""

from decimal import Decimal
from typing import Any

from marshmallow import fields

from ..config import config_of, setting
from ._type import Config, FieldType, Names, codes

FORMULA = setting("公式", "Formula", type="string", minLength=1, maxLength=2000, widget="formula")
CONFIG = config_of(
    ("formula",),
    formula=FORMULA,
    places=setting("小数位数", "Decimal places", type="integer", minimum=0, maximum=6),
)


def make(config: Config) -> fields.Field[Any]:
    return fields.Raw(error_messages=codes())


def show(value: Any, config: Config, language: str, names: Names) -> str:
    """With as many places as are asked for: 361.50."""
    places = config.get("places")
    return str(value) if places is None else f"{Decimal(value):.{places}f}"


FIELD = FieldType(
    "formula",
    {"zh-Hans": "公式", "en": "Formula"},
    {"zh-Hans": "由其他字段自动计算的数值", "en": "A number calculated from other fields"},
    "number",
    make,
    CONFIG,
    group="advanced",
    icon="sigma",
    computed=True,
    show=show,
    cell=True,
    rank=61,
)
