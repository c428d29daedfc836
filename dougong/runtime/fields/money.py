"""An amount of money, to its smallest unit."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from marshmallow import fields

from ..config import DECIMAL, config_of, setting, shaped
from ._type import Config, FieldType, Names, limit, places
from .number import ERRORS, Exact

CONFIG = config_of(
    currency=setting(
        "币种", "Currency", type="string", **shaped("^[A-Z]{3}$", "三个大写字母，如 CNY", "three capitals, as CNY")
    ),
    places=setting("小数位数", "Decimal places", type="integer", minimum=0, maximum=4),
    min=setting("最小值", "Smallest", DECIMAL),
    max=setting("最大值", "Largest", DECIMAL),
)


def make(config: Config) -> fields.Field[Any]:
    checks: list[Callable[[Any], Any]] = [*limit(config), places(config.get("places", 2))]
    return Exact(error_messages=ERRORS, validate=checks)


def keep(value: Decimal, config: Config) -> str:
    exact = value.quantize(Decimal(1).scaleb(-config.get("places", 2)))
    return format(exact if exact else abs(exact), "f")


def show(value: Any, config: Config, language: str, names: Names) -> str:
    """Without a currency where the field has none: which it is may stand in another field."""
    return f"{Decimal(value):,} {config.get('currency', '')}".rstrip()


FIELD = FieldType(
    "money",
    {"zh-Hans": "金额", "en": "Amount"},
    {"zh-Hans": "精确到分的金额", "en": "An amount of money, to the cent"},
    "number",
    make,
    CONFIG,
    icon="banknote",
    keep=keep,
    show=show,
    standard={"places": 2},
    cell=True,
    rank=13,
)
