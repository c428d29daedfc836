"""A number, exact."""

from collections.abc import Callable
from typing import Any

from marshmallow import fields

from ..config import DECIMAL, TEXT, config_of, setting
from ..texts import pick
from ..values import plain, ungrouped
from ._type import Config, FieldType, Names, codes, limit, places

CONFIG = config_of(
    places=setting("小数位数", "Decimal places", type="integer", minimum=0, maximum=6),
    min=setting("最小值", "Smallest", DECIMAL),
    max=setting("最大值", "Largest", DECIMAL),
    unit=setting("单位", "Unit", TEXT),
)


MAX_DIGITS = 18
ERRORS = codes(invalid="field.number.invalid", too_large="field.number.too_large")


class Exact(fields.Decimal):
    """A Decimal as people type it: 1,234.50 and full-width digits too; never a binary fraction, NaN, 1e5, or 12,5.

    At most 18 digits before the point, as in a definition's decimals: sums of them stay exact in 28 digits.
    """

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (bool, float)):
            raise self.make_error("invalid")
        text = ungrouped(str(value))
        if len(text) > 30 or not text.removeprefix("-").replace(".", "", 1).isdecimal():
            raise self.make_error("invalid")
        if len(text.removeprefix("-").partition(".")[0].lstrip("0")) > MAX_DIGITS:
            raise self.make_error("too_large")
        return super()._deserialize(text, *args, **kwargs)


def make(config: Config) -> fields.Field[Any]:
    checks: list[Callable[[Any], Any]] = [*limit(config), places(config.get("places", 6))]
    return Exact(error_messages=ERRORS, validate=checks)


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
    standard={"places": 6},
    cell=True,
    rank=12,
)
