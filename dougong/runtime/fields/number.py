"""A number, exact."""

from collections.abc import Callable
from typing import Any

from marshmallow import fields

from ..config import DECIMAL, TEXT, config_of, setting
from ..texts import pick
from ..values import plain
from ._type import Config, FieldType, Names, codes, limit, places

CONFIG = config_of(
    places=setting("小数位数", "Decimal places", type="integer", minimum=0, maximum=6),
    min=setting("最小值", "Smallest", DECIMAL),
    max=setting("最大值", "Largest", DECIMAL),
    unit=setting("单位", "Unit", TEXT),
)


class Exact(fields.Decimal):
    """A Decimal as people type it: 1,234.50 and full-width digits too; never a binary fraction, NaN or 1e5."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (bool, float)):
            raise self.make_error("invalid")
        text = str(value).replace(",", "").replace("，", "").strip()
        if len(text) > 30 or not text.removeprefix("-").replace(".", "", 1).isdecimal():
            raise self.make_error("invalid")
        return super()._deserialize(text, *args, **kwargs)


def make(config: Config) -> fields.Field[Any]:
    checks: list[Callable[[Any], Any]] = [*limit(config), places(config.get("places", 6))]
    return Exact(error_messages=codes(invalid="field.number.invalid"), validate=checks)


def show(value: Any, config: Config, language: str, names: Names) -> str:
    unit = pick(config.get("unit"), language)
    return f"{value} {unit}" if unit else str(value)


FIELD = FieldType(
    "number",
    {"zh-Hans": "数字", "en": "Number"},
    {"zh-Hans": "数量、时长等数字", "en": "A quantity, a duration: a number"},
    "number",
    make,
    CONFIG,
    icon="hash",
    keep=lambda value, config: plain(value),
    show=show,
    rank=12,
)
